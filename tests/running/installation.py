"""An installation of its own for a test: real processes, a data folder and ports nobody else has."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 600.0  # seconds: only a failing test waits this long
OURS = (
    "DATA_DIR",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "SITE_URL",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
    "BIND",
)


def free_port() -> int:
    """A port that stays free until it is used: none of those that the system hands out by itself."""
    while True:
        port = random.randrange(12_000, 32_000)
        with suppress(OSError), closing(socket.create_server(("127.0.0.1", port))):
            return port


def wait_until(what: Callable[[], T], why: Callable[[], str] = lambda: "") -> T:
    """What *what* returns as soon as it is true; fails with what *why* says when that takes too long."""
    patience = time.monotonic() + PATIENCE
    while not (value := what()):
        assert time.monotonic() < patience, f"waited in vain for {what}\n{why()}"
        time.sleep(0.1)
    return value


def processes() -> dict[int, tuple[int, int, str]]:
    """Every living process: its parent, its group and its command line (Linux)."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, group = folder.joinpath("stat").read_text().rpartition(")")[2].split()[:3]
            command = folder.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue  # it ended while we looked
        if state != "Z":
            found[int(folder.name)] = (int(parent), int(group), command)
    return found


class Installation:
    """`manage.py` with a data folder and a port of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            **environment,
        }
        self.log = folder / "log"
        self._running: list[subprocess.Popen[bytes]] = []

    def manage(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def python(self, code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run Python *code*, which sets Django up itself, to its end."""
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=PROJECT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *arguments: str, command: str = "supervise") -> "subprocess.Popen[bytes]":
        """Start `supervise`, or another *command*; what it says is added to the log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", command, *arguments],
                cwd=PROJECT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process

    def output(self) -> str:
        return self.log.read_text()

    def wait_for_site(self) -> None:
        wait_until(lambda: self.get("/healthz") == 200, self.output)

    def get(self, path: str) -> int | None:
        """The status of a page, None when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code
        except OSError:
            return None

    def child(self, supervisor: int, command: str) -> int | None:
        """The supervisor's child that runs *command*."""
        for pid, (parent, _group, line) in processes().items():
            if parent == supervisor and command in line:
                return pid
        return None

    def close(self) -> None:
        for process in self._running:
            if process.poll() is None:
                groups = {pid for pid, (parent, *_) in processes().items() if parent == process.pid}
                process.kill()
                process.wait()
                for group in groups:
                    try:
                        os.killpg(group, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
