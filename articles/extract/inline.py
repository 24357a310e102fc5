"""Elements within a line: which of them readers see, which lead elsewhere, and which change by themselves."""

import re
from itertools import islice

from articles.extract.names import has_word, words_of
from articles.extract.page import Element
from articles.extract.phrases import CLOCK

_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_MARK = re.compile(r"[\s\[({]*(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3}|[↩↑⤴^]\ufe0e?\ufe0f?)[\s\])}]*")
_DIGIT = re.compile(r"\d")
_LONGEST_MARK = 8  # characters
_LONGEST_VALUE = 30
_LONGEST_CAP = 2
_LONGEST_CAPTION = 300
_MOST_OF_A_CAPTION = 30  # elements
_PICTURE_WITHIN = 4  # elements around a picture
_PICTURES = frozenset({"img", "picture", "video", "iframe"})
_FOR_THE_EYE = frozenset({"style", "lang", "dir", "title"})

# A value that a machine writes: a number, with a sign, a currency or a percent sign at most.
_VALUE = re.compile(
    r"[\s(\[+\-−–±▲▼△▽↑↓⬆⬇]*(?:[$€£¥₹₽₩₺]|[A-Z]{3}\s)?\s?[+\-−–]?\d[\d.,'’\s\u202f]*"
    r"\s?(?:[%‰٪％]|pts?\.?|[$€£¥₹₽₩₺]|[A-Z]{3}|[kKmM])?[\s)\]▲▼↑↓]*"
)
_DATE_TIME = re.compile(
    r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4}[,\s]{1,3}(?:[-–|]\s)?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?(?:uhr|h))?\s*",
    re.IGNORECASE,
)
_MARKET_NAMES = """
    quote quotes ticker stock stocks price prices share market markets symbol percentchange pricechange change
    chg kurs kurse aktie aktien boerse cours bourse borsa bolsa cotizacion cotacao finance finanzen
    exchangerate rate
"""
_MARKET = frozenset(_MARKET_NAMES.split())
_MARKET_PATH = re.compile(
    r"/(?:q|quotes?|stocks?|symbols?|tickers?|markets?|aktien?|kurse?|boerse|bourse|bolsa|borsa|finance|"
    r"finanzen|equities|etf|shares?)(?:/|\?|$)",
    re.IGNORECASE,
)
_COUNTER_NAMES = "count counter views viewcount readers likes shares votes ago timeago relative countdown"
_COUNTER = frozenset(_COUNTER_NAMES.split())


def where_it_leads(link: Element) -> tuple[bool, bool]:
    """Whether a link leads to another page or does something, and whether it leads to another place on its
    own page ("#note-1"). One that names a place does neither."""
    address = (link.get("href") or "").strip()
    if address:
        within = address.startswith("#") and len(address) > 1
        return not within, within
    return link.get("onclick") is not None or link.get("role") == "button", False


def is_shown_as_block(element: Element) -> bool:
    """Whether an element's own style sets it as a block (`<span style="display:block">`)."""
    style = element.get("style")
    return bool(style) and _BLOCK_STYLE.search(style) is not None


def is_picture_with_words(element: Element) -> bool:
    """Whether an element holds a picture before anything else, and few words: they are its caption."""
    first = element
    for _ in range(_PICTURE_WITHIN):
        if not len(first) or (first.text or "").strip():
            return False
        first = first[0]
        if first.tag in _PICTURES:
            small = sum(1 for _ in islice(element.iter(), _MOST_OF_A_CAPTION + 1)) <= _MOST_OF_A_CAPTION
            return small and len(element.text_content()) <= _LONGEST_CAPTION
    return False


def is_drop_cap(element: Element) -> bool:
    """Whether what only the eye sees is the first letter of a text, or a word said to the ear just before.

    "<span aria-hidden>T</span>he", and "<span class=sr-only>The</span><span aria-hidden>…The</span>": the
    eye's text is taken, the ear's is left out as everywhere.
    """
    if element.get("aria-hidden") != "true":
        return False
    text = "".join(element.itertext()).strip()
    if not text or not any(map(str.isalnum, text)):
        return False
    if sum(map(str.isalnum, text)) <= _LONGEST_CAP - 1 and len(text) <= _LONGEST_CAP:
        return True
    before = element.getprevious()
    return before is not None and "".join(before.itertext()).strip() == text


def is_footnote_mark(element: Element) -> bool:
    """Whether a <sup> or a link is the mark of a footnote: a number, and a link to a place of this page."""
    text = "".join(element.itertext())
    if len(text) > _LONGEST_MARK or not _MARK.fullmatch(text):
        return False
    links = [element] if element.tag == "a" else list(element.iter("a"))
    return any((link.get("href") or "").lstrip().startswith("#") for link in links)


def is_date_line(element: Element) -> bool:
    """Whether an element's whole text is a date and a time: at a text's start it is the page's."""
    text = element.text or ""
    return len(element) == 0 and len(text) <= _LONGEST_VALUE and _DATE_TIME.fullmatch(text) is not None


def has_digit(text: str | None) -> bool:
    """Whether a text of few words has a number in it."""
    return text is not None and len(text) <= _LONGEST_VALUE and _DIGIT.search(text) is not None


def is_quote_of_the_day(element: Element) -> bool:
    """Whether an element shows a price or a rate that a machine fills in.

    Two signs: its whole text is a value, and its tag, its attributes, its class or its link speak of markets.
    A number in the words of an editor has no such element around it.
    """
    text = (element.text or "").strip()
    return bool(text) and _VALUE.fullmatch(text) is not None and _speaks_of_markets(element)


def is_value_of_its_own(element: Element) -> bool:
    """Whether a number stands in an element of its own that marks it for programs, not for the eye: <data>,
    an element of a site's own making, or a <span> that has a name. By itself that is no sign of anything."""
    return (
        element.tag == "data"
        or "-" in element.tag
        or (element.tag == "span" and any(name not in _FOR_THE_EYE for name in element.attrib))
    ) and _VALUE.fullmatch(element.text or "") is not None


def ticking_text(element: Element) -> str:
    """Return the text of an element that changes by itself and yet may be an editor's: a relative time in a
    <time>, a number in an element named as a counter; "" otherwise."""
    if element.tag != "time" and not (element.get("class") and has_word(element.get("class"), _COUNTER)):
        return ""
    text = (element.text or "").strip()
    return text if CLOCK.fullmatch(text) or (element.tag != "time" and _VALUE.fullmatch(text)) else ""


def _speaks_of_markets(element: Element) -> bool:
    if "-" in element.tag and not _MARKET.isdisjoint(words_of(element.tag)):
        return True
    for name, value in element.attrib.items():
        if name == "href":
            if _MARKET_PATH.search(value):
                return True
        elif name == "class":
            if has_word(value, _MARKET):
                return True
        elif (name.startswith("data-") or name in ("field", "symbol")) and (
            not _MARKET.isdisjoint(words_of(name)) or has_word(value, _MARKET)
        ):
            return True
    return False
