"""How many bytes the kept page of a version takes: `python -m benchmarks.kept_pages PAGES.jsonl.xz`.

PAGES (JSON lines, perhaps .xz) holds real pages: `html` and `url` in each line. So many of them, one after
another in the file, are rendered several times: before each rendering the links of all lists of links are
other ones, of any page of the file, and long numbers and keys in scripts and attributes are drawn anew; the
text stays. Each rendering is packed as the product packs the page of a version, against the one before.
"""

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import lxml.html

from benchmarks.extract import real_pages
from benchmarks.scratch import installation

LEAST_LINKS = 3
_KEY = re.compile(rb"\b(?:\d{6,}|[0-9a-f]{16,})\b")
_LISTS = ("ul", "ol")

Link = tuple[str, str]
"""A link's address and words."""


@dataclass
class Kept:
    """A page as it is kept: what it is packed against, and how many pages lead to it."""

    page: bytes
    base: "Kept | None" = None

    @property
    def depth(self) -> int:
        return self.base.depth + 1 if self.base else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path, help="JSON lines with html and url, perhaps .xz")
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--versions", type=int, default=6, help="renderings of each page")
    options = parser.parse_args()
    bodies = [body for body, _ in real_pages(options.file)]
    with installation(None):
        firsts, later = _sizes(bodies, options.pages, options.versions)
    average = sum(map(len, bodies[: options.pages])) / len(firsts) / 1000
    print(f"{len(firsts)} pages, {average:,.0f} kB on average")
    for name, sizes in (("first", firsts), ("later", later), ("all", firsts + later)):
        print(f"{name} versions: median {median(sizes):,.0f} bytes, p95 {quantiles(sizes, n=20)[18]:,.0f}")


def _sizes(bodies: Sequence[bytes], pages: int, versions: int) -> tuple[list[int], list[int]]:
    """The bytes of the first version of each page, which is packed alone, and of all later ones."""
    from articles.models.capture import MAX_BASE_CHAIN
    from articles.models.page_storage import pack

    chance = random.Random(1)
    pool = [link for body in bodies[:: max(1, len(bodies) // 40)] for link in _links(_parsed(body))]
    firsts: list[int] = []
    later: list[int] = []
    for body in bodies[:pages]:
        last: Kept | None = None
        for number in range(versions):
            page = body if number == 0 else _moved(body, pool, chance)
            base = last.base if last is not None and last.depth >= MAX_BASE_CHAIN else last
            (later if base else firsts).append(len(pack(page, base.page if base else None)))
            last = Kept(page, base)
    return firsts, later


def _parsed(body: bytes) -> Any:
    return lxml.html.document_fromstring(body, parser=lxml.html.HTMLParser(encoding="utf-8"))


def _lists_of_links(tree: Any) -> list[list[Any]]:
    """The first link of each item, of each list that has enough of them."""
    lists = ([item.find(".//a") for item in one.iterchildren("li")] for one in tree.iter(*_LISTS))
    found = ([link for link in links if link is not None] for links in lists)
    return [links for links in found if len(links) >= LEAST_LINKS]


def _links(tree: Any) -> list[Link]:
    links = (link for links in _lists_of_links(tree) for link in links)
    return [(link.get("href") or "", link.text_content().strip()) for link in links]


def _moved(body: bytes, pool: Sequence[Link], chance: random.Random) -> bytes:
    """The page with other links in its lists and other keys."""
    tree = _parsed(body)
    for links in _lists_of_links(tree):
        for link in links:
            address, words = chance.choice(pool)
            link.set("href", address)
            for part in list(link):
                link.remove(part)
            link.text = words
    return _KEY.sub(lambda found: _drawn(found[0], chance), lxml.html.tostring(tree, encoding="utf-8"))


def _drawn(key: bytes, chance: random.Random) -> bytes:
    """A key of the same length and kind."""
    digits = "0123456789" if key.isdigit() else "0123456789abcdef"
    return "".join(chance.choices(digits, k=len(key))).encode()


if __name__ == "__main__":
    main()
