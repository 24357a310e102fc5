"""An article's page: its versions and events, and the form that compares two."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles import takedown
from articles.models import Article, Event, Quarantine, Reason, SetAside, Version
from articles.takedown import Grounds
from tests.factories import MORNING, make_article, make_event, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


def article_with(versions, **values):
    article = make_article(**values)
    for number in range(1, versions + 1):
        make_version(article, [f"Text {number} of the story."])
    return article


def moments(response):
    return [" ".join(row.text_content().split()) for row in page_of(response).cssselect(".moment")]


def test_a_line_for_each_version_newest_first(client):
    article = article_with(1)
    make_version(article, ["Text 1 of the story.", "And more."], headline="Bridge open", badges=["headline"])
    newest, first = moments(client.get(article.get_absolute_url()))
    for words in (
        "What changed from version 1 to version 2 Version 2 seen 18 July 2016, 14:50 UTC about 5 hours later",
        "+2 −0 words Headline",
        "Bridge open was: Bridge closed after storm",
    ):
        assert words in newest
    assert "Version 1 seen 18 July 2016, 09:50 UTC 5 words" in first


def test_the_sentences_head_the_page(client):
    article = article_with(3, next_check_at=timezone.now() + timedelta(hours=1))
    words = main_words(client.get(article.get_absolute_url()))
    assert "This article is from the source 'source-" in words
    assert "The article has changed 2 times. There is an RSS feed of changes available." in words


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        ("removed", {}, "Removed seen 18 July 2016, 09:50 UTC Version 1"),
        (
            "removed",
            {
                "previous_last_seen": MORNING - timedelta(hours=25),
                "first_sign": MORNING - timedelta(hours=24),
            },
            "last there 17 July 2016, 08:50 UTC, first not found 17 July 2016, 09:50 UTC",
        ),
        (
            "restored",
            {"previous_last_seen": MORNING - timedelta(hours=1)},
            "last seen missing 18 July 2016, 08:50 UTC",
        ),
    ],
)
def test_an_event_says_between_which_moments_it_happened(client, kind, values, words):
    article = make_article()
    make_version(article)
    event = make_event(article, kind)
    Event.objects.filter(pk=event.pk).update(**values)
    assert words in main_words(client.get(article.get_absolute_url()))


def test_events_stand_in_the_time_line(client):
    article = article_with(2)
    make_event(article, "restored", at=MORNING + timedelta(hours=4))
    make_event(article, "removed", at=MORNING + timedelta(hours=1))
    rows = moments(client.get(article.get_absolute_url()))
    assert [row.split(" seen")[0].split()[-1] for row in rows] == ["2", "Restored", "Removed", "1"]


def test_one_version_says_how_often_it_was_checked(client):
    article = article_with(1)
    article.checks_made, article.next_check_at = 14, timezone.now() + timedelta(minutes=10)
    article.save()
    response = client.get(article.get_absolute_url())
    assert "No changes seen in 14 checks; next " in main_words(response)
    assert not page_of(response).cssselect("form.compare")


def test_the_form_leads_to_the_diff_of_the_two_chosen(client):
    article = article_with(3)
    (form,) = page_of(client.get(article.get_absolute_url())).cssselect("form.compare")
    assert dict(form.form_values()) == {"a": "2", "b": "3"}
    response = client.get(form.action, {"a": "3", "b": "1"})
    assert (response.status_code, response.url) == (302, f"/articles/{article.pk}/diff/3/1/")
    response = client.get(form.action, {"a": "1", "b": "2", "view": "side"})
    assert response.url == f"/articles/{article.pk}/diff/1/2/?view=side"


@pytest.mark.parametrize("asked", [{}, {"a": "1"}, {"a": "1", "b": "x"}, {"a": "-1", "b": "2"}])
def test_a_form_without_two_versions_is_not_found(client, asked):
    article = article_with(2)
    response = client.get(f"/articles/{article.pk}/diff/", asked)
    assert response.status_code == 404
    assert "Choose two versions to compare." in main_words(response)


def test_a_long_history_is_shown_by_pages(client, monkeypatch):
    monkeypatch.setattr("articles.pages.stories.PAGE", 2)
    article = article_with(5)
    make_event(article, at=article.versions.get(number=2).seen + timedelta(minutes=1))
    address = article.get_absolute_url()
    pages = [page_of(client.get(address + query)) for query in ("", "?before=4", "?before=2")]
    numbers = [[link.text_content() for link in page.cssselect(".timeline .number")] for page in pages]
    assert numbers == [["Version 5", "Version 4"], ["Version 3", "Version 2"], ["Version 1"]]
    assert [len(page.cssselect(".timeline .label")) for page in pages] == [0, 1, 0]
    older = [[link.get("href") for link in page.cssselect(".pages a[rel=next]")] for page in pages]
    assert older == [["?before=4"], ["?before=2"], []]
    # What changed with the oldest on a page is told of the version on the next.
    assert [len(page.cssselect(".timeline a.what-changed")) for page in pages] == [2, 2, 0]
    summed = [
        [link.get("href") for link in page.cssselect(".timeline a[href*=diff]:not(.what-changed)")]
        for page in pages
    ]
    assert summed == [[], [f"{address}diff/{number}/5/" for number in (3, 2)], []]
    whole = [link.get("href") for page in pages[:2] for link in page.cssselect(".compare-bar a")]
    assert whole == [f"{address}diff/1/5/"] * 2


@pytest.mark.parametrize(("before", "status"), [("1", 404), ("x", 400), ("-1", 400), ("9" * 10, 400)])
def test_no_such_place_in_a_history(client, before, status):
    address = article_with(2).get_absolute_url()
    assert client.get(address, {"before": before}).status_code == status


def test_an_article_never_read_has_no_page(client, admin_client):
    article = make_article(headline="")
    response = client.get(article.get_absolute_url())
    assert response.status_code == 404
    assert "No text has been seen yet at this address." in main_words(response)
    seen_by_those_who_run_it = admin_client.get(article.get_absolute_url())
    assert "No text of this article has been seen yet." in main_words(seen_by_those_who_run_it)
    assert "private" in seen_by_those_who_run_it["Cache-Control"]


def test_its_feeds_can_be_discovered(client):
    article = article_with(1)
    found = page_of(client.get(article.get_absolute_url())).cssselect("link[rel=alternate]")
    assert [link.get("href") for link in found if "oembed" not in link.get("type")] == [
        f"/articles/{article.pk}/feed.{form}" for form in ("rss", "atom", "json")
    ]


def test_an_unknown_article_is_not_found(client):
    response = client.get("/articles/4711/")
    assert response.status_code == 404
    assert "No article 4711 here." in main_words(response)
    assert client.get("/articles/99999999999999999999999/").status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        *("", "1/", "1/text", "diff/1/2/", "diff/1/2/card.png", "diff/?a=1&b=2"),
        *("feed.rss", "feed.atom", "feed.json"),
    ],
)
def test_an_article_taken_down_is_gone(client, page):
    article = article_with(2, hidden=True)
    response = client.get(f"/articles/{article.pk}/{page}")
    assert response.status_code == 410
    assert "has been taken down" in main_words(response)
    assert b"Bridge" not in response.content


def test_as_many_queries_for_20_versions_as_for_2(client, django_assert_num_queries):
    for article in (article_with(2), article_with(20)):
        make_event(article)
        with django_assert_num_queries(5):
            client.get(article.get_absolute_url())


def test_the_sentences_stand_together_under_the_heading_of_the_versions(client):
    """On wide screens the style sheet puts them above it."""
    section = page_of(client.get(article_with(2).get_absolute_url())).cssselect("section.history > *")
    assert [part.get("class") or part.get("id") for part in section[:2]] == ["versions", "sentences"]


@pytest.mark.parametrize(
    ("state", "kind", "values", "words"),
    [
        (
            "removed",
            "removed",
            {
                "previous_last_seen": MORNING,
                "first_sign": MORNING + timedelta(minutes=2),
                "detail": "HTTP 410",
            },
            "Removed. Last seen 18 July 2016, 09:50 UTC; gone since 09:52 UTC (HTTP 410). Read the last text",
        ),
        ("withheld", "withheld", {}, "Withheld. Gone since 18 July 2016, 09:50 UTC. Read the last text"),
        ("watched", "moved", {}, "Moved. Its address changed; this was seen on 18 July 2016, 09:50 UTC."),
        ("paused", "", {}, "Paused. It is not being checked for changes."),
        ("watched", "", {}, ""),
    ],
)
def test_a_banner_says_what_state_it_is_in(client, state, kind, values, words):
    article = article_with(2)
    Article.objects.filter(pk=article.pk).update(state=state)
    if kind:
        Event.objects.filter(pk=make_event(article, kind).pk).update(**values)
    page = page_of(client.get(article.get_absolute_url()))
    assert " ".join(" ".join(part.text_content().split()) for part in page.cssselect(".banner")) == words
    leads_to = [link.get("href") for link in page.cssselect(".banner a")]
    assert leads_to == ([f"/articles/{article.pk}/2/"] if "last text" in words else [])


def test_a_version_set_aside_is_no_change(client):
    article = article_with(2)
    quarantine = Quarantine.objects.create(
        source=article.source, opened=MORNING, articles_alike=6, articles_checked=6
    )
    SetAside.objects.create(version=article.versions.get(number=2), quarantine=quarantine)
    Version.objects.filter(article=article, number=2).update(hidden=True)
    assert "The article has not changed." in main_words(client.get(article.get_absolute_url()))
    listed = main_words(client.get(f"{article.source.get_absolute_url()}articles/"))
    assert "1 change" not in listed
    assert "no changes" in listed
    for address in (article.source.get_absolute_url(), "/stats/"):
        assert not page_of(client.get(address)).cssselect("#most-changed")


def test_counts_against_a_hidden_version_are_not_told(client):
    article = make_article()
    for words in ("One two.", "Three four five six seven.", "Eight nine."):
        make_version(article, [words])
    takedown.hide_versions(article, [2], Grounds(Reason.PERSONAL))
    page = page_of(client.get(article.get_absolute_url()))
    assert "+" not in " ".join(row.text_content() for row in page.cssselect(".moment"))
    assert not page.cssselect(".strip")
