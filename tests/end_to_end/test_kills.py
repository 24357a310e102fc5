"""kill -9 in the middle of checks: no version lost, doubled or misnumbered."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from demo import EDITS, Newsroom
from tests.end_to_end.watched import NO_TEXT, WATCHED, Worker, check_record, leases_ran_out, told, watch
from tests.running.installation import PROJECT, Installation, wait_until

KILLS = 10
STOPS = 3
SOAK_KILLS = os.environ.get("SOAK_KILLS", "40")


@pytest.fixture
def installation(installation: Installation, room: Newsroom) -> Installation:
    watch(installation, room)
    return installation


def test_ten_kills_lose_double_and_misnumber_nothing(installation: Installation, room: Newsroom) -> None:
    chance = random.Random(7)
    edits = [edit for edit in EDITS if edit.slug in WATCHED and edit.kind not in NO_TEXT]
    expected = dict.fromkeys(WATCHED, 1)

    def all_told() -> bool:
        return told(installation) == expected

    worker = Worker(installation)
    try:
        wait_until(all_told, installation.output)
        for edit in edits[:KILLS]:
            asked, more = len(room.requests), chance.randrange(1, 8)
            room.apply(edit.slug)
            expected[edit.slug] += 1
            # Strike while it works: some requests after the edit, before or after that was seen.
            wait_until(lambda: len(room.requests) >= asked + more, installation.output)  # noqa: B023
            worker.kill()
            wait_until(lambda: leases_ran_out(installation))
            worker = Worker(installation)  # looks for work at once, not at the full minute
            wait_until(all_told, installation.output)
    finally:
        worker.kill()

    check_record(installation, room)


@contextmanager
def working(installation: Installation) -> Iterator[Worker]:
    worker = Worker(installation)
    try:
        yield worker
    finally:
        worker.kill()


def test_a_worker_that_sleeps_longer_than_its_leases_spoils_nothing(
    installation: Installation, room: Newsroom
) -> None:
    """What it held, another has done meanwhile; it wakes in the middle of a check and wants to store that."""
    chance = random.Random(11)
    edits = [edit for edit in EDITS if edit.slug in WATCHED and edit.kind not in NO_TEXT]
    expected = dict.fromkeys(WATCHED, 1)

    def all_told() -> bool:
        return told(installation) == expected

    with working(installation) as sleeper:
        wait_until(all_told, installation.output)
        for edit in edits[:STOPS]:
            asked, more = len(room.requests), chance.randrange(1, 8)
            room.apply(edit.slug)
            expected[edit.slug] += 1
            wait_until(lambda: len(room.requests) >= asked + more, installation.output)  # noqa: B023
            sleeper.stop()
            # Where it sleeps with SQLite's one lock, the other waits for it too: so not until all is told.
            with working(installation):
                wait_until(lambda: leases_ran_out(installation))
                sleeper.go_on()
                wait_until(all_told, installation.output)

    check_record(installation, room)


def test_kills_at_every_step_of_a_check_lose_double_and_misnumber_nothing(backing: dict[str, str]) -> None:
    """The soak in short; SOAK_KILLS=1000 makes it long."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "benchmarks/soak.py", "--kills", SOAK_KILLS],
        cwd=PROJECT,
        env={**environment, "DATABASE_URL": "", **backing},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["wrong"] == []
    assert figures["kills"] >= int(SOAK_KILLS)
    assert figures["versions"] > 32
