"""Whether, where and since when the words of a query stand in the versions of an article.

The index says which articles to look at; what is told of them is read from their texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.search.entries import Side
from articles.search.histories import Told
from articles.search.query import Query, Term
from articles.search.words import is_plain, split, words_of

MANY_PARTS = 200
"""Of a text: where there are more, they are looked through at once for those worth a closer look."""

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Stay:
    """From version ``first`` to version ``last`` it stood there; in ``gone`` it no longer did.

    Where ``read_in``, the page had it before: only our reading of it changed with ``first``; and so with
    ``gone`` where ``read_out``.
    """

    first: Told
    last: Told
    gone: Told | None
    read_in: bool = False
    read_out: bool = False


class Matcher:
    """Looks for the terms of one query; what a text holds is worked out once, as versions share most."""

    def __init__(self, query: Query) -> None:
        self._wanted = len(query.wanted)
        self._terms = (*query.wanted, *query.unwanted)
        self._known: dict[str, Counts] = {}

    def hits(self, text: str) -> list[tuple[int, int]]:
        """Where wanted words stand in *text*: places from, to; in order and apart."""
        words = list(split(text))
        folded = [word.folded for word in words]
        places = sorted(
            (words[at].start, words[at + len(term.words) - 1].end)
            for term in self._terms[: self._wanted]
            for at in _places(term, folded)
        )
        apart: list[tuple[int, int]] = []
        for start, end in places:
            if apart and start <= apart[-1][1]:
                apart[-1] = apart[-1][0], max(end, apart[-1][1])
            else:
                apart.append((start, end))
        return apart

    def counts(self, text: str) -> Counts:
        """How often each term stands in *text*."""
        known = self._known.get(text)
        if known is None:
            words = words_of(text) if self._may_hold(text) else []
            known = self._known[text] = tuple(len(_places(term, words)) for term in self._terms)
        return known

    def likely(self, parts: Sequence[str]) -> Sequence[str]:
        """Those of *parts* that may hold a term: of a long text few."""
        if len(parts) <= MANY_PARTS:
            return parts
        whole = _BETWEEN.join(parts)
        lowered = whole.lower().split(_BETWEEN)
        if not is_plain(whole) or len(lowered) != len(parts):
            return parts
        firsts = {term.words[0] for term in self._terms}
        return [part for first in firsts for part, low in zip(parts, lowered, strict=True) if first in low]

    def stays(self, history: Sequence[Told]) -> list[Stay]:
        """The stretches of versions in which all wanted terms stand and no unwanted one, oldest first."""
        stays: list[Stay] = []
        stood = False
        total: Counts = (0,) * len(self._terms)
        parts: Sequence[str] = ()
        for told in history:
            # Of the parts that changed alone: most stand in all versions.
            gone, come = map(self._total, _apart(parts, told.parts))
            total = tuple(some - less + more for some, less, more in zip(total, gone, come, strict=True))
            parts = told.parts
            stands = self._stands(total)
            if stands and stood:
                stays[-1] = replace(stays[-1], last=told)
            elif stands:
                read_in = told.compared is not None and self._stands(self._total(told.compared))
                stays.append(Stay(told, told, None, read_in=read_in))
            elif stood:
                read_out = told.compared is not None and not self._stands(self._total(told.compared))
                stays[-1] = replace(stays[-1], gone=told, read_out=read_out)
            stood = stands
        return stays

    def changes(self, history: Sequence[Told], side: Side) -> list[int]:
        """Places in *history* of the versions in which every wanted term came (or went), and no unwanted."""
        found = []
        for at in range(1, len(history)):
            if history[at].number != history[at - 1].number + 1:
                continue  # a version between them is taken down: the change would show its text
            others = history[at].compared or history[at - 1].parts
            before, after = map(self._total, _apart(others, history[at].parts))
            if side is Side.REMOVED:
                before, after = after, before
            more = [new > old for old, new in zip(before, after, strict=True)]
            if all(more[: self._wanted]) and not any(more[self._wanted :]):
                found.append(at)
        return found

    def _stands(self, total: Counts) -> bool:
        return all(total[: self._wanted]) and not any(total[self._wanted :])

    def _total(self, parts: Sequence[str]) -> Counts:
        """How often each term stands in *parts*."""
        none = (0,) * len(self._terms)
        return tuple(map(sum, zip(none, *map(self.counts, self.likely(parts)), strict=True)))

    def _may_hold(self, text: str) -> bool:
        """False only for a text that holds no term: most need not be split."""
        if not is_plain(text):
            return True
        lowered = text.lower()
        return any(term.words[0] in lowered for term in self._terms)


_BETWEEN = "\0"
"""What parts are put together with: no page has it in its text."""


def _apart(before: Sequence[str], after: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Both without the parts with which both begin or end."""
    first, most = 0, min(len(before), len(after))
    while first < most and before[first] == after[first]:
        first += 1
    last = 0
    while last < most - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return before[first : len(before) - last], after[first : len(after) - last]


def _places(term: Term, words: Sequence[str]) -> list[int]:
    """At which of *words* the term begins."""
    *head, last = term.words
    if not term.prefix and last not in words:
        return []
    length = len(term.words)
    return [
        at
        for at in range(len(words) - length + 1)
        if (words[at + length - 1].startswith(last) if term.prefix else words[at + length - 1] == last)
        and (not head or list(words[at : at + length - 1]) == head)
    ]
