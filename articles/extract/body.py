"""The text of a story: which of a page's words are the article, in reading order."""

from collections.abc import Iterator

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import Document

from articles.extract.page import Element, Page
from articles.extract.runs import read_runs
from articles.extract.text import clean

_TEXT_BLOCKS = ("p", "head", "item", "quote", "cell", "code", "ab")


def paragraphs(page: Page) -> list[str]:
    """Return the article's paragraphs, clean, in reading order; none when no article was found."""
    document = bare_extraction(page.tree, favor_precision=True, include_comments=False, include_tables=False)
    if not isinstance(document, Document) or document.body is None:
        return []
    return [
        text
        for block in _leaves(document.body)
        if (text := clean(etree.tostring(block, method="text", encoding="unicode", with_tail=False)))
    ]


def all_paragraphs(elements: list[Element]) -> list[str]:
    """Return every paragraph that stands in `elements`."""
    return [run.text for element in elements for run in read_runs(element, skip=lambda _: False)]


def _leaves(body: etree._Element) -> Iterator[etree._Element]:
    for block in body.iter(*_TEXT_BLOCKS):
        if not any(inner is not block for inner in block.iter(*_TEXT_BLOCKS)):
            yield block
