"""What ./run says before it does anything: making .venv itself is what a fresh clone does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running.installation import PATIENCE, PROJECT


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in which nothing was installed."""
    for name in ("run", "requirements.txt", "requirements-test.txt"):
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def run(clone: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [clone / "run", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("argument", ["--help", "-h", "help"])
def test_help_is_given_when_asked_for(clone: Path, argument: str) -> None:
    done = run(clone, argument)
    assert done.returncode == 0
    assert "./run demo" in done.stdout


@pytest.mark.parametrize("arguments", [("dmeo",), ("demo", "now"), ("--port", "8000")])
def test_what_it_does_not_know_is_answered_with_the_usage(clone: Path, arguments: tuple[str, ...]) -> None:
    done = run(clone, *arguments)
    assert done.returncode == 2
    assert "./run demo" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_is_too_old_is_refused(clone: Path, tmp_path: Path) -> None:
    old = program(tmp_path / "old-python", '[ "$1" = --version ] && echo Python 3.8.20; exit 1')
    done = run(clone, "demo", PYTHON=old)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "Python 3.11 or newer" in line
    assert "Python 3.8.20" in line


def test_a_python_without_pip_is_refused(clone: Path, tmp_path: Path) -> None:
    bare = program(tmp_path / "bare-python", '[ "$1" = -c ]')
    done = run(clone, "demo", PYTHON=bare)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert "has no pip" in line


class Pythons:
    """A stand-in for Python that notes what it is asked to do; its pip fails while `no-network` exists."""

    def __init__(self, clone: Path) -> None:
        self._notes = clone / "notes"
        self.no_network = clone / "no-network"
        self.path = program(
            clone / "python",
            f"""echo "$@" >> {self._notes}
case "$*" in
    "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
    *"install"*) [ ! -f {self.no_network} ] ;;
esac""",
        )

    def noted(self, what: str) -> int:
        """How often a command with *what* in it was run since the last look."""
        lines = self._notes.read_text().splitlines()
        return sum(what in line for line in lines)

    def forget(self) -> None:
        self._notes.write_text("")


def test_what_is_installed_is_used_again_until_the_requirements_change(clone: Path) -> None:
    python = Pythons(clone)
    assert run(clone, "manage", "check", PYTHON=python.path).returncode == 0
    assert (python.noted("-m venv"), python.noted("install"), python.noted("manage.py check")) == (1, 1, 1)

    python.forget()
    assert run(clone, "manage", "check", PYTHON=python.path).returncode == 0
    assert (python.noted("-m venv"), python.noted("install"), python.noted("manage.py check")) == (0, 0, 1)

    with (clone / "requirements.txt").open("a") as requirements:
        requirements.write("# changed\n")
    python.forget()
    assert run(clone, "manage", "check", PYTHON=python.path).returncode == 0
    assert (python.noted("-m venv"), python.noted("install"), python.noted("manage.py check")) == (0, 1, 1)


def test_the_demo_keeps_its_data_apart(clone: Path) -> None:
    (clone / ".venv/bin").mkdir(parents=True)
    shutil.copy(clone / "requirements.txt", clone / ".venv")
    program(clone / ".venv/bin/python", 'echo "$DATA_DIR"')
    # The installation asks Python for something, too: what it is started with comes last.
    assert run(clone, "demo", DATA_DIR="").stdout.split()[-1] == f"{clone}/demo-data"
    assert run(clone, DATA_DIR="").stdout.split() == []
    assert run(clone, "demo", DATA_DIR="/elsewhere").stdout.split()[-1] == "/elsewhere"


def test_an_installation_that_was_cut_short_is_made_anew(clone: Path) -> None:
    python = Pythons(clone)
    python.no_network.touch()
    failed = run(clone, "manage", "check", PYTHON=python.path)
    assert failed.returncode != 0
    assert "could not install requirements.txt" in failed.stderr
    assert python.noted("manage.py check") == 0

    python.no_network.unlink()
    python.forget()
    assert run(clone, "manage", "check", PYTHON=python.path).returncode == 0
    assert (python.noted("-m venv --clear"), python.noted("install"), python.noted("manage.py")) == (1, 1, 1)


@pytest.fixture
def checked(clone: Path) -> Path:
    """A clone whose tools are stand-ins: what the file `failing` names fails, all else passes."""
    (clone / ".venv/bin").mkdir(parents=True)
    for name in ("requirements.txt", "requirements-test.txt"):
        shutil.copy(clone / name, clone / ".venv")
    program(
        clone / ".venv/bin/python",
        f"""case "$*" in
    "-m tests.running.postgresql") [ ! -f {clone}/no-postgresql ] && echo postgres://somewhere ;;
    *"-m $(cat {clone}/failing 2>/dev/null || echo nothing)"*) exit 3 ;;
esac""",
    )
    program(clone / ".venv/bin/lint-imports", "exit 0")
    program(clone / "npm", "mkdir -p .venv/vnu")
    return clone


def run_every_check(clone: Path) -> "subprocess.CompletedProcess[str]":
    return run(clone, "test", PATH=f"{clone}:{os.environ['PATH']}", CI="")


def test_every_check_that_passes_ends_in_success(checked: Path) -> None:
    done = run_every_check(checked)
    assert done.returncode == 0, done.stderr
    assert "on PostgreSQL" in done.stdout

    (checked / "no-postgresql").touch()
    done = run_every_check(checked)
    assert done.returncode == 0, done.stderr
    assert "SKIPPED on PostgreSQL" in done.stderr


def test_lanes_may_be_chosen(checked: Path) -> None:
    done = run(checked, "test", PATH=f"{checked}:{os.environ['PATH']}", LANES="sqlite")
    assert done.returncode == 0, done.stderr
    assert "on SQLite" in done.stdout
    assert "on PostgreSQL" not in done.stdout
    assert "ruff" not in done.stderr
    (line,) = run(checked, "test", PATH=f"{checked}:{os.environ['PATH']}", LANES="slow").stderr.splitlines()
    assert "no lane slow" in line


@pytest.mark.parametrize(
    "failing",
    [
        "ruff check",
        "mypy",
        "pytest -q tests/end_to_end",
        "pytest -q -p tests.running.postgresql",
        "pytest -q --ignore=tests/end_to_end",
    ],
)
def test_any_check_that_fails_ends_in_failure(checked: Path, failing: str) -> None:
    (checked / "failing").write_text(failing)
    assert run_every_check(checked).returncode == 3
