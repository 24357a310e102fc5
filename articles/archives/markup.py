"""Paragraphs of texts that other programs stored as scraps of HTML.

No parser is needed for scraps that hold paragraphs and a few inline elements, and one written in C can be
held up for long by markup made for that; every expression here takes time in proportion to the text.
"""

import html
import re

_UNSEEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*(?:<(?!/\1\b)[^<]*)*(?:</\1\s*>|$)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^-]*(?:-(?!->)[^-]*)*(?:-->|$)")
_BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|blockquote|section|article|tr|table|figure|figcaption|dt|dd|dl|pre|hr)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def paragraphs_of_html(scrap: str) -> list[str]:
    """The paragraphs of a scrap of HTML, as plain text: block elements end them, line breaks do not."""
    if "<" in scrap:
        scrap = _COMMENT.sub("", _UNSEEN.sub("", scrap))
        scrap = _TAG.sub("", _BREAK.sub("\0", scrap.replace("\n", " ")))
    else:
        scrap = scrap.replace("\n", " ")
    return [html.unescape(part) for part in scrap.split("\0")]


def paragraphs_of_lines(text: str) -> list[str]:
    """The paragraphs of a text that has one on each line and may hold HTML within them."""
    return [part for line in text.split("\n") for part in paragraphs_of_html(line)]


def line_of_html(scrap: str) -> str:
    """A headline that may hold tags and entities, as plain text."""
    return html.unescape(_TAG.sub("", scrap)) if "<" in scrap or "&" in scrap else scrap
