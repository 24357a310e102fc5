"""Entries of a list under the days on which they were seen, and the changes of one article put together."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import groupby
from typing import NamedTuple

from articles.models import Version
from articles.pages.recent import Entry


class Group(NamedTuple):
    """The newest change of an article on a day, and the others of that day, newest first."""

    entry: Entry
    others: list[Version]


class Day(NamedTuple):
    """A day (UTC) and what was seen on it, newest first."""

    day: date
    groups: list[Group]

    @property
    def at(self) -> datetime:
        """Its midnight."""
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)


def by_day(entries: Iterable[Entry]) -> list[Day]:
    """The *entries* of a list, newest first, by days; events stand by themselves."""
    return [
        Day(day, _grouped(some))
        for day, some in groupby(entries, key=lambda entry: entry.place.at.astimezone(UTC).date())
    ]


def _grouped(entries: Iterable[Entry]) -> list[Group]:
    groups: list[Group] = []
    of_article: dict[int, Group] = {}
    for entry in entries:
        version = entry.version
        if version is not None and (group := of_article.get(version.article_id)):
            group.others.append(version)
            continue
        groups.append(Group(entry, []))
        if version is not None:
            of_article[version.article_id] = groups[-1]
    return groups
