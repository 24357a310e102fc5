"""kill -9 in the middle of checks: no version lost, doubled or misnumbered."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby, pairwise

import psycopg
import pytest

from newsdiffs.newsroom import EDITS, EditKind, Newsroom
from tests.running.installation import PROJECT, Installation, wait_until

KILLS = 10
WATCHED = ("gale-live", "pier-toll", "trawler-fire", "night-ferry", "council-budget", "library-hours")
NO_TEXT = {EditKind.REMOVED, EditKind.GONE, EditKind.RESTORED}


def query(installation: Installation, sql: str) -> list[tuple]:
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


@pytest.fixture
def installation(installation: Installation, room: Newsroom) -> Installation:
    """It watches a few stories as fast as it can, and gives up on a dead worker after two seconds."""
    installation.environment |= {"LEASE_SECONDS": "2", "LOG_LEVEL": "WARNING"}
    assert installation.manage("setup").returncode == 0
    made = installation.manage("add_source", room.feed_url, "--slug", "gazette")
    assert made.returncode == 0, made.stderr
    only = "|".join(WATCHED)
    done = installation.manage(
        "shell",
        "-c",
        f"from articles.models import Source; Source.objects.update(only_addresses='{only}', "
        "floor_seconds=1, ceiling_seconds=1, feed_seconds=3, confirm_text_seconds=1)",
    )
    assert done.returncode == 0, done.stderr
    return installation


def leases_ran_out(installation: Installation) -> bool:
    held = query(installation, "SELECT lease_until FROM articles_host WHERE lease_until IS NOT NULL")
    return all(_utc(until) < datetime.now(UTC) for (until,) in held)


def _utc(stored: str | datetime) -> datetime:
    """A time as the database has it: SQLite keeps text."""
    return stored if isinstance(stored, datetime) else datetime.fromisoformat(stored).replace(tzinfo=UTC)


class Worker:
    """A real worker, in a session of its own."""

    def __init__(self, installation: Installation) -> None:
        self._log = installation.log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=PROJECT,
            env=installation.environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9 of all its processes at once."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()


def test_ten_kills_lose_double_and_misnumber_nothing(installation: Installation, room: Newsroom) -> None:
    chance = random.Random(7)
    edits = [edit for edit in EDITS if edit.slug in WATCHED and edit.kind not in NO_TEXT]
    told = dict.fromkeys(WATCHED, 1)

    def all_told() -> bool:
        rows = query(installation, "SELECT address, version_count FROM articles_article")
        return {address.rsplit("/", 1)[1]: count for address, count in rows} == told

    worker = Worker(installation)
    try:
        wait_until(all_told, installation.output)
        for edit in edits[:KILLS]:
            asked, more = len(room.requests), chance.randrange(1, 8)
            room.apply(edit.slug)
            told[edit.slug] += 1
            # Strike while it works: some requests after the edit, before or after that was seen.
            wait_until(lambda: len(room.requests) >= asked + more, installation.output)  # noqa: B023
            worker.kill()
            wait_until(lambda: leases_ran_out(installation))
            worker = Worker(installation)  # looks for work at once, not at the full minute
            wait_until(all_told, installation.output)
    finally:
        worker.kill()

    versions = query(installation, "SELECT article_id, number, text_hash FROM articles_version ORDER BY 1, 2")
    for _, history in groupby(versions, key=lambda row: row[0]):
        rows = list(history)
        assert [number for _, number, _ in rows] == list(range(1, len(rows) + 1))
        assert all(one[2] != two[2] for one, two in pairwise(rows))
    for slug in WATCHED:
        assert headlines(installation, room.story_url(slug))[-1] == (told[slug], room.state(slug).headline)
