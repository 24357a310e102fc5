"""What keeps an installation from starting, and what does not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from newsdiffs.runner import startup

pytestmark = pytest.mark.django_db


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that `startup` finds as its database, without patience for others who write."""
    file = tmp_path / "newsdiffs.sqlite3"
    options = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": str(file)}
    wrapper = DatabaseWrapper({**options, "OPTIONS": {"timeout": 0}})
    monkeypatch.setattr(startup, "connection", wrapper)
    yield file
    wrapper.close()


def test_a_database_that_another_process_writes_to_may_be_written(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        startup.check_database()


def test_a_file_that_is_no_database_is_refused(database: Path) -> None:
    database.write_bytes(b"no database" * 100)
    with pytest.raises(startup.CannotStart, match="file is not a database"):
        startup.check_database()
