"""The runs of changed words between two paragraphs."""

from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from .tokens import Lexicon

# Cells of the LCS table (words before × words after); more are cut apart first.
_MOST_CELLS = 400_000_000


class Run(NamedTuple):
    """Words [b0, b1) before were replaced by words [a0, a1) after."""

    b0: int
    b1: int
    a0: int
    a1: int


def changed_runs(x: str, y: str, lexicon: Lexicon) -> list[Run]:
    """What changed between two coded texts, in readable runs."""
    return list(_shortest(x, y))


def _shortest(x: str, y: str) -> Iterator[Run]:
    if len(x) * len(y) > _MOST_CELLS:
        yield Run(0, len(x), 0, len(y))
        return
    b = a = 0
    for i, j, size in LCSseq.editops(x, y).as_matching_blocks():
        if i > b or j > a:
            yield Run(b, i, a, j)
        b, a = i + size, j + size
