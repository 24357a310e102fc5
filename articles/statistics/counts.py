"""What is counted of a source's articles. Pure: counts of several sources add up."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, Self

from articles.facts import ChangeKind, Disclosure

STEPS = (
    *(1 / 60, 5 / 60, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48),
    *(72, 96, 120, 168, 240, 336, 504, 720, 960),
)
"""The ends of the stretches of time that are told apart, in hours since an article's text was first seen.

The longest is the 40 days after which an unchanged article is not checked again.
"""

GROUPS = (1, 2, 3, 4, 5, 10, 20)
"""The largest number of versions in each group of articles; the last group is what lies over 20."""


KINDS = tuple(ChangeKind)
"""The kinds of change, in the order of their counts."""

DISCLOSURES = tuple(Disclosure)
"""What a page may tell of a change, in the order of the counts."""

NOTED = (Disclosure.SAME_VERSION, Disclosure.LATER)
"""What counts as noted."""


def _stretches() -> list[int]:
    return [0] * (len(STEPS) + 1)


@dataclass
class Counts:
    """Of the articles that readers may see and whose text was seen. A change is one that is not minor.

    ``first_changes`` has, for each stretch of ``STEPS`` and what lies after, the articles whose first
    change was seen in it; ``unchanged`` those whose text was seen for the last time in it, never having
    changed. ``versions`` has the articles of each group of ``GROUPS``, ``week`` the changes seen on each
    weekday (Monday first) and at each hour (UTC).

    ``kinds`` has the changes of each of ``KINDS``, minor ones too; ``told`` those for which a correction
    would be due, by what the page told of them (``DISCLOSURES``); ``note_waits`` those that a note is about,
    by the time from the change to the note.
    """

    articles: int = 0
    changed: int = 0
    headlines_changed: int = 0
    first_changes: list[int] = field(default_factory=_stretches)
    unchanged: list[int] = field(default_factory=_stretches)
    versions: list[int] = field(default_factory=lambda: [0] * (len(GROUPS) + 1))
    week: list[list[int]] = field(default_factory=lambda: [[0] * 24 for _ in range(7)])
    kinds: list[int] = field(default_factory=lambda: [0] * len(KINDS))
    told: list[int] = field(default_factory=lambda: [0] * len(DISCLOSURES))
    note_waits: list[int] = field(default_factory=_stretches)

    def add_change(self, seen: datetime) -> None:
        at = seen.astimezone(UTC)
        self.week[at.weekday()][at.hour] += 1

    def add_kinds(self, badges: Iterable[str], *, minor: bool) -> None:
        for kind in {*badges, *([ChangeKind.MINOR] if minor else [])}:
            self.kinds[KINDS.index(ChangeKind(kind))] += 1

    def add_told(self, disclosure: Disclosure, wait: timedelta | None) -> None:
        """Count a change for which a correction would be due; *wait* is from the change to the note."""
        self.told[DISCLOSURES.index(disclosure)] += 1
        if disclosure in NOTED and wait is not None:
            self.note_waits[bisect_left(STEPS, max(wait / timedelta(hours=1), 0.0))] += 1

    def add_article(
        self, *, versions: int, waited: float | None, watched: float, headline_changed: bool
    ) -> None:
        """Count an article with so many versions.

        *waited* is the hours from its first text to its first change, None when it never changed;
        *watched* the hours from its first text to the last time its text was seen.
        """
        self.articles += 1
        self.versions[bisect_left(GROUPS, versions)] += 1
        self.headlines_changed += headline_changed
        if waited is None:
            self.unchanged[bisect_left(STEPS, watched)] += 1
        else:
            self.changed += 1
            self.first_changes[bisect_left(STEPS, waited)] += 1

    def __add__(self, other: Self) -> "Counts":
        return Counts(*(_sum(mine, others) for mine, others in zip(self._all(), other._all(), strict=True)))

    def _all(self) -> list[Any]:
        return list(vars(self).values())

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    @classmethod
    def total(cls, parts: list["Counts"]) -> "Counts":
        return reduce(Counts.__add__, parts, Counts())


def _sum(one: Any, other: Any) -> Any:
    """Numbers added; lists added place by place."""
    if isinstance(one, list):
        return [_sum(a, b) for a, b in zip(one, other, strict=True)]
    return one + other
