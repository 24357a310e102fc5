"""Whether two texts are alike enough to be one story: how much of the shorter stands in the longer, in runs.

Single words tell nothing: unrelated texts of one language share a third to a half of theirs. Runs of five
words are hardly shared by chance. So a stub that grew into a story is alike it, whatever was added around it.

That two texts are alike does not make them one story: reports from one template are alike too, and a round-up
holds whole briefs. It is a witness beside others (a redirect, a feed's id), never the only one.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import regex  # type: ignore[import-untyped]

ALIKE: Final = 0.5
"""The share of the shorter text's words, 0 to 1, from which two texts count as alike."""

RUN: Final = 5.0
"""Words that must stand one after the other in both texts to count."""

# Scripts that set no space between words are read by characters, and a run is as long as the words that its
# characters make: about two characters a word in Chinese and Japanese, four in Thai and its neighbours.
_PAIRS: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc"
_FOURS: Final = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_WEIGHTS: Final = ((regex.compile(f"[{_PAIRS}]"), 0.5), (regex.compile(f"[{_FOURS}]"), 0.25))
_WORD = regex.compile(rf"[{_PAIRS}]|[{_FOURS}]\p{{M}}*+|(?:(?![{_PAIRS}{_FOURS}])[\p{{L}}\p{{M}}\p{{N}}])++")


def is_alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two texts, given as their paragraphs, are alike: ALIKE of the shorter stand in the other."""
    return share_in_runs(one, other) >= ALIKE


def share_in_runs(one: Iterable[str], other: Iterable[str]) -> float:
    """The share of the words of the shorter text, 0 to 1, that stand in the longer in runs of RUN words.

    one, other: paragraphs; runs go on from one to the next. Letter case, punctuation and forms of one
    character do not matter. A text shorter than a run must stand in the other as a whole; an empty text is
    like none.
    Takes time and memory in proportion to the length of both.
    """
    shorter, longer = sorted((_words(one), _words(other)), key=lambda words: (_weight(words), words))
    whole = _weight(shorter)
    if not whole:
        return 0.0
    length = min(RUN, whole)
    runs = {run for _, _, run in _runs(longer, length)}
    found, here = 0.0, 0
    for start, end, run in _runs(shorter, length):
        if run in runs:
            found += _weight(shorter[max(start, here) : end])
            here = end
    return found / whole


def _words(paragraphs: Iterable[str]) -> list[str]:
    return [
        word
        for paragraph in paragraphs
        for word in _WORD.findall(unicodedata.normalize("NFKC", paragraph).casefold())
    ]


def _weight(words: Sequence[str]) -> float:
    return sum(map(_word_weight, words))


def _word_weight(word: str) -> float:
    return next((weight for script, weight in _WEIGHTS if script.match(word)), 1.0)


def _runs(words: Sequence[str], length: float) -> Iterator[tuple[int, int, str]]:
    """For each word the shortest run from it on that is as long as `length` words: start, end and text."""
    weights = [_word_weight(word) for word in words]
    end, weight = 0, 0.0
    for start in range(len(words)):
        while weight < length and end < len(words):
            weight += weights[end]
            end += 1
        if weight < length:
            return
        yield start, end, " ".join(words[start:end])
        weight -= weights[start]
