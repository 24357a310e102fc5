"""Versions that only brought new entries of a live blog, told together in a history."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from articles.models import Version
from articles.pages.recent import Entry


class Run(NamedTuple):
    """Versions in a row that only brought entries: how many entries, and since when."""

    entries: int
    since: datetime


Line = tuple[Entry, Version | None, Run | None]
"""An entry of a history, the version before it, and the run that begins with it (the newest is first)."""


def with_runs(lines: Iterable[tuple[Entry, Version | None]]) -> Iterator[Line]:
    """Each line of a history, newest first; the newest of several that only brought entries has their run."""
    for only_entries, group in groupby(lines, key=_brings_only_entries):
        rows = list(group)
        run = _run_of(rows) if only_entries and len(rows) > 1 else None
        for entry, earlier in rows:
            yield entry, earlier, run
            run = None


def _brings_only_entries(line: tuple[Entry, Version | None]) -> bool:
    version, earlier = line[0].version, line[1]
    if version is None or earlier is None or version.hidden_itself:
        return False
    return version.made_of == Version.MadeOf.ENTRIES


def _run_of(rows: list[tuple[Entry, Version | None]]) -> Run:
    versions = [entry.version for entry, _ in rows if entry.version is not None]
    before = rows[-1][1]
    since = before.seen if before is not None else versions[-1].seen
    return Run(sum(version.entries_added for version in versions), since)
