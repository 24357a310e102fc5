"""Why a page gives no story. A problem is a failed check: never a version, and never a removal."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.extract.body import SHORTEST_STORY
from articles.extract.linked_data import is_paid_for
from articles.extract.messages import CONSENT, NOT_FOUND, OUT_OF_ORDER, WALL, in_small_letters
from articles.extract.page import Element, Page
from articles.extract.runs import seen_text, weight
from articles.extract.story import NoStory

_BRIEF = 500  # weight (see Run.weight); a text so short that speaks of a wall is the wall's own

_SHORTEST_BRIEF = 80  # weight; under it, a stub
_LEAST_SENTENCES = 2
_ONE_SENTENCE = 100  # weight of a single one that is enough
_ENDS = re.compile(r"[.!?。！？．।؟۔։።]['\"“”‘’»«›‹」』）)\]]*$")  # no "…", with which teasers break off
_SENTENCE = re.compile(r"\w[.!?]['\"“”‘’»«›‹)\]]*(?=\s|$)|[。！？．।؟۔։።]")

_SAID = 20_000  # characters of a page looked at for the words of a wall

_MARKUP = re.compile(r"<(?:!doctype|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_OTHER_XML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(rss|feed|urlset|sitemapindex|svg)\b", re.S
)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")

_SAMPLE = 50_000  # characters
_NOISE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd\ue000-\uf8ff]")
_MOST_NOISE = 0.02

_OF_ARTICLES = ((NoStory.WALL, "a wall", WALL), (NoStory.NOT_FOUND, "not found", NOT_FOUND))
# A server that is out of order doesn't call its page an article; an article may well tell of one.
_MESSAGES = (*_OF_ARTICLES, (NoStory.WALL, "out of order", OUT_OF_ORDER))

_LONGEST_FORM = 8_000  # weight; no form of consent says more
_LEAST_TERMS = 2  # different words of consent in it
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|[^\W\d_]{4,}")
_LEAST_SHARED = 2  # words
_SHARE = 0.25
_OF_CONSENT = 0.5  # the share of a form's paragraphs that speak of consent


class Why(NamedTuple):
    """Why there is no story, as a code and in words; both are empty where there is one."""

    code: NoStory = NoStory.NONE
    words: str = ""


def not_a_page(text: str, content_type: str | None) -> Why:
    """Return why the decoded text of an answer is no HTML page, or an empty Why."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if not text.strip("\x00 \t\r\n\f"):
        return Why(NoStory.EMPTY, "empty")
    if kind and kind not in _HTML_TYPES:
        return Why(NoStory.NOT_HTML, f"not HTML: {kind}")
    other = _OTHER_XML.match(text[:2000])
    if other:
        return Why(NoStory.NOT_HTML, f"not HTML: {other[1]}")
    if _is_noise(text):
        return Why(NoStory.NOT_HTML, "not a text: characters that no script writes")
    return Why() if _MARKUP.search(text) else Why(NoStory.NOT_HTML, "not HTML")


def _is_noise(text: str) -> bool:
    """Whether a text is bytes of something else: controls, or characters that stand for none."""
    sample = text[:_SAMPLE]
    return len(_NOISE.findall(sample)) > _MOST_NOISE * len(sample)


def no_story_phrase(text: str) -> str:
    """Return what in `text` is said in place of a story, such as "a wall: “sign in to read”", or ""."""
    return _message(text).words


def words_in_place_of_story(text: str) -> str:
    """Return the words of `text` that are said in place of a story, such as "sign in to read", or ""."""
    matches = (phrases.search(text) for _, _, phrases in _MESSAGES)
    return next((match[0] for match in matches if match), "")


def _message(text: str, messages: Sequence[tuple[NoStory, str, re.Pattern[str]]] = _MESSAGES) -> Why:
    for code, name, phrases in messages:
        found = phrases.search(text)
        if found:
            return Why(code, f"{name}: “{found[0]}”")
    return Why()


def no_story(paragraphs: Sequence[str], page: Page, headline: str = "") -> Why:
    """Return why these paragraphs, found in `page` under this headline, are no story, or an empty Why.

    Words of a wall within a paragraph that is on the subject of its own headline are the story's: "access
    denied" may be what happened.
    """
    said_in_all = sum(map(weight, paragraphs))
    if said_in_all >= _BRIEF:
        return _CONSENT if _asks_for_consent(paragraphs, page) else Why()
    enough = said_in_all >= SHORTEST_STORY
    messages = _OF_ARTICLES if page.calls_itself_an_article else _MESSAGES
    titled = _message(headline, messages)
    if enough:
        others = [one for one in paragraphs if titled.code or not _is_on_subject(one, headline)]
        message = _message(" ".join(others), messages)
        message = message if message.code else titled
    else:
        message = _message(_said(page.tree), messages)
    if message.code:
        return message
    if _asks_for_consent(paragraphs, page):
        return _CONSENT
    if enough or _is_a_brief(paragraphs, said_in_all, page, headline):
        return Why()
    if length := sum(map(len, paragraphs)):
        return Why(NoStory.TOO_SHORT, f"too short: {length} characters")
    return Why(NoStory.NO_TEXT, "no article text found")


_CONSENT = Why(NoStory.CONSENT, "a form of consent")


def _is_a_brief(paragraphs: Sequence[str], said_in_all: int, page: Page, headline: str) -> bool:
    """Whether a short text is a story in brief: two whole sentences, or a long one, on the subject of their
    headline, which the page does not say to be but the free part of it."""
    sentences = sum(len(_SENTENCE.findall(one)) for one in paragraphs)
    return (
        said_in_all >= _SHORTEST_BRIEF
        and (sentences >= _LEAST_SENTENCES or said_in_all >= _ONE_SENTENCE)
        and all(_ENDS.search(one) for one in paragraphs)
        and any(_is_on_subject(one, headline) for one in paragraphs)
        and not any(is_paid_for(article) for article in page.articles)
    )


def _is_on_subject(paragraph: str, headline: str) -> bool:
    """Whether a paragraph shares enough words with a headline to be the story's."""
    words = set(_WORD.findall(headline.casefold()))
    shared = words.intersection(_WORD.findall(paragraph.casefold()))
    return len(shared) >= _LEAST_SHARED and len(shared) >= _SHARE * len(words)


def _asks_for_consent(paragraphs: Sequence[str], page: Page) -> bool:
    """Whether a page that does not call itself an article speaks of little but consent."""
    if not paragraphs or page.calls_itself_an_article:
        return False
    if sum(map(weight, paragraphs)) > _LONGEST_FORM:
        return False
    terms: set[str] = set()
    others = 0  # paragraphs that speak of something else
    for paragraph in map(in_small_letters, paragraphs):
        found = CONSENT.findall(paragraph)
        terms.update(found)
        others += not found
        if others > (1 - _OF_CONSENT) * len(paragraphs):
            return False  # as most pages are, told by half of their text
    return len(terms) >= _LEAST_TERMS


def _said(tree: Element) -> str:
    """Return what a page without a story says, to browsers without scripts too."""
    without_scripts = (element.text_content() for element in tree.iter("noscript"))
    return " ".join([seen_text(tree), *without_scripts])[:_SAID]
