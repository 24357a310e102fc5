"""The strip of an article's history: on a time axis, words added above the line, words removed below."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from math import sqrt
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Version
from articles.pages.words import date_and_time
from articles.web.wording import number

WIDTH = 680
HEIGHT = 96
MIDDLE = 48
_EDGE = 8
_TALLEST = 40
_WIDEST, _NARROWEST = 10.0, 2.0
_LEAST_HEIGHT = 2.0


class Mark(NamedTuple):
    """A version: its address, its words, and its bars as SVG paths, "" where there is none.

    ``area`` reaches from top to bottom, so that a small bar can be hit too.
    """

    address: str
    words: str
    area: str
    added: str
    removed: str
    unchanged: str

    @property
    def svg(self) -> SafeString:
        """It as an element of the drawing. Put together here: a page has a hundred of them."""
        bars = "".join(
            f'<path class="{name}" d="{path}"/>'
            for name, path in (
                ("area", self.area),
                ("added", self.added),
                ("removed", self.removed),
                ("unchanged", self.unchanged),
            )
            if path
        )
        return SafeString(
            f'<a href="{escape(self.address)}" tabindex="-1"><title>{escape(self.words)}</title>{bars}</a>'
        )


class Strip(NamedTuple):
    marks: Sequence[Mark]
    versions: Sequence[Version]
    most: int
    """The words of the tallest bar."""


def strip(versions: Sequence[Version]) -> Strip:
    """The strip of *versions*, given oldest first."""
    most = max((max(one.words_added, one.words_removed) for one in versions if _is_shown(one)), default=0)
    # A clock that was set back does not turn the axis round.
    places = _places([*accumulate((one.seen.timestamp() for one in versions), max)])
    slot = (WIDTH - 2 * _EDGE) / max(len(versions), 1)
    width = min(max(slot * 0.8, _NARROWEST), _WIDEST)
    history = reverse("article", args=[versions[0].article_id]) if versions else ""
    marks = [
        _mark(version, history, round(x - width / 2, 1), round(width, 1), most)
        for version, x in zip(versions, places, strict=True)
    ]
    return Strip(marks, versions, most)


def _is_shown(version: Version) -> bool:
    """Whether readers may see what changed with it: there is a version before it, which is not taken down."""
    return version.number > 1 and not version.follows_hidden


def _mark(version: Version, history: str, left: float, width: float, most: int) -> Mark:
    area = _bar(left, width, 0, HEIGHT)
    if not _is_shown(version):
        return Mark(
            f"{history}{version.number}/", _words(version), area, "", "", _bar(left, width, MIDDLE - 3, 6)
        )
    above, below = _height(version.words_added, most), _height(version.words_removed, most)
    return Mark(
        f"{history}diff/{version.number - 1}/{version.number}/",
        _words(version),
        area,
        _bar(left, width, MIDDLE - above, above) if above else "",
        _bar(left, width, MIDDLE, below) if below else "",
        "" if above or below else _bar(left, width, MIDDLE - 3, 6),
    )


def _bar(left: float, width: float, top: float, height: float) -> str:
    return f"M{left:g} {top:g}h{width:g}v{height:g}h{-width:g}z"


def _words(version: Version) -> str:
    """'Version 2, seen 18 July 2016, 14:50 UTC: +3 −1 words, headline changed'."""
    seen = _("Version %(number)s, seen %(date_and_time)s") % {
        "number": version.number,
        "date_and_time": date_and_time(version.seen),
    }
    if not _is_shown(version):
        words = ngettext("%(count)s word", "%(count)s words", version.words) % {
            "count": number(version.words)
        }
        return f"{seen}: {words}"
    changed = _("+%(words_added)s −%(words_removed)s words") % {
        "words_added": version.words_added,
        "words_removed": version.words_removed,
    }
    if not version.words_added and not version.words_removed:
        changed = _("text: no word changed")
    return ", ".join((f"{seen}: {changed}", *([_("headline changed")] if version.headline_before else [])))


def _places(times: Sequence[float]) -> list[float]:
    """Where each stands: a part of the width by time, and a slot for each, so that none hides another."""
    if not times:
        return []
    slot = min(_WIDEST + 2, (WIDTH - 2 * _EDGE) / len(times))
    room = WIDTH - 2 * _EDGE - slot * len(times)
    span = times[-1] - times[0]
    return [
        _EDGE + slot * (place + 0.5) + (room * (time - times[0]) / span if span > 0 else 0.0)
        for place, time in enumerate(times)
    ]


def _height(words: int, most: int) -> float:
    """By the square root: a bar of a few words can be seen beside one of hundreds."""
    return round(max(_TALLEST * sqrt(words / most), _LEAST_HEIGHT), 1) if words else 0.0
