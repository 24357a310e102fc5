"""Which paragraphs belong together: by likeness, not by position."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from articles.diff.chain import Link, heaviest
from articles.diff.likeness import Measured, Twins, candidates, moves
from articles.diff.side import Side
from articles.diff.tokens import numbering
from articles.diff.wording import unchanged

# A paragraph this long (characters) that stands once on either side is taken as itself at sight.
_ANCHOR_LENGTH = 20

# Above this many pairs of paragraphs a gap is narrowed by its repeated paragraphs first.
_EVERY_PAIR = 2_500


class Alignment(NamedTuple):
    """Links in the order of both sides, and links of moved paragraphs that cross them."""

    kept: list[Link]
    moved: list[Link]


class _Gap(NamedTuple):
    """Paragraphs of both sides, by index, between two pairs that are settled."""

    rows: Sequence[int]
    columns: Sequence[int]

    @property
    def pairs(self) -> int:
        return len(self.rows) * len(self.columns)


def align(before: Side, after: Side) -> Alignment:
    """Link every paragraph that has its like on the other side."""
    head, tail = _equal_ends(before, after)
    middle = _Gap(range(head, len(before) - tail), range(head, len(after) - tail))
    kept = [_pair(i, i) for i in range(head)]
    moved: list[Link] = []
    if middle.pairs:
        names = _names(before, after, middle)
        twins = _twins(names)
        settled = [
            _pair(i, j)._replace(weight=len(before.texts[i]))
            for i, j in twins.before.items()
            if len(before.texts[i]) >= _ANCHOR_LENGTH
        ]
        anchors = heaviest(settled)
        moved = sorted(set(settled).difference(anchors))
        unmoved = _without(middle, moved)
        anchors = _firm(anchors, _between(anchors, unmoved), before, after)
        measured = Measured()
        for gap in _between(anchors, unmoved):
            kept += _align_gap(before, after, gap, names, twins, measured)
        kept = sorted(kept + anchors)
        moved += moves(before, after, *_without(middle, kept + moved), twins, measured)
        stayed = _crossing_nothing(moved, kept)
        kept = sorted(kept + stayed)
        moved = sorted(set(moved).difference(stayed))
    kept += [_pair(len(before) - k, len(after) - k) for k in range(tail, 0, -1)]
    return Alignment(kept, moved)


def _pair(i: int, j: int) -> Link:
    return Link(i, i + 1, j, j + 1, 0)


def _equal_ends(before: Side, after: Side) -> tuple[int, int]:
    most = min(len(before), len(after))
    head = 0
    while head < most and _alike(before, after, head, head):
        head += 1
    tail = 0
    while tail < most - head and _alike(before, after, len(before) - 1 - tail, len(after) - 1 - tail):
        tail += 1
    return head, tail


def _alike(before: Side, after: Side, i: int, j: int) -> bool:
    return before.texts[i] == after.texts[j] or before.codes(i) == after.codes(j)


class _Names(NamedTuple):
    """What the paragraphs of a gap are recognised by, for either side by index."""

    before: dict[int, str]
    after: dict[int, str]


def _names(before: Side, after: Side, gap: _Gap) -> _Names:
    """The text where it stands on both sides (no need to split it into words), else the folded words."""
    common = {before.texts[i] for i in gap.rows} & {after.texts[j] for j in gap.columns}

    def names(side: Side, places: Sequence[int]) -> dict[int, str]:
        texts = [(i, side.texts[i]) for i in places]
        return {i: text if text in common else "\0" + side.codes(i) for i, text in texts}

    return _Names(names(before, gap.rows), names(after, gap.columns))


def _twins(names: _Names) -> Twins:
    """Paragraphs that stand once on either side."""
    times_before, times_after = Counter(names.before.values()), Counter(names.after.values())
    place_after = {name: j for j, name in names.after.items()}
    found = {
        i: place_after[name]
        for i, name in names.before.items()
        if times_before[name] == times_after[name] == 1
    }
    return Twins(found, {j: i for i, j in found.items()})


def _without(gap: _Gap, links: Sequence[Link]) -> _Gap:
    taken_rows = {i for link in links for i in range(link.b0, link.b1)}
    taken_columns = {j for link in links for j in range(link.a0, link.a1)}
    return _Gap(
        [i for i in gap.rows if i not in taken_rows], [j for j in gap.columns if j not in taken_columns]
    )


def _firm(anchors: Sequence[Link], gaps: Sequence[_Gap], before: Side, after: Side) -> list[Link]:
    """The anchors that keep no more text from its like than they hold themselves.

    A paragraph that moved over several edited ones looks as if they had moved over it.
    """
    firm: list[Link] = []
    block: list[Link] = []  # anchors with nothing between them
    previous = gaps[0]
    for anchor, following in zip(anchors, gaps[1:], strict=True):
        block.append(anchor)
        if following.rows or following.columns:
            if sum(link.weight for link in block) >= _kept_apart(previous, following, before, after):
                firm += block
            block = []
            previous = following
    return firm + block


def _kept_apart(one: _Gap, other: _Gap, before: Side, after: Side) -> int:
    """The most text (characters) of two gaps that might pair across what stands between them."""
    more_before = len(one.rows) - len(one.columns), len(other.rows) - len(other.columns)
    if more_before[0] > 0 > more_before[1]:
        return min(_length(before, one.rows), _length(after, other.columns))
    if more_before[0] < 0 < more_before[1]:
        return min(_length(after, one.columns), _length(before, other.rows))
    return 0


def _length(side: Side, places: Sequence[int]) -> int:
    return sum(len(side.texts[place]) for place in places)


def _between(anchors: Sequence[Link], whole: _Gap) -> list[_Gap]:
    """The stretches of a gap before, between and after anchors."""
    gaps: list[_Gap] = []
    row = column = 0
    for anchor in anchors:
        last_row = bisect_left(whole.rows, anchor.b0, row)
        last_column = bisect_left(whole.columns, anchor.a0, column)
        gaps.append(_Gap(whole.rows[row:last_row], whole.columns[column:last_column]))
        row = _behind(whole.rows, last_row, anchor.b0)
        column = _behind(whole.columns, last_column, anchor.a0)
    return [*gaps, _Gap(whole.rows[row:], whole.columns[column:])]


def _behind(places: Sequence[int], at: int, place: int) -> int:
    """The index behind a place, if it stands there; it may have been taken off."""
    return at + (at < len(places) and places[at] == place)


def _crossing_nothing(moved: Sequence[Link], kept: Sequence[Link]) -> list[Link]:
    """Links taken for moves that keep the order of all others: pairs that the chain had no room for."""
    starts_before = [link.b0 for link in kept]
    starts_after = [link.a0 for link in kept]
    return heaviest(
        [link for link in moved if bisect_left(starts_before, link.b0) == bisect_left(starts_after, link.a0)]
    )


def _align_gap(
    before: Side, after: Side, gap: _Gap, names: _Names, twins: Twins, measured: Measured
) -> list[Link]:
    if not gap.pairs:
        return []
    if gap.pairs <= _EVERY_PAIR:
        return heaviest(candidates(before, after, gap.rows, gap.columns, twins, measured))
    repeated = _common_sequence(gap, names)
    kept = [
        link
        for part in _between(repeated, gap)
        if part.pairs
        for link in heaviest(candidates(before, after, part.rows, part.columns, twins, measured))
    ]
    return kept + repeated


def _common_sequence(gap: _Gap, names: _Names) -> list[Link]:
    """The most paragraphs that stand in the same order on both sides of a gap."""
    codes = numbering()
    x = "".join(codes[names.before[i]] for i in gap.rows)
    y = "".join(codes[names.after[j]] for j in gap.columns)
    return [_pair(gap.rows[i], gap.columns[j]) for i, j in unchanged(x, y)]
