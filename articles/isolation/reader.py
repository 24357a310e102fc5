"""Our side of the readers: starting one, giving it a job, killing it when the job overruns."""

import atexit
import mmap
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from articles.isolation.child import ACCEPTED, ANSWER, NOTE_SIZE, REQUEST, read_note

T = TypeVar("T")

RESULT_LIMIT = 64 << 20
"""Bytes of a pickled result; a job that brings more brings nothing."""

MOST_IDLE = 1
"""Readers that a process keeps while nothing is to be read. Threads that need one at the same moment have one
each; those that are too many then end."""

_TIME_IS_UP = (signal.SIGPROF, signal.SIGALRM, signal.SIGVTALRM)
_START_SECONDS = 60
"""Seconds within which a reader that was started takes its first job, on a machine that is busy."""

_MOST_TRIES = 3
"""Readers that may be found dead, one after the other, before a job is given up that was never begun."""

_CODE = "import sys; sys.path[:] = sys.argv[2:]; from articles.isolation.child import main; main()"
_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""All that a reader knows of the environment: no passwords and no addresses of databases."""


_TIMEOUT = "timeout"
"""What stands in `IsolationError.reason` where a limit on time ended the function."""


class IsolationError(Exception):
    """The function brought no result.

    `reason` is 'timeout' (wall clock or CPU), 'memory', 'crashed: signal 9', 'crashed: exit 1',
    'result too large', 'no process: …' (none could be made), or the exception that the function raised,
    such as 'ValueError: no such thing'. `doing` is what the function had said by ``doing`` that it was at;
    '' where it had not. `is_timeout`: whether a limit on time ended it.
    """

    def __init__(self, reason: str, doing: str = "", *, is_timeout: bool = False) -> None:
        super().__init__(f"{reason}, at {doing}" if doing else reason)
        self.reason = reason
        self.doing = doing
        self.is_timeout = is_timeout


class _NotBegun(Exception):
    """The reader was gone before it had the job, or was ended by the news that it came."""


def isolated(
    function: Callable[..., T], *args: Any, wall: float = 10, cpu: float = 10, memory: int = 1 << 30
) -> T:
    """Call `function(*args)` in this process's reader and bring back its (picklable) result.

    function: importable by its name from a module that knows no Django; wall: seconds by the clock; cpu:
    seconds of CPU; memory: bytes of address space beyond those that the reader has in use.
    Raises IsolationError. Works in any thread, and in processes that were forked, daemonic ones too.
    """
    job = pickle.dumps((function, args))
    for _ in range(_MOST_TRIES):
        reader = _take()
        try:
            packed, goes_on = reader.run(job, wall, cpu, memory)
        except _NotBegun:
            reader.kill()
            continue
        except BaseException:
            reader.kill()
            raise
        doing = reader.note
        if goes_on:
            _give_back(reader)
        else:
            reader.kill()
        result, failure = pickle.loads(packed)  # noqa: S301 (written by our own child)
        if failure:
            raise IsolationError(failure, doing)
        done: T = result
        return done
    raise IsolationError("no process: none that was started took the job")


class Reader:
    """One reader process, and the pipes to it. For one thread at a time."""

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as note:
            note.truncate(NOTE_SIZE)
            self._note = mmap.mmap(note.fileno(), NOTE_SIZE)
            path = [os.path.abspath(entry) for entry in sys.path]
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and code)
                [sys.executable, "-I", "-c", _CODE, str(note.fileno()), *path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=(note.fileno(),),
                cwd="/",
                env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
                start_new_session=True,
                bufsize=0,
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.pid = self._process.pid
        self._requests, self._answers = self._process.stdin, self._process.stdout
        os.set_blocking(self._requests.fileno(), False)

    @property
    def note(self) -> str:
        """What the job said that it was doing, where it has not said that it was done."""
        return read_note(self._note)

    def run(self, job: bytes, wall: float, cpu: float, memory: int) -> tuple[bytes, bool]:
        """The pickled (result, failure) of the pickled *job*, and whether the reader takes another one.

        :raises IsolationError: it brought none. :raises _NotBegun: another reader is to be asked.
        Whatever is raised, the reader is of no use any more.
        """
        start_by = time.monotonic() + _START_SECONDS
        self._send(REQUEST.pack(wall, cpu, memory, len(job)) + job, start_by)
        try:
            accepted = self._receive(len(ACCEPTED), start_by)
        except IsolationError as problem:
            raise _NotBegun from problem
        if accepted != ACCEPTED:
            raise _NotBegun
        deadline = time.monotonic() + wall
        header = self._receive(ANSWER.size, deadline)
        if len(header) == ANSWER.size:
            length, goes_on = ANSWER.unpack(header)
            if length > RESULT_LIMIT:
                raise IsolationError("result too large", self.note)
            packed = self._receive(length, deadline)
            if len(packed) == length:
                return packed, goes_on
        raise self._why_it_ended()

    def _send(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        poll = select.poll()
        poll.register(self._requests.fileno(), select.POLLOUT)
        try:
            while rest:
                left = deadline - time.monotonic()
                if left <= 0 or not poll.poll(left * 1000):
                    raise _NotBegun
                rest = rest[os.write(self._requests.fileno(), rest) :]
        except BrokenPipeError as gone:
            raise _NotBegun from gone

    def _receive(self, length: int, deadline: float) -> bytes:
        """*length* bytes; fewer where the reader has ended."""
        data = bytearray()
        poll = select.poll()
        poll.register(self._answers.fileno(), select.POLLIN)
        while len(data) < length:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise IsolationError(_TIMEOUT, self.note, is_timeout=True)
            piece = os.read(self._answers.fileno(), min(length - len(data), 1 << 20))
            if not piece:
                break
            data += piece
        return bytes(data)

    def _why_it_ended(self) -> Exception:
        status = self._process.wait()  # it has closed its pipe
        if -status == signal.SIGIO:
            # By this signal the kernel tells it that we are gone, but also that a request has come, and that
            # now and then so late that the job has begun.
            return _NotBegun()
        if -status in _TIME_IS_UP:
            return IsolationError(_TIMEOUT, self.note, is_timeout=True)
        if status < 0:
            return IsolationError(f"crashed: signal {-status}", self.note)
        return IsolationError(f"crashed: exit {status}" if status else "crashed: no result", self.note)

    def kill(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._close()
        _readers.discard(self)

    def forget(self) -> None:
        """In a fork of the process that started it: it stays that one's, and only that one keeps it alive."""
        self._process.returncode = 0  # it is not our child
        self._close()

    def _close(self) -> None:
        self._requests.close()
        self._answers.close()
        self._note.close()


_lock = threading.Lock()
_readers: set[Reader] = set()
"""All that this process has started and not ended."""
_idle: list[Reader] = []


def _take() -> Reader:
    """A reader that nobody else has."""
    with _lock:
        if _idle:
            return _idle.pop()
    try:
        reader = Reader()
    except OSError as error:
        raise IsolationError(f"no process: {error}") from error
    _readers.add(reader)
    return reader


def _give_back(reader: Reader) -> None:
    with _lock:
        if len(_idle) < MOST_IDLE:
            _idle.append(reader)
            return
    reader.kill()


def end_readers() -> None:
    """End the readers that wait for a job; those at work end when theirs is done."""
    with _lock:
        waiting = _idle.copy()
        _idle.clear()
    for reader in waiting:
        reader.kill()


def _forget_readers() -> None:
    """A fork has readers of its own."""
    global _lock
    _lock = threading.Lock()
    for reader in _readers:
        reader.forget()
    _readers.clear()
    _idle.clear()


os.register_at_fork(after_in_child=_forget_readers)
atexit.register(end_readers)
