"""What goes wrong around us: database, queue, disk, deadly pages. Nothing is lost, all goes on by itself."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from demo import Newsroom
from tests import private
from tests.end_to_end.watched import Worker, check_record, headlines, query, shell, told, watch
from tests.running import set_up
from tests.running.installation import Installation, wait_until

STORIES = ("pier-toll", "trawler-fire", "night-ferry")


def edit_all(room: Newsroom) -> None:
    for slug in STORIES:
        room.apply(slug)


def all_as_on_the_site(installation: Installation, room: Newsroom) -> bool:
    return all(
        (found := headlines(installation, room.story_url(slug))) and found[-1][1] == room.state(slug).headline
        for slug in STORIES
    )


def look_for_work(installation: Installation) -> None:
    """What the clock does each minute."""
    shell(installation, "from articles.watch.queue.enqueue import dispatch_soon; dispatch_soon()")


def start(installation: Installation, room: Newsroom) -> None:
    """Site and worker, once every story has its first version."""
    watch(installation, room, STORIES)
    installation.start()
    wait_until(lambda: told(installation) == dict.fromkeys(STORIES, 1), installation.output)


@pytest.fixture
def endpoint(room: Newsroom) -> str:
    return room.url.removeprefix("http://").rstrip("/")


@pytest.mark.postgres
def test_a_database_that_crashes_and_comes_back(
    tmp_path: Path, set_up_once: Path, room: Newsroom, endpoint: str
) -> None:
    set_up.copy_static_files(set_up_once, tmp_path)
    folder = Path(tempfile.mkdtemp(prefix="newsdiffs-postgresql-"))
    try:
        with private.postgresql(folder) as server:
            installation = Installation(
                tmp_path, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01", DATABASE_URL=server.url
            )
            try:
                assert installation.manage("setup").returncode == 0
                start(installation, room)
                server.stop()
                edit_all(room)
                wait_until(lambda: installation.get("/healthz") == 503, installation.output)
                server.start()
                look_for_work(installation)
                wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
                wait_until(lambda: installation.get("/healthz") == 200, installation.output)
                check_record(installation, room)
            finally:
                installation.close()
    finally:
        shutil.rmtree(folder)


def test_a_database_that_another_process_locks_for_long(
    set_up_folder: Path, room: Newsroom, endpoint: str
) -> None:
    """Longer than SQLite waits for its one lock: a copy made by hand, or a shell left open."""
    installation = Installation(set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
    try:
        start(installation, room)
        file = installation.data / "newsdiffs.sqlite3"
        with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            edit_all(room)
            wait_until(lambda: "database is locked" in installation.output(), installation.output)
            for path in ("/", "/articles/1/", "/sources/"):
                assert installation.get(path) == 200
            other.execute("ROLLBACK")
        look_for_work(installation)
        wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
        check_record(installation, room)
    finally:
        installation.close()


@pytest.mark.redis
def test_a_queue_that_is_emptied_and_then_lost(set_up_folder: Path, room: Newsroom, endpoint: str) -> None:
    with private.redis_server() as server:
        installation = Installation(
            set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01", REDIS_URL=server.url
        )
        try:
            start(installation, room)
            edit_all(room)
            server.client.flushall()
            wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
            server.stop()
            edit_all(room)
            assert installation.get("/") == 200
            server.start()
            wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
            check_record(installation, room)
        finally:
            installation.close()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of 48 MB, where one may be mounted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 10, 1):
            while True:
                try:
                    file.write(bytes(size))
                except OSError:
                    break
    return ballast


def test_a_disk_that_is_full_lets_readers_read_and_loses_nothing(
    tmp_path: Path, set_up_once: Path, room: Newsroom, endpoint: str
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        set_up.copy_data(set_up_once, disk)
        installation = Installation(disk, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
        installation.log = tmp_path / "log"
        try:
            start(installation, room)
            ballast = fill(disk)
            edit_all(room)
            wait_until(lambda: "disk is full" in installation.output(), installation.output)
            for path in ("/", "/articles/1/", "/sources/"):
                assert installation.get(path) == 200
            ballast.unlink()
            look_for_work(installation)
            wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
            check_record(installation, room)
        finally:
            installation.close()


def test_a_page_that_kills_its_worker_each_time_is_put_aside(
    set_up_folder: Path, room: Newsroom, endpoint: str
) -> None:
    """The others of its host go on; “Check now” takes it up again, here by a worker that it does not kill."""
    installation = Installation(set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
    watch(installation, room, STORIES)
    installation.environment["LEASE_SECONDS"] = "1"
    deadly = [sys.executable, "-m", "tests.end_to_end.deadly_worker", STORIES[0]]
    worker = Worker(installation, command=deadly)
    try:
        wait_until(lambda: _parked(installation) == [STORIES[0]], installation.output)
        wait_until(lambda: told(installation) == dict.fromkeys(STORIES, 1) | {STORIES[0]: 0})
        edit_all(room)
        wait_until(
            lambda: told(installation) == dict.fromkeys(STORIES, 2) | {STORIES[0]: 0}, installation.output
        )
    finally:
        worker.kill()
    assert "begun and never ended" in installation.manage("status").stdout
    done = installation.manage("check", room.story_url(STORIES[0]))
    assert "new-version" in done.stdout, done.stderr
    assert _parked(installation) == []


def _parked(installation: Installation) -> list[str]:
    rows = query(installation, "SELECT address FROM articles_article WHERE parked IS NOT NULL")
    return [address.rsplit("/", 1)[1] for (address,) in rows]


def test_a_site_and_its_network_that_come_back_remove_nothing(
    set_up_folder: Path, room: Newsroom, endpoint: str
) -> None:
    installation = Installation(set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
    watch(installation, room, STORIES)
    worker = Worker(installation)
    try:
        wait_until(lambda: told(installation) == dict.fromkeys(STORIES, 1), installation.output)
        room.stop()
        wait_until(
            lambda: query(installation, "SELECT 1 FROM articles_article WHERE last_outcome = 'unreachable'")
        )
        edit_all(room)
        room.start()
        shell(
            installation,
            "from django.utils import timezone; from articles.watch.queue.enqueue import dispatch_soon; "
            "Host.objects.update(paused_until=None, failures=0); "
            "Article.objects.update(next_check_at=timezone.now()); dispatch_soon()",
        )
        wait_until(lambda: all_as_on_the_site(installation, room), installation.output)
    finally:
        worker.kill()
    assert query(installation, "SELECT * FROM articles_event") == []
    check_record(installation, room)
