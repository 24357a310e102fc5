"""The row of an article's versions on a diff page: from any change to its neighbours."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

BESIDE = 3
"""Versions shown either side of the one that is compared; the first and the last are always shown."""


class Step(NamedTuple):
    """A version, and the one that it is compared with (None: it is the first that readers may see)."""

    number: int
    before: int | None


def steps(numbers: Sequence[int], at: int) -> list[Step | None]:
    """The versions around number *at*, of all *numbers* in order; None where some are left out."""
    every = [Step(number, before) for before, number in pairwise([None, *numbers]) if number is not None]
    shown = [
        place
        for place, step in enumerate(every)
        if abs(step.number - at) <= BESIDE or place in (0, len(every) - 1)
    ]
    row: list[Step | None] = []
    for earlier, place in pairwise([-1, *shown]):
        if place > earlier + 1:
            row.append(None)
        row.append(every[place])
    return row


def neighbours(
    numbers: Sequence[int], a: int, b: int
) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The pairs compared before and after the pair *a*, *b*, among all *numbers* in order; None for none."""
    before = max((number for number in numbers if number < a), default=None)
    after = min((number for number in numbers if number > b), default=None)
    return (before, a) if before is not None else None, (b, after) if after is not None else None
