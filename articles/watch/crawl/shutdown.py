"""Whether the worker is wanted to stop: then no request is begun, and none is waited for.

One byte that the worker's leader shares with the processes it forks: the queue tells them only when they
come for their next task.
"""

import mmap
import time

from articles.watch.crawl.errors import SessionOver

_LOOK_EVERY = 0.2
"""Seconds between two looks at whether we are to stop."""

_wanted = mmap.mmap(-1, 1)


def ask() -> None:
    """Have this process, and all forked from it since this module was read, stop."""
    _wanted[0] = 1


def is_asked() -> bool:
    """Return whether this process is to stop."""
    return _wanted[0] == 1


def sleep(seconds: float) -> None:
    """Wait for *seconds*.

    :raises SessionOver: we are wanted to stop meanwhile.
    """
    ends = time.monotonic() + seconds
    while True:
        if is_asked():
            raise SessionOver("the worker stops")
        left = ends - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, _LOOK_EVERY))
