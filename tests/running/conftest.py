"""Installations to drive: new ones, and ones that were set up before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.running.installation import Installation
from tests.running.set_up import OnPostgreSQL


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A new one: nothing was made yet."""
    made = Installation(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ready(set_up_folder: Path) -> Iterator[Installation]:
    """One that `manage.py setup` made ready."""
    made = Installation(set_up_folder)
    yield made
    made.close()


@pytest.fixture
def postgresql_address(set_up_on_postgresql: OnPostgreSQL) -> Iterator[str]:
    """Of a PostgreSQL database that `manage.py setup` made ready."""
    with services.postgres_database(set_up_on_postgresql.database) as address:
        yield address
