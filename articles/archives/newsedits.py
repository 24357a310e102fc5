"""NewsEdits: the raw versions of one outlet, a SQLite file, packed with gzip or not.

The table is that of diffengine with a number a version; the files that begin with "newssniffer-" hold pages
of the News Sniffer site, whose own words around each text are taken off. The time zone is not documented:
diffengine, which most of the files come from, writes UTC.
"""

import re
from collections.abc import Iterator
from datetime import UTC, tzinfo
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from articles.archives.databases import Database, database, text, whole_number
from articles.archives.markup import line_of_html, paragraphs_of_html
from articles.archives.records import ArchivedArticle, History, Record, records_of, version_of
from articles.archives.times import aware

TABLES = {"entryversion": ["id", "entry_id", "version", "created", "title", "url", "summary", "archive_url"]}

_SCRAPED = "newssniffer-"
_LINK_BACK = re.compile(r"\s*<p>\s*<a href", re.IGNORECASE)
_WHICH_VERSION = re.compile(r"\s*Version \d+ of \d+\.?\s*")
_MONITORING = re.compile(r"\s*Currently monitoring [\d,]+ news articles\b.*", re.DOTALL)
_ESCAPED_TAG = re.compile(r"&lt;/?[A-Za-z][^<>&]*&gt;")

_ORDER = "SELECT entry_id, rowid FROM entryversion ORDER BY entry_id, version, rowid"
_ROW = "SELECT id, version, created, title, url, summary, {copy} FROM entryversion WHERE rowid = ?"


def read(path: Path, zone: tzinfo = UTC) -> Iterator[Record]:
    """The articles of one file, by entry; its times are of *zone*.

    :raises ArchiveError: the file can't be read.
    """
    scraped = path.name.startswith(_SCRAPED)
    with database(path, TABLES) as archive:
        copy = archive.expression("entryversion", "archive_url")
        # Only ids are sorted: the texts of an outlet are gigabytes.
        for entry, rows in groupby(archive.rows(_ORDER), key=itemgetter(0)):
            yield from _article(archive, _ROW.format(copy=copy), str(entry), rows, zone, scraped)


def _article(
    archive: Database,
    query: str,
    entry: str,
    rows: Iterator[tuple[object, ...]],
    zone: tzinfo,
    scraped: bool,
) -> Iterator[Record]:
    history = History()
    address = ""
    for _, row in rows:
        for version_id, number, created, title, url, summary, copy in archive.rows(query, row):
            address = text(url) or address
            paragraphs = paragraphs_of_html(text(summary)) if not scraped else _scraped(text(summary))
            found = version_of(
                f"entryversion {version_id}",
                str(version_id),
                aware(created, zone),
                line_of_html(text(title)),
                paragraphs,
                permalink=whole_number(number),
                copy=text(copy),
            )
            history.add(found)
    yield from records_of(ArchivedArticle(entry, address, history.in_order()), history)


def _scraped(summary: str) -> list[str]:
    """The paragraphs of a page of News Sniffer, without what that site itself says around a text."""
    lines = summary.strip().split("\n")
    if _LINK_BACK.match(lines[0]):
        del lines[0]
    paragraphs = [part for line in lines for part in paragraphs_of_html(_ESCAPED_TAG.sub("", line))]
    paragraphs = [part for part in paragraphs if part.strip()]
    if paragraphs and _WHICH_VERSION.fullmatch(paragraphs[0]):
        del paragraphs[0]
    if paragraphs and _MONITORING.fullmatch(paragraphs[-1]):
        del paragraphs[-1]
    return paragraphs
