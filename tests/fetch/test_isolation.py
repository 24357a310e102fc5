"""A function in a child process: its result comes back, or the reason why not; nothing is left behind."""

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from lxml import html

from articles.fetch import IsolationError, isolated
from tests import services
from tests.fetch.conftest import FOR_EVER, eventually, open_files
from tests.hostile import deep_nesting, many_attributes


def sleep() -> None:
    time.sleep(FOR_EVER)


def spin() -> NoReturn:
    while True:
        pass


def reason(function: object, *args: object, **limits: float) -> str:
    with pytest.raises(IsolationError) as caught:
        isolated(function, *args, **limits)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def test_the_result_comes_back() -> None:
    assert isolated(lambda *numbers: {"sum": sum(numbers)}, 1, 2, 3) == {"sum": 6}


def test_a_large_result_comes_back_whole() -> None:
    assert isolated(os.urandom, 20 << 20) != isolated(os.urandom, 20 << 20)
    assert len(isolated(bytes, 20 << 20)) == 20 << 20


def test_a_result_beyond_all_bounds_does_not() -> None:
    assert reason(bytes, 65 << 20) == "result too large"


def test_it_runs_in_another_process() -> None:
    assert isolated(os.getpid) != os.getpid()


def test_waiting_too_long_is_a_timeout() -> None:
    assert reason(sleep, wall=0.2) == "timeout"


def test_a_busy_loop_is_a_timeout_by_the_clock() -> None:
    assert reason(spin, wall=0.2) == "timeout"


def test_a_busy_loop_is_a_timeout_by_cpu() -> None:
    assert reason(spin, wall=FOR_EVER, cpu=1) == "timeout"


def test_a_signal_handler_of_the_parent_does_not_save_a_busy_child() -> None:
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        assert reason(spin, wall=FOR_EVER, cpu=1) == "timeout"
    finally:
        signal.signal(signal.SIGALRM, before)


def test_taking_too_much_memory_ends_it() -> None:
    assert reason(bytes, 300 << 20, memory=200 << 20) == "memory"


def test_memory_in_use_already_is_not_charged() -> None:
    held = bytes(300 << 20)
    assert isolated(lambda: len(held), memory=100 << 20) == 300 << 20


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_being_killed_is_a_crash(number: signal.Signals) -> None:
    assert reason(lambda: os.kill(os.getpid(), number)) == f"crashed: signal {number}"


def test_a_crash_in_c_is_a_crash() -> None:
    assert reason(ctypes.string_at, 0) == "crashed: signal 11"


def test_leaving_early_is_a_crash() -> None:
    assert reason(os._exit, 3) == "crashed: exit 3"
    assert reason(os._exit, 0) == "crashed: no result"


def test_an_exception_is_told() -> None:
    assert reason(int, "x") == "ValueError: invalid literal for int() with base 10: 'x'"
    assert reason(sys.exit, "enough") == "SystemExit: enough"


def test_a_result_that_cannot_be_sent_is_told() -> None:
    assert "pickle" in reason(lambda: lambda: None)


def test_no_zombie_and_no_file_is_left() -> None:
    before = open_files()
    isolated(os.getpid)
    assert reason(sleep, wall=0.1) == reason(spin, wall=0.1) == "timeout"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    eventually(lambda: open_files() <= before)


def test_no_file_is_left_when_no_process_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fork() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    before = open_files()
    monkeypatch.setattr(os, "fork", no_fork)
    assert reason(os.getpid) == "no process: Resource temporarily unavailable"
    eventually(lambda: open_files() <= before)


def test_an_interrupted_wait_takes_the_child_along() -> None:
    class Interrupted(Exception):
        pass

    def interrupt(*args: object) -> NoReturn:
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Interrupted):
            isolated(sleep, wall=FOR_EVER)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_children_collected_by_somebody_else_do_not_matter() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert isolated(lambda: 42) == 42
        assert reason(sleep, wall=0.1) == "timeout"
    finally:
        signal.signal(signal.SIGCHLD, before)


def _in_a_daemon(answer: Connection) -> None:
    answer.send((multiprocessing.current_process().daemon, isolated(os.getpid) != os.getpid()))


def test_it_works_in_a_daemonic_process() -> None:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_in_a_daemon, args=(theirs,), daemon=True)
    process.start()
    assert ours.poll(FOR_EVER)
    assert ours.recv() == (True, True)
    process.join(FOR_EVER)


def test_it_works_beside_busy_threads() -> None:
    done = threading.Event()
    threads = [threading.Thread(target=done.wait, args=(FOR_EVER,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        assert [isolated(pow, 2, exponent) for exponent in range(20)] == [2**e for e in range(20)]
    finally:
        done.set()


def test_an_open_database_transaction_goes_on(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE story (text)")
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO story VALUES ('first')")
    assert isolated(gc.collect) >= 0
    assert reason(sleep, wall=0.1) == "timeout"
    database.execute("COMMIT")
    assert database.execute("SELECT text FROM story").fetchall() == [("first",)]
    database.close()


class SaysGoodbye:
    """As database drivers do when a connection is collected."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.itself = self

    def __del__(self) -> None:
        self.connection.send(b"goodbye")


def test_nothing_inherited_is_finalised_in_the_child() -> None:
    ours, theirs = socket.socketpair()
    gc.disable()
    try:
        SaysGoodbye(theirs)  # a cycle: garbage that only the collector finds
        isolated(gc.collect)
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            ours.recv(100)
    finally:
        gc.enable()
    gc.collect()
    assert ours.recv(100) == b"goodbye"


def test_the_child_holds_no_file_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        assert "Bad file descriptor" in reason(os.fstat, ours.fileno())


def test_the_child_ends_by_itself_when_the_parent_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = f"""
import os, time
from articles.fetch import isolated
def work():
    with open({str(told)!r} + "~", "w") as file:
        file.write(str(os.getpid()))
    os.rename({str(told)!r} + "~", {str(told)!r})
    time.sleep({FOR_EVER * 10})
isolated(work, wall=0.5)
"""
    with subprocess.Popen([sys.executable, "-c", script]) as parent:
        eventually(told.exists)
        parent.send_signal(signal.SIGKILL)
    child = int(told.read_text())
    eventually(lambda: not is_running(child))


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def test_limits_already_set_on_this_process_are_kept() -> None:
    assert isolated(resource.getrlimit, resource.RLIMIT_CORE)[0] == 0
    assert isolated(resource.getrlimit, resource.RLIMIT_CPU, cpu=3)[0] == 3


def test_a_tag_with_100000_attributes_is_given_up() -> None:
    assert reason(html.document_fromstring, many_attributes(), wall=1) == "timeout"


def test_a_page_nested_too_deep_ends() -> None:
    assert isolated(lambda: html.document_fromstring(deep_nesting()).tag) == "html"


@pytest.mark.postgres
def test_an_open_postgresql_connection_goes_on() -> None:
    with services.postgres_database() as address, psycopg.connect(address) as database:
        database.execute("CREATE TEMPORARY TABLE story (text text)")
        database.execute("INSERT INTO story VALUES ('first')")
        assert isolated(gc.collect) >= 0
        assert reason(sleep, wall=0.1) == "timeout"
        assert database.execute("SELECT text FROM story").fetchall() == [("first",)]
