"""From a source's numbers to what is wrong with it, in words. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

WINDOWS = 28
"""Stretches of 24 hours before the last one, by which the usual is told."""

FEWEST_WINDOWS = 14
"""With fewer in which its feeds were read, a source is too new to tell."""

SAME_WEEKDAY = (7, 14, 21, 28)

FEWEST_USUAL = 10
"""Articles a day. A source with fewer has days without any, and nothing is wrong."""

COLLAPSED = 0.2
"""Of the usual: below that, the yield has collapsed …"""

RECOVERED = 0.4
"""… and is said to have until it is back at this share, so that nobody is told twice a day."""

FAILED_FOR = timedelta(days=1)
FAILED_HOURS = 3
"""Hours in which it was tried in vain. After a week switched off, one failure is no failed week."""

MOSTLY = 0.5
FEWEST_CHECKS = 10
"""With fewer in 24 hours, no share is told."""

ALERTING = frozenset({"feeds", "checks", "yield"})
"""Kinds of problems that are worth an e-mail."""


class Problem(NamedTuple):
    """One thing that is wrong. severity: 1 to be known, 2 to be looked at, 3 nothing comes in any more."""

    kind: str
    words: str
    severity: int


class Judged(NamedTuple):
    """What is wrong with a source, the kinds of problems that it is seen not to have, and its usual yield.

    A kind in neither can't be told now: nothing was tried, or something else is in the way.
    """

    problems: Sequence[Problem]
    well: Collection[str] = ()
    usual: float | None = None


@dataclass(frozen=True)
class Numbers:
    """What is known of a source. Counts are those of the last 24 hours."""

    now: datetime
    created: datetime
    enabled: bool = True
    last_success: datetime | None = None
    errors_in_row: int = 0
    last_error: str = ""
    articles: int = 0
    usual: float | None = None
    checks: int = 0
    empty: int = 0
    blocked: int = 0
    unreachable: int = 0
    robots: int = 0
    refused: int = 0
    checks_failing_since: datetime | None = None
    """When the first of the checks in a row was made that all failed, in several hours; else None."""
    feeds: int = 0
    feeds_failing: int = 0
    """How many of its feeds failed at their last three readings or more."""
    feed_error: str = ""
    last_feed_read: datetime | None = None
    feeds_failing_since: datetime | None = None
    feeds_read: int = 0
    feeds_fresh: bool = False
    """Whether a feed was read lately: what it named is not still to come."""
    paused_hosts: tuple[tuple[str, datetime], ...] = ()
    parked: int = 0
    capped: int = 0
    deferred: int = 0


def usual_of(windows: Mapping[int, int]) -> float | None:
    """The number of new articles that is usual on a day like this; None when it is too new to tell.

    *windows* has the number in each stretch of 24 hours, 1 being the one before the last; those in which no
    feed was read are left out. A stretch of 24 hours has a night in it, whenever it begins. Of the median of
    all and that of the same weekday the lower counts: a paper that rests on Sundays is not missed then.
    """
    known = {number: count for number, count in windows.items() if 1 <= number <= WINDOWS}
    if len(known) < FEWEST_WINDOWS:
        return None
    overall = median(known.values())
    same = [known[number] for number in SAME_WEEKDAY if number in known]
    return min(overall, median(same)) if len(same) > 1 else overall


def failing_since(hours: Iterable[tuple[int, int, int]]) -> int | None:
    """The first of the hours in which all failed, up to now; None unless there are several.

    *hours* has (hour, how much went well, how much failed), in any order.
    """
    failed: list[int] = []
    for hour, well, wrong in sorted(hours, reverse=True):
        if well:
            break
        if wrong:
            failed.append(hour)
    return failed[-1] if len(failed) >= FAILED_HOURS else None


def judge(numbers: Numbers, known: Collection[str] = ()) -> list[Problem]:
    """What is wrong, the worst first; *known* are the kinds of problems it had when last looked at."""
    if not numbers.enabled:
        return []
    found = [
        problem
        for problem in (
            _feeds(numbers),
            _checks(numbers),
            _yield(numbers, known),
            *_shares(numbers),
            *_smaller(numbers),
        )
        if problem
    ]
    return sorted(found, key=lambda problem: -problem.severity)


def well(numbers: Numbers) -> set[str]:
    """The kinds of problems worth an e-mail that the numbers show not to be there."""
    failed = numbers.empty + numbers.blocked + numbers.unreachable + numbers.robots + numbers.refused
    usual = numbers.usual
    seen = {
        "feeds": numbers.feeds_read > 0,
        "checks": numbers.checks > failed,
        "yield": usual is not None
        and usual >= FEWEST_USUAL
        and numbers.feeds_fresh
        and numbers.articles >= usual * RECOVERED,
    }
    return {kind for kind, is_well in seen.items() if is_well}


def verdict(numbers: Numbers, problems: list[Problem]) -> str:
    """The source's state in a few words."""
    if not numbers.enabled:
        return "paused by you"
    if problems:
        more = len(problems) - 1
        return problems[0].words + (f" (and {more} more)" if more else "")
    if numbers.last_success is None and numbers.last_feed_read is None:
        return "new: nothing read yet"
    if numbers.usual is None:
        return "too new to tell its usual yield"
    return "fine"


