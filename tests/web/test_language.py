"""The language of pages: the reader's where it is offered; of feeds and files the site's one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import translation

from articles.pages.filters import Filters
from articles.pages.words import date_and_time, in_quotation_marks
from articles.web.diff_phrases import TRANSLATED
from tests.factories import make_article, make_source, make_version
from tests.pages.reading import page_of

pytestmark = pytest.mark.django_db

VARY = {"accept-language", "cookie"}


@pytest.fixture(autouse=True)
def _site_language_afterwards():
    yield
    translation.activate(project.LANGUAGE_CODE)


@pytest.fixture
def only_english(settings):
    settings.LANGUAGES = [("en", "English")]


def varies(answer):
    return {one.strip().lower() for one in answer.get("Vary", "").split(",") if one.strip()}


def test_without_another_language_no_cache_is_told_to_part_readers(client, only_english):
    answer = client.get("/", headers={"Accept-Language": "de"})
    assert page_of(answer).get("lang") == "en"
    assert not varies(answer) & VARY
    assert answer["Content-Language"] == "en"


def test_a_page_speaks_the_browser_s_language(client):
    answer = client.get("/", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert page_of(answer).get("lang") == "de"
    assert "Neueste Änderungen" in answer.content.decode()
    assert answer["Content-Language"] == "de"
    assert varies(answer) >= VARY
    assert "s-maxage" in answer["Cache-Control"]


def test_the_language_that_was_chosen_comes_first(client):
    client.cookies[project.LANGUAGE_COOKIE_NAME] = "de"
    assert page_of(client.get("/", headers={"Accept-Language": "fr"})).get("lang") == "de"


@pytest.mark.parametrize("asked", ["ja", "", "*", "de-;q=x", "x" * 5000, "zh-hant-" * 60])
def test_what_is_not_offered_is_answered_in_the_site_s_language(client, asked):
    answer = client.get("/", headers={"Accept-Language": asked})
    assert page_of(answer).get("lang") == "en"
    assert varies(answer) >= VARY


def test_one_reader_s_language_is_not_the_next_one_s(client):
    client.get("/", headers={"Accept-Language": "de"})
    assert "Recent changes" in client.get("/").content.decode()


def test_an_error_page_speaks_it_too(client):
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
def test_feeds_and_files_are_the_same_for_all(client, path):
    article = make_article(make_source("The Gazette", slug="gazette"))
    make_version(article)
    make_version(article, ["Five people were hurt."])
    asked = path.format(article.pk)
    english = client.get(asked, headers={"Accept-Language": "en"})
    other = client.get(asked, headers={"Accept-Language": "de"})
    assert other.content == english.content
    assert not varies(other) & VARY
    assert other["Content-Language"] == "en"


def test_a_language_is_offered_once_its_catalogue_is_compiled():
    compiled = {"en"} | {
        path.parent.parent.name for path in Path(project.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.mo")
    }
    assert {code for code, _ in project.LANGUAGES} == compiled == {"en", "de", "fr", "es"}


@pytest.mark.parametrize(
    ("language", "seen", "folded", "quoted"),
    [
        ("en", "seen 18 July 2016, 09:50 UTC", "1,200 unchanged paragraphs (3,600 words)", "“now”"),
        ("de", "gesehen am 18. Juli 2016, 09:50 UTC", "1.200 unveränderte Absätze (3.600 Wörter)", "„now“"),
        (
            "fr",
            "vu le 18 juillet 2016, 09:50 UTC",
            "1\xa0200 paragraphes inchangés (3\xa0600 mots)",
            "«\xa0now\xa0»",
        ),
        (
            "es",
            "visto el 18 de julio de 2016, 09:50 UTC",
            "1\xa0200 párrafos sin cambios (3\xa0600 palabras)",
            "«now»",
        ),
    ],
)
def test_times_counts_and_quotations_have_the_form_of_the_language(language, seen, folded, quoted):
    when = datetime(2016, 7, 18, 9, 50, tzinfo=UTC)
    with translation.override(language):
        assert translation.gettext("seen %(time)s") % {"time": date_and_time(when)} == seen
        assert TRANSLATED.unchanged(1200, 3600) == folded
        assert in_quotation_marks("now") == quoted


def test_the_diff_speaks_the_page_s_language_and_says_so_where_the_text_has_another(client):
    article = make_article(make_source("The Gazette", slug="gazette"), language="en")
    make_version(article, ["Four people were hurt."])
    make_version(article, ["Five people were hurt."])
    content = client.get(
        f"/articles/{article.pk}/diff/1/2/", headers={"Accept-Language": "de"}
    ).content.decode()
    assert '<ins><span class="visually-hidden" lang="de" dir="ltr">[hinzugefügt: </span>Five' in content


def test_german_nouns_keep_their_capitals_within_a_sentence():
    names = {}
    for language in ("en", "de"):
        with translation.override(language):
            names[language] = Filters(kinds=("number",)).in_words()
    assert names == {"en": "recent changes, number", "de": "neueste Änderungen, Zahl"}


def test_a_reader_chooses_a_language_at_the_foot_of_the_page(client):
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


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_each_language_is_named_in_its_own_words(client, language):
    page = page_of(client.get("/", headers={"Accept-Language": language}))
    names = [button.text for button in page.iterfind(".//button[@name='language']")]
    assert names == ["English", "Deutsch", "Français", "Español"]


def test_with_one_language_there_is_nothing_to_choose(client, only_english):
    assert not page_of(client.get("/")).cssselect(".languages")


def test_the_choice_leads_to_no_other_site_and_to_no_unknown_language(client):
    answer = client.post("/language/", {"language": "xx", "next": "https://elsewhere.example/"})
    assert answer.url == "/"
    assert not answer.cookies
