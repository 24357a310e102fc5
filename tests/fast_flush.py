"""What a test with `transaction=True` leaves behind is deleted without making everything anew.

Django empties every table and then makes all content types and permissions again, which takes longer than
most tests.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

from articles.search import index

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
"""Tables that are filled when the database is made, and that no test writes to."""


def install() -> None:
    """Have Django's `TransactionTestCase`, which pytest-django builds on, delete rows the quick way."""
    TransactionTestCase._fixture_teardown = lambda _case: delete_rows()  # type: ignore[attr-defined]


def delete_rows() -> None:
    """Delete the rows of all tables that have some, but those kept, and what the search index has."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    names = [connection.ops.quote_name(table) for table in sorted(tables - KEPT)]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    # In one transaction the order does not matter: foreign keys are looked at when it ends.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(filled)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")
        cursor.execute("SELECT EXISTS (SELECT 1 FROM articles_search)")
        if cursor.fetchone()[0]:  # no model's table
            index.clear()
