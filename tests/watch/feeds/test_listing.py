"""What a feed's address names: articles, also through indexes of sitemaps, and on section pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Feed, Host, Source
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from articles.watch.onboarding.probe import take
from articles.watch.onboarding.results import Findings, Step
from articles.watch.onboarding.sources import NothingFound, feeds_of, look_at
from tests.scripted import Page

pytestmark = pytest.mark.django_db(transaction=True)

SPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


def days_ago(days):
    return (timezone.now() - timedelta(days=days)).isoformat()


@pytest.fixture
def feed(site, source):
    return Feed.objects.create(source=source, address=f"{site.url}/sitemap.xml", kind=Feed.Kind.SITEMAP)


@pytest.fixture
def read(feed):
    def run():
        session = HostSession.take(feed.host_id)
        try:
            return read_feed_now(Feed.objects.get(pk=feed.pk), PoliteFetcher(session))
        finally:
            session.leave()

    return run


def index(site, *children, etag=""):
    """An index of sitemaps; each child is a path, or a path and the days since it changed."""
    entries = ""
    for child in children:
        path, days = child if isinstance(child, tuple) else (child, None)
        changed = f"<lastmod>{days_ago(days)}</lastmod>" if days is not None else ""
        loc = path if path.startswith("http") else site.url + path
        entries += f"<sitemap><loc>{loc}</loc>{changed}</sitemap>"
    return Page(f"<sitemapindex {SPACE}>{entries}</sitemapindex>", headers={"ETag": etag} if etag else {})


def sitemap(site, *paths, days=0):
    entries = "".join(
        f"<url><loc>{site.url}{path}</loc><lastmod>{days_ago(days)}</lastmod></url>" for path in paths
    )
    return Page(f"<urlset {SPACE}>{entries}</urlset>")


def watched():
    return {article.address.partition("/story")[2] for article in Article.objects.all()}


def test_the_newest_sitemaps_of_an_index_are_read(site, read):
    site.pages["/sitemap.xml"] = index(site, *((f"/s{n}.xml", n) for n in (5, 1, 4, 2, 3)))
    for n in range(1, 6):
        site.pages[f"/s{n}.xml"] = sitemap(site, f"/story{n}")
    result = read()
    assert (result.problem, result.named) == ("", 3)
    assert watched() == {"1", "2", "3"}
    assert [path for path in site.paths() if path != "/robots.txt"] == [
        *("/sitemap.xml", "/s1.xml", "/s2.xml", "/s3.xml")
    ]


def test_without_dates_the_highest_numbers_are_newest_and_news_comes_first(site, read):
    site.pages["/sitemap.xml"] = index(
        site, "/posts-9.xml", "/posts-10.xml", "/posts-11.xml", "/news-sitemap.xml"
    )
    for path, n in (
        ("/news-sitemap.xml", 1),
        ("/posts-11.xml", 2),
        ("/posts-10.xml", 3),
        ("/posts-9.xml", 4),
    ):
        site.pages[path] = sitemap(site, f"/story{n}")
    assert read().problem == ""
    assert watched() == {"1", "2", "3"}


def test_an_index_may_name_an_index_but_no_deeper(site, read):
    site.pages["/sitemap.xml"] = index(site, "/inner.xml")
    site.pages["/inner.xml"] = index(site, "/innermost.xml", "/s.xml")
    site.pages["/innermost.xml"] = index(site, "/too-deep.xml")
    site.pages["/s.xml"] = sitemap(site, "/story1")
    assert read().problem == ""
    assert watched() == {"1"}
    assert "/too-deep.xml" not in site.paths()


def test_an_index_that_names_itself_comes_to_an_end(site, read):
    site.pages["/sitemap.xml"] = index(site, "/sitemap.xml", "/sitemap.xml?again")
    site.pages["/sitemap.xml?again"] = site.pages["/sitemap.xml"]
    assert "is no sitemap" in read().problem
    assert len(site.paths()) <= 5


def test_an_index_is_read_anew_although_its_own_file_is_unchanged(site, read):
    site.pages["/sitemap.xml"] = index(site, "/s.xml", etag='"1"')
    site.pages["/s.xml"] = sitemap(site, "/story1")
    read()
    site.pages["/s.xml"] = sitemap(site, "/story1", "/story2")
    read()
    assert watched() == {"1", "2"}


def test_old_sitemaps_and_old_stories_are_left_out(site, read):
    site.pages["/sitemap.xml"] = index(site, ("/old.xml", 60), ("/new.xml", 1))
    site.pages["/old.xml"] = sitemap(site, "/story1")
    site.pages["/new.xml"] = sitemap(site, "/story2", days=50)
    result = read()
    assert (result.problem, result.named) == ("", 0)
    assert "/old.xml" not in site.paths()


def test_a_sitemap_on_another_host_is_not_followed(site, read):
    site.pages["/sitemap.xml"] = index(site, "https://other.example/s.xml")
    assert "on another host" in read().problem


def test_a_broken_sitemap_does_not_hide_the_others(site, read):
    site.pages["/sitemap.xml"] = index(site, ("/gone.xml", 0), ("/s.xml", 1))
    site.pages["/s.xml"] = sitemap(site, "/story1")
    assert read().problem == ""
    assert watched() == {"1"}


def test_what_robots_txt_forbids_in_an_index_is_not_asked_for(site, read):
    site.pages |= {
        "/robots.txt": Page("User-agent: *\nDisallow: /secret"),
        "/sitemap.xml": index(site, "/secret.xml"),
    }
    assert "robots.txt" in read().problem
    assert "/secret.xml" not in site.paths()


def test_when_the_turn_ends_what_was_found_is_kept(site, read, monkeypatch, settings):
    site.pages["/sitemap.xml"] = index(site, ("/s1.xml", 1), ("/s2.xml", 2))
    site.pages["/s1.xml"] = sitemap(site, "/story1")
    real = PoliteFetcher.ask

    def ask(self, url, **more):
        answer = real(self, url, **more)
        if url.endswith("/s1.xml"):
            settings.FETCH_HOST_DELAY = 600.0
            Host.objects.update(next_allowed=timezone.now() + timedelta(minutes=10))
            self.host.refresh_from_db()
        return answer

    monkeypatch.setattr(PoliteFetcher, "ask", ask)
    assert read().problem == ""
    assert watched() == {"1"}


def test_a_section_page_gives_the_links_that_look_like_articles(site, feed, read):
    Feed.objects.update(kind=Feed.Kind.SECTION)
    site.pages["/sitemap.xml"] = Page(
        "<!doctype html><html><body><nav><a href='/world'>World</a><a href='/about'>About us</a></nav>"
        "<a href='/2026/11/22/story1'>One</a><a href='/story2'>The council votes to close the bridge</a>"
        "<a href='https://other.example/2026/11/22/story3'>Elsewhere</a><a href='/tag/story4'>Bridge</a>"
    )
    assert read().problem == ""
    assert watched() == {"1", "2"}


def test_on_a_section_page_the_address_filter_says_what_is_an_article(site, feed, read):
    Feed.objects.update(kind=Feed.Kind.SECTION)
    Source.objects.update(only_addresses="/story")
    site.pages["/sitemap.xml"] = Page(
        "<!doctype html><html><body><a href='/story1'>One</a><a href='/2026/11/22/other'>Two</a>"
    )
    read()
    assert watched() == {"1"}


def test_an_index_of_sitemaps_can_be_watched_itself(site, db):
    site.pages["/sitemap.xml"] = index(site, "/s.xml")
    site.pages["/s.xml"] = sitemap(site, "/story1")
    found = feeds_of(look_at(f"{site.url}/sitemap.xml"))
    assert [(one.address, one.kind) for one in found] == [(f"{site.url}/sitemap.xml", "sitemap")]


def test_a_home_page_without_a_feed_has_the_sitemaps_that_robots_txt_names(site, db):
    site.pages |= {
        "/": Page("<!doctype html><html><title>The Paper</title><body><p>News</p>"),
        "/robots.txt": Page(f"Sitemap: {site.url}/all.xml\nSitemap: {site.url}/news.xml\nSitemap: ftp://x/"),
    }
    site.pages["/all.xml"] = site.pages["/news.xml"] = sitemap(site, "/story1")
    found = feeds_of(look_at(site.url, all_feeds=True))
    assert [one.address for one in found] == [f"{site.url}/news.xml", f"{site.url}/all.xml"]
    site.pages["/robots.txt"] = Page("User-agent: *\nAllow: /")
    Host.objects.update(robots_fetched=None)
    with pytest.raises(NothingFound, match="No feed was found, and"):
        look_at(site.url)


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='0.91'><channel><item><link>{}/story1</link></item></channel></rss>",
        "<rss version='2.0'><channel><item><guid>{}/story1</guid></item></channel></rss>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<channel/><item><link>{}/story1</link></item></rdf:RDF>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='{}/story1'/></entry></feed>",
        '{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"url": "{}/story1"}}]}}',
        f"<urlset {SPACE}><url><loc>{{}}/story1</loc></url></urlset>",
    ],
    ids=["RSS 0.91", "RSS 2.0", "RDF", "Atom", "JSON Feed", "sitemap"],
)
def test_every_kind_of_feed_is_read_from_a_server(site, feed, read, body):
    site.pages["/sitemap.xml"] = Page(body.format(site.url))
    result = read()
    assert (result.problem, result.named) == ("", 1)
    assert watched() == {"1"}


def looked_at(site):
    findings = Findings()
    take(Step(what="feed", address=f"{site.url}/sitemap.xml"), findings, seconds=5)
    return findings.candidates[0]


def test_an_index_whose_sitemaps_there_is_no_time_for_is_told_from_an_empty_one(site, settings):
    site.pages["/sitemap.xml"] = index(site, "/s1.xml", "/s2.xml")
    site.pages["/s2.xml"] = sitemap(site, "/story")
    Host.objects.for_address(site.url)
    Host.objects.update(robots_delay_seconds=60, robots_status=404, robots_fetched=timezone.now())
    found = looked_at(site)
    assert not found.is_usable
    assert "wants 60 seconds between two requests" in found.problem
    assert found.advice == f"Look at the sitemap itself: {site.url}/s2.xml"


def test_an_index_whose_sitemaps_are_on_another_host_names_the_address_to_look_at(site):
    site.pages["/sitemap.xml"] = index(site, "https://cdn.example/s1.xml")
    found = looked_at(site)
    assert "on another host" in found.problem
    assert found.advice == "Look at the sitemap itself: https://cdn.example/s1.xml"
