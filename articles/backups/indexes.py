"""Filling tables without their indexes, which are made last: each is sorted once, not entered row by row."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

_ON_SQLITE = """
    SELECT name, sql FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables}) ORDER BY name
"""

# Those of constraints stay: only with its constraint could one be dropped.
_ON_POSTGRESQL = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename IN ({tables}) AND NOT EXISTS (
        SELECT 1 FROM pg_constraint WHERE conindid = format('%%I.%%I', schemaname, indexname)::regclass
    ) ORDER BY indexname
"""


def drop_indexes(tables: Iterable[str]) -> list[str]:
    """Drop what indexes the *tables* have, and return the statements that make them again."""
    names = sorted(tables)
    select = _ON_SQLITE if connection.vendor == "sqlite" else _ON_POSTGRESQL
    with connection.cursor() as cursor:
        cursor.execute(select.format(tables=", ".join(["%s"] * len(names))), names)
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    return [statement for _, statement in indexes]


@contextmanager
def indexes_last(tables: Iterable[str]) -> Iterator[None]:
    """Fill the *tables* inside; what indexes they have is dropped before, and made again afterwards.

    Only for who undoes all of it when that fails, by a transaction or by throwing the database away.

    :raises IntegrityError: the rows are not as a unique index wants them.
    """
    indexes = drop_indexes(tables)
    yield
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What is still to be looked at of foreign keys would be in the way.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in indexes:
            cursor.execute(statement)
