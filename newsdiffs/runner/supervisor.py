"""Runs a few commands as one: starts them, starts again what ends or hangs, and stops all of them together.

Each child leads a session of its own, and only this leader is ever asked to stop: django-q2's cluster hangs
for ever when SIGTERM reaches its whole group. What is left of a group after its leader has gone is killed;
that is harmless, as whatever a worker was doing is on a lease that runs out.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds between two looks at the children
GRACE = 15.0  # seconds a child has to leave after SIGTERM
LONGEST_PAUSE = 60.0  # seconds before a child that keeps ending is started again
SETTLED_AFTER = 60.0  # seconds after which a child that ends is started again at once

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class Child:
    """A command to keep running.

    folder: where it runs. environment: added to this process's own.
    hangs: told how many seconds the child has been running, says whether it has stopped doing its work;
        asked every `ask_every` seconds.
    when_ended: called when it has ended by itself, or was killed, before it starts again.
    needed: by the other children until they have left, so that it is asked to stop after them.
    """

    name: str
    command: Sequence[str]
    folder: str | os.PathLike[str] = "."
    environment: Mapping[str, str] = field(default_factory=dict)
    hangs: Callable[[float], bool] | None = None
    ask_every: float = 15.0
    when_ended: Callable[[], None] | None = None
    needed: bool = False

    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False, repr=False)
    _started: float = field(default=0.0, init=False, repr=False)
    _asked: float = field(default=0.0, init=False, repr=False)
    _pause: float = field(default=0.0, init=False, repr=False)
    _start_at: float = field(default=0.0, init=False, repr=False)

    def look(self) -> None:
        """Start it when it is due, see whether it ended or hangs."""
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self._start()
        elif (code := self._process.poll()) is not None:
            self._ended(_how_it_ended(code))
        elif self.hangs and now - self._asked >= self.ask_every:
            self._asked = now
            if self.hangs(now - self._started):
                self.kill()
                self._ended("did no work any more and was stopped")

    def terminate(self) -> None:
        """Ask the leader, and it alone, to stop."""
        if self._process is not None:
            self._process.terminate()

    def gone(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def kill(self) -> None:
        """Kill whatever is left of the child and its own children."""
        if self._process is not None:
            # The leader may be gone and the group empty; macOS says EPERM for a group of zombies.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (the commands are our own)
            self.command,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent(os.getpid()),
        )
        self._started = self._asked = time.monotonic()

    def _ended(self, how: str) -> None:
        self.kill()
        self._process = None
        if self.when_ended:
            self.when_ended()
        now = time.monotonic()
        settled = now - self._started >= SETTLED_AFTER
        self._pause = 1.0 if settled or not self._pause else min(self._pause * 2, LONGEST_PAUSE)
        self._start_at = now + self._pause
        logger.warning("%s %s; it starts again in %.0f s", self.name, how, self._pause)


class Supervisor:
    """Keeps *children* running until SIGTERM, SIGINT or SIGHUP; a second signal does not wait for them.

    *when_started* is called at each look until it returns True: it tells people where the site is once it
    answers.
    """

    def __init__(self, children: Sequence[Child], when_started: Callable[[], bool] = lambda: True) -> None:
        self._children = children
        self._when_started = when_started
        self._signals = 0

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)
        told = False
        try:
            while not self._signals:
                for child in self._children:
                    child.look()
                told = told or self._when_started()
                time.sleep(LOOK_EVERY)
            print("\nStopping; what is under way is left for later. Ctrl-C again stops at once.", flush=True)
            self._wait_for_all()
        finally:
            for child in sorted(self._children, key=lambda child: child.needed):
                child.kill()

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _wait_for_all(self) -> None:
        patience = time.monotonic() + GRACE
        for needed in (False, True):
            children = [child for child in self._children if child.needed is needed]
            for child in children:
                child.terminate()
            while not all(child.gone() for child in children):
                if time.monotonic() > patience or self._signals > 1:
                    return
                time.sleep(LOOK_EVERY)


def _how_it_ended(code: int) -> str:
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def _end_with_parent(parent: int) -> Callable[[], None] | None:
    """What a child does before it becomes its command: have Linux send it SIGTERM when *parent* dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
