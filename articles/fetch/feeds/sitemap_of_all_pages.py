"""Sitemaps of all sorts of pages: which of them are articles, told by the company they keep.

A sitemap of articles alone is believed, however its addresses look. One that lists tags, categories, authors
or services too, or pages under which others stand, is not: its addresses have to look like articles', or to
stand in one folder with such.
"""

import re
from collections import Counter
from collections.abc import Sequence

from articles.fetch.feeds.article_links import is_listing, looks_like_article
from articles.fetch.feeds.raw import RawEntry

_CHILDREN = 2  # pages that stand under an address by which it is a section
_DEEPEST = 8  # folders looked at
_WORD = re.compile(r"[^\W\d_]+")
_SLUG_WORDS = 2  # "mill-fire"; below a section, one word is another section


def articles_of(entries: Sequence[RawEntry]) -> Sequence[RawEntry]:
    """All entries of a sitemap; of one of all sorts of pages, the articles, in their order."""
    links = [entry.links[0] if entry.links else "" for entry in entries]
    sections = _sections(links)
    listings = [is_listing(link) or link.rstrip("/") in sections for link in links]
    if not any(listings):
        return entries
    likely = [
        not listing and looks_like_article(link, entry.title)
        for link, entry, listing in zip(links, entries, listings, strict=True)
    ]
    if not any(likely):
        return [entry for entry, listing in zip(entries, listings, strict=True) if not listing]
    folders = {_folder(link) for link, is_likely in zip(links, likely, strict=True) if is_likely}
    return [
        entry
        for entry, link, is_likely, listing in zip(entries, links, likely, listings, strict=True)
        if is_likely or (not listing and _folder(link) in folders and _has_slug(link))
    ]


def _sections(links: Sequence[str]) -> set[str]:
    """The addresses, without a slash at the end, under which several others stand; never the site's home."""
    known = {link.rstrip("/") for link in links}
    under: Counter[str] = Counter()
    for link in links:
        folder = link.rstrip("/")
        for _ in range(_DEEPEST):
            folder = folder.rpartition("/")[0]
            if folder.count("/") < 3:
                break
            if folder in known:
                under[folder] += 1
    # Pages of one story may stand under it.
    return {
        folder
        for folder, children in under.items()
        if children >= _CHILDREN and not looks_like_article(folder)
    }


def _folder(link: str) -> str:
    """The folder that a page stands in, below the site's own; empty for what stands in none."""
    folder = link.partition("?")[0].rstrip("/").rpartition("/")[0]
    return folder if folder.count("/") > 2 else ""


def _has_slug(link: str) -> bool:
    return bool(_folder(link)) and len(_WORD.findall(link.rstrip("/").rpartition("/")[2])) >= _SLUG_WORDS
