"""The headline: what the reader sees at the top, found by what the page tells machines."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice

from articles.extract.linked_data import texts
from articles.extract.names import has_word
from articles.extract.page import Element, Page
from articles.extract.phrases import CLOCK
from articles.extract.runs import UNSEEN, seen_text, weight
from articles.extract.text import clean

_SEPARATOR = re.compile(r"\s+[|\-–—·•:»›/]+\s+|\s*[|｜»›]\s*")
_WORD = re.compile(r"\w+")

# A heading is the headline when it shares this much with what a witness says (Dice on words; letters where
# words are not set apart).
_AGREEMENT = 0.5
_WHOLLY = 0.8  # but for the site's name
_NO_AGREEMENT = 0.2  # "the" and "of" are in everything
_MAIN = ("article", "main")
_OF_THE_SITE = frozenset({"brand", "branding", "logo", "masthead", "wordmark"})
_SITE_TITLE = re.compile(r"(?<![a-z])site[-_]?(?:name|title)(?![a-z])", re.IGNORECASE)
_LONGEST = 400  # characters
_HEADINGS = 20  # how many <h1> are looked at
_SHORTEST_HEADLINE = 4  # words
_LABEL_WORDS = 2
_SITE_WORDS = 4
_UNANIMOUS = 3  # witnesses
_DROP_CAP = 1  # letters
_BREADCRUMB_DEPTH = 4
_BADGE = re.compile(
    r"""[\[(\s]*(?:live|video|vídeo|vidéo|foto|fotos|photos?|gallery
    |podcast|audio|exclusive|breaking|update[ds]?|new|plus
    |premium|abo|opinion|analysis|watch
    |kommentar|eilmeldung|exklusiv|видео|фото|動画|视频)(?:\s.{0,30}\d.{0,20})?[\])\s:]*""",
    re.IGNORECASE | re.VERBOSE,
)
_SHORTEST_WEIGHT = 25  # see Run.weight


def headline(page: Page) -> str:
    """Return the headline, or "" when the page shows none.

    Witnesses are the JSON-LD headline, og:title and <title> without the site's name. The <h1> that agrees
    best with one of them is what readers see, and counts; without agreement the only <h1> unless it is a mere
    label, is named as the site's name is, or says nothing of what an <h2> and all witnesses say, then the
    <h2> that agrees, then a witness. An <h1> in a breadcrumb is not what readers see.
    """
    site = _words(page.meta.get("og:site_name", ""))
    witnesses = [text for text in _witnesses(page, site) if 0 < len(text) <= _LONGEST]
    elements = list(islice(page.tree.iter("h1"), _HEADINGS))
    shown = [element for element in elements if not _is_breadcrumb(element)]
    headings = _texts(shown, site)
    best = _best(headings, witnesses)
    lesser = _texts(list(islice(page.tree.iter("h2"), _HEADINGS)), site) if best is None and witnesses else []
    if best is None and len(headings) == 1 and not (witnesses and _is_no_headline(headings[0])):
        best = _said_in_the_text(headings[0], lesser, witnesses) or headings[0]
    if best is None and witnesses:
        best = _best(lesser, witnesses)
    if best is None and len(headings) > 1:
        best = _first_in_an_article(headings)
    if best is not None:
        return _without_kicker(_without_badge(best, witnesses), witnesses)
    left = [*headings, *_texts([element for element in elements if element not in shown], site)]
    return next(iter([*witnesses, *(heading.text for heading in left)]), "")


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading that readers see, the texts it is put together of, and the element."""

    text: str
    pieces: tuple[str, ...]
    element: Element


def _best(headings: list[_Heading], witnesses: list[str]) -> _Heading | None:
    """Return the heading that agrees best with one of the witnesses, if one does."""
    agreeing = [
        (agreement, -order, heading)
        for order, heading in enumerate(headings)
        if (agreement := max((_agreement(heading.text, one) for one in witnesses), default=0)) >= _AGREEMENT
    ]
    return max(agreeing, key=lambda one: one[:2])[2] if agreeing else None


def _said_in_the_text(heading: _Heading, lesser: list[_Heading], witnesses: list[str]) -> _Heading | None:
    """Return the <h2> that all witnesses agree with, where the only <h1> has next to no word of it: the <h1>
    is the site's name and motto. They agree wholly, or the <h2> stands in an <article> or <main> of which the
    <h1> is no part."""
    around = {*heading.element.iterancestors()}

    def needed(one: _Heading) -> float:
        apart = any(outer.tag in _MAIN and outer not in around for outer in one.element.iterancestors())
        return _AGREEMENT if apart else _WHOLLY

    agreeing = [
        one
        for one in lesser
        if _agreement(one.text, heading.text) <= _NO_AGREEMENT
        and min(_agreement(one.text, witness) for witness in witnesses) >= needed(one)
    ]
    return _best(agreeing, witnesses)


