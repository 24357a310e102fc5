"""The runs of changed words between two texts."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .chain import Link, heaviest

# Cells of the LCS table (words before × words after): 50 MB and a few dozen milliseconds.
_MOST_CELLS = 400_000_000


class Text(NamedTuple):
    """A text split into tokens, with one character for each as compared."""

    codes: str
    tokens: list[str]


class Run(NamedTuple):
    """Words [b0, b1) before were replaced by words [a0, a1) after; either may be none."""

    b0: int
    b1: int
    a0: int
    a1: int


def shortest_runs(x: str, y: str) -> list[Run]:
    """The fewest words removed and added that lead from one coded text to the other.

    Texts too long for one table are first cut apart at words that stand once in both, so that they
    may come out longer than the shortest.
    """
    head = _common_head(x, y)
    tail = _common_head(x[head:][::-1], y[head:][::-1])
    return list(_runs(x[head : len(x) - tail], y[head : len(y) - tail], head))


def _common_head(x: str, y: str) -> int:
    most = min(len(x), len(y))
    if x[:most] == y[:most]:
        return most
    low, high = 0, most  # x[:low] and y[:low] are equal, x[:high] and y[:high] are not
    while high - low > 1:
        middle = (low + high) // 2
        if x[low:middle] == y[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _runs(x: str, y: str, offset: int) -> Iterator[Run]:
    if len(x) * len(y) <= _MOST_CELLS:
        yield from _between_blocks(x, y, offset, offset)
        return
    b = a = 0
    for i, j in [*_landmarks(x, y), (len(x), len(y))]:
        if (i - b) * (j - a) <= _MOST_CELLS:
            yield from _between_blocks(x[b:i], y[a:j], offset + b, offset + a)
        else:
            yield Run(offset + b, offset + i, offset + a, offset + j)
        b, a = i, j


def _between_blocks(x: str, y: str, b_offset: int, a_offset: int) -> Iterator[Run]:
    b = a = 0
    for i, j, size in LCSseq.editops(x, y).as_matching_blocks():
        if i > b or j > a:
            yield Run(b_offset + b, b_offset + i, a_offset + a, a_offset + j)
        b, a = i + size, j + size


def _landmarks(x: str, y: str) -> list[tuple[int, int]]:
    """Places of words that stand once in both, in the longest order they have in common."""
    times_x, times_y = Counter(x), Counter(y)
    links = [
        Link(i, i + 1, j, j + 1, 1)
        for i, code in enumerate(x)
        if times_x[code] == times_y[code] == 1 and (j := y.index(code)) >= 0
    ]
    return [(link.b0, link.a0) for link in heaviest(links)]
