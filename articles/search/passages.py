"""The stretch of a text that shows what was found, its hits marked."""

from collections.abc import Sequence
from typing import NamedTuple

from articles.search.matching import Matcher
from articles.search.words import split

LENGTH = 260
"""Characters of a passage, about."""

LEAD = 90
"""Characters before its first hit, at most."""


class Piece(NamedTuple):
    """Some text of a passage, and whether it is a hit."""

    text: str
    hit: bool


Passage = tuple[Piece, ...]


def marked(text: str, matcher: Matcher, longest: int = 300) -> Passage:
    """The first *longest* characters of *text*."""
    return _pieces(text, matcher, 0, min(len(text), longest))


def telling(parts: Sequence[str], others: Sequence[str], matcher: Matcher) -> Passage:
    """The part in which most terms stand, those not among *others* first; () if none stands in any."""
    known = set(others)

    def rank(part: str) -> tuple[bool, bool, int]:
        terms = sum(map(bool, matcher.counts(part)))
        return terms > 0, part not in known, terms

    best = max(matcher.likely(parts), key=rank, default="")
    hits = matcher.hits(best)
    return _pieces(best, matcher, *_window(best, hits[0][0])) if hits else ()


def _window(text: str, hit: int) -> tuple[int, int]:
    """From where to where *text* is shown so that the place *hit* is: whole words."""
    if len(text) <= LENGTH:
        return 0, len(text)
    words = list(split(text))
    start = 0 if hit <= LEAD else next(word.start for word in words if word.start >= hit - LEAD)
    ends = [word.end for word in words if start < word.end <= start + LENGTH]
    return start, len(text) if start + LENGTH >= len(text) else max(ends, default=start + LENGTH)


def _pieces(text: str, matcher: Matcher, start: int, end: int) -> Passage:
    pieces = [Piece("… ", False)] if start else []
    at = start
    for hit_start, hit_end in matcher.hits(text):
        hit_start, hit_end = max(hit_start, start), min(hit_end, end)
        if hit_start < hit_end:
            pieces += [Piece(text[at:hit_start], False), Piece(text[hit_start:hit_end], True)]
            at = hit_end
    pieces.append(Piece(text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece.text)
