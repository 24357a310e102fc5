"""What mysqldump itself writes of both sites' tables, by a real server that nobody else can reach."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from articles.archives import news_sniffer
from tests.archives.origins import NEWS_SNIFFER, mysql_dump
from tests.archives.test_news_sniffer import ROWS
from tests.running.installation import wait_until

NEEDED = ("mariadbd", "mariadb-install-db", "mariadb", "mariadb-dump")


def programs() -> list[str]:
    path = f"{os.environ['PATH']}:/usr/sbin"
    return [found for name in NEEDED if (found := shutil.which(name, path=path))]


pytestmark = pytest.mark.skipif(
    len(programs()) < len(NEEDED), reason="needs MariaDB: apt-get install mariadb-server"
)


@contextmanager
def server(folder: Path) -> Iterator[list[str]]:
    """A server of its own on a socket in *folder*; the options to reach it."""
    daemon, install, _, _ = programs()
    data, socket = folder / "data", folder / "socket"
    user = pwd.getpwuid(os.getuid()).pw_name
    mine = ["--no-defaults", f"--datadir={data}", f"--user={user}"]
    install_options = [*mine, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run([install, *install_options], capture_output=True, check=True, timeout=120)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [daemon, *mine, f"--socket={socket}", "--skip-networking", f"--pid-file={folder / 'pid'}"],
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(socket.exists, (folder / "log").read_text)
        yield ["--no-defaults", f"--socket={socket}", "-uroot"]
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--skip-extended-insert", "--complete-insert"],
        ["--hex-blob", "--compact"],
        ["--replace", "--skip-opt", "--create-options"],
    ],
)
def test_its_dump_reads_as_ours(tmp_path: Path, options: list[str], apart: Callable[..., Any]) -> None:
    _, _, client, dump = programs()
    ours = mysql_dump(tmp_path / "ours.sql", NEWS_SNIFFER, ROWS)
    theirs = tmp_path / "theirs.sql"
    # A socket's name may have a hundred characters; pytest's folders have more.
    folder = Path("/tmp", f"newsdiffs-{os.getpid()}-{tmp_path.name[-3:]}")
    folder.mkdir()
    try:
        with server(folder) as reach:
            run = [client, *reach, "--default-character-set=utf8mb4"]
            subprocess.run([*run, "-e", "CREATE DATABASE archive"], check=True, timeout=60)
            # The server of 2015 took dates of zeros.
            loaded = b"SET sql_mode='';\n" + ours.read_bytes()
            subprocess.run([*run, "archive"], input=loaded, check=True, timeout=60)
            with theirs.open("wb") as written:
                subprocess.run([dump, *reach, *options, "archive"], stdout=written, check=True, timeout=60)
    finally:
        shutil.rmtree(folder)
    assert apart(news_sniffer.read(theirs)) == apart(news_sniffer.read(ours))
