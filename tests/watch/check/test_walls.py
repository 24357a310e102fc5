"""A wall, a form of consent or an error page in place of a story that was seen makes no version of it."""

import pytest

from articles.models import Source, Version
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


GATE = "<div class='c-gate'><p>Keep reading with Valley Plus, one euro for the first month.</p></div>"
OTHER_WORDS = "<div class='q1'><p>Subscribe to keep reading.</p><button>Go</button></div>"


def gated(paragraphs, gate=GATE):
    return Page(story_page(paragraphs=paragraphs).replace("</article>", f"{gate}</article>"))


@pytest.mark.parametrize("gate", [GATE, OTHER_WORDS])
def test_a_text_that_breaks_off_at_a_gate_is_no_edit_however_often_it_is_seen(site, check, seen, gate):
    """The part that is still shown is more than half, so that it does not look as if it had shrunk."""
    Source.objects.update(confirm_text_seconds=0)
    site.pages[PATH] = gated(SENTENCES[:4], gate)
    assert [check().outcome.value for _ in range(3)] == ["blocked"] * 3
    site.pages[PATH] = gated((*SENTENCES[:3], f"{SENTENCES[3][:40]} …"), gate)
    assert check().outcome.value == "blocked"
    site.pages[PATH] = Page(story_page())
    assert check().outcome.value == "unchanged"
    assert Version.objects.count() == 1


def test_a_page_newly_said_to_be_paid_for_is_gated_whatever_its_box_says(site, check, seen):
    paid = '{"@type": "NewsArticle", "headline": "Lime trees", "isAccessibleForFree": false}'
    head = f"<script type='application/ld+json'>{paid}</script>"
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[:4], head=head))
    assert check().outcome.value == "blocked"


def test_what_editors_cut_or_alter_is_an_edit_beside_a_gate_too(site, check):
    site.pages[PATH] = gated(SENTENCES)
    assert check().outcome.value == "new-version"
    site.pages[PATH] = gated(SENTENCES[:5])  # the gate stood there before
    assert check().outcome.value == "new-version"
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[:4]))  # no gate
    assert check().outcome.value == "new-version"
    site.pages[PATH] = gated((SENTENCES[0].replace("Tuesday", "Monday"), *SENTENCES[1:3]))  # other words
    assert check().outcome.value == "new-version"
