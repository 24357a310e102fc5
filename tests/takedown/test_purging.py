"""Deleting for good: nothing is left, in no row and in no byte of the files; and nothing of it comes back."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from articles import search, takedown
from articles.fetch import address_key
from articles.models import (
    Address,
    Article,
    Capture,
    Event,
    Reason,
    Takedown,
    Tombstone,
    Version,
)
from articles.takedown import Grounds, purging
from articles.watch.feeds.poll import add_article
from tests.factories import MORNING, make_article, make_event, make_source, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_list_of_purged")]

SECRET = "Zyxwombat"
ADDRESS = f"https://news.example/{SECRET}"
GROUNDS = Grounds(Reason.PERSONAL, 451)


@pytest.fixture
def article(django_user_model):
    article = make_article(make_source("The Gazette"), headline=f"{SECRET} at court", address=ADDRESS)
    for number in range(1, 20):  # over more than one chain of stored texts
        make_version(
            article,
            [f"The name is {SECRET}, {number} times.", "The council met."],
            headline=f"{SECRET} at court, day {number}",
            byline=f"By {SECRET}",
            excerpt=[["+", f"{SECRET} left "]],
        )
    make_event(article)
    Event.objects.update(detail=f"redirects to {ADDRESS}")
    Address.objects.create(article=article, address=ADDRESS, key=address_key(ADDRESS))
    Capture.objects.create(
        article=article, source=article.source, url=ADDRESS, body=SECRET.encode(), fetched=MORNING
    )
    other = make_article(article.source, headline="Lime trees felled", last_reason=f"redirects to {ADDRESS}")
    make_version(other, ["Lime trees."])
    make_event(other, "moved")
    other.events.update(detail=f"redirects to article {article.pk}: {ADDRESS}")
    Takedown.objects.create(article=article, address=ADDRESS, reason="personal", text=f"I am {SECRET}")
    LogEntry.objects.create(
        user=django_user_model.objects.create_user("ann"),
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(article.pk),
        object_repr=str(article),
        action_flag=2,
        change_message=json.dumps([{"changed": {"values": {"headline": [f"{SECRET} at court", ""]}}}]),
    )
    Article.objects.filter(pk=article.pk).update(last_reason=f"the headline reads like an error: “{SECRET}”")
    article.refresh_from_db()
    return article


def rows_with(word):
    """Every row of every table that has *word* in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "fts" in table or re.fullmatch(r"articles_search_(text|changes).*", table):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                if any(
                    word.lower()
                    in (bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v)).lower()
                    for v in row
                ):
                    found.append((table, row))
    return found


def test_no_row_keeps_a_word_of_it(article):
    assert len({table for table, _ in rows_with(SECRET)}) >= 7
    takedown.purge(article, GROUNDS)
    assert rows_with(SECRET) == []
    assert not search.find(SECRET).found
    kept = Article.objects.get(pk=article.pk)
    assert (kept.hidden, kept.address, kept.headline, kept.version_count) == (True, "", "", 0)
    assert kept.purged
    assert kept.next_check_at is None
    assert not Version.objects.filter(article=kept).exists()
    assert not Capture.objects.exists()
    assert LogEntry.objects.get().object_repr == f"Article {article.pk} [deleted]"
    assert Article.objects.exclude(pk=article.pk).get().versions.count() == 1


def test_its_pages_say_when_and_why(client, article):
    takedown.purge(article, GROUNDS)
    answer = client.get(f"/articles/{article.pk}/")
    assert answer.status_code == 451
    assert "the texts that were kept of it are deleted" in answer.content.decode()
    assert client.get(f"/find/?q={ADDRESS}", follow=True).status_code == 451
    assert "The texts of an article were deleted" in client.get("/about/takedown/log/").content.decode()


def test_it_is_not_added_again_by_any_of_its_addresses(article):
    for number, address in enumerate((f"{ADDRESS}?page=2", f"https://news.example/amp/{SECRET}")):
        Address.objects.create(article=article, address=address, key=f"{address_key(address)}{number or ''}")
    takedown.purge(article, GROUNDS)
    for address in (ADDRESS, f"http://news.example/{SECRET}#top", f"{ADDRESS}?utm_source=x"):
        with pytest.raises(ValueError, match="taken down for good"):
            add_article(address, article.source)


def test_showing_it_again_does_nothing(article):
    takedown.purge(article, GROUNDS)
    assert takedown.show_again([article.pk]) == []
    assert Article.objects.get(pk=article.pk).hidden


def test_a_check_under_way_stores_nothing(article):
    from django.utils import timezone

    token = Article.objects.claim(article.pk, timezone.now(), 60)
    takedown.purge(article, GROUNDS)
    assert not Article.objects.release(article.pk, token, headline=SECRET)


def test_what_a_backup_brings_back_is_buried_again(article, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        takedown.purge(article, GROUNDS)
    Tombstone.objects.all().delete()
    Article.objects.filter(pk=article.pk).update(purged=None, hidden=False, headline=f"{SECRET} is back")
    Address.objects.create(article=article, address=ADDRESS, key=address_key(ADDRESS))
    make_version(Article.objects.get(pk=article.pk), [SECRET])
    assert takedown.bury_again() == 1
    assert rows_with(SECRET) == []
    with pytest.raises(ValueError, match="taken down for good"):
        add_article(ADDRESS, article.source)
    assert takedown.bury_again() == 0
    assert SECRET not in purging.list_of_purged().read_text()


def test_a_broken_line_of_the_list_keeps_no_other_from_being_buried(
    article, django_capture_on_commit_callbacks
):
    purging.list_of_purged().write_text('{"digest": "12"}\n{"dig')
    with django_capture_on_commit_callbacks(execute=True):
        takedown.purge(article, GROUNDS)
    Article.objects.filter(pk=article.pk).update(purged=None)
    Address.objects.create(article=article, address=ADDRESS, key=address_key(ADDRESS))
    assert takedown.bury_again() == 1


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_it_is_left_in_the_files_of_sqlite_nor_comes_back_with_a_backup(
    set_up_folder: Path,
):
    """In a process of its own, on a file: the tests' own database may be in memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.takedown.bytes_left", str(set_up_folder / "data")],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    before, after, restored, articles = json.loads(done.stdout)
    assert before > 0
    assert (after, restored, articles) == (0, 0, 59)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such log to empty")
def test_emptying_the_log_waits_for_others_no_longer_than_was_asked_for():
    def waits() -> int:
        cursor.execute("PRAGMA busy_timeout")
        return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        usual = waits()
        for seconds, milliseconds in ((1.5, 1500), (-1, 0), (math.inf, usual)):
            with purging._waiting(cursor, seconds):
                assert waits() == milliseconds
            assert waits() == usual
