"""What tests use besides Python: PostgreSQL and Redis where they run, Chromium, and the W3C's HTML checker.

``TEST_POSTGRES``, ``TEST_REDIS``, ``TEST_CHROMIUM`` and ``TEST_VNU`` name other ones. Without one its tests
are skipped; in CI that is a failure.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

PROJECT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS", "redis://127.0.0.1:6379/0")
CHROMIUM = os.environ.get("TEST_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def missing(what: str, why: str = "") -> None:
    """Skip the test for want of *what*, which says how to get it; in CI, fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"without {what}, which CI must have: {why}")
    pytest.skip(f"without {what}")


@contextmanager
def postgres_database(template: str = "") -> Iterator[str]:
    """The address of a new database, dropped afterwards: empty, or a copy of *template*, in use by nobody."""
    name = create_database(template)
    try:
        yield address_of(name)
    finally:
        drop_database(name)


def create_database(template: str = "") -> str:
    """The name of a new database, empty or a copy of *template*."""
    name = f"newsdiffs_{uuid.uuid4().hex[:12]}"
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as problem:
        missing(f"PostgreSQL at {POSTGRES} (apt-get install postgresql, or set TEST_POSTGRES)", str(problem))
    with server:
        server.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    return name


def drop_database(name: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def address_of(name: str) -> str:
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))


@contextmanager
def redis_queue() -> Iterator[dict[str, str]]:
    """The settings of a queue of its own on Redis, emptied afterwards."""
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=5)
    try:
        client.ping()
    except redis.RedisError as problem:
        missing(f"Redis at {REDIS} (apt-get install redis-server, or set TEST_REDIS)", str(problem))
    name = f"newsdiffs-test-{uuid.uuid4().hex[:12]}"
    try:
        yield {"REDIS_URL": REDIS, "QUEUE_NAME": name}
    finally:
        for key in client.scan_iter(f"*{name}*"):
            client.delete(key)
        client.close()


def chromium() -> str:
    """The path of the browser."""
    if not Path(CHROMIUM).exists():
        missing(f"Chromium at {CHROMIUM} (apt-get install chromium, or set TEST_CHROMIUM)")
    return CHROMIUM


def html_checker() -> str:
    """The path of vnu.jar, which ``./run test`` gets from npm; needs Java."""
    path = os.environ.get("TEST_VNU", str(PROJECT / ".venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar"))
    if not Path(path).exists() or not shutil.which("java"):
        missing(
            "the HTML checker (apt-get install npm default-jre-headless, then ./run test; or set TEST_VNU)"
        )
    return path
