"""The headline: what the reader sees at the top, found by what the page tells machines."""

import re
import unicodedata
from html import unescape
from itertools import islice

from articles.extract.linked_data import texts
from articles.extract.page import Page
from articles.extract.runs import seen_text, weight
from articles.extract.text import clean

_SEPARATOR = re.compile(r"\s+[|\-–—·•:»›/]+\s+|\s*[|｜»›]\s*")
_WORD = re.compile(r"\w+")

# A heading is the headline when it shares this much with what a witness says (Dice on words; letters where
# words are not set apart).
_AGREEMENT = 0.5
_LONGEST = 400  # characters
_HEADINGS = 20  # how many <h1> are looked at
_SHORTEST_HEADLINE = 4  # words
_LABEL_WORDS = 2
_SHORTEST_WEIGHT = 25  # see Run.weight


def headline(page: Page) -> str:
    """Return the headline, or "" when the page shows none.

    Witnesses are the JSON-LD headline, og:title and <title> without the site's name. The <h1> that agrees
    best with one of them is what readers see, and counts; without agreement the only <h1> unless it is a mere
    label, then a witness.
    """
    site = _words(page.meta.get("og:site_name", ""))
    witnesses = [text for text in _witnesses(page, site) if 0 < len(text) <= _LONGEST]
    headings = _headings(page, site)
    agreeing = [
        (agreement, -order, text)
        for order, text in enumerate(headings)
        if (agreement := max((_agreement(text, witness) for witness in witnesses), default=0)) >= _AGREEMENT
    ]
    if agreeing:
        return _without_kicker(max(agreeing)[2], witnesses)
    if len(headings) == 1 and not (witnesses and _is_label(headings[0])):
        return headings[0]
    return next(iter([*witnesses, *headings]), "")


def _is_label(heading: str) -> bool:
    """Whether a heading is too short for a headline that no witness confirms: "Log in", "World"."""
    return len(_words(heading)) <= _LABEL_WORDS and weight(heading) < _SHORTEST_WEIGHT


def _without_kicker(heading: str, witnesses: list[str]) -> str:
    """Return the heading without words before the headline, where a witness gives just what follows them."""
    shown = _words(heading)
    for witness in witnesses:
        said = _words(witness)
        if _SHORTEST_HEADLINE <= len(said) < len(shown) and shown[-len(said) :] == said:
            return witness
    return heading


def _witnesses(page: Page, site: list[str]) -> list[str]:
    linked = [
        clean(unescape(text)) for article in page.articles[:1] for text in texts(article.get("headline"))
    ]
    social = [page.meta.get("og:title", ""), page.meta.get("twitter:title", "")]
    titles = [title.text_content() for title in page.tree.iterfind("head/title")][:1]
    return [*linked, *(_without_site(clean(text), site) for text in (*social, *titles))]


def _headings(page: Page, site: list[str]) -> list[str]:
    found = (seen_text(heading) for heading in islice(page.tree.iter("h1"), _HEADINGS))
    return [text for text in dict.fromkeys(found) if text and len(text) <= _LONGEST and _words(text) != site]


def _without_site(title: str, site: list[str]) -> str:
    """Return the title without the site's name before or after a separator."""
    pieces = _SEPARATOR.split(title)
    separators = _SEPARATOR.findall(title)
    if len(pieces) < 2:
        return title
    if site and _words(pieces[-1]) == site:
        return title[: title.rfind(separators[-1])].strip()
    if site and _words(pieces[0]) == site:
        return title[title.find(separators[0]) + len(separators[0]) :].strip()
    return title


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _agreement(one: str, other: str) -> float:
    first, second = set(_words(one)), set(_words(other))
    if not first or not second:
        return 0.0
    if min(len(first), len(second)) < 3 and weight(one) > len(one):
        first, second = set("".join(sorted(first))), set("".join(sorted(second)))
    return 2 * len(first & second) / (len(first) + len(second))
