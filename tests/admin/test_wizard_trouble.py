"""What "Add source" says where something is wrong with the address, or with what is chosen."""

import socket

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_q.brokers import get_broker

from articles.admin.source import wizard_forms
from articles.isolation import IsolationError
from articles.models import Feed, SiteProbe, Source
from articles.watch.onboarding import probe
from tests.admin.newspaper import choose, home, links, look, rss, said, save
from tests.factories import make_source
from tests.scripted import Page, ScriptedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("", status=404), ("not found (404)", "typing mistake")),
        (Page("", status=403), ("refuses us (403)", "the address of a feed", "ask the publication")),
        (Page("<title>Just a moment...</title>", status=403), ("refuses us (403)", "ask the publication")),
        (Page("<title>Just a moment...</title>"), ("a challenge page", "ask the publication")),
        (Page("", status=429), ("could not answer (429)", "in a few minutes")),
        (Page("", status=503), ("could not answer (503)", "in a few minutes")),
        (Page("", status=451), ("legal reasons", "ask the publication")),
        (Page("  "), ("an empty page", "in a browser")),
        (Page("", status=302, headers={"Location": "/"}), ("more than 10 redirects", "in a circle")),
        (Page("", status=302, headers={"Location": "/login"}), ("redirects to a log-in", "sign in")),
        (
            Page("", status=302, headers={"Location": "http://10.0.0.1/"}),
            ("10.0.0.1", "FETCH_ALLOW_ENDPOINTS"),
        ),
        (Page("<rss><channel><title>x</ti"), ("the feed names no article", "XML is broken")),
        (Page("{}", content_type="application/json"), ("not a JSON Feed", "in a browser")),
        (Page(b"\x89PNG\r\n", content_type="image/png"), ("no feed, sitemap or page", "in a browser")),
        (rss(), ("the feed names no article", "another feed")),
        (home(body="<script src=/app.js></script>"), ("no links to its own site", "built by scripts")),
    ],
)
def test_what_can_not_be_watched_says_why_and_what_to_do(admin_client, site, page, words):
    site.pages["/"] = page
    del site.pages["/feed"]
    site.pages["/login"] = Page("Sign in")
    answer = said(look(admin_client, site.url)).lower()
    for one in words:
        assert one.lower() in answer
    assert "what was tried what" not in answer
    assert f"{site.url}/" in answer
    assert SiteProbe.objects.get().state == "failed"
    assert "preview five articles" not in answer


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:1/", ("port 1 is not fetched from", "FETCH_ALLOW_ENDPOINTS")),
        ("http://10.1.2.3/", ("not an address of the public internet", "FETCH_ALLOW_ENDPOINTS")),
        ("http://169.254.169.254/latest/", ("not an address of the public internet",)),
    ],
)
def test_an_address_that_leads_nowhere_says_why(admin_client, site, address, words):
    answer = said(look(admin_client, address))
    for one in words:
        assert one in answer
    assert not Feed.objects.exists()


def test_a_host_name_that_is_mistyped_is_told(admin_client, monkeypatch):
    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = said(look(admin_client, "no-such-host.example"))
    told = "its robots.txt could not be read: the host name could not be looked up"
    assert f"https://no-such-host.example/ {told}" in answer
    assert "typing mistake" in answer
    assert len(SiteProbe.objects.get().found["tried"]) == 1


@pytest.mark.parametrize(
    "address", ["ftp://valley.example/", "https://u:p@valley.example/", "", "http://", "a b"]
)
def test_what_is_no_address_is_refused_at_once(admin_client, address):
    answer = admin_client.post(reverse("admin:articles_source_look"), {"address": address})
    assert answer.status_code == 200
    assert "can't be watched" in said(answer) or "required" in said(answer)
    assert not SiteProbe.objects.exists()


def test_a_site_that_robots_txt_closes_is_left_alone(admin_client, site):
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /\n")
    answer = said(look(admin_client, site.url))
    assert "robots.txt does not let us fetch it" in answer
    assert "keeps us from its home page" in answer
    assert site.paths() == ["/robots.txt"]


def test_a_robots_txt_that_fails_is_told_from_one_that_forbids(admin_client, site):
    site.pages["/robots.txt"] = Page("", status=500)
    assert "robots.txt can't be read just now" in said(look(admin_client, site.url))


def test_a_redirect_to_another_site_is_told(admin_client, site, settings):
    with ScriptedSite() as other:
        settings.FETCH_ALLOW_ENDPOINTS += f",{other.endpoint}"
        other.pages["/"] = home(body=links(1))
        site.pages["/"] = Page("", status=301, headers={"Location": f"{other.url}/"})
        answer = said(look(admin_client, site.url))
    assert f"{site.url}/ redirects to another site, {other.url}/: that one was looked at." in answer


def test_a_page_that_ends_its_reader_is_left_alone(admin_client, site, monkeypatch):
    def stopped(*args, **kwargs):
        raise IsolationError("timeout", is_timeout=True)

    monkeypatch.setattr(probe, "isolated", stopped)
    answer = said(look(admin_client, site.url))
    assert "reading it was stopped: timeout" in answer
    assert "can't be read safely" in answer


def test_a_wrong_feed_leads_to_what_the_home_page_has(admin_client, site):
    found = said(look(admin_client, f"{site.url}/rss.xml"))
    assert f"{site.url}/rss.xml not found (404)" in found
    assert f"{site.url}/feed Valley Post RSS 6" in found


