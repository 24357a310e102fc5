"""SQL archives, opened so that a file of a stranger can do nothing but be read.

A SQLite file is opened as it is, read-only. A dump of MySQL is first written into a temporary SQLite file,
the tables that are asked for alone: dumps come table by table, and an article is needed with its versions.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from articles.archives.bounds import UNREADABLE, ArchiveError, opened, unpacked_file
from articles.archives.mysql_dump import BIGGEST_NUMBER, rows_of

LONGEST_VALUE = 16 << 20
"""Bytes of one value of a row."""

MOST_STEPS = 20_000_000_000
"""Instructions of SQLite's machine that one reading may take (some 10 minutes without a row): sorting the
ids of ten million rows takes a tenth of it."""

_SQLITE = b"SQLite format 3\0"
_STEPS_AT_ONCE = 10_000_000
_BATCH = 1_000

Tables = Mapping[str, Sequence[str]]
"""The columns that are read, by the name of their table; the first one is its key, a whole number."""


@contextmanager
def database(path: Path, tables: Tables) -> Iterator["Database"]:
    """The *tables* of a SQLite file or of a dump of MySQL, either of them packed with gzip or not.

    :raises ArchiveError: it is neither, or a table is missing.
    """
    try:
        with opened(path) as stream:
            is_sqlite = (stream.read(len(_SQLITE)) or b"") == _SQLITE
    except UNREADABLE as problem:
        raise ArchiveError(f"{path} can't be read: {problem}") from problem
    if is_sqlite:
        with unpacked_file(path) as plain, _read_only(plain) as connection:
            yield Database(connection, tables, path)
    else:
        with tempfile.TemporaryDirectory(prefix="newsdiffs-archive-") as folder:
            spool = Path(folder, "spool")
            _spool(path, tables, spool)
            with _read_only(spool) as connection:
                yield Database(connection, tables, path)


class Database:
    """An open archive: the tables asked for, and those of their columns that are there."""

    def __init__(self, connection: sqlite3.Connection, tables: Tables, path: Path) -> None:
        self._connection = connection
        self._steps = 0
        self.columns: dict[str, frozenset[str]] = {}
        connection.set_progress_handler(self._count, _STEPS_AT_ONCE)
        try:
            for table in tables:
                self.columns[table] = self._columns_of(table)
        except sqlite3.Error as problem:
            raise ArchiveError(f"{path} can't be read: {problem}") from problem
        missing = [table for table, columns in self.columns.items() if not columns]
        if missing:
            raise ArchiveError(f"{path} has no table {', '.join(missing)}")

    def _columns_of(self, table: str) -> frozenset[str]:
        """The stored columns of *table*, none if it is no plain table: a view could compute for ever."""
        kinds = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE"
            " AND sql NOT LIKE 'CREATE VIRTUAL%'",
            [table],
        )
        found = kinds.fetchone()
        if found is None:
            return frozenset()
        rows = self._connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", [found[0]])
        return frozenset(name.lower() for name, hidden in rows if not hidden)

    def expression(self, table: str, column: str, otherwise: str = "NULL") -> str:
        """SQL that gives *column* of *table*, or *otherwise* where this archive has none."""
        return f'"{table}"."{column}"' if column in self.columns[table] else otherwise

    def rows(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        """The rows of *query*.

        :raises ArchiveError: the file is damaged, or the query takes far too long.
        """
        try:
            with closing(self._connection.execute(query, values)) as cursor:
                while rows := cursor.fetchmany(_BATCH):
                    self._steps = 0
                    yield from rows
        except (sqlite3.Error, OverflowError) as problem:
            raise ArchiveError(f"the database can't be read: {problem}") from problem

    def _count(self) -> bool:
        self._steps += _STEPS_AT_ONCE
        return self._steps > MOST_STEPS


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.text_factory = _text
        for setting in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {setting}")
        yield connection


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _spool(path: Path, tables: Tables, spool: Path) -> None:
    """Write the *tables* of the dump *path* into the new SQLite file *spool*."""
    with closing(sqlite3.connect(spool, isolation_level=None)) as connection:
        for setting in ("journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        seen: set[str] = set()
        inserts = {}
        for table, (key, *others) in tables.items():
            named = ", ".join(f'"{name}"' for name in others)
            connection.execute(f'CREATE TABLE "{table}" ("{key}" INTEGER PRIMARY KEY, {named})')
            places = ", ".join("?" * (len(others) + 1))
            inserts[table] = f'INSERT OR IGNORE INTO "{table}" VALUES ({places})'  # noqa: S608
        connection.execute("BEGIN")
        try:
            with opened(path) as stream:
                for table, (written, *values) in rows_of(stream, tables):
                    seen.add(table)
                    if (key_value := whole_number(written)) is not None:
                        connection.execute(inserts[table], [key_value, *values])
        except UNREADABLE as problem:
            raise ArchiveError(f"{path} is no dump that can be read: {problem}") from problem
        except sqlite3.Error as problem:
            raise ArchiveError(f"{path} can't be unpacked: {problem}") from problem
        connection.execute("COMMIT")
        if not seen:
            raise ArchiveError(f"{path} is neither a SQLite file nor a dump with {', '.join(tables)}")


def whole_number(value: object) -> int | None:
    """A number that a database or a dump gave as a number or in digits; None for what is none, and for one
    that is larger than databases have them."""
    try:
        number = int(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and -BIGGEST_NUMBER <= number < BIGGEST_NUMBER else None


def text(value: object) -> str:
    """A value as text; '' for none and for what is no text."""
    return value if isinstance(value, str) else ""
