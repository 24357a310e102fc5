"""What the watch counts of a source, hour by hour, as it goes."""

import pytest
from django.utils import timezone

from articles.models import Article, Feed, Host, HourCount
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from articles.watch.onboarding.batches import work
from tests.scripted import Page, story_page
from tests.watch.conftest import PATH
from tests.watch.onboarding.test_batches import give

pytestmark = pytest.mark.django_db

FEED = "<rss version='2.0'><channel><title>t</title>{}</channel></rss>"


def counted(source):
    """The sums of the source's hours, without what is zero."""
    sums = {}
    for row in HourCount.objects.filter(source=source).values():
        for name, count in row.items():
            if name not in ("id", "source_id", "hour") and count:
                sums[name] = sums.get(name, 0) + count
    return sums


@pytest.fixture
def read(site, source):
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")

    def run(page):
        site.pages["/feed"] = page
        Host.objects.update(next_allowed=timezone.now())
        session = HostSession.take(feed.host_id)
        assert session is not None
        try:
            return read_feed_now(Feed.objects.get(), PoliteFetcher(session))
        finally:
            session.leave()

    return run


def test_a_reading_counts_with_the_articles_it_brought(site, source, read):
    items = "".join(f"<item><link>{site.url}/{path}</link></item>" for path in "ab")
    page = Page(FEED.format(items), content_type="application/rss+xml")
    read(page)
    read(page)
    assert counted(source) == {"feeds_read": 2, "articles": 2}


def test_a_reading_that_failed_counts_as_that(source, read):
    read(Page("gone", status=500))
    assert counted(source) == {"feeds_failed": 1}


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (Page("no", status=403), "blocked"),
        (Page("down", status=500), "unreachable"),
        (Page("<html><p>Hi.</html>"), "empty"),
    ],
)
def test_a_check_counts_by_what_it_failed_for(site, source, check, page, kind):
    site.pages[PATH] = page
    check()
    assert counted(source) == {"checks": 1, kind: 1}


def test_what_robots_txt_forbids_counts_as_that(site, source, check):
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /", content_type="text/plain")
    check()
    assert counted(source) == {"checks": 1, "robots": 1}


def test_a_check_that_went_well_counts_alone(site, source, check):
    site.pages[PATH] = Page(story_page())
    check(times=2)
    assert counted(source) == {"checks": 2}


def test_what_is_added_by_hand_is_no_yield_of_the_feeds(source):
    give("https://valley.example/a", source=source)
    assert work(30) == 1
    assert Article.objects.exists()
    assert counted(source) == {}
