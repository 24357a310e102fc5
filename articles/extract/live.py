"""Live blogs: which of a story's paragraphs are of which entry."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from articles.extract import phrases
from articles.extract.page import Page
from articles.extract.runs import Place, Reading, Run, outward
from articles.extract.story import LiveEntry

_ENTRY_TAGS = frozenset({"article", "section", "div", "li"})
_LEAST_ENTRIES = 3  # of a page that does not call itself a live blog
_LEAST_CALLED = 2  # of one that does
_LONGEST_TIME = 15  # characters
_LINES_BEFORE = 2  # lines of an entry among which its time stands


def find_entries(page: Page, reading: Reading, chosen: Sequence[Run]) -> list[LiveEntry]:
    """Return the entries of a live blog in reading order; none when the page is no live blog.

    A page is one when it says so (`LiveBlogPosting`), or when it has at least three blocks of one kind with a
    time each, the newest first.
    """
    called = any("LiveBlogPosting" in _kinds(thing.get("@type")) for thing in page.things)
    least = _LEAST_CALLED if called else _LEAST_ENTRIES
    if sum(bool(place.time) for place in reading.places) < least and least > sum(
        len(run.text) <= _LONGEST_TIME and phrases.TIME_OF_DAY.fullmatch(run.text) is not None
        for run in reading.runs
    ):
        return []
    times = _times(reading)
    if len(times) < least:
        return []
    kind = _kind_of_entries(chosen, times)
    if kind is None:
        return []
    entries: list[LiveEntry] = []
    places = [_entry_around(run.place, times, kind) for run in chosen]
    seen: dict[Place, tuple[int, int]] = {}
    for order, place in enumerate(places):
        if place is not None:
            seen[place] = (seen[place][0] if place in seen else order, order + 1)
    for from_newest, (place, (start, end)) in enumerate(seen.items()):
        said = place.element.get("id") or place.element.get("data-id") or ""
        time = times[place]
        entries.append(LiveEntry(said or f"{time} {len(seen) - from_newest}", time, start, end))
    newest_first = [entry.time for entry in entries]
    ordered = newest_first == sorted(newest_first, key=_moment, reverse=True)
    if called or (len(entries) >= _LEAST_ENTRIES and ordered and len(set(newest_first)) > 1):
        return entries
    return []


def _kinds(value: object) -> list[str]:
    return [kind for kind in (value if isinstance(value, list) else [value]) if isinstance(kind, str)]


def _times(reading: Reading) -> dict[Place, str]:
    """Return the time of each block that begins with one."""
    found: dict[Place, str] = {}
    lines: Counter[Place] = Counter()
    for run in reading.runs:
        time = run.place.time
        if not time and len(run.text) <= _LONGEST_TIME and phrases.TIME_OF_DAY.fullmatch(run.text):
            time = run.text
        at: Place | None = run.place
        while at is not None and lines[at] < _LINES_BEFORE:
            lines[at] += 1
            if time:
                found.setdefault(at, time)
            at = at.parent
    return found


def _kind_of_entries(chosen: Sequence[Run], times: dict[Place, str]) -> object:
    """Return the kin of the blocks with a time that hold most of the story's runs, outer ones first."""
    places: defaultdict[object, set[Place]] = defaultdict(set)
    for run in chosen:
        for at in outward(run.place):
            if at in times and at.tag in _ENTRY_TAGS:
                places[at.kin].add(at)
    several = {kind: found for kind, found in places.items() if len(found) > 1}
    if not several:
        return None
    return max(several, key=lambda kind: (len(several[kind]), -min(one.depth for one in several[kind])))


def _entry_around(place: Place, times: dict[Place, str], kind: object) -> Place | None:
    return next((at for at in outward(place) if at.kin == kind and at in times), None)


def _moment(time: str) -> tuple[int, str]:
    """Return what times of one form are ordered by: "9:30" comes before "12:00"."""
    return (len(time) if time[:1].isdigit() and ":" in time[:3] else 0, time)
