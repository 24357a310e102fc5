"""XML of strangers: never expanded, nothing loaded, and mended where it is broken."""

import re
from collections.abc import Iterator

from lxml import etree

from articles.fetch.feeds.text import mend_references

# At the end of a document: an address that the end cut off leads to another page, or to none.
_CUT_ADDRESS = re.compile(r"<(?:link|loc|guid|id)\b[^<>]{0,200}>[^<]*(?:<!\[CDATA\[[^<]*)*\Z", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>")
# Names that are read, as they are to be written: XML tells capitals apart, and programs that write it do not.
_NAMES = {
    name.lower(): name
    for name in (
        *("rss", "channel", "item", "title", "link", "guid", "pubDate", "feed", "entry", "id", "content"),
        *("published", "issued", "updated", "modified", "href", "rel", "type", "src", "isPermaLink"),
    )
}
_MISSPELT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?!(?:rss|channel|item|title|link|guid|feed|entry)\b)"
    r"(?i:rss|channel|item|title|link|guid|feed|entry)\b"
)


def plain_source(text: str) -> str:
    """A document's text without its XML declaration: it is in UTF-8 by now."""
    source = text.lstrip()
    declaration = _XML_DECLARATION.match(source)
    return source[declaration.end() :] if declaration else source


def mended_source(source: str) -> str:
    """A broken document for a parser that recovers: without odd references or a cut address at its end."""
    return _CUT_ADDRESS.sub("", mend_references(source))


def parse_xml(source: str, url: str) -> tuple[etree._Element | None, str]:
    """The root of a document, None if there is none, and a remark if it is broken.

    Entities of the document's own making are never expanded.
    """
    try:
        return _in_usual_spelling(_parse(source, url, recover=False), source), ""
    except etree.XMLSyntaxError as error:
        remark = f"the XML is broken: {error.msg}"
    try:
        return _in_usual_spelling(_parse(mended_source(source), url, recover=True), source), remark
    except etree.XMLSyntaxError:
        return None, remark


def _parse(source: str, url: str, *, recover: bool) -> etree._Element | None:
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    return etree.fromstring(source.encode("utf-8"), parser, base_url=url)


def _in_usual_spelling(root: etree._Element | None, source: str) -> etree._Element | None:
    """The document with the names of its elements and attributes in the usual spelling, capitals or not."""
    if root is None or not _MISSPELT.search(source):
        return root
    for element in root.iter("*"):
        space, brace, name = str(element.tag).rpartition("}")
        element.tag = f"{space}{brace}{_NAMES.get(name.lower(), name)}"
        for written, value in element.items():
            usual = _NAMES.get(str(written).lower(), str(written))
            if usual != written and usual not in element.attrib:
                element.set(usual, value)
    return root


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def elements(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Children by local name; namespaces are often wrong, and extensions' names are asked for in full."""
    return (child for child in parent.iterchildren(f"{{*}}{name}"))


def content(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return "".join(map(str, element.itertext())).strip() if len(element) else (element.text or "").strip()


def text_of(parent: etree._Element, *names: str) -> str:
    """The text of the first child that has any: by local name in the parent's namespace, or by full name."""
    own = "".join(str(parent.tag).rpartition("}")[:2])
    for name in names:
        for child in parent.iterchildren(name if name.startswith("{") else own + name):
            if found := content(child):
                return found
    return ""
