"""For ./run test: whether there is a PostgreSQL (a command), and which tests touch it (a pytest plugin)."""

import os
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests import services

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
OF_PROCESSES = "set_up_once"
"""The fixture of tests whose processes have an installation of their own, which is on SQLite in any lane."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would do the same on any database, and what drives a browser."""
    touching = [
        item
        for item in items
        if touches_database(item)
        and not item.get_closest_marker("browser")
        and OF_PROCESSES not in getattr(item, "fixturenames", ())
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(touching)])
    items[:] = touching


def touches_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("django_db") is not None or bool(
        DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def main() -> None:
    """Prints the address of a database that tests may make; exits with what is wrong when they may not."""
    try:
        with psycopg.connect(services.POSTGRES, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error as problem:
        sys.exit(str(problem).splitlines()[0])
    if not row or not row[0]:
        sys.exit("this user may not create databases")
    print(urlunsplit(urlsplit(services.POSTGRES)._replace(path=f"/newsdiffs_{os.getpid()}")))


if __name__ == "__main__":
    main()
