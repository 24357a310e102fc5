"""What is wrong outside the program is said in one line that tells what to do."""

import os
import socket
from pathlib import Path

import pytest

from tests.running.installation import Installation

NOBODY_LISTENS = "127.0.0.1:1"


def refusal(installation: Installation, *arguments: str, **environment: str) -> str:
    """The one line with which the command gives up."""
    done = installation.manage(*arguments, **environment)
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("newsdiffs: ")
    return line


def test_a_busy_port(ready: Installation) -> None:
    with socket.create_server(("127.0.0.1", ready.port)):
        line = refusal(ready, "supervise")
    assert f"already listens on port {ready.port}" in line
    assert "PORT=" in line


@pytest.mark.parametrize("arguments", [("supervise",), ("supervise", "--only", "site"), ("setup",)])
def test_a_data_folder_that_can_not_be_written(
    installation: Installation, arguments: tuple[str, ...]
) -> None:
    # Root may write anywhere but in what the kernel keeps.
    line = refusal(installation, *arguments, DATA_DIR="/sys/newsdiffs")
    assert "/sys/newsdiffs" in line
    assert "DATA_DIR" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_database_that_can_not_be_written(ready: Installation) -> None:
    for file in ready.data.glob("newsdiffs.sqlite3*"):
        file.chmod(0o400)
    assert "writable" in refusal(ready, "supervise")


@pytest.mark.parametrize("arguments", [("supervise",), ("supervise", "--only", "worker")])
def test_a_postgresql_that_is_down(ready: Installation, arguments: tuple[str, ...]) -> None:
    line = refusal(ready, *arguments, DATABASE_URL=f"postgres://me:sesame@{NOBODY_LISTENS}/news")
    assert "news on 127.0.0.1" in line
    assert "Start PostgreSQL" in line
    assert "sesame" not in line


@pytest.mark.parametrize("arguments", [("supervise",), ("supervise", "--only", "worker")])
def test_a_redis_that_is_down(ready: Installation, arguments: tuple[str, ...]) -> None:
    line = refusal(ready, *arguments, REDIS_URL=f"redis://{NOBODY_LISTENS}/0")
    assert "REDIS_URL" in line


@pytest.mark.parametrize("part", ["site", "worker"])
def test_a_part_alone_makes_no_tables(installation: Installation, part: str) -> None:
    line = refusal(installation, "supervise", "--only", part)
    assert "manage.py setup" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("SITE_URL", "diffs"),
        ("DATABASE_URL", "mysql://x/y"),
        ("WORKERS", "0"),
        ("FETCH_ALLOW_ENDPOINTS", "localhost"),
    ],
)
def test_a_setting_that_makes_no_sense(installation: Installation, name: str, value: str) -> None:
    assert name in refusal(installation, "supervise", **{name: value})


def test_a_check_of_what_does_not_run(ready: Installation) -> None:
    assert "does not answer" in refusal(ready, "supervise", "--check", "--only", "site")
    assert "sign of life" in refusal(ready, "supervise", "--check", "--only", "worker")


def test_a_file_where_the_data_folder_should_be(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "DATA_DIR" in refusal(installation, "setup", DATA_DIR=str(tmp_path / "file"))


def test_a_folder_with_an_unusual_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% off? #1 [día]"
    folder.mkdir()
    done = Installation(folder).manage("setup")
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "data/newsdiffs.sqlite3").is_file()
