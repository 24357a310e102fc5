"""How many statements a reading takes: as many for fifty entries as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Address, Article, Feed, Host
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.entries import Fate
from articles.watch.feeds.poll import read_feed_now
from tests.scripted import Page

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = 50


@pytest.fixture
def feed(site, source):
    items = "".join(f"<item><title>Story {n}</title><link>/{n}</link></item>" for n in range(ENTRIES))
    site.pages["/feed"] = Page(f"<rss version='2.0'><channel>{items}</channel></rss>")
    made = Feed.objects.create(source=source, address=f"{site.url}/feed")
    Host.objects.update(robots_status=404, robots_fetched=timezone.now())
    return Feed.objects.select_related("source").get(pk=made.pk)


def read(feed):
    """What came of a reading, and the statements that were made for what it names."""
    session = HostSession.take(feed.host_id)
    try:
        with CaptureQueriesContext(
            connection,
        ) as statements:
            result = read_feed_now(feed, PoliteFetcher(session))
    finally:
        session.leave()
    assert result is not None
    assert result.problem == ""
    return result, [one["sql"] for one in statements.captured_queries]


def of_hosts(statements):
    """Those that note what a host answered: they are the session's, whatever is read."""
    return [sql for sql in statements if sql.startswith('UPDATE "articles_host"')]


def test_fifty_known_entries_take_as_few_statements_as_one(feed):
    read(feed)
    result, statements = read(feed)
    assert result.fates == {Fate.KNOWN: ENTRIES}
    assert len(statements) - len(of_hosts(statements)) <= 6


def test_fifty_new_entries_take_at_most_twenty_statements(feed):
    result, statements = read(feed)
    assert result.fates == {Fate.NEW: ENTRIES}
    assert len(statements) <= 20
    assert Article.objects.count() == Address.objects.count() == ENTRIES
