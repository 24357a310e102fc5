"""What the index holds of a version: one set of tokens for what stands in it, one for what changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import accumulate, chain, takewhile
from typing import NamedTuple

from articles.search.words import pairs_of, words_of

MOST_BYTES = 900_000
"""Of a set's tokens: PostgreSQL takes no tsvector of a megabyte. Real articles have a hundredth of it."""


_BYTES_A_CHARACTER = 4  # at most, in UTF-8


class Side(Enum):
    """What a change did, as the mark on the tokens of words and pairs of neighbours that came or went."""

    ADDED = "a"
    REMOVED = "r"


AROUND = "c"
"""The mark on any pair of neighbours in changed paragraphs, so that phrases are found that are partly new."""


class Entry(NamedTuple):
    """The tokens of one version. ``changes`` is empty for version 1."""

    text: list[str]
    changes: list[str]


def entry_of(
    parts: Sequence[str], before: Sequence[str] | None, compared: Sequence[str] | None = None
) -> Entry:
    """The entry of a version with *parts* (headline, byline, paragraphs), given those of the one before.

    *compared* are the parts it was compared with where they are not the same (`Told.compared`).

    The words of the whole text make it possible to look for several at once, wherever they stand; pairs,
    which are what takes room, are kept of what is new.
    """
    words = (word for part in parts for word in words_of(part))
    text = _limited(_unique(words), _unique(_pairs(_changed(parts, before or ()))))
    if before is None:
        return Entry(text, [])
    return Entry(text, changed_tokens(parts, before if compared is None else compared))


def changed_tokens(parts: Sequence[str], compared: Sequence[str]) -> list[str]:
    """The tokens of a change from *compared* to *parts*: what came, what went, what stands around."""
    came, went = _changed(parts, compared), _changed(compared, parts)
    new, old = _counts(came), _counts(went)
    return _limited(
        (Side.ADDED.value + token for token in new - old),
        (Side.REMOVED.value + token for token in old - new),
        (AROUND + token for token in _unique(_pairs([*came, *went]))),
    )


def _changed(parts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of *parts* that stand more often there than among *others*; one that only moved is not."""
    return list((Counter(parts) - Counter(others)).elements())


def _counts(parts: Sequence[str]) -> Counter[str]:
    return Counter(
        token for part in parts for words in (words_of(part),) for token in (*words, *pairs_of(words))
    )


def _pairs(parts: Iterable[str]) -> Iterator[str]:
    return (token for part in parts for token in pairs_of(words_of(part)))


def _unique(tokens: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(tokens)


def _limited(*groups: Iterable[str]) -> list[str]:
    """The tokens of all groups, the first ones first, as far as there is room."""
    tokens = list(chain.from_iterable(groups))
    if sum(map(len, tokens)) * _BYTES_A_CHARACTER + len(tokens) <= MOST_BYTES:
        return tokens
    sizes = accumulate(len(token.encode()) + 1 for token in tokens)
    return list(takewhile(lambda token: next(sizes) <= MOST_BYTES, tokens))