def _is_of_the_site(heading: _Heading) -> bool:
    """Whether a heading, or what it stands in, is named as the site's own name is."""
    near = [heading.element, *islice(heading.element.iterancestors(), 1)]
    names = " ".join(f"{one.get('class') or ''} {one.get('id') or ''}" for one in near)
    return has_word(names, _OF_THE_SITE) or _SITE_TITLE.search(names) is not None


def _first_in_an_article(headings: list[_Heading]) -> _Heading | None:
    """Return the only heading that stands in an <article>, where no witness tells which it is."""
    inside = [one for one in headings if any(outer.tag == "article" for outer in one.element.iterancestors())]
    return inside[0] if len(inside) == 1 and not _is_label(inside[0].text) else None


def _is_breadcrumb(heading: Element) -> bool:
    """Whether a heading is the last step of the way to the page, in small letters above the headline."""
    if heading.get("aria-current"):
        return True
    at = heading
    for _ in range(_BREADCRUMB_DEPTH):
        if at is None:
            return False
        if at.tag in ("nav", "li"):
            return True
        said = f"{' '.join(at.keys())} {at.get('class') or ''} {at.get('id') or ''}".lower()
        if "breadcrumb" in said:
            return True
        at = at.getparent()
    return False


def _without_badge(heading: _Heading, witnesses: list[str]) -> str:
    """Return a heading without a kicker or a badge in an element of its own ("Updated 5 minutes ago").

    A witness that gives all words of it leaves it whole; one that gives just one piece of it leaves that.
    """
    shown = _words(heading.text)
    said = [_words(witness) for witness in witnesses]
    if shown in said or len(heading.pieces) < 2:
        return heading.text
    for piece in heading.pieces:
        if (words := _words(piece)) and words in said:
            return piece
    kept = [piece for piece in heading.pieces if not _BADGE.fullmatch(piece) and not CLOCK.fullmatch(piece)]
    return " ".join(kept) if kept else heading.text


def _is_no_headline(heading: _Heading) -> bool:
    """Whether a heading that no witness confirms is a mere label, or the site's name."""
    return _is_label(heading.text) or _is_of_the_site(heading)


def _is_label(heading: str) -> bool:
    """Whether a heading is too short for a headline that no witness confirms: "Log in", "World"."""
    return len(_words(heading)) <= _LABEL_WORDS and weight(heading) < _SHORTEST_WEIGHT


def _without_kicker(heading: str, witnesses: list[str]) -> str:
    """Return the heading without words before the headline, where a witness gives just what follows them,
    and with its kicker where all witnesses begin with the same one."""
    shown = _words(heading)
    if len(witnesses) >= _UNANIMOUS and len({tuple(_words(one)) for one in witnesses}) == 1:
        said = _words(witnesses[0])
        if len(said) > len(shown) >= _SHORTEST_HEADLINE and said[-len(shown) :] == shown:
            return witnesses[0]
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
    told = [_without_site(clean(text), site) for text in (*social, *titles)]
    if not site and titles:
        whole = clean(titles[0])
        told = [_without_shared_end(text, whole) for text in told if text]
    return [*linked, *told]


def _texts(elements: list[Element], site: list[str]) -> list[_Heading]:
    found: dict[str, _Heading] = {}
    for element in elements:
        pieces = tuple(_pieces(element))
        text = " ".join(pieces) if _are_glued(pieces) else seen_text(element)
        if text and len(text) <= _LONGEST and _words(text) != site:
            found.setdefault(text, _Heading(text, pieces, element))
    return list(found.values())


def _pieces(element: Element) -> Iterator[str]:
    """Return the texts of a heading: those right in it, and those of each element in it."""
    if not len(element):
        return
    if text := clean(element.text or ""):
        yield text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSEEN and (text := seen_text(child)):
            yield text
        if text := clean(child.tail or ""):
            yield text


def _are_glued(pieces: tuple[str, ...]) -> bool:
    """Whether a kicker has no space between it and the headline: "Fish marketCouncil votes"."""
    return len(pieces) == 2 and all(len(_words(piece)) >= 1 and len(piece) > _DROP_CAP for piece in pieces)


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


def _without_shared_end(title: str, other: str) -> str:
    """Return a title without its last piece, where another title of the page ends in the same words."""
    separator = list(_SEPARATOR.finditer(title))
    if not separator:
        return title
    end = _words(title[separator[-1].end() :])
    same = end and len(end) <= _SITE_WORDS and _words(other)[-len(end) :] == end
    begin = title[: separator[-1].start()].strip()
    return begin if same and _words(other)[: len(_words(begin))] == _words(begin) else title


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _agreement(one: str, other: str) -> float:
    first, second = set(_words(one)), set(_words(other))
    if not first or not second:
        return 0.0
    if min(len(first), len(second)) < 3 and weight(one) > len(one):
        first, second = set("".join(sorted(first))), set("".join(sorted(second)))
    return 2 * len(first & second) / (len(first) + len(second))
