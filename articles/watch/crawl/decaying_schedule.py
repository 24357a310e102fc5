"""The decaying schedule: how long to wait between checks of an article, by its age. Pure.

Its promise: an edit made when the story is *t* old is seen after at most ``max(floor, min(t/5, 24 h))``;
a story is retired 40 days after its last change; a change starts it over. All four numbers are the source's.

``articles.watch.check.next_check`` applies it to an article after a check. The waits after failures are
``back_off``'s; ``articles.watch.queue.periodic_tasks`` has the queue's own timetable.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

JITTER = 0.10
"""Up to this share is taken off a wait, so that articles found together spread out. It is never added:
that would break the promise."""


@dataclass(frozen=True)
class Pace:
    """A source's four numbers."""

    floor: timedelta = timedelta(minutes=15)
    ceiling: timedelta = timedelta(hours=24)
    divisor: int = 5
    retire_after: timedelta = timedelta(days=40)

    def wait(self, age: timedelta, random: float = 0.0) -> timedelta:
        """The wait after a check of a story that last changed *age* ago; *random* in 0…1 picks the jitter."""
        plain = min(max(age / self.divisor, self.floor), self.ceiling)
        return max(plain * (1 - JITTER * random), self.floor)

    def next_check(self, now: datetime, last_change: datetime, random: float = 0.0) -> datetime | None:
        """Return when to check next, or None when the story is retired.

        *last_change* is when the last change (or, without one, the story) was first seen. The last check
        falls on the moment of retirement, so that no edit before it is missed.
        """
        retires = last_change + self.retire_after
        if now >= retires:
            return None
        # A clock set back must not make an age negative, nor a wait longer than the ceiling.
        age = max(now - last_change, timedelta(0))
        return min(now + self.wait(age, random), retires)
