"""Servers of a test's own, to stop, start and empty as it likes: PostgreSQL and Redis."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.running.installation import free_port, wait_until
from tests.services import missing


class PostgreSQL:
    """A cluster in *folder*, which the account that runs it must be able to enter."""

    def __init__(self, folder: Path) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not programs:
            missing("PostgreSQL's programs (apt-get install postgresql)")
        self._programs, self._folder = programs[-1], folder
        self._port = free_port()
        # It refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._run("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8")
        self.url = f"postgres://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c port={self._port} -c fsync=off"
        options += f" -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-l", str(self._folder / "log"), "-w", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """*immediate* is what a crash does: all connections end, and its log is replayed at the start."""
        self._run("pg_ctl", "-m", how, "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [
            str(self._programs / program),
            "-D",
            str(self._folder / "data"),
            *arguments,
        ]
        # A file takes what it says: the server keeps the descriptor, and a pipe would never end.
        with (self._folder / f"{program}.log").open("ab") as log:
            subprocess.run(
                command,
                check=True,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgreSQL]:
    """One that runs."""
    server = PostgreSQL(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Redis:
    """A server that keeps nothing on disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            missing("redis-server (apt-get install redis-server)")
        self._command = [str(program), "--bind", "127.0.0.1", "--save", ""]
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.client = redis.Redis.from_url(self.url)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [*self._command, "--port", str(self._port)], stdout=subprocess.DEVNULL, cwd="/"
        )
        wait_until(self._answers)

    def stop(self) -> None:
        """Everything in it is lost."""
        self._process.kill()
        self._process.wait()

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def redis_server() -> Iterator[Redis]:
    """One that runs."""
    server = Redis()
    server.start()
    try:
        yield server
    finally:
        server.stop()
