"""What the index holds of a version: one set of tokens for what stands in it, one for what changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import accumulate, chain, takewhile
from typing import NamedTuple

from articles.search.words import LONGEST_WORD, pairs_of, words_of

MOST_BYTES = 900_000
"""Of a set's tokens: PostgreSQL takes no tsvector of a megabyte. Real articles have a hundredth of it."""


# Two words with their dots and a mark, of characters that take four bytes in UTF-8, and what parts tokens.
_MOST_BYTES_A_TOKEN = 4 * (2 * LONGEST_WORD + 3) + 1


class Side(Enum):
    """What a change did, as the mark on the tokens of words and pairs of neighbours that came or went."""

    ADDED = "a"
    REMOVED = "r"


AROUND = "c"
"""The mark on any pair of neighbours in changed paragraphs, so that phrases are found that are partly new."""


class Entry(NamedTuple):
    """The tokens of one version.

    ``text``: its words, then pairs of them. ``changes``: what came, what went, then what is AROUND; empty for
    version 1.
    """

    text: list[str]
    changes: list[str]


_Split = Callable[[str], Sequence[str]]
"""What tells the words of a part."""


def entry_of(
    parts: Sequence[str],
    before: Sequence[str] | None,
    compared: Sequence[str] | None = None,
    split: _Split = words_of,
) -> Entry:
    """The entry of a version with *parts* (headline, byline, paragraphs), given those of the one before.

    *compared* are the parts it was compared with where they are not the same (`Told.compared`).

    The words of the whole text make it possible to look for several at once, wherever they stand; pairs,
    which are what takes room, are kept of what is new.
    """
    words = chain.from_iterable(map(split, parts))
    text = _limited(_unique(words), _unique(_pairs(_changed(parts, before or ()), split)))
    if before is None:
        return Entry(text, [])
    return Entry(text, changed_tokens(parts, before if compared is None else compared, split))


def entries_of(versions: Iterable[tuple[Sequence[str], Sequence[str] | None]]) -> Iterator[Entry]:
    """The entries of *versions* that follow one another, as `entry_of` makes them: (parts, compared) of each.

    What most versions keep of the one before them is split into words but once.
    """
    split, before = _Remembered(), None
    for parts, compared in versions:
        yield entry_of(parts, before, compared, split)
        split.turn_to_next()
        before = parts


class _Remembered:
    """The words of parts, remembered from one version to the next and no longer."""

    def __init__(self) -> None:
        self._here: dict[str, list[str]] = {}
        self._before: dict[str, list[str]] = {}

    def __call__(self, part: str) -> list[str]:
        words = self._here.get(part)
        if words is None:
            words = self._before[part] if part in self._before else words_of(part)
            self._here[part] = words
        return words

    def turn_to_next(self) -> None:
        self._here, self._before = {}, self._here


def changed_tokens(parts: Sequence[str], compared: Sequence[str], split: _Split = words_of) -> list[str]:
    """The tokens of a change from *compared* to *parts*: what came, what went, what stands around."""
    came, went = _changed(parts, compared), _changed(compared, parts)
    new, old = _counts(came, split), _counts(went, split)
    return _limited(
        (Side.ADDED.value + token for token in _more_often(new, old)),
        (Side.REMOVED.value + token for token in _more_often(old, new)),
        (AROUND + token for token in _unique(_pairs([*came, *went], split))),
    )


def _changed(parts: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of *parts* that stand more often there than among *others*; one that only moved is not."""
    here, there = Counter(parts), Counter(others)
    return [part for part, count in here.items() for _ in range(count - there.get(part, 0))]


def _more_often(here: Counter[str], there: Counter[str]) -> Iterator[str]:
    """What Counter's own difference has, in half the time."""
    return (token for token, count in here.items() if count > there.get(token, 0))


def _counts(parts: Sequence[str], split: _Split) -> Counter[str]:
    return Counter(token for words in map(split, parts) for token in (*words, *pairs_of(words)))


def _pairs(parts: Iterable[str], split: _Split) -> Iterator[str]:
    return chain.from_iterable(map(pairs_of, map(split, parts)))


def _unique(tokens: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(tokens)


def _limited(*groups: Iterable[str]) -> list[str]:
    """The tokens of all groups, the first ones first, as far as there is room."""
    tokens = list(chain.from_iterable(groups))
    if len(tokens) * _MOST_BYTES_A_TOKEN <= MOST_BYTES:
        return tokens
    sizes = accumulate(len(token.encode()) + 1 for token in tokens)
    return list(takewhile(lambda token: next(sizes) <= MOST_BYTES, tokens))
