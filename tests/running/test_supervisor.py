"""How children are kept running, with commands that misbehave."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from newsdiffs.runner import supervisor
from newsdiffs.runner.supervisor import Child
from tests.running.installation import PATIENCE, processes, wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Child], Child]:
    """Has a child killed when the test is over: a look may just have started it again."""

    def kept(child: Child) -> Child:
        request.addfinalizer(child.kill)
        return child

    return kept


class Clock:
    """Time that passes when told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(supervisor, "time", SimpleNamespace(monotonic=lambda: self.now, sleep=time.sleep))


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def descendants(parent: int) -> set[int]:
    found = processes()
    direct = {pid for pid, (its_parent, *_) in found.items() if its_parent == parent}
    return direct.union(*(descendants(pid) for pid in direct))


def test_a_child_that_keeps_ending_is_started_after_growing_pauses(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keep: Callable[[Child], Child]
) -> None:
    clock = Clock(monkeypatch)
    child = keep(Child("worker", ["false"]))
    for _ in range(8):
        caplog.clear()
        child.look()
        wait_until(lambda: (child.look(), caplog.messages)[1])
        clock.now += supervisor.LONGEST_PAUSE
    assert caplog.messages == ["worker ended with code 1; it starts again in 60 s"]


def test_a_pause_is_kept(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keep: Callable[[Child], Child]
) -> None:
    clock = Clock(monkeypatch)
    child = keep(Child("worker", ["false"]))
    child.look()
    wait_until(lambda: (child.look(), caplog.messages)[1])
    before = descendants(os.getpid())
    clock.now += 0.9
    child.look()
    assert descendants(os.getpid()) == before
    clock.now += 0.2
    child.look()
    wait_until(lambda: (child.look(), len(caplog.messages) == 2)[1])


def test_a_child_that_hangs_is_killed_with_its_own_children(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, keep: Callable[[Child], Child]
) -> None:
    clock = Clock(monkeypatch)
    asked: list[float] = []
    child = keep(
        Child(
            "worker",
            python("import subprocess; subprocess.run(['sleep', '600'])"),
            hangs=lambda running_for: bool(asked.append(running_for) or running_for > 40),
        )
    )
    others = descendants(os.getpid())  # such as what earlier tests of this process left running
    child.look()
    family = wait_until(lambda: found if len(found := descendants(os.getpid()) - others) == 2 else None)
    for _ in range(4):
        clock.now += 15
        child.look()
    assert asked == [15, 30, 45]
    assert "worker did no work any more and was stopped; it starts again in 1 s" in caplog.messages
    wait_until(lambda: not family & set(processes()))


def run_supervisor(*children: list[str], grace: float = 15.0) -> "subprocess.Popen[bytes]":
    code = f"""
from newsdiffs.runner import supervisor
supervisor.GRACE = {grace}
supervisor.Supervisor([supervisor.Child(str(c), c) for c in {list(children)!r}]).run()
"""
    return subprocess.Popen(python(code), start_new_session=True)


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


def test_a_child_that_does_not_leave_in_time_is_killed() -> None:
    process = run_supervisor(python(DEAF), ["sleep", "600"], grace=0.5)
    family = wait_until(lambda: found if len(found := descendants(process.pid)) == 2 else None)
    wait_until(lambda: _ignores_sigterm(family))
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert not family & set(processes())


def test_a_child_that_others_need_leaves_after_them(tmp_path: Path) -> None:
    told = tmp_path / "told"
    says = (
        "import pathlib, signal, sys, time\n"
        "def leave(*_):\n"
        f"    with open({str(told)!r}, 'a') as file: file.write(sys.argv[1])\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        f"pathlib.Path({str(tmp_path)!r}, sys.argv[1]).touch()\n"
        "time.sleep(600)"
    )
    code = f"""
from newsdiffs.runner.supervisor import Child, Supervisor
command = {python(says)!r}
Supervisor([Child("n", [*command, "n"], needed=True), Child("a", [*command, "a"])]).run()
"""
    process = subprocess.Popen(python(code), start_new_session=True)
    wait_until(lambda: (tmp_path / "n").exists() and (tmp_path / "a").exists())
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert told.read_text() == "an"


def test_a_second_ctrl_c_does_not_wait() -> None:
    process = run_supervisor(python(DEAF), grace=600)
    family = wait_until(lambda: descendants(process.pid))
    wait_until(lambda: _ignores_sigterm(family))

    def interrupted() -> bool:
        process.send_signal(signal.SIGINT)
        return process.poll() is not None

    wait_until(interrupted)
    # One that comes when Python itself is on its way out ends that.
    assert process.wait() in (0, -signal.SIGINT)
    assert not family & set(processes())


def test_only_the_leader_is_asked_to_stop() -> None:
    """django-q2's cluster hangs for ever when its whole group gets SIGTERM."""
    leader = (
        "import signal, subprocess, sys\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0 if child.poll() is None else 7))\n"
        "child.wait(); sys.exit(8)"
    )
    process = run_supervisor(python(leader))
    family = wait_until(lambda: found if len(found := descendants(process.pid)) == 2 else None)
    process.terminate()
    assert process.wait(PATIENCE) == 0
    wait_until(lambda: not family & set(processes()))  # the orphan is killed too


def _ignores_sigterm(pids: set[int]) -> bool:
    for pid in pids:
        with open(f"/proc/{pid}/status") as status:
            ignored = next(int(line.split()[1], 16) for line in status if line.startswith("SigIgn"))
        if ignored >> (signal.SIGTERM - 1) & 1:
            return True
    return False
