"""How long an article, a feed and a whole host are left alone after a 503 or another failure. Pure.

``back_off`` is the wait of one article or feed; ``articles.watch.check.next_check`` and
``articles.watch.feeds.poll`` apply it. ``rest_after`` lets a whole host rest: for its delay, for the
Retry-After of a 429 or 503, and for half an hour or longer after five failures in a row, of which a 503 is
one; ``host_session`` stores it.
"""

from datetime import datetime, timedelta

from articles.fetch import Answer, Problem
from articles.models import Host

LONGEST_BACK_OFF = timedelta(hours=24)

LONGEST_DURATION_DELAY = 30.0
"""Seconds; a slow host rests for five times as long as it took to answer, and at most for these."""

FAILURES_TO_PAUSE = 5
"""Failures in a row after which a host is paused."""

PAUSE = timedelta(minutes=30)
"""The first pause; each one that follows without an answer in between is twice as long."""

LONGEST_PAUSE = timedelta(hours=24)

OVERLOADED = {408, 425, 429, *range(500, 600)}
"""Statuses by which a host says that it is in trouble or that we ask too much: they count as failures."""


def back_off(failures: int, random: float = 0.5) -> timedelta:
    """The least wait after *failures* in a row: 10 minutes, doubled each time, ± 20 %, at most 24 h."""
    minutes = 10 * 2 ** min(max(failures, 1) - 1, 10)
    return min(timedelta(minutes=minutes) * (0.8 + 0.4 * random), LONGEST_BACK_OFF)


def rest_of(host: Host, delay: float, duration: float = 0.0) -> float:
    """Seconds that the host rests after a request that took *duration* seconds; *delay*: those that each host
    rests at least."""
    return max(
        delay,
        min(5 * duration, LONGEST_DURATION_DELAY) if delay else 0.0,
        host.robots_delay_seconds,
    )


def rest_after(
    host: Host, answer: Answer, now: datetime, *, delay: float, via_redirect: bool, random: float
) -> dict[str, object]:
    """What the host's row says after *answer*: when it may be asked again, its failures and its pauses.

    via_redirect: another host led there, so that what went wrong is not held against this one.
    random: a number in 0…1, by which a pause is up to a tenth shorter or longer.
    """
    allowed = now + timedelta(seconds=rest_of(host, delay, answer.seconds))
    broke_off = answer.problem in (Problem.NETWORK, Problem.TIMEOUT)
    values: dict[str, object] = {"next_allowed": allowed}
    if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
        return values
    if answer.retry_after and answer.status in (429, 503):
        values["next_allowed"] = max(allowed, now + timedelta(seconds=answer.retry_after))
    if via_redirect:
        return values
    values["last_unanswered" if answer.status is None else "last_answered"] = now
    if answer.status is not None and answer.status not in OVERLOADED and not broke_off:
        return values | {"failures": 0, "pauses": 0, "paused_until": None}
    values["failures"] = host.failures + 1
    if host.failures + 1 >= FAILURES_TO_PAUSE:
        pause = min(PAUSE * 2 ** min(host.pauses, 10), LONGEST_PAUSE) * (0.9 + 0.2 * random)
        values |= {"paused_until": now + pause, "failures": 0, "pauses": host.pauses + 1}
    return values
