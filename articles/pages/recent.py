"""Recent changes: versions and events in one list, newest first, paged by key."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import NamedTuple, Self

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles import search
from articles.models import Article, Event, EventQuerySet, Version, VersionQuerySet
from articles.pages.filters import Filters

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
        time, rank, number = text[:22], text[22:23], text[23:]
        if rank in ("v", "e") and number.isascii() and number.isdigit() and len(number) <= 18:
            with suppress(ValueError):  # Python's words for a time that is none are not for readers
                at = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
                return cls(at, _RANKS.index(rank), int(number))
        raise ValueError(_("%(text)s is no place in a list.") % {"text": f"{text!r}"})


def asked_place(request: HttpRequest, name: str) -> Place | None:
    """The place that the query string gives as *name*.

    :raises BadRequest: it is none.
    """
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        return Place.parse(text)
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem


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
    """One page of a list; ``older`` and ``newer`` are where the pages beside it begin, None for no page."""

    entries: list[Entry]
    older: Place | None = None
    newer: Place | None = None


def recent_changes(filters: Filters, *, before: Place | None = None, size: int) -> Listing:
    """The newest *size* changes and events, or those that follow the place *before*, in two queries; in three
    where several kinds of change are asked for, and in five where words are, but for words that are in very
    many changes of which the filters leave few."""
    return _older(filters.changes(), filters.events(), filters.words, filters.kinds_by_index, before, size)


def older_changes(
    versions: VersionQuerySet, events: EventQuerySet, *, before: Place | None = None, size: int
) -> Listing:
    """The same of any *versions* and *events*."""
    return _older(versions, events, "", (), before, size)


def _older(
    versions: VersionQuerySet,
    events: EventQuerySet,
    words: str,
    kinds: Sequence[str],
    before: Place | None,
    size: int,
) -> Listing:
    versions, events = versions.newest_first(), events.for_lists()
    if before and before.rank:
        versions, events = versions.filter(seen__lte=before.at), events.before(before.at, before.pk)
    elif before:
        versions, events = versions.before(before.at, before.pk), events.filter(at__lt=before.at)
    some = _first(versions, words, kinds, size + 1, before)
    entries = list(islice(in_order(some, events.newest_first()[: size + 1]), size + 1))
    return Listing(
        entries[:size],
        older=entries[size - 1].place if len(entries) > size else None,
        newer=entries[0].place if before and entries else None,
    )


def newer_changes(filters: Filters, *, after: Place, size: int) -> Listing:
    """The *size* changes and events that stand right above the place *after*; the newest where it is near."""
    versions, events = filters.changes(), filters.events().for_lists()
    if after.rank:
        versions, events = versions.filter(seen__gt=after.at), events.after(after.at, after.pk)
    else:
        versions, events = versions.after(after.at, after.pk), events.filter(at__gte=after.at)
    some = _first(versions.oldest_first(), filters.words, filters.kinds_by_index, size + 1, after)
    upwards = in_order(some, events.oldest_first()[: size + 1], newest=False)
    entries = list(islice(upwards, size + 1))
    if len(entries) <= size:
        return recent_changes(filters, size=size)
    shown = entries[:size][::-1]
    return Listing(shown, older=shown[-1].place, newer=shown[0].place)


def _first(
    versions: VersionQuerySet, words: str, kinds: Sequence[str], most: int, place: Place | None
) -> Iterable[Version]:
    if words:
        return search.first_changes(versions, words, kinds, most, place.at if place else None)
    return versions.first_of_kinds(kinds, most)


def in_order(versions: Iterable[Version], events: Iterable[Event], *, newest: bool = True) -> Iterable[Entry]:
    """Both merged into one list, newest first (or oldest); each must be in that order already."""
    return merge(
        (Entry(version=version) for version in versions),
        (Entry(event=event) for event in events),
        key=lambda entry: entry.place,
        reverse=newest,
    )