def test_a_web_page_that_is_named_as_a_feed_is_not_taken_for_one(admin_client, site):
    site.pages["/"] = home("<link rel=alternate type=application/rss+xml href=/feeds.html>")
    site.pages["/feeds.html"] = home(body="<a href=/2026/11/22/x>A story that is told at length</a>")
    found = look(admin_client, site.url)
    assert "this is a web page, not a feed" in said(found).lower()
    assert f'value="{site.url}/feeds.html"' not in found.content.decode()


def test_broken_xml_that_can_be_read_says_so(admin_client, site):
    site.pages["/feed"].body = str(site.pages["/feed"].body).replace("</channel>", "")
    assert "the XML is broken" in said(look(admin_client, f"{site.url}/feed"))
    assert SiteProbe.objects.get().state == "found"


def test_a_feed_that_another_source_has_is_refused_with_its_name(admin_client, site):
    source = make_source("The Gazette")
    Feed.objects.create(source=source, address=f"{site.url}/feed/")
    found = look(admin_client, f"{site.url}/feed")
    assert "All that was found is watched already, by The Gazette" in said(found)
    assert reverse("admin:articles_source_change", args=[source.pk]) in found.content.decode()
    assert "is watched already, by The Gazette" in said(choose(admin_client, f"{site.url}/feed"))


def test_a_feed_that_was_taken_meanwhile_is_refused_when_it_is_saved(admin_client, site):
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    Feed.objects.create(source=make_source("The Gazette"), address=f"{site.url}/feed")
    assert "watched already, by The Gazette" in said(save(admin_client))
    assert Source.objects.count() == 1


def test_a_home_page_that_a_source_has_is_told(admin_client, site):
    make_source("The Gazette", home_page=f"{site.url}/")
    assert "A source with this home page exists: The Gazette" in said(look(admin_client, site.url))


def also_found(client, site):
    """The page of what was found at *site*, where The Gazette watches another feed already."""
    source = make_source("The Gazette", home_page="https://gazette.example/")
    Feed.objects.create(source=source, address=f"{site.url}/other")
    return source, look(client, site.url)


def add_to(client, source, *feeds):
    where = reverse("admin:articles_source_feeds", args=[SiteProbe.objects.get().pk])
    return client.post(where, {"source": source.pk, "feeds": feeds}, follow=True)


def test_feeds_are_added_to_a_source_of_the_same_site(admin_client, site):
    source, found = also_found(admin_client, site)
    assert "Add these feeds to The Gazette" in said(found)
    get_broker().purge_queue()
    running = said(add_to(admin_client, source, f"{site.url}/feed"))
    assert "The Gazette watches 1 more feed." in running
    assert "Step 4 of 4" in running
    assert {feed.address for feed in source.feeds.all()} == {f"{site.url}/feed", f"{site.url}/other"}
    assert Source.objects.count() == 1
    assert get_broker().queue_size() == 1
    history = admin_client.get(reverse("admin:articles_source_history", args=[source.pk]))
    assert f"Added feed “{site.url}/feed”" in said(history)
    add_to(admin_client, source, f"{site.url}/")  # a second click finds it done
    assert source.feeds.count() == 2


def test_feeds_that_can_not_be_added_to_it_are_told(admin_client, site):
    source, _ = also_found(admin_client, site)
    assert "Choose at least one" in said(add_to(admin_client, source))
    assert "can't be chosen" in said(add_to(admin_client, source, "https://elsewhere.example/feed"))
    Feed.objects.create(source=make_source("The Echo"), address=f"{site.url}/feed/")
    assert "is watched already, by The Echo" in said(add_to(admin_client, source, f"{site.url}/feed"))
    assert source.feeds.count() == 1
    assert SiteProbe.objects.get().state == "found"


def test_a_feed_that_is_taken_between_the_look_and_the_lock_is_told(admin_client, site, monkeypatch):
    source, _ = also_found(admin_client, site)
    Feed.objects.create(source=make_source("The Echo"), address=f"{site.url}/feed")
    monkeypatch.setattr(wizard_forms, "watched_by", lambda address: None)
    assert "already, by The Echo" in said(add_to(admin_client, source, f"{site.url}/feed"))
    assert source.feeds.count() == 1


def test_feeds_are_added_to_no_source_of_another_site(admin_client, site):
    other = make_source("The Echo", home_page="https://echo.example/")
    also_found(admin_client, site)
    assert add_to(admin_client, other, f"{site.url}/feed").status_code == 403
    assert other.feeds.count() == 0


def test_who_may_not_add_feeds_is_not_offered_it(client, site, django_user_model):
    user = django_user_model.objects.create_user("adder", password="x", is_staff=True)
    names = ("add_source", "change_source", "view_source")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    source, found = also_found(client, site)
    assert "Add these feeds" not in said(found)
    assert add_to(client, source, f"{site.url}/feed").status_code == 403
    assert source.feeds.count() == 1


def test_what_is_wrong_with_the_source_itself_is_said(admin_client, site):
    make_source(slug="taken")
    look(admin_client, site.url)
    choose(admin_client, f"{site.url}/feed")
    assert "already exists" in said(save(admin_client, slug="taken"))
    assert "is not a language" in said(save(admin_client, language="x y"))
    assert "shorter than the floor" in said(save(admin_client, ceiling_seconds="1"))
    assert Source.objects.count() == 1
