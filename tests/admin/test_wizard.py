"""The page "Add source": from an address to a source, who may do it, and the catalogue."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker

from articles import catalogue
from articles.admin.source.wizard_forms import NewSourceForm
from articles.fetch import address_key
from articles.models import Article, Feed, Heartbeat, Host, SiteProbe, Source, Tombstone
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from articles.watch.onboarding import site_probe as site_probes
from tests.admin.newspaper import (
    STORIES,
    choose,
    details,
    home,
    links,
    look,
    rss,
    said,
    save,
    texts,
    work,
)
from tests.factories import make_source
from tests.scripted import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


def test_from_an_address_to_a_source_in_four_screens(admin_client, site):
    start = admin_client.get(reverse("admin:articles_source_add"))
    assert "Step 1 of 4" in said(start)

    found = look(admin_client, site.url)
    assert "Step 2 of 4" in said(found)
    for words in (f"{site.url}/feed", "RSS", "6", "22 November 2026, 10:05 UTC", "lets us in"):
        assert words in said(found)
    assert f'value="{site.url}/feed" id="feed-1" checked' in found.content.decode()

    preview = choose(admin_client, f"{site.url}/feed")
    assert "Step 3 of 4" in said(preview)
    assert [f"Story {n}" in said(preview) for n in range(STORIES)] == [False, *[True] * 5]
    for words in ("22 November 2026, 10:05 UTC", "in 12 paragraphs", texts(5)[0], texts(5)[-1]):
        assert words in said(preview)
    assert 'value="News | The Valley Post"' in preview.content.decode()
    assert 'value="en-gb"' in preview.content.decode()
    assert not Article.objects.exists()
    assert not Source.objects.exists()

    get_broker().purge_queue()
    running = save(admin_client)
    assert "Step 4 of 4" in said(running)
    assert "will be read as soon as the site may be asked" in said(running)
    source = Source.objects.get()
    assert (source.name, source.slug, source.language) == ("Valley Post", "valley-post", "en")
    feed = source.feeds.get()
    assert (feed.address, feed.kind) == (f"{site.url}/feed", "feed")
    assert feed.next_check_at <= timezone.now()
    assert get_broker().queue_size() == 1


def test_what_would_become_of_all_that_is_named_is_counted_by_reason(admin_client, site):
    add_article(f"{site.url}/2026/story-0", make_source())
    Tombstone.put([address_key(f"{site.url}/2026/story-1")], None)
    odd = "<item><title>Write to us</title><link>mailto:desk@valley.example</link></item>"
    site.pages["/feed"].body = site.pages["/feed"].body.replace("</channel>", f"{odd}</channel>")
    found = said(look(admin_client, site.url))
    counts = "7 named: 1 known, 4 new, 1 taken down for good, 1 without a link to a page"
    assert counts in found
    assert "1 without a link to a page: Write to us" in found
    choose(admin_client, f"{site.url}/feed")
    save(admin_client)
    feed = Feed.objects.select_related("source").get()
    Host.objects.update(next_allowed=timezone.now())
    session = HostSession.take(feed.host_id)
    read_feed_now(feed, PoliteFetcher(session))
    session.leave()
    page = admin_client.get(reverse("admin:articles_source_probe", args=[SiteProbe.objects.get().pk]))
    assert counts in said(page)


def test_a_section_pages_other_links_are_counted(admin_client, site):
    site.pages["/"] = home(body=links(0, 1) + "<a href=/about>About</a><a href=https://b.example/>B</a>")
    found = said(look(admin_client, site.url))
    assert "4 named: 2 new, 1 that look like no article, 1 not on this site" in found


def test_what_was_added_stands_in_the_log(admin_client, site):
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    save(admin_client)
    history = admin_client.get(reverse("admin:articles_source_history", args=[Source.objects.get().pk]))
    assert f"Added feed “{site.url}/feed”" in said(history)


def test_a_feed_is_taken_as_it_is(admin_client, site):
    found = look(admin_client, f"{site.url}/feed")
    assert "6 6 named: 6 new 22 November 2026" in said(found)
    assert site.paths() == ["/robots.txt", "/feed"]


def test_sitemaps_that_robots_txt_names_are_found(admin_client, site):
    site.pages["/"] = home()
    site.pages["/robots.txt"] = Page(f"Sitemap: {site.url}/news.xml\nUser-agent: *\nCrawl-delay: 0.1\n")
    now = timezone.now().isoformat()
    site.pages["/news.xml"] = Page(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<url><loc>{site.url}/2026/story-1</loc><lastmod>{now}</lastmod></url></urlset>"
    )
    found = said(look(admin_client, site.url))
    assert f"{site.url}/news.xml news sitemap 1" in found
    assert "names 1 sitemap. It asks for 0.1 seconds between two requests" in found


def test_without_a_feed_the_page_itself_is_watched_with_an_address_filter(admin_client, site):
    site.pages["/"] = home(body=links(0, 1, 2) + "<a href=/about>About</a><a href=/valley/x>X</a>")
    found = look(admin_client, site.url)
    assert f"{site.url}/ News | The Valley Post section page 3" in said(found)
    preview = choose(admin_client, f"{site.url}/", only_addresses="story-[01]$", not_addresses="")
    assert ["Story 0" in said(preview), "Story 1" in said(preview), "Story 2" in said(preview)] == [1, 1, 0]
    save(admin_client, only_addresses="story-[01]$")
    assert Feed.objects.get().kind == "section"
    assert Source.objects.get().only_addresses == "story-[01]$"


def test_a_filter_that_lets_nothing_through_or_is_none_is_refused(admin_client, site):
    look(admin_client, site.url)
    assert "passes the address filters" in said(
        choose(admin_client, f"{site.url}/feed", only_addresses="x{9}")
    )
    assert "not a regular expression" in said(choose(admin_client, f"{site.url}/feed", only_addresses="("))
    assert "Choose at least one" in said(choose(admin_client))
    assert "can't be chosen" in said(choose(admin_client, "https://elsewhere.example/feed"))
    assert SiteProbe.objects.get().state == "found"


def test_the_preview_is_made_again_with_other_filters_and_keeps_what_was_typed(admin_client, site):
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    save(admin_client, name="The Post", only_addresses="story-2", _again="1")
    work()
    preview = admin_client.get(reverse("admin:articles_source_probe", args=[SiteProbe.objects.get().pk]))
    assert 'value="The Post"' in preview.content.decode()
    assert "Story 2" in said(preview)
    assert "Story 5" not in said(preview)
    assert "passes the address filters" in said(save(admin_client, only_addresses="none", _again="1"))
    assert not Source.objects.exists()


def test_one_more_address_is_looked_at(admin_client, site):
    site.pages["/"] = home()
    site.pages["/our/own"] = site.pages.pop("/feed")
    look(admin_client, site.url)
    probe = SiteProbe.objects.get()
    also = reverse("admin:articles_source_also", args=[probe.pk])
    assert "can't be watched" in said(admin_client.post(also, {"address": "ftp://x/"}))
    admin_client.post(also, {"address": f"{site.url}/our/own"})
    work()
    page = admin_client.get(reverse("admin:articles_source_probe", args=[probe.pk]))
    assert f"{site.url}/our/own Valley Post RSS 6" in said(page)


def test_what_was_looked_at_too_is_ticked_as_well(admin_client, site):
    site.pages["/more"] = rss(0, 1, title="More")
    look(admin_client, site.url)
    probe = SiteProbe.objects.get()
    also = reverse("admin:articles_source_also", args=[probe.pk])
    admin_client.post(also, {"address": f"{site.url}/more"})
    work()
    page = admin_client.get(reverse("admin:articles_source_probe", args=[probe.pk])).content.decode()
    ticked = re.findall(r'name="feeds" value="([^"]*)"[^>]* checked', page)
    assert sorted(ticked) == [f"{site.url}/feed", f"{site.url}/more"]


def test_a_page_whose_links_are_none_like_an_articles_asks_for_a_filter(admin_client, site):
    site.pages["/"] = home(body="<a href=/about>About us</a><a href=/contact>Contact</a>")
    del site.pages["/feed"]
    assert " checked" not in look(admin_client, site.url).content.decode()
    assert "No link there looks like an article's: say here" in said(choose(admin_client, f"{site.url}/"))
    assert "Step 3" in said(choose(admin_client, f"{site.url}/", only_addresses="about"))


def test_progress_is_shown_and_that_no_worker_runs(admin_client, site):
    answer = admin_client.post(reverse("admin:articles_source_look"), {"address": site.url})
    page = admin_client.get(answer["Location"])
    assert "No worker is running" in said(page)
    assert f"Next: {site.url}/" in said(page)
    assert '<noscript><meta http-equiv="refresh"' in page.content.decode()
    assert get_broker().queue_size() == 1
    Heartbeat.beat("dispatch")
    assert "No worker is running" not in said(admin_client.get(answer["Location"]))
    assert site.requests == []


def test_a_preview_under_way_can_not_be_saved(admin_client, site):
    look(admin_client, site.url)
    probe = SiteProbe.objects.get()
    SiteProbe.objects.update(state="reading")
    admin_client.post(reverse("admin:articles_source_save", args=[probe.pk]), details())
    SiteProbe.objects.update(state="found")
    admin_client.post(reverse("admin:articles_source_save", args=[probe.pk]), details())
    assert not Source.objects.exists()


def test_a_name_that_another_source_has_is_refused(admin_client, site):
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    make_source("The Valley Post")
    save = reverse("admin:articles_source_save", args=[SiteProbe.objects.get().pk])
    page = admin_client.post(save, details(name="the valley post"))
    assert "A source has this name already" in page.content.decode()
    assert Source.objects.count() == 1


def test_what_was_saved_is_not_saved_twice(admin_client, site):
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    save(admin_client)
    assert "Step 4 of 4" in said(save(admin_client, slug="b"))
    assert Source.objects.count() == 1


@pytest.mark.parametrize("step", ["also", "choose"])
def test_a_second_click_finds_what_the_first_has_done(admin_client, site, step):
    look(admin_client, site.url)
    probe = SiteProbe.objects.get()
    address = reverse(f"admin:articles_source_{step}", args=[probe.pk])
    values = {"feeds": [f"{site.url}/feed"], "address": f"{site.url}/more"}
    admin_client.post(address, values)
    todo = SiteProbe.objects.get().todo
    answer = admin_client.post(address, values)
    assert answer["Location"] == reverse("admin:articles_source_probe", args=[probe.pk])
    assert SiteProbe.objects.get().todo == todo


def test_a_slug_that_was_taken_at_the_same_moment_is_told(admin_client, site, monkeypatch):
    make_source("Another", slug="valley-post")
    monkeypatch.setattr(NewSourceForm, "validate_unique", lambda form: None)
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    assert "has taken this slug" in said(save(admin_client))
    assert SiteProbe.objects.get().state == "ready"


def test_the_plain_form_is_still_there(admin_client):
    start = admin_client.get(reverse("admin:articles_source_add")).content.decode()
    assert 'href="?plain=1"' in start
    page = admin_client.get(reverse("admin:articles_source_add"), {"plain": "1"}).content.decode()
    assert 'name="feeds-TOTAL_FORMS"' in page


def views(probe):
    """Every page of the wizard: name, method, address, what is sent."""
    here = [probe.pk]
    return {
        "start": ("get", reverse("admin:articles_source_add"), {}),
        "catalogue": ("get", reverse("admin:articles_source_catalogue"), {}),
        "show": ("get", reverse("admin:articles_source_probe", args=here), {}),
        "look": ("post", reverse("admin:articles_source_look"), {"address": "news.example"}),
        "also": ("post", reverse("admin:articles_source_also", args=here), {"address": "news.example"}),
        "choose": ("post", reverse("admin:articles_source_choose", args=here), {"feeds": ["x"]}),
        "save": ("post", reverse("admin:articles_source_save", args=here), details()),
    }


NAMES = ("start", "catalogue", "show", "look", "also", "choose", "save")


@pytest.fixture
def probe(db):
    return SiteProbe.objects.create(address="https://news.example/", state="found")


def signed_in(user_model, *permissions, csrf=False):
    user = user_model.objects.create_user(f"user-{len(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        (("view_source",), False),
        (("view_source", "change_source", "change_article"), False),
        (("view_source", "change_source", "change_article", "add_source"), True),
    ],
)
def test_only_who_may_add_sources_sees_it(django_user_model, probe, name, permissions, allowed):
    client = signed_in(django_user_model, *permissions)
    method, address, values = views(probe)[name]
    status = getattr(client, method)(address, values).status_code
    assert (status != 403) is allowed
    if not allowed:
        assert SiteProbe.objects.count() == 1
        assert not Source.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_who_is_not_signed_in_is_asked_to(client, probe, name):
    method, address, values = views(probe)[name]
    answer = getattr(client, method)(address, values)
    assert answer.status_code == 302
    assert reverse("admin:login") in answer["Location"]


@pytest.mark.parametrize("name", ["look", "also", "choose", "save"])
def test_what_changes_anything_needs_post_and_the_token(django_user_model, probe, name):
    _, address, values = views(probe)[name]
    client = signed_in(django_user_model, "add_source", "view_source", csrf=True)
    assert client.get(address, values).status_code == 405
    assert client.post(address, values).status_code == 403
    assert SiteProbe.objects.get().state == "found"
    assert not Source.objects.exists()


def test_the_catalogue_is_searched(admin_client):
    address = reverse("admin:articles_source_catalogue")
    assert "Tagesschau" in said(admin_client.get(address))
    found = said(admin_client.get(address, {"q": "guard en"}))
    assert "The Guardian" in found
    assert "Tagesschau" not in found
    assert "None of the known publications fits" in said(admin_client.get(address, {"q": "zzz\x00"}))


def test_the_catalogue_knows_what_is_watched_and_verified(admin_client, django_assert_max_num_queries):
    known = catalogue.publication("tagesschau")
    address = reverse("admin:articles_source_catalogue")
    source = make_source("Tagesschau", home_page="")
    Feed.objects.create(source=source, address=known.feeds[0])
    with django_assert_max_num_queries(8):
        page = said(admin_client.get(address, {"q": "tagesschau"}))
    assert "Watched , not verified" in page
    Feed.objects.update(last_success=timezone.now())
    assert "Watched , verified" in said(admin_client.get(address, {"q": "tagesschau"}))
    make_source("RT", home_page="http://rt.com")
    assert "Watched , not verified" in said(admin_client.get(address, {"q": "rt.com"}))


def test_a_publication_is_watched_with_one_click(admin_client):
    answer = admin_client.post(reverse("admin:articles_source_look"), {"publication": "bbc-news"})
    probe = SiteProbe.objects.get()
    assert answer["Location"] == reverse("admin:articles_source_probe", args=[probe.pk])
    assert [step["address"] for step in probe.todo] == list(catalogue.publication("bbc-news").feeds)
    assert (probe.found["name"], probe.found["language"]) == ("BBC News", "en")
    unknown = admin_client.post(reverse("admin:articles_source_look"), {"publication": "none"})
    assert unknown.status_code == 404


def test_all_known_feeds_that_work_are_ticked(admin_client, site):
    site.pages["/world"] = rss(2, 3, title="World")
    probe = site_probes.begin(
        f"{site.url}/", feeds=(f"{site.url}/feed", f"{site.url}/gone", f"{site.url}/world"), name="The Post"
    )
    work()
    page = admin_client.get(reverse("admin:articles_source_probe", args=[probe.pk])).content.decode()
    assert page.count(" checked") == 2
    choose(admin_client, f"{site.url}/feed", f"{site.url}/world")
    page = admin_client.get(reverse("admin:articles_source_probe", args=[probe.pk])).content.decode()
    assert 'value="The Post"' in page
