"""What a page told of its changes: for each fact that a correction would be due for, over an article's life.

It never accuses: that no note was found says nothing of why, and a page may tell of a change elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from articles.facts.disclosure import Disclosure, Note, disclosed
from articles.facts.fact import How, Kind
from articles.facts.over_versions import story_so_far
from articles.facts.stored import StoredFact

TICKS = 5
"""Changes of one number or date after which its place counts as one that ticks (a counter, a clock)."""

MOST_NOTES = 20
"""Notes of one article that are looked at; each may be compared with every fact."""

_BY_NOTE = (Disclosure.SAME_VERSION, Disclosure.LATER, Disclosure.UNCLEAR)

_LIVE = frozenset(
    {"live", "liveblog", "live-blog", "livestream", "liveticker", "live-ticker", "ticker", "live-updates"}
    | {"en-direct", "direct", "en-directo", "directo", "en-vivo", "ao-vivo", "aovivo", "diretta", "onlayn"}
)
"""Parts of addresses by which newsrooms name their live blogs."""


class Told(NamedTuple):
    """A version as far as the ledger goes: its number, when it was first seen, the date of change that the
    page claimed then, and the facts of the change that made it (none of one that may not be shown)."""

    number: int
    seen: datetime
    claimed: datetime | None
    facts: Sequence[StoredFact]


class Entry(NamedTuple):
    """Facts of one change of which the page told the same: what it told, in which version, and after how long
    (None where it told nothing)."""

    number: int
    facts: tuple[StoredFact, ...]
    disclosure: Disclosure
    noted_in: int | None
    wait: timedelta | None


def ledger(versions: Sequence[Told], language: str = "", *, live: bool = False) -> list[Entry]:
    """Return what the page told of each change that a correction would be due for, oldest first.

    ``versions`` are all of an article in order, from the first; of a live blog nothing is said.
    """
    due = [
        (version, [one for one in version.facts if one.due])
        for version in versions
        if not live and any(one.due for one in version.facts)
    ]
    if not due:
        return []
    ticking = _ticking(versions, language)
    by_number = {version.number: version for version in versions}
    notes = [
        Note(version.number, one.fact.after)
        for version in versions
        for one in version.facts
        if one.fact.kind is Kind.NOTE and one.fact.change is not How.REMOVED
    ]
    entries: list[Entry] = []
    for version, facts in due:
        before = by_number.get(version.number - 1)
        moved = before is not None and _later(before.claimed, version.claimed)
        later = [note for note in notes if note.version >= version.number][:MOST_NOTES]
        found: dict[tuple[Disclosure, int | None], list[StoredFact]] = {}
        for one in facts:
            if (one.fact.kind, one.fact.before) not in ticking:
                told = disclosed(one.fact, version.number, later, date_moved=moved, language=language)
                found.setdefault((told.disclosure, told.version), []).append(one)
        for (disclosure, told_in), some in found.items():
            noted_in = told_in if disclosure in _BY_NOTE else None
            wait = by_number[noted_in].seen - version.seen if noted_in is not None else None
            entries.append(Entry(version.number, tuple(some), disclosure, noted_in, wait))
    return entries


def most_told(entries: Sequence[Entry]) -> Entry | None:
    """Return, of the entries of one change, the one in which the page told most; None for none."""
    order = list(Disclosure)
    return min(entries, key=lambda entry: order.index(entry.disclosure), default=None)


def is_live(address: str) -> bool:
    """Return whether an address names a live blog: such pages are changed all the time, and say so."""
    return not _LIVE.isdisjoint(part.casefold() for part in urlsplit(address).path.split("/"))


def _later(before: datetime | None, now: datetime | None) -> bool:
    return before is not None and now is not None and before < now


def _ticking(versions: Sequence[Told], language: str) -> set[tuple[Kind, str]]:
    """Values, by their kind, of places that change again and again."""
    numbers = [
        (
            version.number,
            [one.fact for one in version.facts if one.fact.kind is Kind.NUMBER and one.number],
        )
        for version in versions
    ]
    if sum(bool(facts) for _, facts in numbers) < TICKS:
        return set()
    courses = story_so_far(numbers, language).numbers
    return {
        (Kind.NUMBER, step.text) for course in courses if len(course.steps) > TICKS for step in course.steps
    }
