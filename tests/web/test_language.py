"""The language of pages: the reader's where it is offered; of feeds and files the site's one."""

from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import translation
from django.utils.translation import trans_real

from tests.factories import make_article, make_source, make_version
from tests.pages.reading import page_of

pytestmark = pytest.mark.django_db

VARY = {"accept-language", "cookie"}


@pytest.fixture
def offered(settings):
    """German, French and Spanish are offered, although their catalogues may be incomplete."""
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
    yield
    translation.activate(project.LANGUAGE_CODE)


@pytest.fixture
def german(offered, monkeypatch):
    """A German catalogue with a few words."""
    catalogue = trans_real.translation("de")
    words = {
        "Recent changes": "Neueste Änderungen",
        "Sources": "Quellen",
        "recent changes": "neueste Änderungen",
        "[added:": "[hinzugefügt:",
    }
    known = catalogue.gettext
    monkeypatch.setattr(catalogue, "gettext", lambda message: words.get(message) or known(message))


def varies(answer):
    return {one.strip().lower() for one in answer.get("Vary", "").split(",") if one.strip()}


def test_without_another_language_no_cache_is_told_to_part_readers(client):
    answer = client.get("/", headers={"Accept-Language": "de"})
    assert page_of(answer).get("lang") == "en"
    assert not varies(answer) & VARY
    assert answer["Content-Language"] == "en"


def test_a_page_speaks_the_browser_s_language(client, german):
    answer = client.get("/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert page_of(answer).get("lang") == "de"
    assert "Neueste Änderungen" in answer.content.decode()
    assert answer["Content-Language"] == "de"
    assert varies(answer) >= VARY
    assert "s-maxage" in answer["Cache-Control"]


def test_the_language_that_was_chosen_comes_first(client, german):
    client.cookies[project.LANGUAGE_COOKIE_NAME] = "de"
    assert page_of(client.get("/", headers={"Accept-Language": "fr"})).get("lang") == "de"


@pytest.mark.parametrize("asked", ["ja", "", "*", "de-;q=x", "x" * 5000, "zh-hant-" * 60])
def test_what_is_not_offered_is_answered_in_the_site_s_language(client, offered, asked):
    answer = client.get("/", headers={"Accept-Language": asked})
    assert page_of(answer).get("lang") == "en"
    assert varies(answer) >= VARY


def test_one_reader_s_language_is_not_the_next_one_s(client, german):
    client.get("/", headers={"Accept-Language": "de"})
    assert "Recent changes" in client.get("/").content.decode()


def test_an_error_page_speaks_it_too(client, german):
    answer = client.get("/nowhere/", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    assert page_of(answer).get("lang") == "de"
    assert varies(answer) >= VARY


@pytest.mark.parametrize(
    "path",
    [
        *("/changes/feed.rss", "/changes/feed.atom", "/changes/feed.json", "/sources/gazette/feed.rss"),
        *("/articles/{}/feed.rss", "/articles/{}/1/text", "/articles/{}/diff/1/2/card.png", "/robots.txt"),
        *("/stats/changed.csv", "/stats/sources.csv", "/oembed?url=nonsense", "/favicon.ico"),
    ],
)
def test_feeds_and_files_are_the_same_for_all(client, german, path):
    article = make_article(make_source("The Gazette", slug="gazette"))
    make_version(article)
    make_version(article, ["Five people were hurt."])
    asked = path.format(article.pk)
    english = client.get(asked, headers={"Accept-Language": "en"})
    other = client.get(asked, headers={"Accept-Language": "de"})
    assert other.content == english.content
    assert not varies(other) & VARY
    assert other["Content-Language"] == "en"


@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_each_language_has_a_catalogue_to_fill(language):
    catalogue = Path(project.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"
    assert "msgid" in catalogue.read_text("utf-8")


def test_a_language_is_offered_once_its_catalogue_is_compiled():
    compiled = {"en"} | {
        path.parent.parent.name for path in Path(project.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.mo")
    }
    assert {code for code, _ in project.LANGUAGES} == compiled


def test_a_reader_chooses_a_language_at_the_foot_of_the_page(client, german):
    page = page_of(client.get("/sources/?before=1"))
    (form,) = page.cssselect("footer form.languages")
    assert [
        (button.get("value"), button.get("lang"), button.text) for button in form.cssselect("button")
    ] == [
        *(
            ("en", "en", "English"),
            ("de", "de", "Deutsch"),
            ("fr", "fr", "Français"),
            ("es", "es", "Español"),
        ),
    ]
    answer = client.post(form.action, {**dict(form.form_values()), "language": "de"})
    assert (answer.status_code, answer.url) == (302, "/sources/?before=1")
    assert answer.cookies[project.LANGUAGE_COOKIE_NAME]["max-age"] == 365 * 24 * 3600
    assert page_of(client.get("/")).get("lang") == "de"


def test_with_one_language_there_is_nothing_to_choose(client, settings):
    settings.LANGUAGES = [("en", "English")]
    assert not page_of(client.get("/")).cssselect(".languages")


def test_the_choice_leads_to_no_other_site_and_to_no_unknown_language(client, offered):
    answer = client.post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert not answer.cookies


def test_our_words_amid_a_diff_are_the_reader_s_and_say_so_in_a_text_of_another_language(client, german):
    article = make_article(language="en")
    make_version(article)
    make_version(article, ["Five people were hurt."])
    answer = client.get(f"/articles/{article.pk}/diff/1/2/", headers={"Accept-Language": "de"})
    mark = page_of(answer).cssselect(".comparison ins > .visually-hidden")[0]
    assert (mark.text, mark.get("lang")) == ("[hinzugefügt: ", "de")
