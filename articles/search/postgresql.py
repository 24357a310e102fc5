"""The index in PostgreSQL: one row a version with two tsvectors without positions, each under a GIN index."""

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

    The planner knows how common words are, but not what it costs to unpack a tsvector: left alone it walks
    down from the newest for words that are too rare for that (180 ms instead of 6 among 50,000 versions).
    """
    older, place = ("AND version_id < %s", [before]) if before is not None else ("", [])
    entries = f"SELECT version_id FROM articles_search WHERE {condition(name)} {older}"  # noqa: S608
    cursor.execute(f"EXPLAIN (FORMAT JSON) {entries}", [query, *place])
    if "Bitmap" in str(cursor.fetchone()[0]):
        entries = f"WITH found AS MATERIALIZED ({entries}) SELECT version_id FROM found"  # noqa: S608
    cursor.execute(
        f"SELECT version.id, version.article_id FROM ({entries}) entry"  # noqa: S608
        " JOIN articles_version version ON version.id = entry.version_id"
        f" WHERE {shown(name)} ORDER BY entry.version_id DESC LIMIT {most}",
        [query, *place],
    )


def insert(cursor: Any, version: int, text: list[str], changes: list[str]) -> None:
    cursor.execute(
        "INSERT INTO articles_search (version_id, text, changes)"
        " VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))",
        [version, text, changes],
    )


def delete(cursor: Any, version: int, text: list[str], changes: list[str]) -> None:
    """Take a version out."""
    cursor.execute("DELETE FROM articles_search WHERE version_id = %s", [version])


def clear(cursor: Any) -> None:
    cursor.execute("TRUNCATE articles_search")


def scrub(cursor: Any, pages: int, first: bool) -> bool:
    """Nothing to do: VACUUM clears what was deleted, and autovacuum comes by itself."""
    return True
