"""Which paragraphs belong together: by likeness, not by position."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .chain import Link, heaviest
from .likeness import Gap, candidates, moves
from .side import Side

# A paragraph this long (characters) that stands once on either side is taken as itself at sight.
_ANCHOR_LENGTH = 20

# Above this many pairs of paragraphs a gap is narrowed by its repeated paragraphs first.
_EVERY_PAIR = 2_500


class Alignment(NamedTuple):
    """Links in the order of both sides, and links of moved paragraphs that cross them."""

    kept: list[Link]
    moved: list[Link]


def align(before: Side, after: Side) -> Alignment:
    """Link every paragraph that has its like on the other side."""
    whole = Gap(0, len(before), 0, len(after))
    head, tail = _equal_ends(before, after, whole)
    kept = [_pair(i, i) for i in range(head)]
    middle = Gap(head, whole.b1 - tail, head, whole.a1 - tail)
    if middle.pairs:
        names_before, names_after = _names(before, after, middle)
        anchors = _anchors(names_before, names_after, before, middle)
        for gap in _between(anchors, middle):
            kept += _align_gap(before, after, gap, names_before, names_after, middle)
            if gap.b1 < middle.b1 and gap.a1 < middle.a1:
                kept.append(_pair(gap.b1, gap.a1))
    kept += [_pair(whole.b1 - k, whole.a1 - k) for k in range(tail, 0, -1)]
    return Alignment(kept, _moved(before, after, kept, middle))


def _pair(i: int, j: int) -> Link:
    return Link(i, i + 1, j, j + 1, 0)


def _equal_ends(before: Side, after: Side, whole: Gap) -> tuple[int, int]:
    most = min(whole.b1, whole.a1)
    head = 0
    while head < most and _alike(before, after, head, head):
        head += 1
    tail = 0
    while tail < most - head and _alike(before, after, whole.b1 - 1 - tail, whole.a1 - 1 - tail):
        tail += 1
    return head, tail


def _alike(before: Side, after: Side, i: int, j: int) -> bool:
    return before.texts[i] == after.texts[j] or before.codes(i) == after.codes(j)


def _names(before: Side, after: Side, middle: Gap) -> tuple[list[str], list[str]]:
    """What paragraphs are recognised by: the text where it stands on both sides (no need to
    split it into words), else the folded words."""
    texts_before = before.texts[middle.b0 : middle.b1]
    texts_after = after.texts[middle.a0 : middle.a1]
    common = set(texts_before) & set(texts_after)

    def names(side: Side, texts: Sequence[str], start: int) -> list[str]:
        return [text if text in common else "\0" + side.codes(i) for i, text in enumerate(texts, start)]

    return names(before, texts_before, middle.b0), names(after, texts_after, middle.a0)


def _anchors(
    names_before: list[str], names_after: list[str], before: Side, middle: Gap
) -> list[tuple[int, int]]:
    """Long paragraphs that stand once on either side, in the heaviest order they have in common."""
    times_before, times_after = Counter(names_before), Counter(names_after)
    place_after = {name: j for j, name in enumerate(names_after, middle.a0)}
    links = []
    for i, name in enumerate(names_before, middle.b0):
        if times_before[name] == 1 and times_after[name] == 1:
            length = len(before.texts[i])
            if length >= _ANCHOR_LENGTH:
                j = place_after[name]
                links.append(Link(i, i + 1, j, j + 1, length))
    return [(link.b0, link.a0) for link in heaviest(links)]


def _between(anchors: Sequence[tuple[int, int]], whole: Gap) -> Iterator[Gap]:
    b, a = whole.b0, whole.a0
    for i, j in anchors:
        yield Gap(b, i, a, j)
        b, a = i + 1, j + 1
    yield Gap(b, whole.b1, a, whole.a1)


def _align_gap(
    before: Side, after: Side, gap: Gap, names_before: list[str], names_after: list[str], middle: Gap
) -> list[Link]:
    if not gap.pairs:
        return []
    if gap.pairs <= _EVERY_PAIR:
        return heaviest(candidates(before, after, gap))
    repeated = _common_sequence(
        names_before[gap.b0 - middle.b0 : gap.b1 - middle.b0],
        names_after[gap.a0 - middle.a0 : gap.a1 - middle.a0],
        gap,
    )
    kept = []
    for part in _between(repeated, gap):
        if part.pairs:
            kept += heaviest(candidates(before, after, part))
        if part.b1 < gap.b1 and part.a1 < gap.a1:
            kept.append(_pair(part.b1, part.a1))
    return kept


def _common_sequence(names_before: list[str], names_after: list[str], gap: Gap) -> list[tuple[int, int]]:
    number_of = {name: n for n, name in enumerate({*names_before} & {*names_after}, 1)}
    x = [number_of.get(name, 0) for name in names_before]
    y = [number_of.get(name, -1) for name in names_after]
    return [
        (gap.b0 + block.a + k, gap.a0 + block.b + k)
        for block in LCSseq.editops(x, y).as_matching_blocks()
        for k in range(block.size)
    ]


def _moved(before: Side, after: Side, kept: Sequence[Link], middle: Gap) -> list[Link]:
    free_before = _left_over([(link.b0, link.b1) for link in kept], middle.b0, middle.b1)
    free_after = _left_over([(link.a0, link.a1) for link in kept], middle.a0, middle.a1)
    if not free_before or not free_after:
        return []
    return moves(before, after, free_before, free_after)


def _left_over(taken: Sequence[tuple[int, int]], start: int, stop: int) -> list[int]:
    first = bisect_left(taken, (start, start))
    free: list[int] = []
    for low, high in taken[first:]:
        free.extend(range(start, min(low, stop)))
        start = max(start, high)
    free.extend(range(start, stop))
    return free
