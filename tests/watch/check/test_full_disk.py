"""A database that can't grow: nothing is stored, readers read on, what was missed is stored afterwards."""

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from articles.models import Article, Host, Version
from articles.watch.check.check import check_now
from tests.scripted import Page, story_page
from tests.watch.conftest import PATH

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's own tests cover its files"),
]

MANY = tuple(
    f"Sentence {n} of a long report on boats, {n * 7919} of them, and what became of each."
    for n in range(900)
)


@pytest.fixture
def pragma():
    def run(name, value=None):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}" + ("" if value is None else f" = {value}"))
            return cursor.fetchone()[0]

    most = run("max_page_count")
    yield run
    run("max_page_count", most)


def test_a_full_disk_loses_nothing_and_lets_readers_read(site, seen, client, pragma):
    most = pragma("max_page_count")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what other tests left free would be room
    pragma("max_page_count", pragma("page_count"))
    site.pages[PATH] = Page(story_page(paragraphs=MANY))
    with pytest.raises(OperationalError, match="full"):
        check_now(seen)
    assert client.get(seen.get_absolute_url()).status_code == 200
    assert client.get("/").status_code == 200
    assert Version.objects.count() == Article.objects.get().version_count == 1

    pragma("max_page_count", most)
    Article.objects.update(lease_until=timezone.now())
    Host.objects.update(next_allowed=timezone.now())
    assert check_now(seen).version == 2
    assert Version.objects.get(number=2).paragraphs == MANY
