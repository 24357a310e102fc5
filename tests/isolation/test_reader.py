"""Jobs in a reader: the result comes back, or the reason why not; nothing and nobody is left behind."""

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
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

from articles.isolation import IsolationError, isolated, reader
from tests import services
from tests.isolation import jobs
from tests.isolation.jobs import FOR_EVER


def eventually(condition: Any) -> None:
    """Wait until something that happens elsewhere has happened."""
    deadline = time.monotonic() + FOR_EVER
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def failure(function: Any, *args: object, **limits: Any) -> IsolationError:
    with pytest.raises(IsolationError) as caught:
        isolated(function, *args, **limits)
    return caught.value


def reason(function: Any, *args: object, **limits: Any) -> str:
    return failure(function, *args, **limits).reason


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_the_result_comes_back() -> None:
    assert isolated(jobs.add_up, 1, 2, 3) == {"sum": 6}


def test_a_large_result_comes_back_whole() -> None:
    assert isolated(os.urandom, 20 << 20) != isolated(os.urandom, 20 << 20)
    assert len(isolated(bytes, 20 << 20)) == 20 << 20


def test_a_large_argument_arrives_whole() -> None:
    assert isolated(len, os.urandom(20 << 20)) == 20 << 20


def test_a_result_beyond_all_bounds_does_not() -> None:
    assert reason(bytes, 65 << 20) == "result too large"


def test_one_reader_does_one_job_after_the_other() -> None:
    pids = {isolated(os.getpid) for _ in range(20)}
    assert len(pids) == 1
    assert os.getpid() not in pids


@pytest.mark.parametrize(
    ("function", "limits"),
    [
        (jobs.sleep, {"wall": 0.2}),
        (jobs.spin, {"wall": 0.2}),
        (jobs.spin, {"wall": FOR_EVER, "cpu": 0.2}),
        (jobs.parse_many_attributes, {"wall": FOR_EVER, "cpu": 0.5}),
    ],
)
def test_an_overrun_of_time_ends_the_reader_and_the_next_job_has_another(function, limits) -> None:
    before = isolated(os.getpid)
    assert reason(function, **limits) == "timeout"
    assert not is_running(before)
    assert isolated(os.getpid) != before


def test_cpu_is_counted_for_each_job_alone() -> None:
    before = isolated(os.getpid)
    assert [isolated(sum, range(2_000_000), cpu=1) for _ in range(30)] == [sum(range(2_000_000))] * 30
    assert isolated(os.getpid) == before


def test_a_signal_handler_of_ours_does_not_save_a_busy_reader() -> None:
    before = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    try:
        assert reason(jobs.spin, wall=FOR_EVER, cpu=0.2) == "timeout"
        reader.end_readers()
        assert reason(jobs.spin, wall=FOR_EVER, cpu=0.2) == "timeout"
    finally:
        signal.signal(signal.SIGPROF, before)


def test_taking_too_much_memory_ends_it() -> None:
    before = isolated(os.getpid)
    assert reason(bytes, 300 << 20, memory=200 << 20) == "memory"
    assert isolated(os.getpid) != before


def test_memory_that_a_job_may_have_is_counted_from_what_the_reader_holds() -> None:
    isolated(jobs.fill_and_drop, 150 << 20)
    assert len(isolated(bytes, 50 << 20, memory=140 << 20)) == 50 << 20


def test_a_reader_that_has_grown_is_replaced() -> None:
    assert isolated(jobs.fill_and_drop, 1 << 20) == isolated(jobs.fill_and_drop, 1 << 20)
    grown = isolated(jobs.fill_and_drop, 250 << 20)
    assert not is_running(grown)
    assert isolated(os.getpid) != grown


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_being_killed_is_a_crash(number: signal.Signals) -> None:
    assert reason(jobs.signal_itself, number) == f"crashed: signal {number}"
    assert isolated(jobs.add_up, 1) == {"sum": 1}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_asks_the_whole_installation_to_stop_ends_no_job(number: signal.Signals) -> None:
    assert isolated(jobs.signal_itself, number) is None


def test_a_crash_in_c_is_a_crash() -> None:
    assert reason(jobs.crash) == "crashed: signal 11"


def test_leaving_early_is_a_crash() -> None:
    assert reason(os._exit, 3) == "crashed: exit 3"
    assert reason(os._exit, 0) == "crashed: no result"


def test_an_exception_is_told_and_the_reader_goes_on() -> None:
    before = isolated(os.getpid)
    assert reason(int, "x") == "ValueError: invalid literal for int() with base 10: 'x'"
    assert reason(sys.exit, "enough") == "SystemExit: enough"
    assert isolated(os.getpid) == before


def test_a_result_that_cannot_be_sent_is_told() -> None:
    assert "pickle" in reason(jobs.return_a_function)


