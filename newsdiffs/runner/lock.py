"""Who uses a data folder: those that may run beside others share a lock, those that may not want it alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


class Running(Exception):
    """Somebody else uses the data folder."""


@contextmanager
def running(*, alone: bool) -> Iterator[None]:
    """Hold while the site or a worker run; *alone*: beside no other. Raises Running when that can't be."""
    say = f"NewsDiffs runs with {settings.DATA_DIR} already: stop it first, or choose another DATA_DIR."
    with _held(fcntl.LOCK_EX if alone else fcntl.LOCK_SH, say):
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
