"""The whole installation as its users have it: real processes, a real browser, the newsroom on loopback."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from demo import Newsroom
from tests import services
from tests.chromium import chromium
from tests.running import set_up
from tests.running.installation import Installation


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.redis])])
def backing(request, tmp_path: Path, set_up_once: Path) -> Iterator[dict[str, str]]:
    """The settings of each kind of installation that is set up in *tmp_path*: SQLite alone, or PostgreSQL and
    Redis."""
    if request.param == "sqlite":
        set_up.copy_data(set_up_once, tmp_path)
        yield {}
        return
    made: set_up.OnPostgreSQL = request.getfixturevalue("set_up_on_postgresql")
    set_up.copy_data(made.data, tmp_path)
    with ExitStack() as stack:
        yield {
            "DATABASE_URL": stack.enter_context(services.postgres_database(made.database)),
            **stack.enter_context(services.redis_queue()),
        }


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


@pytest.fixture
def installation(tmp_path: Path, room: Newsroom, backing: dict[str, str]) -> Iterator[Installation]:
    """An installation that is set up, and may fetch from the newsroom without delay."""
    endpoint = room.url.removeprefix("http://").rstrip("/")
    made = Installation(tmp_path, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01", **backing)
    yield made
    made.close()


@pytest.fixture
def browser_page() -> Iterator[Page]:
    """A page of a real Chromium; the test fails when the browser's console saw an error."""
    errors: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert errors == []
