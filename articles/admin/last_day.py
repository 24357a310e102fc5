"""What happened in the last 24 hours, hour by hour: the figures and the plot of the admin's first page."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Sum

from articles.models import HourCount, Version, hour_of
from articles.models.health import DAY_HOURS, HOUR

FAILED = ("empty", "blocked", "unreachable", "robots", "refused")
"""What a check came to that gave no text."""

HEIGHT = 60
"""Of the plot, in the units of its drawing."""

SLOT = 10
"""The room of an hour's bar, with the gap to the next."""

_COUNTED = ("articles", "checks", *FAILED, "feeds_failed")


class Hour(NamedTuple):
    """What was done in one hour, and where its bar stands: checks that went well, above them the others."""

    begins: datetime
    checks: int = 0
    failed: int = 0
    x: int = 0
    top: float = HEIGHT
    well_top: float = HEIGHT

    @property
    def failed_height(self) -> float:
        return round(self.well_top - self.top, 1)

    @property
    def well_height(self) -> float:
        return round(HEIGHT - self.well_top, 1)


class LastDay(NamedTuple):
    """The sums of the last 24 hours. changes: versions after the first that readers may see."""

    hours: list[Hour]
    checks: int
    failed: int
    feeds_failed: int
    articles: int
    changes: int

    @property
    def width(self) -> int:
        return len(self.hours) * SLOT


def last_day(now: datetime) -> LastDay:
    """The 24 hours up to *now*, the one under way among them; two queries."""
    last = hour_of(now)
    begin = last - DAY_HOURS + 1
    rows = (
        HourCount.objects.filter(hour__gte=begin, hour__lte=last)
        .values("hour")
        .order_by()
        .annotate(**{f"{name}_sum": Sum(name) for name in _COUNTED})
    )
    counts = {row["hour"]: {name: row[f"{name}_sum"] for name in _COUNTED} for row in rows}
    seen = Version.objects.filter(number__gt=1, hidden=False, seen__gt=now - timedelta(hours=DAY_HOURS))
    by_hour = [
        (hour, counts.get(hour, {}).get("checks", 0), _failed(counts.get(hour, {})))
        for hour in range(begin, last + 1)
    ]
    most = max(checks for _, checks, _ in by_hour)
    return LastDay(
        hours=[_drawn(place, *one, most) for place, one in enumerate(by_hour)],
        checks=sum(checks for _, checks, _ in by_hour),
        failed=sum(failed for *_, failed in by_hour),
        feeds_failed=sum(one["feeds_failed"] for one in counts.values()),
        articles=sum(one["articles"] for one in counts.values()),
        changes=seen.count(),
    )


def _failed(counts: dict[str, int]) -> int:
    return sum(counts.get(name, 0) for name in FAILED)


def _drawn(place: int, hour: int, checks: int, failed: int, most: int) -> Hour:
    """The bar of one hour, the tallest as high as the drawing; what is more than nothing is to be seen."""
    begins = datetime.fromtimestamp(hour * HOUR, UTC)
    if not checks:
        return Hour(begins, x=place * SLOT)
    height = max(HEIGHT * checks / most, 2.0)
    of_failed = max(height * failed / checks, 1.0) if failed else 0.0
    top = round(HEIGHT - height, 1)
    return Hour(begins, checks, failed, place * SLOT, top, round(top + of_failed, 1))
