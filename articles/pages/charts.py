"""Where things lie in the plots: from counts to the points, bars and cells that templates draw as SVG. Pure.

Our own, because the libraries that draw SVG put their colours into ``style`` elements and attributes, which
the site's Content-Security-Policy forbids, as do their scripts; and none knows the reader's colour scheme.
Everything here is in the units of a drawing ``WIDTH`` wide: about the pixels of the narrowest screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.pages import durations
from articles.statistics import GROUPS, Share
from articles.web.wording import decimal

WIDTH = 340
HEIGHT = 200
LEFT, RIGHT, TOP, BOTTOM = 40, 16, 10, 24
"""The margins, where the words of the axes stand."""

_FLOOR = HEIGHT - BOTTOM
_BESIDE_BARS = 4
"""The margins of a drawing without an axis at its side, so that the names below the bars have room."""

_FIRST_HOUR = 0.25
"""The axis begins at 15 minutes, the usual shortest wait between checks, unless changes were seen sooner."""

_TICKS = (1 / 60, 5 / 60, 0.25, 1, 6, 24, 168, 960)
_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)

LEVELS = 5
"""Shades of a cell besides the empty one."""

CELL_WIDTH, CELL_HEIGHT = 12, 16
"""The room of an hour of the week, with a gap to the next."""

WEEK_TOP = 18

HOURS = [(hour, LEFT + hour * CELL_WIDTH + CELL_WIDTH / 2) for hour in (0, 6, 12, 18, 23)]
"""The hours named above the cells, and where."""

DAY_LABELS = [(WEEKDAYS_ABBR[day], WEEK_TOP + day * CELL_HEIGHT) for day in range(7)]
"""The days named beside the cells, and where."""

LEGEND = [(shade, LEFT + (shade + 2) * CELL_WIDTH) for shade in range(1, LEVELS + 1)]
"""The shades shown below the cells, and where."""

DAYS = tuple(WEEKDAYS[day] for day in range(7))


class Tick(NamedTuple):
    """A mark on an axis: where it stands, and its words."""

    at: float
    label: str


class Curve(NamedTuple):
    """The line through the shares and the margins around it, each as the points of an SVG polygon."""

    line: str
    margins: str
    end: tuple[float, float]
    across: list[Tick]
    up: list[Tick]


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    share: float

    @property
    def per_cent(self) -> str:
        """Its share in whole per cent: there is no room for more above it."""
        return f"{100 * self.share:.0f} %" if self.share >= 0.01 else "<1 %"

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


class Busiest(NamedTuple):
    """The hour of the week with the most changes."""

    day: str | Promise
    hour: int
    changes: int


def hours_in_words(hours: float) -> str:
    """A step of the axis: '15 minutes', '6 hours', '40 days'."""
    if hours < 1:
        return durations.minutes_in_words(round(hours * 60))
    return (
        durations.hours_in_words(round(hours)) if hours < 48 else durations.days_in_words(round(hours / 24))
    )


def _brief(hours: float) -> str:
    if hours < 1:
        return _("%(count)s min") % {"count": round(hours * 60)}
    told = _("%(count)s h") if hours < 24 else _("%(count)s d")
    return told % {"count": round(hours if hours < 24 else hours / 24)}


def percent(share: float) -> str:
    """'34 %', '2.5 %'; '<0.1 %' for what is more than nothing."""
    per_cent = 100 * share
    if 0 < per_cent < 0.1:
        return f"<{decimal(0.1)} %"
    if per_cent >= 10 or per_cent == 0:
        return f"{per_cent:.0f} %"
    # A page of statistics has a thousand: `decimal` would take a third of the time for all of it.
    return f"{per_cent:.1f}".replace(".", get_format("DECIMAL_SEPARATOR")) + " %"


def curve(shares: Sequence[Share]) -> Curve | None:
    """The shares over the logarithm of the hours; None when fewer than two can be drawn."""
    first = min(_FIRST_HOUR, next((one.hours for one in shares if one.share), _FIRST_HOUR))
    shown = [one for one in shares if one.hours >= first]
    if len(shown) < 2:
        return None
    last = shown[-1].hours
    top = next(top for top in _TOPS if top >= max(one.high for one in shown))

    def x(hours: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * log(hours / first) / log(last / first), 1)

    def y(share: float) -> float:
        return round(_FLOOR - (_FLOOR - TOP) * share / top, 1)

    upper = [(x(one.hours), y(one.high)) for one in shown]
    lower = [(x(one.hours), y(one.low)) for one in reversed(shown)]
    line = [(x(one.hours), y(one.share)) for one in shown]
    return Curve(
        _points(line),
        _points([*upper, *lower]),
        line[-1],
        [Tick(x(hours), _brief(hours)) for hours in _TICKS if first <= hours <= last],
        [Tick(y(share), percent(share)) for share in (0, top / 2, top)],
    )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def version_labels() -> list[str]:
    """The names of the groups of articles by their number of versions: '1', …, '6–10', …, '21+'."""
    before = (0, *GROUPS[:-1])
    named = [
        str(most) if most == fewer + 1 else f"{fewer + 1}–{most}"
        for fewer, most in zip(before, GROUPS, strict=True)
    ]
    return [*named, f"{GROUPS[-1] + 1}+"]


def bars(counts: Sequence[int], labels: Sequence[str]) -> list[Bar]:
    """Upright bars side by side, the tallest as high as the drawing."""
    total, most = sum(counts), max(counts, default=0)
    slot = (WIDTH - 2 * _BESIDE_BARS) / max(len(counts), 1)
    found = []
    for place, (count, label) in enumerate(zip(counts, labels, strict=True)):
        height = (_FLOOR - TOP - 12) * count / most if most else 0.0
        if count:
            height = max(height, 1.0)
        found.append(
            Bar(
                round(_BESIDE_BARS + place * slot + slot * 0.12, 1),
                round(_FLOOR - height, 1),
                round(slot * 0.76, 1),
                round(height, 1),
                label,
                count,
                count / total if total else 0.0,
            )
        )
    return found


def shades(week: Sequence[Sequence[int]]) -> list[tuple[int, str]]:
    """For each shade the SVG path of the hours of the week that have it; the fullest has the last."""
    most = max((count for day in week for count in day), default=0)
    paths: dict[int, list[str]] = {}
    for number, day in enumerate(week):
        for hour, count in enumerate(day):
            x, y = LEFT + hour * CELL_WIDTH, WEEK_TOP + number * CELL_HEIGHT
            cell = f"M{x} {y}h{CELL_WIDTH - 1}v{CELL_HEIGHT - 1}h{1 - CELL_WIDTH}z"
            paths.setdefault(level(count, most), []).append(cell)
    return [(shade, "".join(cells)) for shade, cells in sorted(paths.items())]


def busiest(week: Sequence[Sequence[int]]) -> Busiest | None:
    """The hour of the week with the most changes, the first of several; None without a change."""
    hours = [Busiest(DAYS[n], hour, count) for n, day in enumerate(week) for hour, count in enumerate(day)]
    most = max(hours, key=lambda one: one.changes)
    return most if most.changes else None


def level(count: int, most: int) -> int:
    """The shade of *count* where *most* has the darkest: 0 for none, 1 to ``LEVELS`` else."""
    return -(-count * LEVELS // most) if most else 0
