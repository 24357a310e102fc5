"""Running a function that may hang, crash or eat all memory, in a child process that can be killed.

Parsers are written in C: no signal handler, thread or exception stops one that is busy for a minute with a
hostile page. A forked child costs a few milliseconds and is stopped by the kernel.
"""

import gc
import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

_TIME_IS_UP = (signal.SIGXCPU, signal.SIGALRM)
_RESULT_LIMIT = 64 << 20  # bytes of a pickled result
_FIRST_FREE_DESCRIPTOR = 3
_LAST_DESCRIPTOR = 1 << 20


class IsolationError(Exception):
    """The function brought no result.

    `reason` is 'timeout' (wall clock or CPU), 'memory', 'crashed: signal 9', 'crashed: exit 1',
    'result too large', 'no process: …' (none could be made), or the exception that the function raised,
    such as 'ValueError: no such thing'.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def isolated(
    function: Callable[..., T], *args: Any, wall: float = 10, cpu: int = 10, memory: int = 1 << 30
) -> T:
    """Call `function(*args)` in a forked child and bring back its (picklable) result.

    wall: seconds by the clock; cpu: seconds of CPU; memory: bytes of address space beyond those in use.
    Raises IsolationError. The child is gone when this returns or raises, and never touches what it inherits:
    database connections open here stay whole. Works in a daemonic multiprocessing process too.
    """
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError as error:
        os.close(reader)
        os.close(writer)
        raise IsolationError(f"no process: {error}") from error
    if child == 0:
        _run_child(function, args, writer, wall, cpu, memory)
    os.close(writer)
    try:
        packed = _read_result(reader, time.monotonic() + wall)
    except BaseException:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _reap(child)
        raise
    finally:
        os.close(reader)
    result: T = _unpack(packed, _reap(child))
    return result


def _read_result(reader: int, deadline: float) -> bytes:
    """Everything the child sends until it closes the pipe."""
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    packed = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise IsolationError("timeout")
        piece = os.read(reader, 1 << 20)
        if not piece:
            return bytes(packed)
        packed += piece
        if len(packed) > _RESULT_LIMIT:
            raise IsolationError("result too large")


def _reap(child: int) -> int | None:
    """The child's wait status; None where somebody else in this process has collected it."""
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:
        return None


def _unpack(packed: bytes, status: int | None) -> Any:
    if status is not None and os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        raise IsolationError("timeout" if number in _TIME_IS_UP else f"crashed: signal {number}")
    if status:
        raise IsolationError(f"crashed: exit {os.waitstatus_to_exitcode(status)}")
    try:
        result, failure = pickle.loads(packed)  # noqa: S301 (written by our own child)
    except Exception as error:
        raise IsolationError("crashed: no result") from error
    if failure:
        raise IsolationError(failure)
    return result


def _run_child(
    function: Callable[..., Any], args: tuple[Any, ...], writer: int, wall: float, cpu: int, memory: int
) -> NoReturn:
    """Runs in the child, and never returns into the code that was forked."""
    status = 1
    try:
        # Nothing inherited is ever finalised here: a database connection would say goodbye for its owner.
        gc.freeze()
        _close_inherited(writer)
        _set_limits(wall, cpu, memory)
        _write_all(writer, _call(function, args))
        status = 0
    finally:
        os._exit(status)


def _call(function: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps((function(*args), ""))
    except MemoryError:
        return pickle.dumps((None, "memory"))
    except BaseException as error:
        return pickle.dumps((None, f"{type(error).__name__}: {error}"))


def _write_all(writer: int, packed: bytes) -> None:
    rest = memoryview(packed)
    while rest:
        rest = rest[os.write(writer, rest) :]


def _close_inherited(writer: int) -> None:
    os.closerange(_FIRST_FREE_DESCRIPTOR, writer)
    os.closerange(writer + 1, _LAST_DESCRIPTOR)


def _set_limits(wall: float, cpu: int, memory: int) -> None:
    """The kernel ends the child when time is up, even if this process's parent is killed meanwhile."""
    for number in (signal.SIGALRM, signal.SIGXCPU, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    signal.setitimer(signal.ITIMER_REAL, wall + 1)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, cpu)
    in_use = _address_space()
    if in_use is not None:
        _limit(resource.RLIMIT_AS, in_use + memory)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int | None:
    """Bytes of address space in use, so that what this process holds is not charged to the function.

    None where that cannot be known (outside Linux): memory has no limit there.
    """
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except FileNotFoundError:
        return None
