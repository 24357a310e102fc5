"""Feeds and pages as sloppy sites serve them, from the feed to the version: one story is one article."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles import takedown
from articles.models import Address, Article, Capture, Feed, Host, HourCount, Reason, Source, Version
from articles.takedown import Grounds
from articles.watch.check.check import check_now
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from articles.watch.onboarding.sources import give_to_site
from tests.scripted import SENTENCES, Page, story_page

pytestmark = pytest.mark.django_db

HEADLINE, REWRITTEN = "Lime trees to be looked at", "Lime trees to be felled after all"
FELLED = (*SENTENCES, "On Friday the botanist wrote that two of the trees can not be saved by anybody.")
OTHER = (
    "The ferry to the islands will run twice a day from the first of May, the harbour master said on Monday.",
    "Its engine was rebuilt over the winter in a yard up the coast, at a cost that nobody would tell.",
    "Tickets are sold at the kiosk on the quay, which opens an hour before each sailing.",
)


def rss(*links, guid="", home="", status=200):
    kept = f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    items = "".join(f"<item><title>A story</title><link>{link}</link>{kept}</item>" for link in links)
    channel = f"<title>Valley Post</title><link>{home}</link>{items}"
    return Page(f"<rss version='2.0'><channel>{channel}</channel></rss>", status=status)


@pytest.fixture
def feed(site, source):
    Source.objects.update(home_page=f"{site.url}/")
    return Feed.objects.create(source=source, address=f"{site.url}/feed")


@pytest.fixture
def read(site, feed):
    """Have the feed name what is given, and read it."""

    def run(*links, **values):
        site.pages["/feed"] = rss(*links, **values)
        session = HostSession.take(feed.host_id)
        try:
            result = read_feed_now(
                Feed.objects.select_related("source").get(pk=feed.pk), PoliteFetcher(session)
            )
        finally:
            session.leave()
        assert result.problem == ""
        return result

    return run


def check_all():
    for article in Article.objects.filter(next_check_at__isnull=False).order_by("pk"):
        Host.objects.update(next_allowed=timezone.now())
        if Article.objects.filter(pk=article.pk).exists():
            check_now(Article.objects.get(pk=article.pk))


def headlines():
    return list(Version.objects.order_by("article", "number").values_list("headline", flat=True))


def test_a_page_whose_answer_a_proxy_changed_is_a_page(site, read):
    site.pages["/a"] = Page(story_page(HEADLINE), status=203, headers={"ETag": '"one"'})
    assert len(read("/a", status=203).new) == 1
    check_all()
    article = Article.objects.get()
    assert (headlines(), article.etag) == ([HEADLINE], '"one"')
    assert article.last_unconditional_at is not None


def test_a_robots_txt_whose_answer_a_proxy_changed_is_obeyed(site, source, check):
    site.pages |= {"/robots.txt": Page("User-agent: *\nDisallow: /", status=203), "/a": Page(story_page())}
    assert check("/a").outcome.value == "robots"
    assert "/a" not in site.paths()


def lead_on(site, how):
    """Have /a lead to its story in the way *how*; at which address the story then stands."""
    here, there = f"{site.url}/a", f"{site.url}/story"
    story = site.pages["/story"] = Page(story_page(HEADLINE))
    if how == "cookie":
        site.pages["/a"] = Page("", status=302, headers={"Location": "/set"})
        cookie = "seen=1; Path=/; Expires=Wed, 21 Oct 2099 07:28:00 GMT"
        site.pages["/set"] = Page("", status=302, headers={"Location": "/a", "Set-Cookie": cookie})

        def let_in(path):
            if path == "/a" and "seen=1" in site.requests[-1][2].get("Cookie", ""):
                site.pages["/a"] = story

        site.on_request = let_in
        return here
    if how == "ten redirects":
        for n in range(10):
            site.pages[f"/hop-{n}"] = Page("", status=302, headers={"Location": f"/hop-{n + 1}"})
        site.pages["/a"] = site.pages["/hop-0"]
        site.pages["/hop-9"] = Page("", status=302, headers={"Location": "/story"})
    elif how == "header":
        site.pages["/a"] = Page("<p>One moment", headers={"Refresh": "0; url=/story?a=1&#038;b=2"})
        site.pages["/story?a=1&b=2"] = story
        return f"{there}?a=1&b=2"
    else:
        head = "<meta http-equiv='Refresh' content='1; URL=/story'>"
        site.pages["/a"] = Page(f"<html><head>{head}</head><body><p>You are taken on.</body></html>")
    return there


@pytest.mark.parametrize("how", ["cookie", "ten redirects", "header", "element"])
def test_a_page_that_leads_on_to_its_story_is_followed(site, read, how):
    final = lead_on(site, how)
    read("/a")
    check_all()
    assert headlines() == [HEADLINE]
    addresses = Address.objects.values_list("address", flat=True)
    assert set(addresses) == {f"{site.url}/a", final}


@pytest.mark.parametrize("mark", ["zid=AB{}CD", "visit={0}{0}77a", "sid=00ff00ff00ff00ff{}a", "osCsid=abc{}"])
def test_a_visits_id_that_is_new_at_each_reading_makes_one_version(site, read, mark):
    for n in range(3):
        path = f"/story.jsp?id=1&{mark.format(n)}"
        site.pages[path] = site.pages["/story.jsp?id=1"] = Page(story_page(HEADLINE))
        read(path.replace("&", "&amp;"), guid="9")
        check_all()
    assert headlines() == [HEADLINE]
    assert Article.objects.filter(joined_to=None).count() == 1


def test_pages_that_all_name_one_of_them_as_their_canonical_address_are_several(site, read):
    head = f"<link rel=canonical href='{site.url}/show.php?id=0'>"
    for n, text in enumerate((SENTENCES, OTHER)):
        site.pages[f"/show.php?id={n}"] = Page(story_page(f"What was told by number {n}", text, head=head))
    read("/show.php?id=0", "/show.php?id=1")
    check_all()
    check_all()
    assert len(headlines()) == 2
    assert Article.objects.filter(joined_to=None).count() == 2


def test_a_slug_that_is_rewritten_again_and_again_between_two_checks_is_one_article(site, read):
    site.pages["/slug-1"] = Page(story_page(HEADLINE))
    read("/slug-1")
    check_all()
    site.pages["/slug-4"] = Page(story_page(REWRITTEN, FELLED))
    for n in (1, 2, 3):
        site.pages[f"/slug-{n}"] = Page("", status=301, headers={"Location": f"/slug-{n + 1}"})
        read(f"/slug-{n + 1}")
    check_all()
    check_all()
    assert headlines() == [HEADLINE, REWRITTEN]
    assert Article.objects.get(joined_to=None).address == f"{site.url}/slug-4"


# --- Feeds of several papers on one host


def imported(address):
    out = StringIO()
    call_command("import_feed", address, stdout=out)
    return out.getvalue()


def test_feeds_on_one_host_belong_to_the_papers_whose_they_are(site, db):
    for paper in ("north", "south"):
        home = f"https://{paper}.example/"
        site.pages[f"/{paper}.xml"] = rss(f"{home}a-story", f"https://sport.{paper}.example/b", home=home)
        assert "2 articles named, 2 of them new" in imported(f"{site.url}/{paper}.xml")
    feeds = Feed.objects.values_list("address", "source__slug", "source__home_page")
    assert set(feeds) == {
        (f"{site.url}/{paper}.xml", f"{paper}-example", f"https://{paper}.example/")
        for paper in ("north", "south")
    }
    assert Article.objects.filter(source__slug="north-example", address__contains="north").count() == 2
    # A further feed of a paper that is known goes to it, and no source is left over.
    site.pages["/north-sport.xml"] = rss("https://north.example/c", home="https://www.north.example/sport/")
    assert "north.example: 1 articles named" in imported(f"{site.url}/north-sport.xml")
    assert Source.objects.count() == 2


def test_what_was_stored_for_a_source_goes_with_its_feed_to_the_site(site, source, check):
    Source.objects.update(home_page="https://paper.example/")
    made = Source.objects.create(name="feeds", slug="feeds", home_page="https://feeds.example/")
    feed = Feed.objects.create(source=made, address="https://feeds.example/paper.xml")
    site.pages["/a"] = Page(story_page())
    article, _ = add_article(f"{site.url}/a", made)
    check_now(article)
    pages = Capture.objects.count()
    assert give_to_site(feed, "https://www.paper.example/news/", [article.pk], made=True) == source
    assert Source.objects.get() == source
    article.refresh_from_db()
    feed.refresh_from_db()
    assert (article.source, feed.source) == (source, source)
    assert set(Version.objects.values_list("source", flat=True)) == {source.pk}
    assert Capture.objects.filter(source=source).count() == pages == 1
    assert HourCount.objects.filter(source=source).exists()


@pytest.mark.parametrize("site", ["http://paper.example/news", "https://paper-group.example/"])
def test_a_feed_stays_with_the_source_that_has_more_on_its_site(source, site):
    Source.objects.update(home_page="https://www.paper.example/")
    add_article("https://paper-group.example/an-older-story", source)
    feed = Feed.objects.create(source=source, address="https://feeds.example/paper.xml")
    feed = Feed.objects.select_related("source").get(pk=feed.pk)
    assert give_to_site(feed, site, [], made=False) == source
    assert Source.objects.get().home_page == "https://www.paper.example/"


def test_a_feed_that_was_given_a_source_stays_with_it(site, source):
    Source.objects.update(home_page="https://paper.example/")
    site.pages["/feed"] = rss("https://north.example/a", home="https://north.example/")
    call_command("import_feed", f"{site.url}/feed", "--source", source.slug, stdout=StringIO())
    assert Feed.objects.get().source == Article.objects.get().source == source


def test_what_was_taken_down_for_good_is_no_example_of_what_is_not_taken(site, read, feed):
    read("/2026/a", "/2026/b")
    takedown.purge(Article.objects.get(address=f"{site.url}/2026/a"), Grounds(Reason.LEGAL))
    Source.objects.update(not_addresses="2026")
    read("/2026/a", "/2026/b")
    feed.refresh_from_db()
    assert feed.report == {"filtered": {"count": 2, "examples": [f"{site.url}/2026/b"]}}


def test_a_purge_leaves_no_word_of_a_story_in_the_report_of_any_feed(site, read, feed):
    read("/2026/a")
    reports = [{"known": {"count": 1, "examples": [f"{site.url}{path}"]}} for path in ("/2026/a", "/2026/b")]
    elsewhere = Source.objects.create(name="The Digest", slug="digest")
    others = [
        Feed.objects.create(source=elsewhere, address=f"https://digest.example/{n}", report=report)
        for n, report in enumerate(reports)
    ]
    takedown.purge(Article.objects.get(), Grounds(Reason.LEGAL))
    for one in (feed, *others):
        one.refresh_from_db()
    assert [one.report for one in (feed, *others)] == [{}, {}, reports[1]]
