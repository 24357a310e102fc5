"""What one check came to, as commands tell it."""

from dataclasses import dataclass
from typing import Any

from articles.models import Outcome
from articles.watch.check.decision import Decision


@dataclass(frozen=True)
class CheckResult:
    """One check, as ``manage.py check_articles`` tells it.

    version: the number of the article's latest version after the check, 0 without any.
    seconds: how long the check took, waiting for the host left out.
    """

    url: str
    outcome: Outcome
    reason: str
    status: int | None
    version: int
    seconds: float

    @classmethod
    def of(cls, url: str, decision: Decision, version: int) -> "CheckResult":
        """Return the result of *decision*, stored with *version* as the latest one, for the article at
        *url*."""
        return cls(url, decision.outcome, decision.reason, decision.status, version, decision.seconds)

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "status": self.status,
            "version": self.version,
            "seconds": round(self.seconds, 3),
        }