def test_a_function_that_no_reader_can_import_is_refused_here() -> None:
    with pytest.raises((AttributeError, Exception), match=r"[Pp]ickle"):
        isolated(lambda: None)


def test_an_overrun_names_what_was_at_work() -> None:
    error = failure(jobs.spin_at, "the pattern “(a+)+”", wall=FOR_EVER, cpu=0.2)
    assert (error.reason, error.doing) == ("timeout", "the pattern “(a+)+”")
    assert str(error) == "timeout, at the pattern “(a+)+”"


def test_what_is_at_work_may_have_a_limit_of_its_own() -> None:
    assert failure(jobs.spin_at, "a rule", 0.2, wall=FOR_EVER, cpu=FOR_EVER).doing == "a rule"
    assert [isolated(jobs.work_at, "a rule", 0.05) for _ in range(50)] == ["a rule"] * 50


def test_a_job_that_the_news_of_its_own_request_ended_is_done_again(tmp_path: Path) -> None:
    """The kernel tells of it by the signal that also tells that nobody asks any more, and may be late."""
    assert isolated(jobs.signal_itself_once, signal.SIGIO, str(tmp_path / "begun")) == "done"


def test_what_is_done_is_not_named() -> None:
    error = failure(jobs.spin_after, "a rule", wall=FOR_EVER, cpu=0.3)
    assert (error.reason, error.doing, str(error)) == ("timeout", "", "timeout")


def test_an_exception_says_where_it_came_from_and_the_next_job_does_not() -> None:
    assert failure(jobs.raise_at, "a rule").doing == "a rule"
    assert failure(int, "x").doing == ""


def test_a_long_name_is_cut() -> None:
    assert failure(jobs.raise_at, "ä" * 5000).doing.startswith("ä" * 500)


def test_no_zombie_and_no_file_is_left() -> None:
    reader.end_readers()
    before = open_files()
    isolated(os.getpid)
    assert reason(jobs.sleep, wall=0.1) == reason(jobs.spin, wall=0.1) == "timeout"
    isolated(os.getpid)
    reader.end_readers()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert open_files() <= before


def test_no_file_is_left_when_no_process_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*args: object, **more: object) -> NoReturn:
        raise BlockingIOError("Resource temporarily unavailable")

    reader.end_readers()
    before = open_files()
    monkeypatch.setattr(subprocess, "Popen", no_process)
    assert reason(os.getpid) == "no process: Resource temporarily unavailable"
    gc.collect()
    assert open_files() <= before


def test_a_reader_that_can_not_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    reader.end_readers()
    monkeypatch.setattr(reader, "_CODE", "raise SystemExit(3)")
    assert reason(os.getpid) == "no process: none that was started took the job"


def test_a_reader_found_dead_between_two_jobs_is_replaced() -> None:
    before = isolated(os.getpid)
    os.kill(before, signal.SIGKILL)
    assert isolated(jobs.add_up, 4, 5) == {"sum": 9}
    eventually(lambda: not is_running(before))


def test_a_reader_found_stopped_holds_nobody_up_for_ever() -> None:
    before = isolated(os.getpid)
    os.kill(before, signal.SIGSTOP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_START_SECONDS", 1)
        assert isolated(len, bytes(1 << 20)) == 1 << 20
    assert not is_running(before)


def test_an_interrupted_wait_takes_the_reader_along() -> None:
    class Interrupted(Exception):
        pass

    def interrupt(*args: object) -> NoReturn:
        raise Interrupted

    pid = isolated(os.getpid)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Interrupted):
            isolated(jobs.sleep, wall=FOR_EVER)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert not is_running(pid)


def test_children_collected_by_somebody_else_do_not_matter() -> None:
    reader.end_readers()
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert isolated(jobs.add_up, 42) == {"sum": 42}
        assert reason(jobs.sleep, wall=0.1) == "timeout"
        reader.end_readers()
    finally:
        signal.signal(signal.SIGCHLD, before)


def _in_a_fork(answer: Connection, pid_of_parents: int) -> None:
    pids = [isolated(os.getpid), isolated(os.getpid)]
    answer.send((multiprocessing.current_process().daemon, pids[0] == pids[1], pid_of_parents in pids))


def test_a_fork_has_a_reader_of_its_own_even_a_daemonic_one() -> None:
    parents = isolated(os.getpid)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_in_a_fork, args=(theirs, parents), daemon=True
    )
    process.start()
    assert ours.poll(FOR_EVER)
    assert ours.recv() == (True, True, False)
    process.join(FOR_EVER)
    assert isolated(os.getpid) == parents


