"""What "Add source" tries by itself: the usual addresses of feeds, and http:// where nothing was typed."""

import pytest
from django.utils import timezone

from articles.models import Host, SiteProbe
from articles.watch.onboarding import probe
from articles.watch.onboarding.sources import feeds_of, look_at
from tests.admin.newspaper import home, links, look, rss, said
from tests.scripted import Page, ScriptedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

FEEDS = [f"/{path}" for path in probe.USUAL_FEEDS]
SITEMAPS = [f"/{path}" for path in probe.USUAL_SITEMAPS]
NO_SUCH_PAGE = Page("<!doctype html><html><body>There is no such page here.</body></html>")


def sitemap(site):
    now = timezone.now().isoformat()
    return Page(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<url><loc>{site.url}/2026/story-1</loc><lastmod>{now}</lastmod></url></urlset>"
    )


@pytest.fixture
def bare(site):
    """A home page that names no feed, with none at the usual addresses either."""
    site.pages["/"] = home(body=links(0, 1, 2))
    del site.pages["/feed"]
    return site


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_that_no_page_names_is_found_at_its_usual_address(admin_client, bare, path):
    bare.pages[path] = rss(0, 1)
    found = look(admin_client, bare.url)
    assert f"{bare.url}{path} Valley Post RSS 2" in said(found)
    assert f"No page looked at names {bare.url}{path}" in said(found)
    assert f'value="{bare.url}{path}" id="feed-1" checked' in found.content.decode()
    assert bare.paths() == ["/robots.txt", "/", *FEEDS[: FEEDS.index(path) + 1]]


def test_nothing_is_guessed_where_the_page_names_a_feed(admin_client, site):
    look(admin_client, site.url)
    assert site.paths() == ["/robots.txt", "/", "/feed"]


def test_nothing_is_guessed_where_the_home_page_names_a_feed(admin_client, site):
    site.pages["/valley/"] = home(body=links(0, 1))
    assert f"{site.url}/feed Valley Post RSS 6" in said(look(admin_client, f"{site.url}/valley/"))
    assert site.paths() == ["/robots.txt", "/valley/", "/", "/feed"]


def test_all_guesses_in_vain_are_told_in_one_line_and_are_few(admin_client, bare):
    found = said(look(admin_client, bare.url))
    assert "the usual addresses of feeds and sitemaps lead to none either" in found
    assert f"{bare.url}/feed" not in found
    assert bare.paths() == ["/robots.txt", "/", *FEEDS, *SITEMAPS]
    assert len(FEEDS + SITEMAPS) < 10


def test_a_page_in_place_of_not_found_is_no_feed(admin_client, bare):
    bare.pages |= dict.fromkeys([*FEEDS, *SITEMAPS], NO_SUCH_PAGE)
    bare.pages["/index.xml"] = rss(0)
    assert f"{bare.url}/index.xml Valley Post RSS 1" in said(look(admin_client, bare.url))


def test_a_page_of_feeds_at_a_usual_address_leads_to_these(admin_client, bare):
    bare.pages["/rss"] = home("<link rel=alternate type=application/rss+xml href=/lists/all>")
    bare.pages["/lists/all"] = rss(0, 1, 2)
    assert f"{bare.url}/lists/all Valley Post RSS 3" in said(look(admin_client, bare.url))
    assert "/rss.xml" not in bare.paths()


def test_an_empty_feed_does_not_end_the_search(admin_client, bare):
    bare.pages["/feed"] = rss()
    bare.pages["/atom.xml"] = rss(0)
    found = said(look(admin_client, bare.url))
    assert "the feed names no article" in found
    assert f"{bare.url}/atom.xml Valley Post RSS 1" in found


@pytest.mark.parametrize("path", SITEMAPS)
def test_a_sitemap_is_found_that_robots_txt_does_not_name(admin_client, bare, path):
    bare.pages[path] = sitemap(bare)
    assert f"{bare.url}{path} news sitemap 1" in said(look(admin_client, bare.url))


def test_no_sitemap_is_guessed_where_robots_txt_names_one(admin_client, bare):
    bare.pages["/robots.txt"] = Page(f"Sitemap: {bare.url}/news.xml\n")
    bare.pages["/news.xml"] = sitemap(bare)
    look(admin_client, bare.url)
    assert bare.paths() == ["/robots.txt", "/", "/news.xml", *FEEDS]


def test_what_robots_txt_forbids_is_not_guessed(admin_client, bare):
    bare.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /rss\nDisallow: /feed\n")
    bare.pages["/atom.xml"] = rss(0)
    assert f"{bare.url}/atom.xml Valley Post RSS 1" in said(look(admin_client, bare.url))
    assert bare.paths() == ["/robots.txt", "/", "/atom.xml"]


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_site_that_refuses_a_guess_is_asked_no_further(admin_client, bare, status):
    bare.pages["/rss"] = Page("", status=status)
    found = said(look(admin_client, bare.url))
    assert "so no other usual address of a feed was tried" in found
    assert bare.paths() == ["/robots.txt", "/", "/feed", "/rss"]
    assert SiteProbe.objects.get().state == "found"


def rests(site, seconds):
    """Let *site* want such rests. Known already, so that nobody has to wait before its first page."""
    known = {"robots_status": 404, "robots_fetched": timezone.now(), "robots_delay_seconds": seconds}
    Host.objects.create(name=site.endpoint, **known)


def test_a_host_that_wants_long_rests_is_not_guessed_at(admin_client, bare):
    rests(bare, 30.0)
    found = said(look(admin_client, bare.url))
    assert "usual addresses of feeds were not tried, as" in found
    assert bare.paths() == ["/"]


def test_nor_is_one_that_a_redirect_leads_to(admin_client, bare, settings):
    with ScriptedSite() as other:
        settings.FETCH_ALLOW_ENDPOINTS += f",{other.endpoint}"
        rests(other, 30.0)
        other.pages["/"] = home(body=links(0, 1))
        bare.pages["/"] = Page("", status=301, headers={"Location": f"{other.url}/"})
        found = said(look(admin_client, bare.url))
        assert "usual addresses of feeds were not tried, as" in found
        assert other.paths() == ["/"]


def test_the_command_guesses_too(bare):
    bare.pages["/feed.xml"] = rss(0)
    assert [feed.address for feed in feeds_of(look_at(bare.url))] == [f"{bare.url}/feed.xml"]


def test_http_is_tried_where_no_scheme_was_typed_and_https_fails(admin_client, site):
    found = said(look(admin_client, site.endpoint))
    assert f"https://{site.endpoint}/ could not be read: " in found
    assert f"{site.url}/ was looked at in its place" in found
    assert f"Found at {site.url}/" in found
    assert "no secure connection could be made" in found
    assert "_ssl" not in found
    assert f"{site.url}/feed Valley Post RSS 6" in found
    assert [feed.address for feed in feeds_of(look_at(site.endpoint))] == [f"{site.url}/feed"]


def test_http_is_not_tried_where_https_was_typed(admin_client, site):
    found = said(look(admin_client, f"https://{site.endpoint}"))
    assert "Nothing was found that can be watched" in found
    assert site.requests == []


def test_http_is_not_tried_where_https_answers(admin_client, site, monkeypatch):
    asked = []
    real = probe.ask

    def by_https(address, turn, **options):
        asked.append(address)
        return real(address.replace("https:", "http:"), turn, **options)

    monkeypatch.setattr(probe, "ask", by_https)
    site.pages["/"] = Page("", status=404)
    look(admin_client, site.endpoint)
    assert asked == [f"https://{site.endpoint}/"]
