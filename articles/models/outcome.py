"""What a check can come to: codes that are stored, counted and decided on; pages make sentences of them."""

from django.db import models


class Outcome(models.TextChoices):
    """What a check came to, as it is stored with the article and counted for /metrics."""

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
