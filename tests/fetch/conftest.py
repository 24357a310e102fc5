"""A hostile server, a fetcher that may reach it, and an eye on every connection made."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from articles.fetch import Answer, Fetcher, FetchSettings
from tests.hostile import HostileServer

AGENT = "NewsDiffs/0.1 (+http://example.org/about/)"
FOR_EVER = 30  # seconds: far beyond any limit under test

Get = Callable[..., Answer]

_connections: list[Any] = []


def _note_connection(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        _connections.append(args[1])


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something that happens elsewhere has happened."""
    deadline = time.monotonic() + FOR_EVER
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


sys.addaudithook(_note_connection)


@pytest.fixture
def connections() -> list[Any]:
    """The address of every connection tried since the test began, whoever tried it."""
    _connections.clear()
    return _connections


@pytest.fixture(scope="session")
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture
def settings(server: HostileServer) -> FetchSettings:
    return FetchSettings(AGENT, frozenset({server.endpoint}))


@pytest.fixture
def get(settings: FetchSettings) -> Iterator[Get]:
    """Fetch with the usual limits; a fetch that does not end fails the test instead of hanging it."""
    pool = ThreadPoolExecutor()

    def fetch(url: str, **options: Any) -> Answer:
        return pool.submit(Fetcher(settings).get, url, **options).result(timeout=FOR_EVER)

    yield fetch
    pool.shutdown(wait=False)
