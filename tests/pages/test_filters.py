"""The filters of the recent changes, in the page's address and the feeds'."""

from datetime import timedelta

import feedparser
import pytest
from django.db import connection

from articles.search import postgresql
from tests.factories import MORNING, make_article, make_event, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    """Changes and events by a name each; the addresses of the rows that lists show of them."""
    gazette, post = make_source("The Gazette", slug="gazette"), make_source("The Post", slug="post")
    rows = {}
    for name, source, days, values in (
        ("small", gazette, 0, {"words_added": 4, "words_removed": 1}),
        ("headline", gazette, 1, {"words_added": 0, "words_removed": 0, "badges": ["headline"]}),
        ("large", post, 2, {"words_added": 30, "words_removed": 25}),
        ("minor", post, 3, {"words_added": 1, "words_removed": 1, "minor": True}),
        ("reverted", post, 4, {"words_added": 9, "words_removed": 9, "badges": ["headline", "reverted"]}),
    ):
        article = make_article(source)
        make_version(article)
        rows[name] = make_version(
            article, ["New.", f"It is {name}."], seen=MORNING + timedelta(days=days), **values
        ).diff_url
    gone = make_article(gazette)
    make_version(gone)
    make_event(gone, "removed", at=MORNING + timedelta(days=1, hours=1))
    rows["removed"] = gone.get_absolute_url()
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "reverted large removed headline small"),
        ("minor=1", "reverted minor large removed headline small"),
        ("source=gazette", "removed headline small"),
        ("kind=headline", "reverted headline"),
        ("kind=reverted", "reverted"),
        ("kind=minor", "minor"),
        ("kind=removed", "removed"),
        ("kind=moved", ""),
        ("min=5", "reverted large small"),
        ("min=50", "large"),
        ("q=large", "large"),
        ("q=people", "reverted large headline small"),
        ("q=%22it+is%22", "reverted large headline small"),
        ("q=%22it+is+minor%22&minor=1", "minor"),
        ("q=people&source=gazette&min=2", "small"),
        ("q=hospital", ""),
        ("min=2&minor=1", "reverted minor large small"),
        ("from=2016-07-19&to=2016-07-20", "large removed headline"),
        ("from=2016-07-22", "reverted"),
        ("to=2016-07-18", "small"),
        ("source=post&kind=headline&min=3&from=2016-07-01", "reverted"),
        ("source=&kind=&min=&from=&to=", "reverted large removed headline small"),
    ],
)
def test_filters_narrow_the_page_and_the_feed_alike(client, record, query, expected):
    addresses = [record[name] for name in expected.split()]
    page = page_of(client.get(f"/changes/?{query}"))
    assert [link.get("href") for link in page.cssselect(".entry-headline a")] == addresses
    feed = feedparser.parse(client.get(f"/changes/feed.rss?{query}").content)
    assert [item.link.removeprefix("http://127.0.0.1:8000") for item in feed.entries] == addresses


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("min=many", "Enter a whole number."),
        ("q=...", "There is no letter or digit in this to look for."),
        ("q=%00", "Null characters are not allowed."),
        ("min=-1", "greater than or equal to 0"),
        ("from=yesterday", "Give a day as 2026-11-22."),
        ("from=0001-01-01", "Give a day from 1990-01-01"),
        ("to=9999-12-31", "Give a day from 1990-01-01"),
        ("from=2016-07-20&to=2016-07-19", "after the last day"),
        ("kind=scandalous", "There is no such kind: choose one of these."),
        ("kind=%00", "There is no such kind: choose one of these."),
    ],
)
def test_a_filter_that_cannot_be_read_is_said_beside_its_field(client, record, query, message):
    response = client.get(f"/changes/?{query}")
    assert response.status_code == 400
    (form,) = page_of(response).cssselect("form[data-filters]")
    assert message in form.text_content()
    assert not page_of(response).cssselect(".entries")
    assert client.get(f"/changes/feed.rss?{query}").status_code == 400


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
def test_words_of_which_too_many_begin_alike_are_refused_wherever_words_are_looked_for(
    client, db, monkeypatch
):
    monkeypatch.setattr(postgresql, "MOST_BEGINNING_ALIKE", 1)
    make_version(make_article(), ["Women and wolves."])
    pages = {"/": 400, "/changes/": 400, "/changes/feed.rss": 400, "/find/": 200}
    refused = {path: client.get(f"{path}?q=wo*") for path in pages}
    assert {path: answer.status_code for path, answer in refused.items()} == pages
    for answer in refused.values():
        assert "words begin with “wo”" in answer.content.decode()
    assert {client.get(f"{path}?q=wom*").status_code for path in pages} == {200}


def test_the_form_shows_what_is_asked_for(client, record):
    address = "/changes/?source=gazette&kind=headline&min=3&from=2016-07-01&to=2016-07-31&minor=on"
    page = page_of(client.get(address))
    assert page.cssselect("details.filters[open]")
    (form,) = page.cssselect("form[data-filters]")
    assert dict(form.form_values()) == {
        "source": "gazette",
        "kind": "headline",
        "min": "3",
        "from": "2016-07-01",
        "to": "2016-07-31",
        "minor": "on",
    }


def test_pages_and_feeds_of_a_filtered_list_keep_its_filters(client, record, monkeypatch):
    monkeypatch.setattr("articles.pages.changes.PAGE", 1)
    page = page_of(client.get("/changes/?source=gazette&kind=headline"))
    assert [link.get("href") for link in page.cssselect("link[type='application/rss+xml']")] == [
        "/changes/feed.rss?source=gazette&kind=headline"
    ]
    (older,) = page_of(client.get("/changes/?source=gazette")).cssselect("a[rel=next]")
    assert older.get("href").startswith("/changes/?source=gazette&before=")


def test_nothing_that_fits_is_said_with_a_way_out(client, record):
    words = main_words(client.get("/changes/?min=1000"))
    assert "No change seen yet is like this" in words
    assert "see all changes" in words


def test_titles_say_what_is_asked_for(client, record):
    title = page_of(client.get("/changes/?source=gazette&kind=headline&min=3&from=2016-07-01")).findtext(
        ".//title"
    )
    assert title == (
        "Changes to articles of The Gazette, headline, at least 3 words, from 2016-07-01 · NewsDiffs"
    )
