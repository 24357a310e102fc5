"""The benchmarks still run; what they measure is nobody's promise."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.running.installation import PROJECT
from tests.running.set_up import OnPostgreSQL


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def server(
    request: pytest.FixtureRequest, set_up_once: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """The options that name the database server. Where tables are needed, there are some to copy."""
    if request.param == "sqlite":
        monkeypatch.setenv("TABLES_FROM", str(set_up_once / "newsdiffs.sqlite3"))
        yield []
        return
    made: OnPostgreSQL = request.getfixturevalue("set_up_on_postgresql")
    monkeypatch.setenv("TABLES_FROM", made.database)
    with services.postgres_database(made.database) as address:
        yield ["--postgres", address]


def test_each_kind_of_check_is_measured(server: list[str]) -> None:
    lines = run("benchmarks.checks", "--articles", "4", "--rounds", "1", *server).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[-4:]]
    assert [row[0] for row in rows] == ["not modified", "same page", "other furniture", "changed"]
    read = [float(row[4]) > 0 for row in rows]
    assert read == [False, False, True, True]  # the others are told from their validators or bytes


def test_dispatching_is_measured(server: list[str]) -> None:
    lines = run("benchmarks.dispatch", "--articles", "500", "--hosts", "20", *server).splitlines()
    due = [line.split("|")[1].strip() for line in lines[-4:]]
    assert due == ["none", "1 in 100", "all", "all, paused"]


def test_throughput_is_measured_and_no_rest_cut_short(server: list[str]) -> None:
    options = ("--hosts", "3", "--delays", "0.5", "--seconds", "4", "--cpu-seconds", "0")
    [line] = run("benchmarks.throughput", *options, *server).splitlines()[4:]
    hosts, delay, rate, *_, shortest_rest, at_once, _load = [
        cell.strip() for cell in line.strip("|").split("|")
    ]
    assert (hosts, delay, at_once) == ("3", "0.5", "1")
    assert float(rate) > 0
    assert float(shortest_rest) >= 0.5


def test_search_is_measured(server: list[str]) -> None:
    lines = run("benchmarks.search", "--versions", "50", *server).splitlines()
    assert "50 versions" in lines[0]
    found = {line[:34].strip(): int(line[34:41]) for line in lines[4:12]}
    assert found["the most common word"] == 10
    assert found["no such word"] == 0


SMALL_ARCHIVE = ("--articles", "20", "--versions", "60", "--pool", "3", "--many", "5", "--long", "10")


def test_a_large_archive_is_seeded_and_measured(server: list[str]) -> None:
    lines = run(
        "benchmarks.archive", *SMALL_ARCHIVE, "--times", "1", "--only", "a source", *server
    ).splitlines()
    assert any("20 articles" in line for line in lines)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[-2:]]
    assert [row[0] for row in rows] == ["feed of a source", "admin, articles of a source"]
    assert all(0 < int(row[3]) < 10 for row in rows)


def test_a_large_archive_is_restored_and_moved(server: list[str]) -> None:
    lines = run("benchmarks.archive", *SMALL_ARCHIVE, "--no-pages", "--move", *server).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    assert [row[0] for row in rows] == ["command", "backup", "restore", "move_database"]


def test_archives_are_measured(server: list[str]) -> None:
    lines = run(
        "benchmarks.archives", "--versions", "60", "--warc-megabytes", "1", "--log", "100", *server
    ).splitlines()
    named = {line[:12].strip() for line in lines}
    assert {"import", "counting", "second run", "most memory"} <= named
    assert any("16 pages" in line for line in lines)


def test_exports_are_measured(server: list[str]) -> None:
    lines = run(
        "benchmarks.exports", "--articles", "8", "--versions", "24", "--times", "2", *server
    ).splitlines()
    assert [line.split("  ")[0] for line in lines[:3]] == ["logged", "exported", "with texts"]
    assert len(lines[6:]) == 14
    assert all(float(line.split("|")[3]) > 0 for line in lines[6:])


def test_kills_between_version_and_notice_lose_nothing(server: list[str]) -> None:
    told = json.loads(run("benchmarks.notices", "--kills", "5", *server))
    assert (told["wrong"], told["kills"]) == ([], 5)
    assert told["notices"] == told["changes"] * 6


def test_matching_notices_is_measured(server: list[str]) -> None:
    lines = run("benchmarks.notices", "--changes", "20", "--subscriptions", "100", *server).splitlines()
    assert [line.split("|")[1].strip() for line in lines[-1:]] == ["100"]
