"""The index in PostgreSQL: one row a version with two tsvectors without positions, each under a GIN index.

A GIN index gives all that meet a condition, in no order: of a common word millions, of which a page shows the
newest 20. So each entry also holds the numbers of the blocks of ids that it is in, as tokens, and the newest
blocks are asked for first: GIN skips through the long list of a common word by the short one of a block.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from articles.search.expression import All, Either, Expression, Token, Without


def table(name: str) -> str:
    return "articles_search"


def condition(name: str) -> str:
    """The condition, with one parameter, that an entry has the tokens asked for."""
    return f"articles_search.{name} @@ %s::tsquery"


def key(name: str) -> str:
    """The version's id in the table."""
    return "articles_search.version_id"


def shown(name: str) -> str:
    """The condition on the version that readers may see it; of a change, both its sides."""
    return "NOT version.hidden" + (" AND version.follows_hidden IS NULL" if name == "changes" else "")


def written(expression: Expression) -> str:
    """A tsquery. No token holds a quote or a backslash."""
    match expression:
        case Token(text, prefix):
            return f"'{text}'{':*' if prefix else ''}"
        case All(parts):
            return f"({' & '.join(map(written, parts))})"
        case Either(parts):
            return f"({' | '.join(map(written, parts))})"
        case Without(wanted, unwanted):
            return f"({written(wanted)} & !{written(unwanted)})"


def newest(cursor: Any, name: str, query: str, before: int | None, most: int) -> None:
    """Ask for version's and article's ids of the newest entries that meet *query*, older than *before*.

    What is asked for is one list after the other, each of older and more blocks than the one before. Those
    after the one with which there are enough are never begun: PostgreSQL reads them when they are needed.
    """
    if before is None:
        cursor.execute("SELECT coalesce(max(version_id), 0) + 1 FROM articles_search")
        ((before,),) = cursor.fetchall()
    lists, parameters = [], []
    for first, end, blocks_there in _windows(before):
        lists.append(
            f"SELECT version_id FROM articles_search WHERE {condition(name)}"  # noqa: S608
            " AND version_id >= %s AND version_id < %s ORDER BY version_id DESC"
        )
        asked = f"{query} & ({' | '.join(map(_quoted, blocks_there))})" if blocks_there else query
        parameters += [asked, first, end]
    # Materialised, as they must not be planned as if few rows of each would do. OFFSET 0 keeps their order:
    # the version of each is looked up in its turn.
    named = ", ".join(f"list_{number} AS MATERIALIZED ({sql})" for number, sql in enumerate(lists))
    every = " UNION ALL ".join(f"SELECT version_id FROM list_{number}" for number in range(len(lists)))  # noqa: S608
    version = (
        "SELECT version.id, version.article_id FROM articles_version version"  # noqa: S608
        f" WHERE version.id = entry.version_id AND {shown(name)} OFFSET 0"
    )
    cursor.execute(
        f"WITH {named} SELECT version.* FROM ({every}) entry"  # noqa: S608
        f" CROSS JOIN LATERAL ({version}) version LIMIT {most}",
        parameters,
    )


def _windows(end: int) -> Iterator[tuple[int, int, list[str]]]:
    """Stretches of ids before *end*, the newest first: the first id, the one after the last, and the blocks.

    The last has no blocks: it is all that is older.
    """
    for size, number in _STRETCHES:
        first = max((end // size - number) * size, 0)
        if end > first:
            yield first, end, [f"{_MARKS[size]}{block}" for block in range(first // size, -(-end // size))]
        end = first
    yield 0, end, []


def blocks(version: int) -> list[str]:
    """The tokens of the blocks that a version's entry is in."""
    return [f"{mark}{version // size}" for size, mark in _MARKS.items()]


_SMALL, _LARGE = 1 << 12, 1 << 16
_MARKS = {_SMALL: "#s", _LARGE: "#l"}
"""By the number of ids in a block: how its token begins, as no word does."""

_STRETCHES = ((_SMALL, 8), (_LARGE, 1), (_LARGE, 4), (_LARGE, 16))
"""How many blocks of which size are asked for at once, from the newest on."""


def _quoted(token: str) -> str:
    return f"'{token}'"


def insert(cursor: Any, version: int, text: list[str], changes: list[str]) -> None:
    insert_many(cursor, [(version, text, changes)])


def insert_many(cursor: Any, entries: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Put in entries of versions that have none: id, text, changes of each."""
    cursor.executemany(
        "INSERT INTO articles_search (version_id, text, changes)"
        " VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))",
        [
            (pk, [*text, *blocks(pk)], [*changes, *blocks(pk)] if changes else [])
            for pk, text, changes in entries
        ],
    )


def delete(cursor: Any, version: int, text: list[str], changes: list[str]) -> None:
    """Take a version out."""
    cursor.execute("DELETE FROM articles_search WHERE version_id = %s", [version])


def clear(cursor: Any) -> None:
    cursor.execute("TRUNCATE articles_search")


def scrub(cursor: Any, pages: int, first: bool) -> bool:
    """Nothing to do: VACUUM clears what was deleted, and autovacuum comes by itself."""
    return True
