"""The index in SQLite: two FTS5 tables that hold no text and no positions, only which version has a token."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from articles.search.expression import All, Condition, Either, Expression, Token, Without


def table(name: str) -> str:
    return f"articles_search_{name}"


def condition(name: str, expression: Expression) -> Condition:
    """The condition that an entry has the tokens asked for."""
    return Condition(f"{table(name)} MATCH %s", [_written(expression)])


def key(name: str) -> str:
    """The version's id in the table."""
    return f"{table(name)}.rowid"


def shown(name: str) -> str:
    """The condition on the version that readers may see it; of a change, both its sides."""
    return "NOT version.hidden" + (" AND version.follows_hidden IS NULL" if name == "changes" else "")


def _written(expression: Expression) -> str:
    """FTS5's query language."""
    match expression:
        case Token(text, prefix):
            return f'"{text}"{" *" if prefix else ""}'
        case All(parts):
            return f"({' AND '.join(map(_written, parts))})"
        case Either(parts):
            return f"({' OR '.join(map(_written, parts))})"
        case Without(wanted, unwanted):
            return f"({_written(wanted)} NOT {_written(unwanted)})"


def newest(cursor: Any, name: str, condition: Condition, before: int | None, most: int) -> None:
    """Ask for version's and article's ids of the newest entries that meet *condition*, before id *before*."""
    older, place = (f"AND {key(name)} < %s", [before]) if before is not None else ("", [])
    # A CROSS JOIN is taken in the order written: by the index, newest first, until there are enough.
    cursor.execute(
        f"SELECT version.id, version.article_id FROM {table(name)}"  # noqa: S608
        f" CROSS JOIN articles_version version WHERE version.id = {key(name)} AND {condition.sql}"
        f" AND {shown(name)} {older} ORDER BY {key(name)} DESC LIMIT {most}",
        [*condition.parameters, *place],
    )


def is_among_changes(condition: Condition) -> str:
    """SQL, with the parameters of *condition*, that a version is of a change that meets it."""
    name = "changes"
    return f"articles_version.id IN (SELECT {key(name)} FROM {table(name)} WHERE {condition.sql})"  # noqa: S608


def changes_around(
    cursor: Any, condition: Condition, place: datetime | None, most: int, *, newest: bool
) -> tuple[list[int], None] | None:
    """Ids of all changes that meet *condition*, and no moment where they end; None if over *most* do."""
    name = "changes"
    cursor.execute(
        f"SELECT {key(name)} FROM {table(name)} WHERE {condition.sql} LIMIT {most + 1}",  # noqa: S608
        condition.parameters,
    )
    ids = [pk for (pk,) in cursor.fetchall()]
    return (ids, None) if len(ids) <= most else None


def insert(cursor: Any, version: int, seen: datetime, text: Sequence[str], changes: Sequence[str]) -> None:
    Filling().write(cursor, rows_of([(version, seen, text, changes)]))


class Rows(NamedTuple):
    """Entries as they are written: the versions' ids, and with each the tokens of what it has of the two."""

    versions: list[tuple[int]]
    texts: list[tuple[int, str]]
    changes: list[tuple[int, str]]


def rows_of(entries: Iterable[tuple[int, datetime, Sequence[str], Sequence[str]]]) -> Rows:
    """The rows of entries: id of the version, when seen, text, changes of each. It asks no database."""
    rows = Rows([], [], [])
    for version, _, text, changes in entries:
        rows.versions.append((version,))
        if text:
            rows.texts.append((version, " ".join(text)))
        if changes:
            rows.changes.append((version, " ".join(changes)))
    return rows


class Filling:
    """Puts in many entries, one batch after the other."""

    def write(self, cursor: Any, rows: Rows) -> None:
        """Put in entries of versions that have none."""
        # First, as it fails when the version is there already.
        cursor.executemany("INSERT INTO articles_search (version_id) VALUES (%s)", rows.versions)
        for name, tokens in (("text", rows.texts), ("changes", rows.changes)):
            cursor.executemany(f"INSERT INTO {table(name)} (rowid, tokens) VALUES (%s, %s)", tokens)  # noqa: S608


def delete(cursor: Any, version: int, text: list[str], changes: list[str]) -> None:
    """Take a version out. FTS5 keeps no text here, so that it must be told the tokens again."""
    cursor.execute("DELETE FROM articles_search WHERE version_id = %s", [version])
    if not cursor.rowcount:
        return
    for name, tokens in (("text", text), ("changes", changes)):
        if tokens:
            cursor.execute(
                f"INSERT INTO {table(name)} ({table(name)}, rowid, tokens) VALUES ('delete', %s, %s)",  # noqa: S608
                [version, " ".join(tokens)],
            )


def clear(cursor: Any) -> None:
    cursor.execute("DELETE FROM articles_search")
    for name in ("text", "changes"):
        cursor.execute(f"INSERT INTO {table(name)} ({table(name)}) VALUES ('delete-all')")  # noqa: S608


def scrub(cursor: Any, pages: int, first: bool) -> bool:
    """Rewrite some of the tables' *pages*; whether all that was deleted is out of them.

    FTS5 notes that a token is gone, and keeps it until that part of the index is merged with another.
    """
    done = True
    for name in ("text", "changes"):
        before = _total_changes(cursor)
        # A negative number begins merging everything into one.
        cursor.execute(
            f"INSERT INTO {table(name)} ({table(name)}, rank) VALUES ('merge', %s)",  # noqa: S608
            [-pages if first else pages],
        )
        done = done and _total_changes(cursor) - before < 2
    return done


def _total_changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])
