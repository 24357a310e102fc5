"""What a check can come to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """The outcomes of architecture.md, "Running"; what each means is in fetch.md, "What an answer means"."""

    NEW_VERSION = "new-version"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    WITHHELD = "withheld"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    FAILED = "failed"
    HELD = "held"
    REFUSED = "refused"
    ROBOTS = "robots"

    @property
    def is_failure(self) -> bool:
        """Whether it told nothing about the article: it is asked again, later than otherwise."""
        return self in _FAILURES


_FAILURES = {Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.FAILED, Outcome.REFUSED, Outcome.ROBOTS}


@dataclass(frozen=True)
class CheckResult:
    """One check, as ``manage.py check`` tells it.

    version: the number of the article's latest version after the check, 0 without any.
    seconds: how long the check took, waiting for the host's turn left out.
    """

    url: str
    outcome: Outcome
    reason: str
    status: int | None
    version: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "status": self.status,
            "version": self.version,
            "seconds": round(self.seconds, 3),
        }
