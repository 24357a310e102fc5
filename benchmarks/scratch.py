"""An installation that is thrown away afterwards, for benchmarks: a database of its own, no host delay."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def installation(server: str | None, **settings: str) -> Iterator[None]:
    """Django with an empty database: a SQLite file, or one made on the PostgreSQL *server* (its address).

    Once a process, as Django is set up but once. Making the tables takes longer than to measure a few rows:
    TABLES_FROM names a database that has them, to be copied (a SQLite file, or one on the server).
    """
    tables = os.environ.get("TABLES_FROM", "")
    with (
        tempfile.TemporaryDirectory(prefix="newsdiffs-benchmark-") as folder,
        database(server, folder, tables) as url,
    ):
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsdiffs.settings",
            "DATA_DIR": folder,
            "DATABASE_URL": url,
            "LOG_LEVEL": "ERROR",
            "FETCH_HOST_DELAY": "0",
            "REDIS_URL": "",
            **settings,
        }
        os.mkdir(os.path.join(folder, "static"))
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        if not tables:
            call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()


@contextmanager
def database(server: str | None, folder: str, template: str = "") -> Iterator[str]:
    """The address of a new database: empty, or a copy of *template*."""
    if server is None:
        if template:
            shutil.copy(template, f"{folder}/newsdiffs.sqlite3")
        yield f"sqlite:///{folder}/newsdiffs.sqlite3"
        return
    import psycopg

    name = f"newsdiffs_benchmark_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute((f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else "")).encode())
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
