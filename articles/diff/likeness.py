"""How alike paragraphs are: candidates for pairs, splits, joins and moves.

The thresholds are shares of words in common, 2 · LCS / (words before + words after). They were
measured on revisions of news and policy texts, where unrelated paragraphs of one article reach 0.33
in 0.25 % of cases.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .chain import Link
from .side import Side

_ALIKE = 0.33
_ALIKE_ALONE = 0.22  # where one paragraph faces one, and for the two first ones
_ALIKE_MOVED = 0.45

# A part of a split or joined paragraph: the share of its words found in the whole, and its least size.
_PART_FOUND = 0.5
_PART_WORDS = 4
_MOST_PARTS = 3

# Above this many pairs, only those with a rare word in common are looked at …
_EVERY_PAIR = 10_000
# … a word being rare that stands in this many paragraphs of a side at most.
_RARE = 12
_PARTNERS = 8

_MOVED_WORDS = 3


class Gap(NamedTuple):
    """Paragraphs [b0, b1) before facing [a0, a1) after."""

    b0: int
    b1: int
    a0: int
    a1: int

    @property
    def pairs(self) -> int:
        return (self.b1 - self.b0) * (self.a1 - self.a0)


def candidates(before: Side, after: Side, gap: Gap) -> list[Link]:
    """Every link worth considering in a gap, weighed by the words in common."""
    common = _in_common(
        before, after, range(gap.b0, gap.b1), range(gap.a0, gap.a1), _ALIKE_ALONE, _PART_FOUND
    )
    alone = gap.pairs == 1
    links = [
        Link(i, i + 1, j, j + 1, count)
        for (i, j), count in common.items()
        if _share(count, before.codes(i), after.codes(j))
        >= (_ALIKE_ALONE if alone or i == j == 0 else _ALIKE)
    ]
    if not alone:
        links += _splits(before, after, common)
        merges = _splits(after, before, {(j, i): count for (i, j), count in common.items()})
        links += (Link(m.a0, m.a1, m.b0, m.b1, m.weight) for m in merges)
    return links


def moves(before: Side, after: Side, free_before: Sequence[int], free_after: Sequence[int]) -> list[Link]:
    """Pairs among what the order left over, the most alike first."""
    found = [
        (-_share(count, before.codes(i), after.codes(j)), -count, i, j)
        for (i, j), count in _in_common(before, after, free_before, free_after, _ALIKE_MOVED).items()
        if count >= _MOVED_WORDS
    ]
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    links = []
    for _, count, i, j in sorted(found):
        if i not in taken_before and j not in taken_after:
            taken_before.add(i)
            taken_after.add(j)
            links.append(Link(i, i + 1, j, j + 1, -count))
    return links


def share_in_common(x: str, y: str) -> float:
    """The share (0 to 1) of words that two coded paragraphs have in common."""
    return _share(LCSseq.similarity(x, y), x, y)


def _share(count: int, x: str, y: str) -> float:
    return 2 * count / (len(x) + len(y)) if x or y else 1.0


def _in_common(
    before: Side, after: Side, rows: Sequence[int], columns: Sequence[int], alike: float, part: float = 1.0
) -> dict[tuple[int, int], int]:
    """The words in common of the pairs that are this much alike, or of which one holds this share
    of the other."""
    coded_rows = [before.codes(i) for i in rows]
    coded_columns = [after.codes(j) for j in columns]
    if len(rows) * len(columns) <= _EVERY_PAIR:
        places: Iterable[int] = range(len(columns))
        partners: Iterable[Iterable[int]] = repeat(places, len(rows))
    else:
        partners = _likely_partners(coded_rows, coded_columns)
    similarity = LCSseq.similarity
    common = {}
    for i, x, places in zip(rows, coded_rows, partners, strict=True):
        size = len(x)
        for place in places:
            y = coded_columns[place]
            other = len(y)
            smaller = size if size < other else other
            least = min(alike * (size + other) / 2, part * smaller)
            if smaller >= least and (count := similarity(x, y)) >= least:
                common[i, columns[place]] = count
    return common


def _likely_partners(rows: Sequence[str], columns: Sequence[str]) -> Iterator[list[int]]:
    """For each row the columns with most rare words in common, and those at the same place."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, codes in enumerate(columns):
        for code in set(codes):
            holders[code].append(place)
    rare = {code: places for code, places in holders.items() if len(places) <= _RARE}
    slope = len(columns) / len(rows)
    for at, codes in enumerate(rows):
        shared = Counter(place for code in set(codes) for place in rare.get(code, ()))
        partners = {place for place, _ in shared.most_common(_PARTNERS)}
        here = int(at * slope)
        partners.update(range(max(0, here - 1), min(len(columns), here + 2)))
        yield sorted(partners)


def _splits(one: Side, many: Side, common: dict[tuple[int, int], int]) -> Iterator[Link]:
    """A paragraph of one side that neighbours of the other side hold together."""
    part_of: defaultdict[int, set[int]] = defaultdict(set)
    for (i, j), count in common.items():
        size = len(many.codes(j))
        if size >= _PART_WORDS and count >= _PART_FOUND * size:
            part_of[i].add(j)
    for i, parts in part_of.items():
        whole = one.codes(i)
        for first in parts:
            joined = many.codes(first)
            for last in range(first + 1, first + _MOST_PARTS):
                if last not in parts:
                    break
                joined += many.codes(last)
                count = LCSseq.similarity(whole, joined)
                if _share(count, whole, joined) >= _ALIKE:
                    yield Link(i, i + 1, first, last + 1, count)
