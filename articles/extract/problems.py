"""Why a page gives no story. A problem is a failed check: never a version, and never a removal."""

import re
from collections.abc import Sequence

from articles.extract.body import SHORTEST_STORY
from articles.extract.page import Element
from articles.extract.runs import seen_text

_BRIEF = 500  # characters; a text so short that speaks of a wall is the wall's own

_SAID = 20_000  # characters of a page looked at for the words of a wall

_MARKUP = re.compile(r"<(?:!doctype|[a-z][a-z0-9]*[\s/>])", re.IGNORECASE)
_OTHER_XML = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(rss|feed|urlset|sitemapindex|svg)\b", re.S
)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")

# Said in place of a story, never within one: so they only name what a page without a story is.
_PHRASES = (
    (
        "a wall",
        re.compile(
            r"enable javascript|verify you are (?:a )?human|checking your browser|access denied"
            r"|unusual traffic|are you a robot|subscribe to (?:continue|read)"
            r"|log in to continue|sign in to (?:continue|read)"
            r"|weiterlesen mit|jetzt abonnieren|nur für abonnenten|bitte aktivieren sie javascript"
            r"|réservé aux abonnés|contenido exclusivo para suscriptores|riservato agli abbonati",
            re.IGNORECASE,
        ),
    ),
    (
        "not found",
        re.compile(
            r"page (?:was |could )?not (?:be )?found|(?:error|fehler|erreur) 404|404 (?:error|not found)"
            r"|no longer (?:available|exists)|seite (?:wurde )?nicht gefunden|page (?:est )?introuvable"
            r"|página no encontrada|pagina non trovata",
            re.IGNORECASE,
        ),
    ),
)


def not_a_page(text: str, content_type: str | None) -> str:
    """Return why the decoded text of an answer is no HTML page, or ""."""
    kind = (content_type or "").split(";")[0].strip().lower()
    if not text.strip("\x00 \t\r\n\f"):
        return "empty"
    if kind and kind not in _HTML_TYPES:
        return f"not HTML: {kind}"
    other = _OTHER_XML.match(text[:2000])
    if other:
        return f"not HTML: {other[1]}"
    return "" if _MARKUP.search(text) else "not HTML"


def no_story(paragraphs: Sequence[str], tree: Element) -> str:
    """Return why these paragraphs are no story, or "". `tree` is the page they were found in."""
    length = sum(map(len, paragraphs))
    if length >= _BRIEF:
        return ""
    enough = length >= SHORTEST_STORY
    said = " ".join(paragraphs) if enough else _said(tree)
    for name, phrases in _PHRASES:
        found = phrases.search(said)
        if found:
            return f"{name}: “{found[0]}”"
    if enough:
        return ""
    return f"too short: {length} characters" if length else "no article text found"


def _said(tree: Element) -> str:
    """Return what a page without a story says, to browsers without scripts too."""
    without_scripts = (element.text_content() for element in tree.iter("noscript"))
    return " ".join([seen_text(tree), *without_scripts])[:_SAID]