def test_threads_have_a_reader_each_and_few_are_kept() -> None:
    together = threading.Barrier(4)

    def work(exponent: int) -> tuple[int, int]:
        if exponent < 4:
            together.wait()
        return isolated(pow, 2, exponent), isolated(os.getpid)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(work, range(40)))
    assert [power for power, _ in results] == [2**exponent for exponent in range(40)]
    eventually(lambda: sum(is_running(pid) for pid in {pid for _, pid in results}) <= reader.MOST_IDLE)


def test_a_thread_that_ends_leaves_its_reader_to_others() -> None:
    pids: list[int] = []
    for _ in range(3):
        thread = threading.Thread(target=lambda: pids.append(isolated(os.getpid)))
        thread.start()
        thread.join(FOR_EVER)
    assert len(pids) == 3
    assert len(set(pids)) == 1


def test_an_open_database_transaction_goes_on(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE story (text)")
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO story VALUES ('first')")
    reader.end_readers()
    assert isolated(gc.collect) >= 0
    assert reason(jobs.sleep, wall=0.1) == "timeout"
    database.execute("COMMIT")
    assert database.execute("SELECT text FROM story").fetchall() == [("first",)]
    database.close()


def test_a_reader_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "between us")
    reader.end_readers()
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.set_inheritable(server.fileno(), True)
        led_to = isolated(jobs.open_descriptors)
    assert not [where for where in led_to if where.startswith("socket:")]
    assert "SECRET_KEY" not in isolated(jobs.environment)


def test_what_a_library_prints_disturbs_nothing() -> None:
    assert isolated(jobs.print_aloud) == isolated(jobs.print_aloud) == "done"


CHILD_OF_A_PARENT = f"""
import sys
sys.path[:] = {sys.path!r}
from articles.isolation import isolated
from tests.isolation import jobs
isolated(jobs.say_pid_and_spin, sys.argv[1], wall={FOR_EVER * 10}, cpu={FOR_EVER * 10})
"""

IDLE_PARENT = f"""
import os, sys, time
sys.path[:] = {sys.path!r}
from pathlib import Path
from articles.isolation import isolated
pid = isolated(os.getpid)
Path(sys.argv[1] + "~").write_text(str(pid))
os.rename(sys.argv[1] + "~", sys.argv[1])
time.sleep({FOR_EVER * 10})
"""


@pytest.mark.parametrize("script", [CHILD_OF_A_PARENT, IDLE_PARENT])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_reader_outlives_whoever_started_it(tmp_path: Path, script: str, number: signal.Signals) -> None:
    said = tmp_path / "pid"
    with subprocess.Popen([sys.executable, "-c", script, str(said)]) as parent:
        eventually(said.exists)
        parent.send_signal(number)
    pid = int(said.read_text())
    eventually(lambda: not is_running(pid))


def test_a_fork_that_lives_on_keeps_no_reader_of_its_parents_alive(tmp_path: Path) -> None:
    said = tmp_path / "pid"
    script = IDLE_PARENT.replace(
        "Path(sys.argv[1] + ", "if not os.fork(): time.sleep(300)\nPath(sys.argv[1] + "
    )
    with subprocess.Popen([sys.executable, "-c", script, str(said)], start_new_session=True) as parent:
        eventually(said.exists)
        parent.send_signal(signal.SIGKILL)
    pid = int(said.read_text())
    try:
        eventually(lambda: not is_running(pid))
    finally:
        os.killpg(parent.pid, signal.SIGKILL)


def test_a_process_that_ends_in_order_leaves_no_reader_and_warns_of_none(tmp_path: Path) -> None:
    script = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "import os\nfrom articles.isolation import isolated\nprint(isolated(os.getpid))"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", "-c", script], capture_output=True, text=True, check=True
    )
    assert ended.stderr == ""
    assert not is_running(int(ended.stdout))


def test_limits_that_are_set_hold_for_one_job() -> None:
    free = isolated(jobs.limit_of, resource.RLIMIT_AS, memory=1 << 40)
    assert 0 < isolated(jobs.limit_of, resource.RLIMIT_AS, memory=100 << 20) < free
    assert isolated(jobs.limit_of, resource.RLIMIT_CORE) == 0


def test_a_page_nested_too_deep_ends() -> None:
    assert isolated(jobs.parse_deep_nesting) == "html"


@pytest.mark.postgres
def test_an_open_postgresql_connection_goes_on() -> None:
    with services.postgres_database() as address, psycopg.connect(address) as database:
        database.execute("CREATE TEMPORARY TABLE story (text text)")
        database.execute("INSERT INTO story VALUES ('first')")
        assert isolated(gc.collect) >= 0
        assert reason(jobs.sleep, wall=0.1) == "timeout"
        assert database.execute("SELECT text FROM story").fetchall() == [("first",)]
