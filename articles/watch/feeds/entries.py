"""What becomes of each address that a feed names. Pure: values in, one ``Intake`` out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum

from articles.fetch import FeedEntry, WhyLeftOut, address_key, normalise
from articles.models import Source


class Fate(StrEnum):
    """What became of an address that a feed named, if the document gave no reason to leave it out."""

    NEW = "new"
    """It is watched from now on."""
    KNOWN = "known"
    """It leads to an article that is here already."""
    DEFERRED = "deferred"
    """It is new, but its source has had its new articles of an hour; it is taken when named again."""
    REPEATED = "repeated"
    """The same document named it before, in this spelling or another."""
    FILTERED = "filtered"
    """The address filters of the source leave it out."""
    BARRED = "barred"
    """It was taken down for good, and is never fetched again."""
    OLD = "old"
    """A sitemap says that it has not changed for so long that it would not be checked again."""


Fates = Mapping[Fate | WhyLeftOut, int]
"""How many of what a document names came to what: each has exactly one fate, or reason to be left out."""


@dataclass(frozen=True)
class Candidate:
    """An address that may become an article. key: what all its spellings share."""

    address: str
    key: str
    entry: FeedEntry


@dataclass(frozen=True)
class Intake:
    """What is to be done with what a feed names.

    new: the articles to add, in the feed's order; fates: how many of the entries came to what.
    """

    new: tuple[Candidate, ...] = ()
    fates: Fates = field(default_factory=dict)


def candidates_of(
    entries: Iterable[FeedEntry], source: Source
) -> tuple[list[Candidate], Counter[Fate | WhyLeftOut]]:
    """The entries that may be watched, each article once, and how many of the others came to what."""
    found: dict[str, Candidate] = {}
    fates: Counter[Fate | WhyLeftOut] = Counter()
    for entry in entries:
        try:
            candidate = Candidate(normalise(entry.url), address_key(entry.url), entry)
        except ValueError:
            fates[WhyLeftOut.NO_ADDRESS] += 1
            continue
        if not wanted(source, entry.url):
            fates[Fate.FILTERED] += 1
        elif candidate.key in found:
            fates[Fate.REPEATED] += 1
        else:
            found[candidate.key] = candidate
    return list(found.values()), fates


def decide_intake(candidates: Iterable[Candidate], *, known: Set[str], barred: Set[str], room: int) -> Intake:
    """Which of the candidates are added.

    known: the keys that lead to articles; barred: those of what was taken down for good; room: how many new
    articles the source may take now. The first ones are taken: feeds name the newest first.
    """
    fates: Counter[Fate | WhyLeftOut] = Counter()
    new: list[Candidate] = []
    for candidate in candidates:
        if candidate.key in barred:
            fates[Fate.BARRED] += 1
        elif candidate.key in known:
            fates[Fate.KNOWN] += 1
        elif len(new) < room:
            fates[Fate.NEW] += 1
            new.append(candidate)
        else:
            fates[Fate.DEFERRED] += 1
    return Intake(tuple(new), fates)


def wanted(source: Source, address: str) -> bool:
    """Whether the source's address filters let *address* be watched."""
    only = [pattern for pattern in source.only_addresses.splitlines() if pattern.strip()]
    never = [pattern for pattern in source.not_addresses.splitlines() if pattern.strip()]
    if any(re.search(pattern, address) for pattern in never):
        return False
    return not only or any(re.search(pattern, address) for pattern in only)
