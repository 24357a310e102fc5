"""A page parsed once, for all that is read from it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias

import lxml.html
from lxml import etree

from articles.extract.linked_data import is_article, read_linked_data

Element: TypeAlias = lxml.html.HtmlElement

_ARTICLES = 20  # a page that describes more is a list, and the first are as good as any


class NotHTML(ValueError):
    """The text is no HTML page."""


@dataclass(frozen=True)
class Page:
    """The tree of a page, where it came from, and whether the parser read all of it."""

    tree: Element
    url: str
    cut_off: bool

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        """The first JSON-LD objects that are articles, outer ones before those nested in them."""
        found = (thing for thing in read_linked_data(self.tree) if is_article(thing))
        return list(islice(found, _ARTICLES))

    @cached_property
    def meta(self) -> dict[str, str]:
        """The first content of each `<meta>`, by its lower-case name, property or itemprop."""
        found: dict[str, str] = {}
        for element in self.tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            content = element.get("content")
            if name and content and content.strip():
                found.setdefault(name.strip().lower(), content.strip())
        return found


def parse(text: str, url: str) -> Page:
    """Return the page that `text` is. Raises NotHTML when there is no element in it.

    libxml2 stops at its depth limit (256 levels; 2,048 with `huge_tree`) and returns what it has read: only
    the error log tells. `Page.cut_off` is true then.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    source = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NotHTML(str(error)) from error
    cut_off = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return Page(tree=tree, url=url, cut_off=cut_off)
