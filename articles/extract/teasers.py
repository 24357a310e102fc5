"""Which stories a page leads to from among its own paragraphs: a list of stories is made of such links."""

from collections.abc import Iterator, Sequence
from typing import Final

from articles.extract.decoding import decode
from articles.extract.page import Element, NotHTML, parse
from articles.extract.text import clean

_LEAVES: Final = frozenset({"p", "li", "dd", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_BLOCKS: Final = frozenset({*_LEAVES, "dt", "div", "article", "section", "main", "figcaption"})
_MOST_LINKS: Final = 400  # that are looked at, of one page
_LEAST_WORDS: Final = 3  # of a link; "Read more" leads to the story that the card above leads to


def teasers(
    html: bytes, url: str, paragraphs: Sequence[str], *, content_type: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Return the links that stand between a page's paragraphs as blocks of their own, as (address, words).

    paragraphs  what `extract` found on the page; links before the first and behind the last are furniture
    """
    try:
        page = parse(decode(html, content_type), url)
    except NotHTML:
        return ()
    page.tree.make_links_absolute(url, handle_failures="ignore")
    said = frozenset(paragraphs)
    found: list[tuple[str, str]] = []
    between = 0  # links that have a paragraph behind them
    begun = False
    for element in _in_order(page.tree):
        if element.tag == "a":
            if begun or _holds(element, said):
                found.append((element.get("href"), clean(element.text_content())))
        elif clean(element.text_content()) in said:
            begun, between = True, len(found)
    return tuple(found[:between])


def _in_order(tree: Element) -> Iterator[Element]:
    """The blocks of text without others in them, and the links that are blocks, as they stand on the page."""
    links = 0
    for element in tree.iter("a", *_LEAVES):
        if element.tag != "a":
            yield element
        elif links < _MOST_LINKS and element.get("href") and _is_block(element):
            links += 1
            yield element


def _is_block(link: Element) -> bool:
    """Whether a link says enough, and holds blocks or is the beginning of its own, as a card's heading is."""
    words = clean(link.text_content())
    if len(words.split()) < _LEAST_WORDS:
        return False
    if next(link.iter(*_LEAVES), None) is not None:
        return True
    holder = next((one for one in link.iterancestors() if one.tag in _BLOCKS), None)
    return holder is not None and clean(holder.text_content()[: len(words) + 500]).startswith(words)


def _holds(link: Element, said: frozenset[str]) -> bool:
    """Whether one of the paragraphs stands in the link itself: the whole card leads to its story."""
    return any(clean(one.text_content()) in said for one in link.iter(*_LEAVES))
