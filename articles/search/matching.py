"""Whether, where and since when the words of a query stand in the versions of an article.

The index says which articles to look at; what is told of them is read from their texts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from articles.search.entries import Side
from articles.search.histories import Told
from articles.search.query import Query, Term
from articles.search.words import split, words_of

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

    def stays(self, history: Sequence[Told]) -> list[Stay]:
        """The stretches of versions in which all wanted terms stand and no unwanted one, oldest first."""
        stays: list[Stay] = []
        stood = False
        for told in history:
            stands = self._stands(told.parts)
            if stands and stood:
                stays[-1] = replace(stays[-1], last=told)
            elif stands:
                read_in = told.compared is not None and self._stands(told.compared)
                stays.append(Stay(told, told, None, read_in=read_in))
            elif stood:
                read_out = told.compared is not None and not self._stands(told.compared)
                stays[-1] = replace(stays[-1], gone=told, read_out=read_out)
            stood = stands
        return stays

    def changes(self, history: Sequence[Told], side: Side) -> list[int]:
        """Places in *history* of the versions in which every wanted term came (or went), and no unwanted."""
        found = []
        for at in range(1, len(history)):
            if history[at].number != history[at - 1].number + 1:
                continue  # a version between them is taken down: the change would show its text
            before = self._total(history[at].compared or history[at - 1].parts)
            after = self._total(history[at].parts)
            if side is Side.REMOVED:
                before, after = after, before
            more = [new > old for old, new in zip(before, after, strict=True)]
            if all(more[: self._wanted]) and not any(more[self._wanted :]):
                found.append(at)
        return found

    def _stands(self, parts: Iterable[str]) -> bool:
        missing = set(range(self._wanted))
        for part in parts:
            counts = self.counts(part)
            if any(counts[self._wanted :]):
                return False
            missing.difference_update([term for term in missing if counts[term]])
            if not missing and self._wanted == len(self._terms):
                break  # a common word stands in the first paragraph: none of the others need be read
        return not missing

    def _total(self, parts: Iterable[str]) -> Counts:
        return tuple(map(sum, zip(*map(self.counts, parts), strict=True)))

    def _may_hold(self, text: str) -> bool:
        """False only for a text that holds no term: most need not be split."""
        if not text.isascii():
            return True
        lowered = text.lower()
        return any(term.words[0] in lowered for term in self._terms)


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
