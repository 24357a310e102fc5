"""From feeds to articles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.fetch import WhyLeftOut, address_key
from articles.models import Article, Feed, Host, Source, Tombstone
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds import intake
from articles.watch.feeds.address_filters import let_through
from articles.watch.feeds.entries import Fate
from articles.watch.feeds.poll import add_article, read_feed_now, source_for
from tests.scripted import Page

pytestmark = pytest.mark.django_db(transaction=True)


def rss(*items: str) -> Page:
    entries = "".join(
        f"<item><title>Story {n}</title><link>{link}</link></item>" for n, link in enumerate(items)
    )
    return Page(f"<rss version='2.0'><channel><title>News</title>{entries}</channel></rss>")


def read(feed):
    session = HostSession.take(feed.host_id)
    try:
        return read_feed_now(feed, PoliteFetcher(session))
    finally:
        session.leave()


@pytest.fixture
def feed(site, source):
    return Feed.objects.create(source=source, address=f"{site.url}/feed")


def test_a_feed_gives_articles_that_are_due_at_once(site, feed):
    site.pages["/feed"] = rss("/a?utm_source=rss", "/b", "/b#comments")
    result = read(feed)
    assert (result.named, len(result.new), result.problem) == (2, 2, "")
    assert set(Article.objects.values_list("address", flat=True)) == {f"{site.url}/a", f"{site.url}/b"}
    assert Article.objects.due(timezone.now()).count() == 2


def test_leaving_a_feed_is_no_removal(site, feed):
    site.pages["/feed"] = rss("/a", "/b")
    read(feed)
    site.pages["/feed"] = rss("/b")
    read(feed)
    assert set(Article.objects.values_list("state", flat=True)) == {"watched"}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("", status=500), "500"),
        (Page("", status=404), "404"),
        (Page("", status=403), "403"),
        (Page("{not json", content_type="application/json"), ""),
    ],
)
def test_a_broken_feed_says_why_and_is_asked_again_later(site, feed, page, words):
    site.pages["/feed"] = page
    result = read(feed)
    assert result.problem
    assert words in result.problem
    feed.refresh_from_db()
    assert (feed.errors_in_row, feed.last_error) == (1, result.problem)
    assert feed.next_check_at > feed.last_checked


def test_the_links_of_a_web_page_are_followed_only_where_it_was_given_as_a_section_page(site, feed):
    links = "".join(
        f"<p><a href='/2026/11/a-story-of-some-length-{n}'>A story of some length {n}</a>" for n in "ab"
    )
    site.pages["/feed"] = Page(f"<!doctype html><html><body><main>{links}</main></body></html>")
    assert "not a feed" in read(feed).problem
    assert not Article.objects.exists()
    feed.kind = Feed.Kind.SECTION
    feed.save()
    result = read(feed)
    assert (result.problem, len(result.new)) == ("", 2)


def test_a_feed_that_robots_txt_forbids_is_not_read(site, feed):
    site.pages |= {"/robots.txt": Page("User-agent: *\nDisallow: /feed"), "/feed": rss("/a")}
    assert "robots.txt" in read(feed).problem
    assert "/feed" not in site.paths()


def test_address_filters_choose_what_is_watched(site, feed):
    Source.objects.update(only_addresses=r"/\d{4}/", not_addresses="/sport/\n/video/")
    feed.refresh_from_db()
    site.pages["/feed"] = rss("/2026/a", "/2026/sport/b", "/about", "/2026/video/c")
    read(feed)
    assert [article.address for article in Article.objects.all()] == [f"{site.url}/2026/a"]


def test_no_filter_wants_everything(source):
    assert let_through(source, ["https://example.org/anything"]) == [True]


@pytest.mark.parametrize(
    "address", ["ftp://example.org/a", "javascript:alert(1)", "https://u:p@example.org/", "nothing"]
)
def test_an_address_that_can_not_be_watched_is_an_error(source, address):
    with pytest.raises(ValueError, match=r"\w"):
        add_article(address, source)
    assert not Article.objects.exists()


def test_an_unknown_address_gets_the_source_of_its_host(source):
    source.home_page = "https://harbour.example/news/"
    source.save()
    assert source_for("https://harbour.example/a") == (source, False)
    other, made = source_for("https://valley.example/b")
    assert (made, other.slug, other.name) == (True, "valley-example", "valley.example")
    assert source_for("https://valley.example/c") == (other, False)


def test_a_host_is_known_by_name_and_port():
    names = [
        Host.objects.for_address(a).name
        for a in ("http://a.example/x", "https://A.example/", "http://a.example:81/")
    ]
    assert names == ["a.example:80", "a.example:443", "a.example:81"]


def test_a_feed_whose_etag_lies_is_asked_plainly_now_and_then(site, feed):
    site.pages["/feed"] = rss("/a")
    site.pages["/feed"].headers["ETag"] = '"one"'
    read(feed)
    site.pages["/feed"] = rss("/a", "/b")
    site.pages["/feed"].headers["ETag"] = '"one"'
    feed.refresh_from_db()
    assert read(feed).new == ()
    feed.refresh_from_db()
    feed.last_unconditional_at -= timedelta(seconds=9 * feed.source.feed_seconds)
    assert len(read(feed).new) == 1


def test_two_sites_whose_names_make_one_slug_are_two_sources(db):
    first, _ = source_for("https://valley-post.example/a")
    other, made = source_for("https://valley.post.example/b")
    assert made
    assert (first.slug, other.slug) == ("valley-post-example", "valley-post-example-2")
    assert source_for("http://valley.post.example/c") == (other, False)


def test_everything_that_a_feed_names_is_accounted_for(site, feed):
    Source.objects.update(not_addresses="/sport/", new_articles_per_hour=2)
    feed.refresh_from_db()
    add_article(f"{site.url}/known", feed.source)
    Tombstone.put([address_key(f"{site.url}/gone")], None)
    site.pages["/feed"] = rss("/known", "/gone", "/sport/a", "/a", "/b", "/c")
    result = read(feed)
    assert result.fates == {
        Fate.KNOWN: 1,
        Fate.BARRED: 1,
        Fate.FILTERED: 1,
        Fate.NEW: 1,
        Fate.DEFERRED: 2,
    }
    assert (result.named, len(result.new), result.deferred) == (6, 1, 2)


def test_the_article_that_a_feed_names_first_has_the_highest_number(site, feed):
    site.pages["/feed"] = rss("/newest", "/older", "/oldest")
    result = read(feed)
    newest_first = Article.objects.order_by("-pk")
    assert [article.address.rpartition("/")[2] for article in newest_first] == ["newest", "older", "oldest"]
    assert list(result.new) == [article.pk for article in newest_first]


def test_articles_of_more_than_one_transaction_keep_the_order(site, feed, monkeypatch):
    monkeypatch.setattr(intake, "STORED_AT_ONCE", 2)
    site.pages["/feed"] = rss(*(f"/{n}" for n in range(5)))
    read(feed)
    assert [article.address[-1] for article in Article.objects.order_by("-pk")] == list("01234")


def test_what_another_worker_adds_in_the_same_moment_is_added_once(site, feed, monkeypatch):
    load = intake._load
    meanwhile = [f"{site.url}/b"]

    def loaded(feed, candidates, now):
        known = load(feed, candidates, now)
        while meanwhile:
            add_article(meanwhile.pop(), feed.source)
        return known

    monkeypatch.setattr(intake, "_load", loaded)
    site.pages["/feed"] = rss("/a", "/b", "/c")
    result = read(feed)
    assert result.fates == {Fate.NEW: 2, Fate.KNOWN: 1}
    assert Article.objects.count() == 3


def test_what_the_document_itself_gives_no_address_for_is_accounted_for_too(site, feed):
    site.pages["/feed"] = rss("/a", "mailto:desk@gazette.example", "http://10.0.0.7/intern", "")
    result = read(feed)
    assert result.fates == {
        Fate.NEW: 1,
        WhyLeftOut.NOT_WEB: 1,
        WhyLeftOut.NOT_PUBLIC: 1,
        WhyLeftOut.NO_LINK: 1,
    }


def test_the_hub_in_the_headers_goes_before_the_documents_and_is_forgotten_when_none_is_named(site, feed):
    atom = "<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://old.example/hub'/>"
    document = f"<rss version='2.0'><channel>{atom}<item><link>/a</link></item></channel></rss>"
    site.pages["/feed"] = Page(document, headers={"ETag": '"1"', "Link": '<https://hub.example/>; rel="hub"'})
    read(feed)
    feed.refresh_from_db()
    assert (feed.hub, feed.topic) == ("https://hub.example/", feed.address)
    read(feed)  # unchanged: nothing is known anew
    feed.refresh_from_db()
    assert feed.hub == "https://hub.example/"
    site.pages["/feed"] = Page(document)
    read(feed)
    feed.refresh_from_db()
    assert feed.hub == "https://old.example/hub"
    site.pages["/feed"] = rss("/a")
    read(feed)
    feed.refresh_from_db()
    assert (feed.hub, feed.topic) == ("", "")
