"""Whole pages in many languages and forms of markup, with what must be read of each, and how it may change.

They were written from public reports of reader modes and scrapers that lost text or kept what is none, by
somebody who had not seen the extractor. ``wild/*.txt`` holds one page after the other::

    === name | language
    edit: four -> five        a change of the text: it must be seen
    edit: +<p>New.</p>        put in where the page says <!--here-->
    same: 12 views -> 15 views  a change of furniture: it must not be seen
    <html>…⟦a paragraph of the story⟧…⟪what may be read or not⟫…

All that stands in neither pair of brackets is no text of the story.
"""

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from articles.extract import compared_paragraphs, extract

FOLDER = Path(__file__).parent / "wild"


@dataclass(frozen=True)
class WildPage:
    """A page, the paragraphs of its story, the texts that count neither way, and its changes (old, new)."""

    name: str
    language: str
    html: str
    paragraphs: list[str]
    neither: list[str]
    edits: list[tuple[str, str]]
    furniture: list[tuple[str, str]]


@dataclass(frozen=True)
class Finding:
    """How a page was read: paragraphs lost and too many, edits unseen, furniture taken for edits."""

    name: str
    right: bool
    lost: list[str]
    extra: list[str]
    unseen: list[str]
    false: list[str]


def wild_pages(lot: str) -> list[WildPage]:
    """Read the pages of ``wild/LOT.txt``."""
    parts = re.split(r"^=== ", (FOLDER / f"{lot}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_page(part) for part in parts]


def finding(page: WildPage) -> Finding:
    """Read the page as it is and with each of its changes."""
    story = extract(page.html.encode(), "https://news.example/a", content_type="text/html; charset=utf-8")
    read = [_plain(text) for text in story.paragraphs]
    wanted = _squeezed(" ".join(page.paragraphs))
    allowed = [_squeezed(text) for text in page.neither]
    everything = _squeezed(" ".join(read))
    first = story.headline, compared_paragraphs(story)
    return Finding(
        page.name,
        [text for text in read if _squeezed(text) not in allowed] == page.paragraphs,
        [text for text in page.paragraphs if _squeezed(text) not in everything],
        [
            text
            for text in read
            if _squeezed(text) not in wanted and not _is_allowed(_squeezed(text), allowed, wanted)
        ],
        [f"{old} -> {new}" for old, new in page.edits if _looks(_changed(page.html, old, new)) == first],
        [f"{old} -> {new}" for old, new in page.furniture if _looks(_changed(page.html, old, new)) != first],
    )


def _looks(html: str) -> tuple[str, object]:
    """Return what two looks at a page are compared by."""
    story = extract(html.encode(), "https://news.example/a", content_type="text/html; charset=utf-8")
    return story.headline, compared_paragraphs(story)


def _is_allowed(text: str, allowed: list[str], wanted: str) -> bool:
    """Tell whether a paragraph is one that counts neither way, alone or at the end of one of the story."""
    return any(neither and text.replace(neither, "") in wanted for neither in allowed if neither in text)


def _changed(html: str, old: str, new: str) -> str:
    """Return the page with a change; one without an old text is put in at the mark."""
    place = old or "<!--here-->"
    if place not in html:
        raise ValueError(f"{place!r} is not in the page")
    return html.replace(place, new)


def _page(part: str) -> WildPage:
    """Read one page of a file."""
    head, *lines = part.split("\n")
    name, language = head.split(" | ")
    changes = [line for line in lines if line.startswith(("edit: ", "same: "))]
    html = re.sub(
        r"<!--repeat (\d+) (.*?)-->",
        lambda found: "".join(_numbered(found[2], number) for number in range(1, int(found[1]) + 1)),
        "\n".join(line for line in lines if line not in changes),
    )
    return WildPage(
        name,
        language,
        re.sub("[⟦⟧⟪⟫]", "", html),
        [_text(found) for found in re.findall("⟦(.*?)⟧", html, re.DOTALL)],
        [_text(found) for found in re.findall("⟪(.*?)⟫", html, re.DOTALL)],
        [_change(line) for line in changes if line.startswith("edit")],
        [_change(line) for line in changes if line.startswith("same")],
    )


def _numbered(pattern: str, number: int) -> str:
    """Return one of the paragraphs that are made by counting."""
    return pattern.replace("N", str(number)).replace("M", str(number % 23 + 6))


def _change(line: str) -> tuple[str, str]:
    """Return what is replaced by what."""
    change = line[len("edit: ") :]
    if change.startswith("+"):
        return "", change[1:]
    old, new = re.split(r" -> ?", change)
    return old, new


def _text(html: str) -> str:
    """Return the text of a piece of a page; the cells of a row are parted as the product parts them."""
    rowed = re.sub(r"</t[dh]>\s*<t[dh][^>]*>", " | ", re.sub(r"<sup>.*?</sup>", "", html))
    return _plain(unescape(re.sub("<[^>]+>", "", rowed.replace("<br>", " "))))


def _plain(text: str) -> str:
    """Return the text with single spaces."""
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    """Return the text without spaces."""
    return "".join(text.split())
