"""Whether a source is well, and who is told when it is not.

``judge`` is pure: numbers in, problems in words out. ``count`` reads the numbers, every few minutes, from the
hours that the watch counts as it goes (``HourCount``); it stores one ``Health`` a source, so that no page has
to count. ``alerts`` keeps what is worth an e-mail, and sends many of them as one.
"""

from articles.health.alerts import tell
from articles.health.count import FEED_FAILS, accept_yield, prune, refresh
from articles.health.judge import (
    ALERTING,
    Judged,
    Numbers,
    Problem,
    failing_since,
    judge,
    usual_of,
    verdict,
    well,
)

__all__ = [
    "ALERTING",
    "FEED_FAILS",
    "Judged",
    "Numbers",
    "Problem",
    "accept_yield",
    "failing_since",
    "judge",
    "prune",
    "refresh",
    "tell",
    "usual_of",
    "verdict",
    "well",
]
