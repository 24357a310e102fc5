"""An installation that watches a few stories of the newsroom, and looks into its database past our code."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from itertools import groupby, pairwise
from typing import Any

import psycopg

from demo import EditKind, Newsroom
from tests.running.installation import PROJECT, Installation

WATCHED = ("gale-live", "pier-toll", "trawler-fire", "night-ferry", "council-budget", "library-hours")
NO_TEXT = {EditKind.REMOVED, EditKind.GONE, EditKind.RESTORED}


def query(installation: Installation, sql: str) -> list[tuple[Any, ...]]:
    """Rows straight from the database, past all our code."""
    if address := installation.environment.get("DATABASE_URL"):
        with psycopg.connect(address) as connection:
            return connection.execute(sql).fetchall()
    with closing(sqlite3.connect(installation.data / "newsdiffs.sqlite3", timeout=20)) as connection:
        return connection.execute(sql).fetchall()


def headlines(installation: Installation, address: str) -> list[tuple[int, str]]:
    return query(
        installation,
        "SELECT v.number, v.headline FROM articles_version v JOIN articles_article a ON a.id = v.article_id "
        f"WHERE a.address = '{address}' ORDER BY v.number",
    )


def watch(installation: Installation, room: Newsroom, only: tuple[str, ...] = WATCHED) -> None:
    """Have one that is set up watch *only* these stories as fast as it can, giving up on a dead worker after
    2 s."""
    installation.environment |= {"LEASE_SECONDS": "2", "LOG_LEVEL": "WARNING"}
    made = installation.manage("add_source", room.feed_url, "--slug", "gazette")
    assert made.returncode == 0, made.stderr
    shell(
        installation,
        f"Source.objects.update(only_addresses='{'|'.join(only)}', "
        "floor_seconds=1, ceiling_seconds=1, feed_seconds=3, confirm_text_seconds=1)",
    )


def shell(installation: Installation, code: str) -> str:
    """What the code prints, run with all models at hand."""
    done = installation.manage("shell", "-v", "0", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def told(installation: Installation) -> dict[str, int]:
    """How many versions each story has."""
    rows = query(installation, "SELECT address, version_count FROM articles_article")
    return {address.rsplit("/", 1)[1]: count for address, count in rows}


def leases_ran_out(installation: Installation) -> bool:
    held = query(installation, "SELECT lease_until FROM articles_host WHERE lease_until IS NOT NULL")
    return all(_utc(until) < datetime.now(UTC) for (until,) in held)


def _utc(stored: str | datetime) -> datetime:
    """A time as the database has it: SQLite keeps text."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


class Worker:
    """A real worker, in a session of its own."""

    def __init__(
        self,
        installation: Installation,
        command: Sequence[str] = (sys.executable, "manage.py", "worker"),
    ) -> None:
        self._log = installation.log.open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={"DJANGO_SETTINGS_MODULE": "newsdiffs.settings", **installation.environment},
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def wait(self) -> int:
        """Wait until it has ended by itself; the code that it ended with."""
        return self._process.wait()

    def stop(self) -> None:
        """Halt all its processes where they are, as a machine that is put to sleep does."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """kill -9 of all its processes at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()


def check_record(installation: Installation, room: Newsroom) -> None:
    """Fail unless numbers have no gaps, no text stands twice in a row, the last is what the site shows."""
    versions = query(installation, "SELECT article_id, number, text_hash FROM articles_version ORDER BY 1, 2")
    assert versions
    for _, history in groupby(versions, key=lambda row: row[0]):
        rows = list(history)
        assert [number for _, number, _ in rows] == list(range(1, len(rows) + 1))
        assert all(one[2] != two[2] for one, two in pairwise(rows))
    for slug, count in told(installation).items():
        assert headlines(installation, room.story_url(slug))[-1] == (count, room.state(slug).headline)
