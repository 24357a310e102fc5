"""How alike paragraphs are: candidates for pairs, splits, joins and moves.

The thresholds are shares of words in common, 2 · LCS / (words before + words after). They were
measured on revisions of news and policy texts, where unrelated paragraphs of one article reach 0.33
in 0.25 % of cases.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from math import ceil
from typing import NamedTuple

from rapidfuzz.distance import LCSseq
from rapidfuzz.process import extract

from articles.diff.chain import Link
from articles.diff.side import Side
from articles.diff.wording import MOST_CELLS, words_in_common

_ALIKE = 0.33
_ALIKE_ALONE = 0.22  # where one paragraph faces one, and for the two first ones
_ALIKE_MOVED = 0.45
_ROUNDED = 1e-9  # what rounding may take off a share

# Tokens in common (on both sides together) below which one of them has to be a word: ":" is no likeness.
_FEW = 7

# A part of a split or joined paragraph: the share of its words found in the whole, and its least size.
_PART_FOUND = 0.4
_PART_WORDS = 5
_NO_PART = 2.0  # a share that no paragraph holds of another
_MOST_PARTS = 8
# What the parts hold together of what they hold alone: less, and they hold the same words of the whole.
_PARTS_TOGETHER = 0.9
_PARTS_LENGTH = 1.5  # times the whole, at most

# Above this many pairs (or cells of their LCS tables), only those with a rare word in common are looked at …
_EVERY_PAIR = 2_500
# … a word being rare that stands in this many paragraphs of a side at most.
_RARE = 12
_PARTNERS = 8
# One that is so many times as long as the other is not looked at: a line is found nowhere in a novel.
_MOST_UNEQUAL = 50

# What is taken for a moved paragraph: words in common, or characters of one that is the same. One that stands
# once on either side may be shorter ("Salt" in a list).
_MOVED_WORDS = 3
_MOVED_LENGTH = 8
_MOVED_TWIN_LENGTH = 2

# A paragraph that moved and was cut or rewritten too: the share of the shorter one's words that stand in the
# longer in phrases of so many words, and the fewest such words.
_PHRASE = 5
_IN_PHRASES = 0.5
_FEWEST_IN_PHRASES = 8
# A phrase that stands in more paragraphs of a side is a formula, not a sign of origin.
_FORMULA = 4


# Paragraphs i and j with the words they have in common, as a count and as a share. There are many of them,
# and a bare tuple is made ten times as fast as one with names.
_Pair = tuple[int, int, int, float]


class Twins(NamedTuple):
    """The place of its twin for each paragraph that stands once on either side, word for word."""

    before: Mapping[int, int]
    after: Mapping[int, int]


_Parts = defaultdict[int, list[tuple[int, int]]]


class Measured:
    """The pairs of paragraphs that were measured while looking for candidates, each with each of a gap."""

    def __init__(self) -> None:
        self.pairs: list[_Pair] = []
        self._gaps: list[tuple[Sequence[int], Sequence[int]]] = []

    def add(self, rows: Sequence[int], columns: Sequence[int], pairs: Sequence[_Pair]) -> None:
        """Remember the pairs of a gap that are alike; no others of it are."""
        self._gaps.append((rows, columns))
        self.pairs += pairs

    def unmet(self, rows: Sequence[int], columns: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
        """Rows with the columns that they were not measured against."""
        left = set(rows)
        for gap_rows, gap_columns in self._gaps:
            own = left.intersection(gap_rows)
            left -= own
            others = set(columns).difference(gap_columns) if own else ()
            if others:
                yield sorted(own), sorted(others)
        if left:
            yield sorted(left), list(columns)


def candidates(
    before: Side, after: Side, rows: Sequence[int], columns: Sequence[int], twins: Twins, measured: Measured
) -> list[Link]:
    """Every link worth considering between these paragraphs, weighed by the words in common.

    A paragraph with an exact twin elsewhere is never paired with another for being like it. ``measured``
    remembers the pairs where each was measured.
    """
    table = _table(before, after, rows, columns)
    pairs = _pairs(before, table, _ALIKE_ALONE, _PART_FOUND)
    if table.measures_every_pair:
        measured.add(rows, columns, pairs)
    if twins.before:
        twin_of, twin_after = twins.before.get, twins.after.get
        pairs = [
            pair
            for pair in pairs
            if twin_of(pair[0], pair[1]) == pair[1] and twin_after(pair[1], pair[0]) == pair[0]
        ]
    if len(rows) == len(columns) == 1:
        return [Link(i, i + 1, j, j + 1, common) for i, j, common, share in pairs if share >= _ALIKE_ALONE]
    links = [
        Link(i, i + 1, j, j + 1, common)
        for i, j, common, share in pairs
        if share >= _ALIKE or (i == j == 0 and share >= _ALIKE_ALONE)
    ]
    parts_after, parts_before = _parts(before, after, pairs)
    links += _wholes(before, after, parts_after)
    links += (Link(m.a0, m.a1, m.b0, m.b1, m.weight) for m in _wholes(after, before, parts_before))
    return links


def moves(
    before: Side,
    after: Side,
    free_before: Sequence[int],
    free_after: Sequence[int],
    twins: Twins,
    measured: Measured,
) -> list[Link]:
    """Pairs among what the order left over, the most alike first."""
    pairs = [
        (-share, -common, i, j)
        for i, j, common, share in _free_pairs(before, after, free_before, free_after, measured)
        if share >= _ALIKE_MOVED
        and (
            common >= _MOVED_WORDS
            or (
                share == 1
                and len(before.texts[i]) >= (_MOVED_TWIN_LENGTH if i in twins.before else _MOVED_LENGTH)
            )
        )
    ]
    pairs.sort()
    pairs += sorted(
        (-share, -common, i, j) for i, j, common, share in _by_phrases(before, after, free_before, free_after)
    )
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    links = []
    for _, less_common, i, j in pairs:
        if i not in taken_before and j not in taken_after:
            taken_before.add(i)
            taken_after.add(j)
            links.append(Link(i, i + 1, j, j + 1, -less_common))
    return links


def _free_pairs(
    before: Side, after: Side, free_before: Sequence[int], free_after: Sequence[int], measured: Measured
) -> list[_Pair]:
    """The pairs among these that may have moved; none is measured twice where each is measured at all."""
    if not free_before or not free_after:
        return []
    table = _table(before, after, free_before, free_after)
    if not table.measures_every_pair:
        return _pairs(before, table, _ALIKE_MOVED - _ROUNDED)
    rows, columns = frozenset(free_before), frozenset(free_after)
    pairs = [pair for pair in measured.pairs if pair[0] in rows and pair[1] in columns]
    for some, others in measured.unmet(free_before, free_after):
        pairs += _pairs(before, _table(before, after, some, others), _ALIKE_MOVED - _ROUNDED)
    return pairs


def _by_phrases(
    before: Side, after: Side, free_before: Sequence[int], free_after: Sequence[int]
) -> Iterator[_Pair]:
    """Pairs of which the longer holds at least half of the shorter one's words in whole phrases.

    Linear: phrases are looked up, and one that stands in many paragraphs is passed over.
    """
    phrases_before = {
        i: _phrases(before.words_of(i)) for i in free_before if len(before.codes(i)) >= _FEWEST_IN_PHRASES
    }
    if not phrases_before:
        return
    known = {phrase for phrases in phrases_before.values() for phrase in phrases}
    words_after = {j: after.words_of(j) for j in free_after if len(after.codes(j)) >= _PHRASE}
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for j, codes in words_after.items():
        for phrase in known.intersection(_phrases(codes)):
            holders[phrase].append(j)
    if not holders:
        return
    for i, phrases in phrases_before.items():
        shared: Counter[int] = Counter()
        reached: dict[int, int] = {}
        for start, phrase in enumerate(phrases):
            places = holders.get(phrase, ())
            if len(places) <= _FORMULA:
                for j in places:
                    shared[j] += _PHRASE - max(0, reached.get(j, 0) - start)
                    reached[j] = start + _PHRASE
        for j, common in shared.items():
            shorter = min(len(phrases) + _PHRASE - 1, len(words_after[j]))
            if common >= max(_FEWEST_IN_PHRASES, _IN_PHRASES * shorter):
                yield i, j, common, common / shorter


def _phrases(codes: str) -> list[str]:
    return [codes[start : start + _PHRASE] for start in range(len(codes) - _PHRASE + 1)]


def share_in_common(x: str, y: str) -> float:
    """The share (0 to 1) of words that two coded paragraphs have in common."""
    return _share(words_in_common(x, y), x, y)


def _share(count: int, x: str, y: str) -> float:
    return 2 * count / (len(x) + len(y)) if x or y else 1.0


class _Table(NamedTuple):
    """Paragraphs of both sides to be measured against each other, by index and in codes."""

    rows: Sequence[int]
    columns: Sequence[int]
    coded_rows: list[str]
    coded_columns: list[str]
    cells: int  # of all LCS tables together

    @property
    def measures_every_pair(self) -> bool:
        """Whether each is measured against each."""
        return len(self.rows) * len(self.columns) <= _EVERY_PAIR and self.cells <= MOST_CELLS


def _table(before: Side, after: Side, rows: Sequence[int], columns: Sequence[int]) -> _Table:
    coded_rows, coded_columns = list(map(before.codes, rows)), list(map(after.codes, columns))
    cells = sum(map(len, coded_rows)) * sum(map(len, coded_columns))
    return _Table(rows, columns, coded_rows, coded_columns, cells)


def _pairs(before: Side, table: _Table, alike: float, part: float = _NO_PART) -> list[_Pair]:
    """The pairs that are this much alike, or of which one holds this share of the other's words."""
    sizes = list(map(len, table.coded_columns))
    half = alike / 2
    pairs: list[_Pair] = []
    for i, x, counted in zip(table.rows, table.coded_rows, _counts(table, sizes, half, part), strict=True):
        size = len(x)
        part_of_row = part * size
        found: list[_Pair] = []
        for y, count, place in counted:
            other = sizes[place]
            if count >= part * other or count >= part_of_row or count >= half * (size + other):
                total = size + other
                if 0 < 2 * count < min(total, _FEW) and not before.holds_a_word(set(x).intersection(y)):
                    continue
                found.append((i, table.columns[place], count, 2 * count / total if total else 1.0))
        found.sort()
        pairs += found
    return pairs


