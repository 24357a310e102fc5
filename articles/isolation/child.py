"""The reader's side: one job after the other, each within its limits, until nobody asks any more.

What goes through the pipes: a request is a ``REQUEST`` header (seconds by the clock, seconds of CPU, bytes of
memory, length) and a pickled (function, arguments). The reader answers ``ACCEPTED`` when it has the whole
request and is about to run it, then an ``ANSWER`` header (length, whether the reader goes on) and a pickled
(result, failure).
"""

import mmap
import os
import pickle
import resource
import select
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_GETFL, F_SETFL, F_SETOWN, fcntl
from typing import NoReturn

REQUEST = struct.Struct("!ddQQ")
ANSWER = struct.Struct("!Q?")
ACCEPTED = b"\x06"

NOTE_SIZE = 1024
"""Bytes of the memory in which the reader notes what it is doing, for whoever finds it killed."""

IDLE_SECONDS = 300
"""Seconds without a request after which a reader ends: a web process needs one now and then only."""

MOST_JOBS = 2000
"""Jobs after which a reader ends, whatever libraries have gathered in it meanwhile."""

MOST_MEMORY = 192 << 20
"""Bytes of memory in use after a job, beyond which a reader ends: what a page took is given back."""

_IN_JOB = (signal.SIGPROF, signal.SIGALRM, signal.SIGVTALRM, signal.SIGIO)
"""What ends a job: its CPU seconds, its seconds by the clock, those of ``doing``, and its client's death."""

_note: mmap.mmap | None = None


@contextmanager
def doing(what: str, *, cpu: float | None = None) -> Iterator[None]:
    """Note that *what* is at work while this is open, and give it *cpu* seconds of CPU at most.

    Where it overruns, or anything else ends the reader meanwhile, the IsolationError names it. Outside a
    reader this does nothing. It may not be nested.
    """
    if _note is None:
        yield
        return
    _write_note(_note, what)
    if cpu is not None:
        signal.setitimer(signal.ITIMER_VIRTUAL, cpu)
    try:
        yield
    except BaseException:
        _stop_timer(cpu)
        raise  # the note stays: it tells where the exception came from
    _stop_timer(cpu)
    _write_note(_note, "")


def _stop_timer(cpu: float | None) -> None:
    if cpu is not None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _write_note(note: mmap.mmap, what: str) -> None:
    text = what.encode("utf-8", "replace")[: NOTE_SIZE - 2]
    note[: 2 + len(text)] = len(text).to_bytes(2, "big") + text


def read_note(note: mmap.mmap) -> str:
    """What the reader was doing when it was last seen; '' where no ``doing`` was open."""
    length = min(int.from_bytes(note[:2], "big"), NOTE_SIZE - 2)
    return note[2 : 2 + length].decode("utf-8", "replace")


def serve(requests: int, answers: int, note: int) -> NoReturn:
    """Work off what comes through the descriptor *requests*; *note* is a file of NOTE_SIZE bytes."""
    global _note
    _note = mmap.mmap(note, NOTE_SIZE)
    _become_quiet(requests)
    jobs = 0
    goes_on = True
    while goes_on:
        header = _read(requests, REQUEST.size)
        wall, cpu, memory, length = REQUEST.unpack(header)
        job = _read(requests, length)
        _write(answers, ACCEPTED)
        jobs += 1
        _write_note(_note, "")
        _begin(wall, cpu, memory)
        packed, is_sound = _call(job)
        _end()
        goes_on = is_sound and jobs < MOST_JOBS and _memory_in_use() < MOST_MEMORY
        _write(answers, ANSWER.pack(len(packed), goes_on) + packed)
    os._exit(0)


def _become_quiet(requests: int) -> None:
    """A signal to all processes of a worker is not for the reader: it ends when nobody asks any more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, *_IN_JOB):
        signal.signal(number, signal.SIG_IGN)
    _limit(resource.RLIMIT_CORE, 0)
    # When whoever asks is killed, its end of the pipe closes, and the kernel tells us by SIGIO.
    fcntl(requests, F_SETOWN, os.getpid())
    fcntl(requests, F_SETFL, fcntl(requests, F_GETFL) | os.O_ASYNC)


def _begin(wall: float, cpu: float, memory: int) -> None:
    for number in _IN_JOB:
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, wall + 1)
    signal.setitimer(signal.ITIMER_PROF, cpu)
    in_use = address_space()
    if in_use is not None:
        _limit(resource.RLIMIT_AS, in_use + memory)


def _end() -> None:
    for timer in (signal.ITIMER_REAL, signal.ITIMER_PROF, signal.ITIMER_VIRTUAL):
        signal.setitimer(timer, 0)
    for number in _IN_JOB:
        signal.signal(number, signal.SIG_IGN)
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _call(job: bytes) -> tuple[bytes, bool]:
    """The pickled result and failure of *job*, and whether the process is as sound as it was before."""
    try:
        function, args = pickle.loads(job)  # noqa: S301 (written by whoever started us)
        return pickle.dumps((function(*args), "")), True
    except MemoryError:
        return pickle.dumps((None, "memory")), False
    except BaseException as error:
        return pickle.dumps((None, f"{type(error).__name__}: {error}")), True


def _read(descriptor: int, length: int) -> bytes:
    """*length* bytes; ends the process where nobody asks any more."""
    data = bytearray()
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    while len(data) < length:
        if not poll.poll(IDLE_SECONDS * 1000):
            os._exit(0)
        piece = os.read(descriptor, min(length - len(data), 1 << 20))
        if not piece:
            os._exit(0)
        data += piece
    return bytes(data)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except BrokenPipeError:
        os._exit(0)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        value = hard if value == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, hard))


def address_space() -> int | None:
    """Bytes of address space in use, so that what the reader holds is not charged to a job.

    None where that cannot be known (outside Linux): memory has no limit there.
    """
    return _statm(0)


def _memory_in_use() -> int:
    return _statm(1) or 0


def _statm(column: int) -> int | None:
    try:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[column]) * resource.getpagesize()
    except FileNotFoundError:
        return None


def main() -> NoReturn:
    """Begin as a reader: the channel is what was standard input and output, which nobody else may use."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    serve(requests, answers, int(sys.argv[1]))
