"""The heaviest chain of links between two lists of paragraphs that keeps the order of both."""

import heapq
from collections.abc import Sequence
from typing import NamedTuple


class Link(NamedTuple):
    """Paragraphs [b0, b1) before belong to paragraphs [a0, a1) after, with this much in common."""

    b0: int
    b1: int
    a0: int
    a1: int
    weight: float


class _Node(NamedTuple):
    total: float
    link: Link
    previous: "_Node | None"


def heaviest(links: Sequence[Link]) -> list[Link]:
    """The links of the heaviest chain in which each starts after the one before it ends, on both sides.

    Works in O(n log n): links are taken by where they start, with the best chain for every end on
    the after side kept in a Fenwick tree of maxima.
    """
    links = sorted(links)
    if all(map(_follows, links, links[1:])):
        return links
    ends = sorted({link.a1 for link in links})
    slot_of = {end: slot for slot, end in enumerate(ends, 1)}
    slot_before: dict[int, int] = {}
    slot = 0
    for start in sorted({link.a0 for link in links}):
        while slot < len(ends) and ends[slot] <= start:
            slot += 1
        slot_before[start] = slot

    best: list[_Node | None] = [None] * (len(ends) + 1)
    top: _Node | None = None
    waiting: list[tuple[int, int, _Node]] = []  # a heap by the end before
    for number, link in enumerate(links):
        while waiting and waiting[0][0] <= link.b0:
            ended = heapq.heappop(waiting)[2]
            _record(best, slot_of[ended.link.a1], ended)
        previous = _best_up_to(best, slot_before[link.a0])
        node = _Node(link.weight + (previous.total if previous else 0), link, previous)
        if top is None or node.total > top.total:
            top = node
        heapq.heappush(waiting, (link.b1, number, node))

    chain = []
    while top:
        chain.append(top.link)
        top = top.previous
    return chain[::-1]


def _follows(link: Link, following: Link) -> bool:
    return link.b1 <= following.b0 and link.a1 <= following.a0


def _record(best: list[_Node | None], slot: int, node: _Node) -> None:
    while slot < len(best):
        there = best[slot]
        if there is None or there.total < node.total:
            best[slot] = node
        slot += slot & -slot


def _best_up_to(best: list[_Node | None], slot: int) -> _Node | None:
    found: _Node | None = None
    while slot:
        there = best[slot]
        if there is not None and (found is None or found.total < there.total):
            found = there
        slot -= slot & -slot
    return found
