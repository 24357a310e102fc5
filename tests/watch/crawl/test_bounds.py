"""Limits of a fetch: the installation's, a source's own, and which setting an error names."""

import pytest

from articles.fetch import Answer, Limit
from articles.models import Feed, Source
from articles.watch.crawl.bounds import of_feeds, of_pages
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from tests.scripted import Page, story_page

MEBIBYTE = 1 << 20


def test_a_source_has_its_own_limits_where_it_has_any(settings):
    settings.FETCH_PAGE_SECONDS, settings.FETCH_PAGE_MEGABYTES = 20.0, 5
    settings.FETCH_FEED_SECONDS, settings.FETCH_FEED_MEGABYTES = 30.0, 50
    assert of_pages(Source()) == of_pages()
    assert of_feeds(Source()) == of_feeds()
    own = Source(page_seconds=40, page_megabytes=9, feed_seconds_limit=45, feed_megabytes=99)
    page, feed = of_pages(own).limits, of_feeds(own).limits
    assert (page.total_timeout, page.wire_limit) == (40, 9 * MEBIBYTE)
    assert page.read_timeout > of_pages().limits.read_timeout
    assert (feed.total_timeout, feed.decoded_limit) == (45, 99 * MEBIBYTE)


@pytest.mark.parametrize(
    ("limit", "of_page", "of_feed"),
    [
        (Limit.READ_TIME, "FETCH_PAGE_SECONDS", "FETCH_FEED_SECONDS"),
        (Limit.TOTAL_TIME, "FETCH_PAGE_SECONDS", "FETCH_FEED_SECONDS"),
        (Limit.WIRE_SIZE, "FETCH_PAGE_MEGABYTES", "FETCH_FEED_MEGABYTES"),
        (Limit.DECODED_SIZE, "FETCH_PAGE_MEGABYTES", "FETCH_FEED_MEGABYTES"),
        (Limit.REDIRECTS, "FETCH_REDIRECTS", "FETCH_REDIRECTS"),
    ],
)
def test_an_error_names_the_setting_that_moves_its_limit(limit, of_page, of_feed):
    answer = Answer("https://a.example/", "https://a.example/", reason="too much", limit=limit)
    assert of_page in of_pages().explained(answer).reason
    assert of_feed in of_feeds().explained(answer).reason


@pytest.mark.django_db
def test_a_page_too_large_for_the_installation_is_read_under_its_sources_own_limit(
    site, source, settings, check
):
    settings.FETCH_PAGE_MEGABYTES = 1
    site.pages["/a"] = Page(story_page(head=f"<!--{'x' * 2 * MEBIBYTE}-->"))
    assert "FETCH_PAGE_MEGABYTES" in check("/a").reason
    Source.objects.update(page_megabytes=4)
    assert check("/a").outcome.value == "new-version"


@pytest.mark.django_db
def test_a_feed_too_large_for_the_installation_is_read_under_its_sources_own_limit(site, source, settings):
    settings.FETCH_FEED_MEGABYTES = 1
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    item = f"<!--{'x' * 2 * MEBIBYTE}--><item><link>/a</link></item>"
    site.pages["/feed"] = Page(f"<rss version='2.0'><channel>{item}</channel></rss>")

    def read():
        session = HostSession.wait_for(feed.host)
        try:
            kept = Feed.objects.select_related("source").get(pk=feed.pk)
            return read_feed_now(kept, PoliteFetcher(session))
        finally:
            session.leave()

    assert "FETCH_FEED_MEGABYTES" in read().problem
    Source.objects.update(feed_megabytes=4)
    assert (read().problem, len(feed.source.articles.all())) == ("", 1)
