"""Recent changes: versions and events in one list, newest first, paged by key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import NamedTuple, Self

from articles.models import Article, Event, Source, Version

_TIME = "%Y%m%dT%H%M%S.%f"
_RANKS = "ve"  # at the same instant events stand above versions


class Place(NamedTuple):
    """Where a row stands in the list; rows are ordered by it, and a page begins after one."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):{_TIME}}{_RANKS[self.rank]}{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The place that was written as *text*.

        :raises ValueError: it was not.
        """
        time, number = text[:22], text[23:]
        if text[22:23] not in ("v", "e") or not number.isascii() or not number.isdigit() or len(number) > 18:
            raise ValueError(f"{text!r} is no place in a list.")
        return cls(datetime.strptime(time, _TIME).replace(tzinfo=UTC), _RANKS.index(text[22]), int(number))


@dataclass(frozen=True)
class Entry:
    """A row of a list: a version that changed the one before, or an event."""

    version: Version | None = None
    event: Event | None = None

    @property
    def place(self) -> Place:
        if self.event:
            return Place(self.event.at, 1, self.event.pk)
        assert self.version
        return Place(self.version.seen, 0, self.version.pk)

    @property
    def article(self) -> Article:
        subject = self.version or self.event
        assert subject
        return subject.article


@dataclass(frozen=True)
class Listing:
    """One page of a list; ``older`` is where the next page begins, None on the last."""

    entries: list[Entry]
    older: Place | None


def recent_changes(
    *, source: Source | None = None, minor: bool = False, before: Place | None = None, size: int
) -> Listing:
    """The newest *size* changes and events, or those after the place *before*, in two queries."""
    versions = Version.objects.changes().newest_first().for_lists()
    events = Event.objects.visible().newest_first().select_related("article", "source")
    if not minor:
        versions = versions.filter(minor=False)
    if source:
        versions, events = versions.filter(source=source), events.filter(source=source)
    if before and before.rank:
        versions, events = versions.filter(seen__lte=before.at), events.before(before.at, before.pk)
    elif before:
        versions, events = versions.before(before.at, before.pk), events.filter(at__lt=before.at)
    entries = list(islice(in_order(versions[: size + 1], events[: size + 1]), size + 1))
    more = len(entries) > size
    return Listing(entries[:size], entries[size - 1].place if more else None)


def in_order(versions: Iterable[Version], events: Iterable[Event]) -> Iterable[Entry]:
    """Both merged into one list, newest first; each must be newest first already."""
    return merge(
        (Entry(version=version) for version in versions),
        (Entry(event=event) for event in events),
        key=lambda entry: entry.place,
        reverse=True,
    )
