"""Work in many pieces by several processes: in order, and none outlives the one that began it."""

import os
import signal
import subprocess
import sys

import pytest

from articles import parallel
from articles.parallel import Ended, each
from tests.running.installation import PROJECT, wait_until


def process_and_double(number: int) -> tuple[int, int]:
    return os.getpid(), 2 * number


def end_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    raise ValueError(number)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_is_made_of_pieces_comes_in_their_order(processes: int) -> None:
    found = list(each(process_and_double, range(20), processes))
    assert [double for _, double in found] == list(range(0, 40, 2))
    assert ({pid for pid, _ in found} == {os.getpid()}) == (processes == 1)


def test_pieces_are_read_a_few_ahead_only() -> None:
    read: list[int] = []
    made = each(process_and_double, (read.append(number) or number for number in range(100)), 2)
    next(made)
    assert len(read) < 10
    made.close()  # type: ignore[attr-defined]


def test_what_goes_wrong_is_raised_here() -> None:
    with pytest.raises(ValueError, match="7"):
        list(each(refuse, [7], 2))


def test_a_process_that_is_killed_is_told_of() -> None:
    with pytest.raises(Ended):
        list(each(end_at_three, range(20), 2))


def test_a_system_that_gives_no_process_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_processes(*_: object, **__: object) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(parallel, "ProcessPoolExecutor", refuse_processes)
    with pytest.raises(Ended, match="temporarily"):
        list(each(process_and_double, range(3), 2))


KILLED = """
import sys
from itertools import count

from articles.parallel import each
from tests.test_parallel import process_and_double

made = each(process_and_double, count(), 2)
pids = {pid for (pid, _), _ in zip(made, range(20))}
print(*pids, flush=True)
sys.stdin.read()
"""


def test_no_process_outlives_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", KILLED], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        pids = list(map(int, parent.stdout.readline().split()))
        assert pids
        assert all(map(alive, pids))
        parent.kill()
    wait_until(lambda: not any(map(alive, pids)), lambda: f"{pids} are still there")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
