"""diffengine: its SQLite file.

Schema of DocNow/diffengine; columns came with the years, so the file is asked which
it has. Times are UTC. diffengine looks for the version before a new one by its canonical address, not by the
feed's entry: so an article is what has one address here.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from articles.archives.databases import Database, database, text
from articles.archives.markup import line_of_html, paragraphs_of_html
from articles.archives.records import ArchivedArticle, Broken, History, Left, Record, records_of, version_of
from articles.archives.times import aware

TABLES = {
    "entry": ["id", "url", "checked"],
    "entryversion": ["id", "title", "url", "summary", "created", "archive_url", "entry_id"],
}

_ORDER = """
    SELECT version.url, version.id, CASE WHEN version.id = newest.id THEN entry.checked END
    FROM entryversion AS version
    LEFT JOIN entry ON entry.id = version.entry_id
    LEFT JOIN (SELECT entry_id, max(id) AS id FROM entryversion GROUP BY entry_id) AS newest
        ON newest.entry_id = version.entry_id
    ORDER BY version.url, version.created, version.id
"""
_ROW = "SELECT title, summary, created, {copy} FROM entryversion WHERE id = ?"
_ORPHANS = """
    SELECT id, entry_id FROM entryversion
    WHERE entry_id IS NULL OR entry_id NOT IN (SELECT id FROM entry) ORDER BY id
"""


def read(path: Path) -> Iterator[Record]:
    """The articles of a database of diffengine, by address.

    An entry's last check is a sighting of its newest version: the check that finds another text stores it.

    :raises ArchiveError: the file can't be read.
    """
    with database(path, TABLES) as archive:
        row = _ROW.format(copy=archive.expression("entryversion", "archive_url"))
        # Only ids and addresses are sorted: the texts of an archive may be gigabytes.
        for url, rows in groupby(archive.rows(_ORDER), key=itemgetter(0)):
            yield from _article(archive, row, text(url), rows)
        yield from _orphans(archive)


def _article(archive: Database, query: str, url: str, rows: Iterator[tuple[object, ...]]) -> Iterator[Record]:
    history = History()
    for _, version_id, checked in rows:
        for title, summary, created, copy in archive.rows(query, version_id):
            found = version_of(
                f"entryversion {version_id}",
                str(version_id),
                aware(created),
                line_of_html(text(title)),
                paragraphs_of_html(text(summary)),
                copy=text(copy),
                last_seen=aware(checked),
            )
            history.add(found)
    yield from records_of(ArchivedArticle(url, url, history.in_order()), history)


def _orphans(archive: Database) -> Iterator[Record]:
    """Versions of an entry that is gone are imported all the same, without a sighting: that is told."""
    for version_id, entry_id in archive.rows(_ORPHANS):
        yield Broken(f"entryversion {version_id}", Left.NO_SIGHTING, f"entry {entry_id}")