def _counts(
    table: _Table, sizes: list[int], half: float, part: float
) -> Iterator[Iterable[tuple[str, int, int]]]:
    """For each row the columns worth a closer look, in codes, with the words in common and their place."""
    columns = table.coded_columns
    if len(columns) == 1 and table.measures_every_pair:
        for x in table.coded_rows:
            yield [(columns[0], words_in_common(x, columns[0]), 0)]
        return
    if table.measures_every_pair:
        shortest = min(sizes, default=0)
        for x in table.coded_rows:
            fewest = min(part * shortest, part * len(x), half * (len(x) + shortest))
            yield extract(x, columns, scorer=LCSseq.similarity, limit=None, score_cutoff=ceil(fewest))
        return
    in_common = LCSseq.similarity if table.cells <= MOST_CELLS else words_in_common
    for x, places in zip(table.coded_rows, _likely_partners(table.coded_rows, columns), strict=True):
        others = list(map(columns.__getitem__, places))
        yield zip(others, map(in_common, repeat(x), others), places, strict=True)


def _likely_partners(rows: Sequence[str], columns: Sequence[str]) -> Iterator[list[int]]:
    """For each row the columns with most rare words in common, and those at the same place."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for place, codes in enumerate(columns):
        for code in set(codes):
            holders[code].append(place)
    rare = {code: places for code, places in holders.items() if len(places) <= _RARE}
    slope = len(columns) / len(rows)
    for at, codes in enumerate(rows):
        # In the order of the text: of a set it were another in each process, and so the partners of a tie.
        shared = Counter(place for code in dict.fromkeys(codes) for place in rare.get(code, ()))
        partners = {place for place, _ in shared.most_common(_PARTNERS)}
        here = int(at * slope)
        partners.update(range(max(0, here - 1), min(len(columns), here + 2)))
        longest, shortest = _MOST_UNEQUAL * len(codes), len(codes) / _MOST_UNEQUAL
        yield [place for place in sorted(partners) if shortest <= len(columns[place]) <= longest]


def _parts(before: Side, after: Side, pairs: Sequence[_Pair]) -> tuple[_Parts, _Parts]:
    """For paragraphs of either side those of the other that they may hold, in order."""
    parts_after: _Parts = defaultdict(list)
    parts_before: _Parts = defaultdict(list)
    for i, j, common, _ in pairs:
        if common < _PART_FOUND * _PART_WORDS:
            continue
        if common >= _PART_FOUND * len(after.codes(j)) >= _PART_FOUND * _PART_WORDS:
            parts_after[i].append((j, common))
        if common >= _PART_FOUND * len(before.codes(i)) >= _PART_FOUND * _PART_WORDS:
            parts_before[j].append((i, common))
    return parts_after, parts_before


def _wholes(one: Side, many: Side, parts_of: _Parts) -> Iterator[Link]:
    """Paragraphs of one side that neighbours of the other side hold together."""
    for i, parts in parts_of.items():
        if len(parts) == 1:
            continue
        whole = one.codes(i)
        longest = _PARTS_LENGTH * len(whole) + _PART_WORDS
        for place, (first, found) in enumerate(parts):
            joined = many.codes(first)
            for last, (part, common) in enumerate(parts[place + 1 : place + _MOST_PARTS], first + 1):
                joined += many.codes(part)
                found += common
                if part != last or len(joined) > longest:
                    break
                together = words_in_common(whole, joined)
                if together >= _PARTS_TOGETHER * found and _share(together, whole, joined) >= _ALIKE:
                    yield Link(i, i + 1, first, last + 1, together)
