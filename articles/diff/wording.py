"""The runs of changed words between two texts."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from articles.diff.chain import Link, heaviest

# Cells of one LCS table (words before × words after): 50 MB and a few dozen milliseconds.
MOST_CELLS = 400_000_000

# A longer text is cut apart at phrases of so many words that stand once in both; between two of them
# a table may have this many cells, so that all tables together stay as cheap.
_PHRASE = 4
_MOST_CELLS_BETWEEN = 25_000_000


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

    Texts too long for one table may come out with more than the fewest.
    """
    head = _common_head(x, y)
    tail = _common_head(x[head:][::-1], y[head:][::-1])
    return list(_runs(x[head : len(x) - tail], y[head : len(y) - tail], head))


def unchanged(x: str, y: str) -> Iterator[tuple[int, int]]:
    """The places of what is kept between two coded texts."""
    b = a = 0
    for run in [*shortest_runs(x, y), Run(len(x), len(x), len(y), len(y))]:
        yield from zip(range(b, run.b0), range(a, run.a0), strict=True)
        b, a = run.b1, run.a1


def words_in_common(x: str, y: str) -> int:
    """The length of the LCS; of texts too long for a table, the words in common in any order."""
    if len(x) * len(y) <= MOST_CELLS:
        return int(LCSseq.similarity(x, y))
    return (Counter(x) & Counter(y)).total()


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
    if len(x) * len(y) <= MOST_CELLS:
        yield from _between_blocks(x, y, offset, offset)
        return
    b = a = 0
    for i, j in [*_landmarks(x, y), (len(x), len(y))]:
        if i > b and j > a and (i - b) * (j - a) <= _MOST_CELLS_BETWEEN:
            yield from _between_blocks(x[b:i], y[a:j], offset + b, offset + a)
        elif i > b or j > a:
            yield Run(offset + b, offset + i, offset + a, offset + j)
        b, a = i, j


def _between_blocks(x: str, y: str, b_offset: int, a_offset: int) -> Iterator[Run]:
    b = a = 0
    for i, j, size in LCSseq.editops(x, y).as_matching_blocks():
        if i > b or j > a:
            yield Run(b_offset + b, b_offset + i, a_offset + a, a_offset + j)
        b, a = i + size, j + size


def _landmarks(x: str, y: str) -> list[tuple[int, int]]:
    """Places of phrases that stand once in both, in the longest order they have in common."""
    place_in_y = _single_places(y)
    links = []
    for phrase, i in _single_places(x).items():
        j = place_in_y.get(phrase)
        if j is not None:
            links.append(Link(i, i + 1, j, j + 1, 1))
    return [(link.b0, link.a0) for link in heaviest(links)]


def _single_places(codes: str) -> dict[str, int]:
    phrases = [codes[i : i + _PHRASE] for i in range(len(codes) - _PHRASE + 1)]
    times = Counter(phrases)
    return {phrase: i for i, phrase in enumerate(phrases) if times[phrase] == 1}
