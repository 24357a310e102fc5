"""Deciding what becomes of each address that a feed names. Pure: values in, one ``Intake`` out.

``intake`` loads those values, and stores what was decided.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice
from typing import Any

from articles.fetch import FeedEntry, LeftOut, WhyLeftOut, address_key, normalise
from articles.models import digest_of
from articles.models.identity import IDS_PER_CHANGE


class Fate(StrEnum):
    """The fate of an address that a feed named, if the document gave no reason to leave it out."""

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
    MOVED = "moved"
    """A known story under another link, says the feed's own identity of it: its next check sees."""


What = Fate | WhyLeftOut
"""The result for one entry of a document: a fate, or a reason for which the document left it out."""

_FATES: Mapping[str, What] = {one.value: one for one in (*Fate, *WhyLeftOut)}

EXAMPLES = 3
"""The number of addresses that are shown of each fate; of what has none, the title."""


@dataclass
class EntryTally:
    """The count of a document's entries by their fate, with the first few of each."""

    counts: Counter[What] = field(default_factory=Counter)
    examples: dict[What, list[str]] = field(default_factory=dict)

    def add(self, fate: What, examples: Iterable[str] = (), count: int = 1) -> None:
        """Count *count* more that came to *fate*; *examples* are some of them."""
        self.counts[fate] += count
        shown = self.examples.setdefault(fate, [])
        shown += islice(examples, max(EXAMPLES - len(shown), 0))

    def without(self, untold: Set[str]) -> "EntryTally":
        """Return the same counts without the examples that are in *untold*."""
        told = {fate: [one for one in shown if one not in untold] for fate, shown in self.examples.items()}
        return EntryTally(Counter(self.counts), told)

    def __add__(self, other: "EntryTally") -> "EntryTally":
        both = EntryTally(Counter(self.counts), {fate: list(shown) for fate, shown in self.examples.items()})
        for fate, count in other.counts.items():
            both.add(fate, other.examples.get(fate, ()), count)
        return both

    @property
    def named(self) -> int:
        return self.counts.total()

    def as_json(self) -> dict[str, Any]:
        return {
            fate.value: {"count": count, "examples": self.examples.get(fate, [])}
            for fate, count in self.counts.items()
            if count
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "EntryTally":
        tally = cls()
        for name, one in kept.items():
            tally.add(_FATES[name], one["examples"], one["count"])
        return tally

    @classmethod
    def of(cls, left_out: Iterable[LeftOut]) -> "EntryTally":
        """Return the tally of what was left out when a document was read."""
        tally = cls()
        for one in left_out:
            tally.add(one.why, one.examples, one.count)
        return tally


@dataclass(frozen=True)
class Candidate:
    """An address that may become an article. key: what all its spellings share.

    maybe_same: the article that the feed's own identity of the entry belongs to, where it is not trusted.
    """

    address: str
    key: str
    entry: FeedEntry
    maybe_same: int | None = None


@dataclass(frozen=True)
class KnownId:
    """The stored knowledge of a feed's own identity of an entry.

    earlier: digests of links it had before; changed_lately: whether it came with another link in the time
    over which a feed's ids are judged.
    """

    article: int
    key: str
    earlier: frozenset[str] = frozenset()
    changed_lately: bool = False


@dataclass(frozen=True)
class Intake:
    """The plan of what is to be done with the entries of a feed.

    new: the articles to add, in the feed's order; moved: known stories under another link, each with its
    article; tally: how many of the entries came to what.
    """

    new: tuple[Candidate, ...] = ()
    moved: tuple[tuple[Candidate, int], ...] = ()
    tally: EntryTally = field(default_factory=EntryTally)


def candidates_of(
    entries: Sequence[FeedEntry], let_through: Sequence[bool]
) -> tuple[list[Candidate], EntryTally]:
    """The entries that may be watched, each article once, and how many of the others came to what.

    let_through: of each entry, whether the source's address filters let it be watched.
    """
    found: dict[str, Candidate] = {}
    tally = EntryTally()
    for entry, is_wanted in zip(entries, let_through, strict=True):
        shown = [entry.url]
        try:
            candidate = Candidate(normalise(entry.url), address_key(entry.url), entry)
        except ValueError:
            tally.add(WhyLeftOut.NO_ADDRESS, shown)
            continue
        if not is_wanted:
            tally.add(Fate.FILTERED, shown)
        elif candidate.key in found:
            tally.add(Fate.REPEATED)  # what was named before may be what is barred
        else:
            found[candidate.key] = candidate
    return list(found.values()), tally


def decide_intake(
    candidates: Iterable[Candidate],
    *,
    known: Set[str],
    barred: Set[str],
    room: int,
    ids: Mapping[str, KnownId] | None = None,
    barred_ids: Set[str] = frozenset(),
    trusted: bool = False,
) -> Intake:
    """Decide which of the candidates are added, and which are known stories under another link.

    known: the keys that lead to articles; barred: those of what was taken down for good; room: how many new
    articles the source may take now. The first ones are taken: feeds name the newest first. ids: what is
    known of the feed's own identities; barred_ids: those of what was taken down; trusted: whether an id with
    another link is the same story.
    """
    ids = ids or {}
    tally = EntryTally()
    new: list[Candidate] = []
    moved: list[tuple[Candidate, int]] = []
    for candidate in candidates:
        before = ids.get(candidate.entry.identity)
        if candidate.key in barred or candidate.entry.identity in barred_ids:
            fate = Fate.BARRED
        elif candidate.key in known:
            fate = Fate.KNOWN
        elif before is not None and trusted:
            fate = Fate.MOVED
            moved.append((candidate, before.article))
        elif len(new) < room:
            fate = Fate.NEW
            new.append(replace(candidate, maybe_same=before.article) if before else candidate)
        else:
            fate = Fate.DEFERRED
        # What was deleted for good is not written down again.
        tally.add(fate, [] if fate is Fate.BARRED else [candidate.address])
    return Intake(tuple(new), tuple(moved), tally)


def ids_are_trusted(
    named: int, changed: int, candidates: Iterable[Candidate], ids: Mapping[str, KnownId]
) -> bool:
    """Return whether ids of a feed name stories, so that one with another link is the same story.

    named, changed: how many ids the feed named in the last 30 days, and how many of these came with another
    link then. What this document changes counts as well, but each id once.
    """
    changes = changed
    for candidate in candidates:
        before = ids.get(candidate.entry.identity)
        if before is not None and before.key != candidate.key:
            if digest_of(candidate.key) in before.earlier:
                return False
            changes += not before.changed_lately
    return changes * IDS_PER_CHANGE < named
