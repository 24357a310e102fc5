"""What changes at nearly every look though nobody edited: counters, prices, times."""

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from articles.extract.looks.look import Look, PlaceKey, SeenBlock

LOOKS = 5
"""How many of the last looks are held against the one before each."""

LEAST_CHANGES = 4
"""Of these looks, how many must have changed a place for it to tick."""

NEAR = timedelta(minutes=20)
"""Two of these changes must be no further apart: editors do not keep up that pace. It is the shortest wait of
the usual schedule, 15 minutes, and by how much a worker may come later."""

RESTING_LOOKS = 3
"""A ticking place that shows one value for so many looks in a row rests."""

_SENTENCE_END = re.compile(r"[.!?…。！？．।؟۔։።][\"'“”‘’»«›‹」』）)\]]*$")


def ticking_places(looks: Sequence[Look]) -> frozenset[PlaceKey]:
    """Return the places that tick by the looks at one page, oldest first.

    A place ticks when its numbers, and nothing else, changed at four of the last five looks, two of these at
    most 20 minutes apart, while the page claimed the same time of change. A page that claims none has
    nothing that stands still. Tables never tick, nor do sentences among the paragraphs, but for one with a
    number in an element of its own: a death toll that rises is what readers come for.
    """
    last = looks[-(LOOKS + 1) :]
    if len(last) <= LEAST_CHANGES:
        return frozenset()
    return frozenset(key for key in _candidates(last[-1]) if _ticks(last, key))


def rests(looks: Sequence[Look], key: PlaceKey) -> bool:
    """Whether a place that ticked makes a version of its last value, by the looks at its page, oldest first.

    It does when it shows one value at three looks in a row, or changes as the claimed time moves.
    """
    last = [look.texts(key) for look in looks[-RESTING_LOOKS:]]
    if len(last) == RESTING_LOOKS and last[0] and all(texts == last[0] for texts in last):
        return True
    if len(looks) < 2:
        return False
    before, after = looks[-2:]
    return before.texts(key) != after.texts(key) and before.modified != after.modified


def _candidates(look: Look) -> set[PlaceKey]:
    return {block.key for block in look.blocks if _may_tick(block)}


def _may_tick(block: SeenBlock) -> bool:
    if block.table or block.text == block.words:
        return False
    return block.counted or not (block.in_column and _SENTENCE_END.search(block.text))


def _ticks(looks: Sequence[Look], key: PlaceKey) -> bool:
    changed = [
        after.seen
        for before, after in pairwise(looks)
        if (texts := after.texts(key))
        and (earlier := before.texts(key))
        and texts != earlier
        and len(texts) == len(earlier)
        and before.modified is not None
        and before.modified == after.modified
    ]
    return len(changed) >= LEAST_CHANGES and any(
        later - earlier <= NEAR for earlier, later in pairwise(changed)
    )
