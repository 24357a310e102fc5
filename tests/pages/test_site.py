"""Pages about the site, and what machines ask for."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.utils import timezone

from articles.models import Figures, Heartbeat
from articles.pages.labels import LABELS, label_of
from articles.statistics import refresh
from tests.factories import MORNING, make_article, make_event, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


def test_sources_and_their_states(client):
    make_source("Watched Post", slug="watched", last_success=MORNING)
    make_source("Paused Post", slug="paused", enabled=False)
    make_source("New Post", slug="new")
    make_source("Failing Post", slug="failing", errors_in_row=5)
    article = make_article(make_source("Busy Post", slug="busy", last_success=MORNING))
    make_version(article)
    make_version(article, ["Five."])
    Figures.objects.create(source=article.source, computed=MORNING, articles=1, counts={})
    rows = {
        row.cssselect("a")[0].get("href"): [cell.text_content().strip() for cell in row.cssselect("td")]
        for row in page_of(client.get("/sources/")).cssselect("tbody tr")
    }
    assert rows == {
        "/sources/watched/": ["watched", "–", "18 July 2016, 09:50 UTC", "none"],
        "/sources/paused/": ["paused", "–", "never", "none"],
        "/sources/new/": ["new", "–", "never", "none"],
        "/sources/failing/": ["failing", "–", "never", "none"],
        "/sources/busy/": ["watched", "1", "18 July 2016, 09:50 UTC", "18 July 2016, 14:50 UTC"],
    }


def test_no_sources_says_where_to_add_one(client):
    assert page_of(client.get("/sources/")).cssselect('.empty a[href="/admin/"]')


def test_a_sources_page_has_its_state_changes_and_articles(client):
    source = make_source("The Gazette", slug="gazette", last_success=MORNING)
    article = make_article(source)
    make_version(article)
    make_version(article, ["Five people were hurt."])
    make_article(source, headline="Only announced", state="removed")
    response = client.get("/sources/gazette/")
    words = main_words(response)
    assert "It was last read on 18 July 2016, 09:50 UTC." in words
    assert "first seen 18 July 2016, 09:50 UTC 1 change" in words
    assert "Only announced" not in words  # no text of it was ever seen
    hrefs = {link.get("href") for link in page_of(response).cssselect("a")}
    assert {
        article.get_absolute_url(),
        f"/articles/{article.pk}/diff/1/2/",
        "/changes/?source=gazette",
    } <= hrefs


def test_a_sources_page_begins_with_its_changes_and_leads_to_its_statistics(client):
    source = make_source("The Gazette", slug="gazette", last_success=MORNING)
    article = make_article(source)
    make_version(article)
    make_version(article, ["Five."])
    refresh()
    page = page_of(client.get("/sources/gazette/"))
    assert [heading.get("id") for heading in page.cssselect("main h2")] == [
        *("latest-changes", "most-changed", "latest-articles", "in-figures", "how-watched"),
    ]
    assert len(page.cssselect(".tiles > div")) == 4
    assert page.cssselect('a[href="/sources/gazette/stats/"]')
    assert not page.cssselect(".plot")


def test_an_unknown_source_is_not_found(client):
    assert "There is no source of this name." in main_words(client.get("/sources/nobody/"))


def test_source_pages_take_as_many_queries_for_20_rows_as_for_1(client, django_assert_num_queries):
    source = make_source(slug="gazette")
    for count in (1, 19):
        for _ in range(count):
            other = make_source()
            other.feeds.create(address="https://news.example/feed", last_success=MORNING)
            article = make_article(source)
            make_version(article)
            make_event(article)
            make_version(article, ["Five."])
        with django_assert_num_queries(2):
            client.get("/sources/")
        refresh()
        with django_assert_num_queries(7):
            client.get("/sources/gazette/")
        with django_assert_num_queries(2):
            client.get("/sources/gazette/articles/")
        with django_assert_num_queries(3):
            client.get("/stats/")
        with django_assert_num_queries(3):
            client.get("/sources/gazette/stats/")
        with django_assert_num_queries(1):
            client.get("/feeds/")


def test_every_feed_has_its_whole_address_on_the_feeds_page(client, settings):
    settings.SITE_URL = "https://diffs.example.org"
    make_source(slug="gazette")
    words = main_words(client.get("/feeds/"))
    for path in ("changes", "sources/gazette"):
        for form in ("rss", "atom", "json"):
            assert f"https://diffs.example.org/{path}/feed.{form}" in words


def test_about_names_the_crawler_and_its_numbers(client, settings):
    settings.USER_AGENT = "NewsDiffs/9 (+https://diffs.example.org/about/)"
    words = main_words(client.get("/about/"))
    assert "NewsDiffs/9 (+https://diffs.example.org/about/)" in words
    assert "1/5 of its age since then, but never under 15 minutes and never over 24 hours" in words
    assert "After 40 days without a change" in words


def test_about_gives_the_contact_or_says_there_is_none(client, settings):
    settings.CONTACT_EMAIL = "desk@example.org"
    assert page_of(client.get("/about/")).cssselect('a[href="mailto:desk@example.org"]')
    settings.CONTACT_EMAIL = ""
    assert "has given no contact address" in main_words(client.get("/about/"))


def test_about_explains_every_label(client):
    words = main_words(client.get("/about/"))
    assert all(str(label.rule) in words for label in LABELS.values())


def test_about_has_the_rule_of_the_most_telling(client):
    words = main_words(client.get("/about/"))
    assert (
        "3 for a claim turned round, 2 for each number, name, date or quotation exchanged or removed" in words
    )


def test_a_label_without_a_rule_gets_its_own_words():
    assert label_of("quote-altered") == "Quote altered"


def test_well_when_database_and_worker_are(client):
    Heartbeat.beat("dispatch")
    response = client.get("/healthz")
    assert response.status_code == 200
    answer = response.json()
    assert (answer["status"], answer["database"], answer["worker"]) == ("ok", True, True)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("age", [None, timedelta(minutes=6)])
def test_failing_when_no_worker_ran_for_five_minutes(client, age):
    if age is not None:
        Heartbeat.objects.create(name="dispatch", at=timezone.now() - age)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["worker"]) == (True, False)


def test_failing_when_the_database_does_not_answer(client, monkeypatch):
    def refuse(name):
        raise DatabaseError("gone")

    monkeypatch.setattr(Heartbeat, "seconds_since", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["database"] is False


def test_robots_are_kept_from_the_admin_only(client, settings):
    settings.AI_CRAWLERS = "allow"
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().split() == ["User-agent:", "*", "Disallow:", "/admin/"]


def test_the_old_address_of_the_icon_works(client):
    assert client.get("/favicon.ico").url == "/static/favicon.svg"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "taken_down", "500"])
def test_error_pages_need_no_request(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(f"{name}.html")


def test_an_unknown_address_says_so(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no page at this address." in main_words(response)


@pytest.mark.parametrize("address", ["/", "/changes/", "/sources/", "/stats/", "/feeds/", "/about/"])
def test_pages_are_kept_for_a_while_and_set_no_cookie(client, address):
    response = client.get(address)
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    # A cookie may hold the language that was chosen; by nothing else of a reader do pages differ.
    varies = {one.strip() for one in response["Vary"].split(",")}
    assert varies <= {"Accept-Language", "Cookie", "Accept-Encoding"}


@pytest.mark.parametrize("address", ["/", "/changes/feed.rss", "/changes/"])
def test_what_was_taken_down_is_gone_from_caches_within_a_minute(client, address):
    assert "s-maxage=30" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/changes/feed.rss", "/sources/"])
def test_a_browser_asks_each_time_and_is_told_when_nothing_changed(client, address):
    first = client.get(address)
    assert "max-age=0" in first["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
