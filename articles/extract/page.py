"""A page parsed once, for all that is read from it."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from articles.extract.linked_data import (
    addresses_in,
    is_article,
    read_linked_data,
    same_place,
    texts,
    words_in,
)

Element: TypeAlias = lxml.html.HtmlElement

_ADDRESSES = ("url", "mainEntityOfPage", "@id")
_SAME_HEADLINE = 0.7  # share of its words that stand in the page's title
_OTHER_HEADLINE = 0.35
_LONGEST_OF_A_REGISTRY = 3  # letters: "com", "co"
_ARTICLES = 20  # a page that describes more is a list, and the first are as good as any

_OF_HEADS = frozenset(
    {"title", "meta", "link", "script", "style", "base", "noscript", "template", "object", "bgsound"}
)

_ELEMENTS = etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement)
"""All elements are of one class: lxml's own parser asks Python which one, at each."""


class NotHTML(ValueError):
    """The text is no HTML page."""


@dataclass(frozen=True)
class Page:
    """The tree of a page, where it came from, and whether the parser read all of it."""

    tree: Element
    url: str
    cut_off: bool

    @cached_property
    def things(self) -> list[dict[str, Any]]:
        """All JSON-LD objects of the page, outer ones before those nested in them."""
        return read_linked_data(self.tree)

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        """The first JSON-LD objects that are articles, those of this page first; none of another story.

        An object is this page's by its address or its headline, and another's when both say so.
        """
        found = list(islice((thing for thing in self.things if is_article(thing)), _ARTICLES))
        signs = [self._is_of_this_page(thing) for thing in found]
        return [
            thing
            for wanted in (True, None)
            for thing, sign in zip(found, signs, strict=True)
            if sign is wanted
        ]

    @property
    def calls_itself_an_article(self) -> bool:
        """Whether the page tells machines that it is an article."""
        return bool(self.articles) or self.meta.get("og:type", "").lower() == "article"

    def is_on_this_site(self, address: str) -> bool:
        """Whether a link, as it is written on the page, leads to a page of the site that the page is of."""
        try:
            host = urlsplit(address).hostname
        except ValueError:  # "https://[" and the like lead nowhere
            return False
        return host is None or _site_of(host) in self._sites

    def is_a_mailbox_of_this_site(self, address: str) -> bool:
        """Whether an e-mail address is one of the site that the page is of."""
        return _site_of(address.rpartition("@")[2].lower()) in self._sites

    @cached_property
    def _sites(self) -> frozenset[str]:
        """The sites that the page says to be of, and that it was read from."""
        addresses = (self.url, self.meta.get("og:url", ""))
        try:
            hosts = [urlsplit(address).hostname for address in addresses]
        except ValueError:
            hosts = []
        return frozenset(_site_of(host) for host in hosts if host)

    def _is_of_this_page(self, thing: dict[str, Any]) -> bool | None:
        """Whether an object tells of this page's article; None when nothing tells."""
        addresses = [address for key in _ADDRESSES for address in addresses_in(thing.get(key))]
        here = {same_place(self.url), same_place(self.meta.get("og:url", ""))} | {
            same_place(link.get("href") or "") for link in self.tree.iterfind("head/link[@rel='canonical']")
        }
        if any(same_place(address) in here for address in addresses if same_place(address)):
            return True
        titles = [
            self.meta.get("og:title", ""),
            *(one.text or "" for one in self.tree.iterfind("head/title")),
        ]
        headlines = [words_in(text) for text in texts(thing.get("headline"))]
        said = [words_in(title) for title in titles if title]
        if not headlines or not said or not headlines[0]:
            return None
        best = max(len(headlines[0] & one) / len(headlines[0]) for one in said)
        if best >= _SAME_HEADLINE:
            return True
        return False if addresses and best < _OTHER_HEADLINE else None

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


def _site_of(host: str) -> str:
    """Return the domain that a host belongs to: the last two parts of its name, three where the second is
    that of a registry, such as "co.uk"."""
    parts = host.rstrip(".").split(".")
    registered = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= _LONGEST_OF_A_REGISTRY
    return ".".join(parts[-3:] if registered else parts[-2:])


def parse(text: str, url: str) -> Page:
    """Return the page that `text` is. Raises NotHTML when there is no element in it.

    libxml2 stops at its depth limit (256 levels; 2,048 with `huge_tree`) and returns what it has read: only
    the error log tells. `Page.cut_off` is true then.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_ELEMENTS)
    source = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise NotHTML(str(error)) from error
    _open_body(tree)
    cut_off = any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return Page(tree=tree, url=url, cut_off=cut_off)


def _open_body(tree: Element) -> None:
    """Move what stands in the head and is none of a head's elements to the body.

    Pages may leave out the tags of both; libxml2 then takes elements that it doesn't know, such as <main>,
    for a part of the head.
    """
    head = tree.find("head")
    if head is None:
        return
    strays = [one for one in head if one.tag not in _OF_HEADS]
    if not strays:
        return
    body = tree.find("body")
    if body is None:
        body = lxml.html.Element("body")
        tree.append(body)
    for at, stray in enumerate(strays):
        body.insert(at, stray)