def _feeds(numbers: Numbers) -> Problem | None:
    since = numbers.feeds_failing_since
    if since is None:
        if numbers.feeds_failing:
            which = f"{numbers.feeds_failing} of {numbers.feeds} feeds"
            return Problem("some-feeds", f"{which} can’t be read: {_short(numbers.feed_error)}", 1)
        return None
    last = numbers.last_feed_read
    words = f"no feed read since {_moment(last)}" if last else "no feed was ever read"
    if numbers.feed_error:
        words += f": {_short(numbers.feed_error)}"
    if numbers.now - since < FAILED_FOR:
        return Problem("feeds-today", words, 2)
    return Problem("feeds", words, 3)


def _checks(numbers: Numbers) -> Problem | None:
    since, last = numbers.checks_failing_since, numbers.last_success
    if since is None or numbers.now - since < FAILED_FOR:
        return None
    words = f"no article read since {_moment(last)}" if last else "no article was ever read"
    return Problem("checks", f"{words}: {_short(numbers.last_error)}" if numbers.last_error else words, 3)


def _yield(numbers: Numbers, known: Collection[str]) -> Problem | None:
    """Told only where feeds are read: without that, it is the feeds that are wrong."""
    usual = numbers.usual
    if usual is None or usual < FEWEST_USUAL or not numbers.feeds_fresh:
        return None
    if numbers.articles >= usual * (RECOVERED if "yield" in known else COLLAPSED):
        return None
    count = f"{numbers.articles} article{'' if numbers.articles == 1 else 's'}"
    return Problem("yield", f"yield collapsed: {count} in 24 h, usually {usual:.0f}", 3)


_SHARES = {
    "blocked": "mostly blocked",
    "unreachable": "mostly unreachable",
    "empty": "pages give no text",
    "robots": "robots.txt forbids most pages",
    "refused": "most addresses may not be fetched",
}


def _shares(numbers: Numbers) -> Iterable[Problem]:
    if numbers.checks < FEWEST_CHECKS:
        return
    for kind, words in _SHARES.items():
        count = getattr(numbers, kind)
        if count > MOSTLY * numbers.checks:
            yield Problem(kind, f"{words}: {count} of {numbers.checks} checks in 24 h", 2)


def _smaller(numbers: Numbers) -> Iterable[Problem]:
    for name, until in numbers.paused_hosts:
        yield Problem("host", f"{name} is left alone until {_moment(until)}, after failures", 1)
    if numbers.parked:
        yield Problem("parked", f"{_articles(numbers.parked)} put aside: checks of them never end", 1)
    if numbers.capped:
        yield Problem("capped", f"{_articles(numbers.capped)} had all versions of a day", 1)
    if numbers.deferred:
        yield Problem("deferred", f"{_articles(numbers.deferred, 'new ')} wait for the hourly limit", 1)


def _articles(count: int, which: str = "") -> str:
    return f"{count} {which}article{'' if count == 1 else 's'}"


def _moment(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M} UTC"


def _short(text: str) -> str:
    return text if len(text) <= 160 else f"{text[:159]}…"
