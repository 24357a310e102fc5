"""Why a page gives no story. A problem is a failed check: never a version, and never a removal."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from articles.extract.body import SHORTEST_STORY
from articles.extract.messages import CONSENT, NOT_FOUND, WALL
from articles.extract.page import Element, Page
from articles.extract.runs import seen_text, weight
from articles.extract.story import NoStory

_BRIEF = 500  # weight (see Run.weight); a text so short that speaks of a wall is the wall's own

_SAID = 20_000  # characters of a page looked at for the words of a wall

_MARKUP = re.compile(r"<(?:!doctype|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_OTHER_XML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(rss|feed|urlset|sitemapindex|svg)\b", re.S
)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")

_MESSAGES = ((NoStory.WALL, "a wall", WALL), (NoStory.NOT_FOUND, "not found", NOT_FOUND))

_LONGEST_FORM = 8_000  # weight; no form of consent says more
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
    return Why() if _MARKUP.search(text) else Why(NoStory.NOT_HTML, "not HTML")


def no_story_phrase(text: str) -> str:
    """Return what in `text` is said in place of a story, such as "a wall: “sign in to read”", or ""."""
    return _message(text).words


def words_in_place_of_story(text: str) -> str:
    """Return the words of `text` that are said in place of a story, such as "sign in to read", or ""."""
    matches = (phrases.search(text) for _, _, phrases in _MESSAGES)
    return next((match[0] for match in matches if match), "")


def _message(text: str) -> Why:
    for code, name, phrases in _MESSAGES:
        found = phrases.search(text)
        if found:
            return Why(code, f"{name}: “{found[0]}”")
    return Why()


def no_story(paragraphs: Sequence[str], page: Page) -> Why:
    """Return why these paragraphs, found in `page`, are no story, or an empty Why."""
    said_in_all = sum(map(weight, paragraphs))
    if said_in_all >= _BRIEF:
        return _CONSENT if _asks_for_consent(paragraphs, page) else Why()
    enough = said_in_all >= SHORTEST_STORY
    said = " ".join(paragraphs) if enough else _said(page.tree)
    if (message := _message(said)).code:
        return message
    if _asks_for_consent(paragraphs, page):
        return _CONSENT
    if enough:
        return Why()
    if length := sum(map(len, paragraphs)):
        return Why(NoStory.TOO_SHORT, f"too short: {length} characters")
    return Why(NoStory.NO_TEXT, "no article text found")


_CONSENT = Why(NoStory.CONSENT, "a form of consent")


def _asks_for_consent(paragraphs: Sequence[str], page: Page) -> bool:
    """Whether a page that does not call itself an article speaks of little but consent."""
    if not paragraphs or page.articles or page.meta.get("og:type", "").lower() == "article":
        return False
    if sum(map(weight, paragraphs)) > _LONGEST_FORM:
        return False
    of_consent = sum(CONSENT.search(paragraph) is not None for paragraph in paragraphs)
    return of_consent >= _OF_CONSENT * len(paragraphs)


def _said(tree: Element) -> str:
    """Return what a page without a story says, to browsers without scripts too."""
    without_scripts = (element.text_content() for element in tree.iter("noscript"))
    return " ".join([seen_text(tree), *without_scripts])[:_SAID]
