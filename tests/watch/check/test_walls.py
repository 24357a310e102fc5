"""A wall, a form of consent or an error page in place of a story that was seen makes no version of it."""

import pytest

from articles.models import Version
from tests.extract.test_problems import CONSENT
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

SIX_TIMES = " ".join(SENTENCES)


def page(headline, *paragraphs):
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return Page(
        f"<!doctype html><html><title>{headline}</title><body><h1>{headline}</h1><div>{text}</div></html>"
    )


@pytest.mark.parametrize("language", CONSENT)
def test_a_form_of_consent_is_never_a_version(site, check, seen, language):
    site.pages[PATH] = page("Valley Post", *CONSENT[language])
    assert [check().outcome.value for _ in range(2)] == ["failed", "failed"]
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    "headline",
    [
        *("Page not found", "Seite nicht gefunden", "Page introuvable", "Página no encontrada"),
        *(
            "Страница не найдена",
            "ページが見つかりません",
            "页面不存在",
            "페이지를 찾을 수 없습니다",
            "الصفحة غير موجودة",
        ),
        *("Pagina niet gevonden", "Log in"),
    ],
)
def test_a_long_page_under_the_headline_of_an_error_is_held(site, check, seen, headline):
    site.pages[PATH] = page(headline, SIX_TIMES, SIX_TIMES.upper())
    assert check().outcome.value == "held"
    assert Version.objects.count() == 1


@pytest.mark.parametrize(
    "headline", ["Not found: a cure for hay fever", "404 trees to be felled", "Log in the river"]
)
def test_a_story_whose_headline_reads_so_is_stored_once_it_is_seen_twice(site, check, headline):
    site.pages[PATH] = Page(story_page(headline))
    assert [check().outcome.value for _ in range(2)] == ["held", "new-version"]
