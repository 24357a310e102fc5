"""A feed that is redirected for good: when its address is changed, and when it is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Feed, Host
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import ERRORS_TO_MOVE, READINGS_TO_MOVE, TIME_TO_MOVE, read_feed_now
from tests.scripted import Page

pytestmark = pytest.mark.django_db

NAMES_ONE = Page("<rss version='2.0'><channel><item><link>/2026/one</link></item></channel></rss>")


@pytest.fixture
def feed(site, source):
    site.pages["/feed"] = NAMES_ONE
    return Feed.objects.create(source=source, address=f"{site.url}/rss")


@pytest.fixture
def read(feed):
    """Read the feed, some times in a row."""

    def run(times=1):
        result = None
        for _ in range(times):
            Host.objects.update(next_allowed=timezone.now())
            kept = Feed.objects.select_related("source", "host").get(pk=feed.pk)
            session = HostSession.take(kept.host_id)
            assert session is not None
            try:
                result = read_feed_now(kept, PoliteFetcher(session))
            finally:
                session.leave()
            assert result is not None
        return result

    return run


def leads(site, where, status=301):
    site.pages["/rss"] = Page("", status=status, headers={"Location": where})


def a_day_later():
    Feed.objects.update(moved_since=timezone.now() - TIME_TO_MOVE)


@pytest.mark.parametrize("status", [301, 308])
def test_a_feed_that_moved_for_good_is_told_of_at_once_and_moved_after_three_readings_over_a_day(
    site, feed, read, status
):
    leads(site, "/feed", status)
    assert read().moved_to == f"{site.url}/feed"
    read(READINGS_TO_MOVE)
    feed.refresh_from_db()
    assert (feed.address, feed.moved_to) == (f"{site.url}/rss", f"{site.url}/feed")
    a_day_later()
    read()
    feed.refresh_from_db()
    assert (feed.address, feed.moved_to, feed.moved_readings) == (f"{site.url}/feed", "", 0)
    asked = len(site.paths())
    assert read().problem == ""
    assert site.paths()[asked:] == ["/feed"]
    assert Article.objects.count() == 1


def test_a_day_alone_moves_no_feed(site, feed, read):
    leads(site, "/feed")
    read()
    a_day_later()
    read()
    assert Feed.objects.get().address == f"{site.url}/rss"


def test_a_feed_moves_to_another_host(site, other_site, feed, read):
    other_site.pages |= {"/feed": NAMES_ONE, "/robots.txt": Page("")}
    leads(site, f"{other_site.url}/feed")
    read(READINGS_TO_MOVE)
    a_day_later()
    read()
    moved = Feed.objects.select_related("host").get()
    assert (moved.address, moved.host.name) == (f"{other_site.url}/feed", other_site.endpoint)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_redirect_for_now_moves_no_feed(site, feed, read, status):
    leads(site, "/feed", status)
    assert read().moved_to == ""
    assert Feed.objects.get().moved_to == ""


def test_a_redirect_that_ends_is_forgotten(site, feed, read):
    leads(site, "/feed")
    read(2)
    site.pages["/rss"] = NAMES_ONE
    read()
    a_day_later()
    leads(site, "/feed")
    read()
    kept = Feed.objects.get()
    assert (kept.address, kept.moved_readings) == (f"{site.url}/rss", 1)


@pytest.mark.parametrize(
    ("answer", "times"), [(Page("", status=404), 1), (Page("", status=410), 1), (Page("", status=503), 3)]
)
def test_where_the_old_address_dies_meanwhile_the_new_one_is_tried_at_once(site, feed, read, answer, times):
    leads(site, "/feed")
    read()
    site.pages["/rss"] = answer
    assert times in (1, ERRORS_TO_MOVE)
    read(times - 1)
    assert Feed.objects.get().address == f"{site.url}/rss"
    read()
    moved = Feed.objects.get()
    assert moved.address == f"{site.url}/feed"
    assert moved.next_check_at <= timezone.now()
    assert read().problem == ""


def test_a_dead_feed_that_never_moved_stays_where_it_is(site, feed, read):
    site.pages["/rss"] = Page("", status=410)
    read(ERRORS_TO_MOVE + 1)
    kept = Feed.objects.get()
    assert kept.address == f"{site.url}/rss"
    assert kept.next_check_at > timezone.now() + timedelta(minutes=1)


def test_a_redirect_to_what_is_no_feed_moves_none(site, feed, read):
    site.pages["/"] = Page("<!doctype html><html><body><p>The front page</p></body></html>")
    leads(site, "/")
    assert "not a feed" in read(READINGS_TO_MOVE + 1).problem
    kept = Feed.objects.get()
    assert (kept.address, kept.moved_to) == (f"{site.url}/rss", "")


def test_no_feed_moves_to_where_another_is(site, source, feed, read):
    Feed.objects.create(source=source, address=f"{site.url}/feed")
    leads(site, "/feed")
    read(READINGS_TO_MOVE)
    a_day_later()
    assert read().problem == ""
    assert Feed.objects.get(pk=feed.pk).address == f"{site.url}/rss"
