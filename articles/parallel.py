"""Work in many pieces, done by a process for each core."""

import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import TypeVar

import django

Piece = TypeVar("Piece")
Done = TypeVar("Done")

MOST_PROCESSES = 4
"""More would wait for the one that reads and writes. Each takes some 140 MB."""

AHEAD = 2
"""Pieces of each process that are read before what was made of them is taken."""


class Ended(Exception):
    """The processes can't be started, or one was ended by somebody else, as for want of memory."""


def cores() -> int:
    """How many processes may work at a time."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ours, MOST_PROCESSES)


def each(function: Callable[[Piece], Done], pieces: Iterable[Piece], processes: int) -> Iterator[Done]:
    """What *function* makes of each of *pieces*, in their order, made by so many *processes*.

    Where *processes* is 1 this process makes all of it. *function* is importable by its name; it may use
    Django's settings and models, but no connection. *pieces* are read here, a few of them ahead.

    :raises Ended: there are no such processes, or no more.
    """
    if processes < 2:
        yield from map(function, pieces)
        return
    with _told_of_the_system():
        # Not forked, as the copies would hold the parent's connections.
        pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    begun: deque[Future[Done]] = deque()
    try:
        for piece in pieces:
            with _told_of_the_system():
                begun.append(pool.submit(function, piece))
            if len(begun) > AHEAD * processes:
                yield _result(begun.popleft())
        while begun:
            yield _result(begun.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _told_of_the_system() -> Iterator[None]:
    """Raise Ended where the system gives no process, or what two of them need to speak to each other."""
    try:
        yield
    except (BrokenExecutor, OSError, NotImplementedError) as problem:
        raise Ended(str(problem)) from problem


def _result(future: "Future[Done]") -> Done:
    try:
        return future.result()
    except BrokenExecutor as problem:
        raise Ended(str(problem)) from problem


def _begin() -> None:
    """Make a process ready for its pieces."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it is told, and ends it
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()
    gc.freeze()  # what was loaded just now stays


def _end_with_parent() -> None:
    """Where the parent is killed nobody else ends its processes."""
    if parent := parent_process():
        parent.join()
    os._exit(1)
