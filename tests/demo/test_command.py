"""`python -m demo`."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from demo import EDITS, Newsroom

COMMAND = [sys.executable, "-u", "-m", "demo"]


def run(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_plays_the_script_and_leaves_cleanly(stop: signal.Signals) -> None:
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--speed", "100000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address
        played = [process.stdout.readline() for _ in EDITS]
        with urlopen(address[0]) as answer:
            front_page = answer.read().decode()
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0
        assert process.stderr.read() == ""
    assert [edit.note in line for edit, line in zip(EDITS, played, strict=True)] == [True] * len(EDITS)
    assert "Islanders fear being cut off" in front_page


def test_it_leaves_in_the_middle_of_the_script() -> None:
    with subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "is at http://" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_it_can_wait_until_an_article_is_read() -> None:
    options = ["--port", "0", "--speed", "100000", "--wait"]
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address
        for _ in range(3):
            with urlopen(address[0] + "feed.rss") as answer:
                assert "Night ferry to Hallin to stop" in answer.read().decode()
        with urlopen(address[0] + "harbour/night-ferry") as answer:
            assert "Night ferry to Hallin to stop" in answer.read().decode()
        assert EDITS[0].note in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_a_taken_port_gives_one_clear_line(room: Newsroom) -> None:
    port = room.url.rstrip("/").rpartition(":")[2]
    outcome = run("--port", port)
    assert outcome.returncode == 1
    assert outcome.stderr.splitlines() == [f"Port {port} on 127.0.0.1 is taken: choose another with --port."]
    assert outcome.stdout == ""


@pytest.mark.parametrize("speed", ["0", "-1", "fast"])
def test_a_speed_that_is_none_is_refused(speed: str) -> None:
    outcome = run("--speed", speed)
    assert outcome.returncode == 2
    assert "--speed" in outcome.stderr


def test_it_needs_nothing_but_the_standard_library() -> None:
    without_installed_packages = [sys.executable, "-S", "-m", "demo", "--help"]
    subprocess.run(without_installed_packages, capture_output=True, timeout=30, check=True)


def test_it_goes_on_where_its_diary_ends(tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    diary.write_text("20")
    options = ["--port", "0", "--speed", "100000", "--diary", str(diary)]
    with subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert "is at http://" in process.stdout.readline()
        still_to_come = [edit for edit in EDITS if edit.at > 20]
        played = [process.stdout.readline() for _ in still_to_come]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert [edit.note in line for edit, line in zip(still_to_come, played, strict=True)] == [True] * len(
        played
    )
    assert float(diary.read_text()) == max(edit.at for edit in EDITS)
