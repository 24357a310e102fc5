"""Whether NewsDiffs runs on a data folder: everybody who runs shares a lock, and a restore wants it alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Running(Exception):
    """NewsDiffs runs, or a restore does."""


@contextmanager
def running() -> Iterator[None]:
    """Hold while the site or the worker run. Raises Running during a restore."""
    with _held(fcntl.LOCK_SH, "A backup is being restored: start again when that is done."):
        yield


@contextmanager
def nothing_runs() -> Iterator[None]:
    """Hold while no site or worker may run. Raises Running when one does."""
    with _held(fcntl.LOCK_EX, "NewsDiffs is running: stop it first. Nothing was changed."):
        yield


@contextmanager
def _held(kind: int, else_say: str) -> Iterator[None]:
    # The kernel gives the lock back when the process ends, however it ends.
    with (settings.DATA_DIR / "lock").open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise Running(else_say) from problem
        yield
