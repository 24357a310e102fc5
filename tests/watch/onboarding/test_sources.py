"""Which source has a feed, also when two are added at once."""

import threading

import pytest
from django.db import connection, transaction

from articles.models import Feed, Source
from articles.watch.onboarding.results import Candidate
from articles.watch.onboarding.sources import WatchedAlready, add_source
from tests.running.installation import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def is_held_up(thread):
    """Whether *thread* waits for our transaction, or has ended."""
    ours = "SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        return cursor.execute(ours).fetchone() is not None or not thread.is_alive()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time in SQLite")
def test_a_feed_that_two_add_at_once_is_watched_once():
    refused = []

    def add_as_well():
        try:
            add_source(Source(name="B", slug="b"), [Candidate("http://valley.example/feed/", "feed")])
        except WatchedAlready as problem:
            refused.append(problem)
        finally:
            connection.close()

    other = threading.Thread(target=add_as_well)
    with transaction.atomic():
        add_source(Source(name="A", slug="a"), [Candidate("https://valley.example/feed", "feed")])
        other.start()
        wait_until(lambda: is_held_up(other))
    other.join(20)
    assert len(refused) == 1
    assert [feed.source.slug for feed in Feed.objects.all()] == ["a"]
    assert Source.objects.count() == 1
