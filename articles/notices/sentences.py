"""One watched sentence: what became of it in a new version. Pure.

The sentence is a TextQuoteSelector of the W3C's Web Annotation Data Model: ``exact``, and some ``prefix`` and
``suffix`` by which two places with the same words are told apart. Words are compared as search does it:
neither case nor typography counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from articles.models.notice import Notice
from articles.search import words_of

Sentence = Notice.Sentence

LONGEST = 1000
"""Characters of a sentence that may be watched; of what stands before and after it, a tenth."""

AROUND = LONGEST // 10

_ALIKE = 0.5
"""A sentence that keeps so much of its words, in order, is changed; one that keeps less is gone."""


@dataclass(frozen=True)
class Place:
    """Where a sentence stands: the number of its paragraph, and that one's words before and after it."""

    paragraph: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def what_became(selector: Mapping[str, str], before: Sequence[str], after: Sequence[str]) -> Sentence | None:
    """What became of the sentence between two texts (their paragraphs); None: there is nothing to tell."""
    exact = _words(selector["exact"])
    old, new = _places(exact, before), _places(exact, after)
    if not old:
        return Sentence.BACK if new else None
    then = _chosen(selector, old)
    others = {before[place.paragraph] for place in old} - {before[then.paragraph]}
    now = [place for place in new if after[place.paragraph] not in others]
    if not now:
        return Sentence.CHANGED if _stands_changed(exact, before, after) else Sentence.GONE
    stays = any(
        _paragraphs_stay(before, then.paragraph, after, place.paragraph) and not _shifted(then, place)
        for place in now
    )
    return None if stays else Sentence.MOVED


def stands_in(selector: Mapping[str, str], paragraphs: Sequence[str]) -> bool:
    """Whether the sentence stands in the text of these *paragraphs*."""
    exact = _words(selector["exact"])
    return bool(exact) and bool(_places(exact, paragraphs))


def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def _places(exact: tuple[str, ...], paragraphs: Sequence[str]) -> list[Place]:
    return [
        Place(number, words[:at], words[at + len(exact) :])
        for number, words in enumerate(map(_words, paragraphs))
        for at in _found(exact, words)
    ]


def _found(exact: tuple[str, ...], words: tuple[str, ...]) -> Iterator[int]:
    length = len(exact)
    return (
        at
        for at in range(len(words) - length + 1)
        if words[at] == exact[0] and words[at : at + length] == exact
    )


def _chosen(selector: Mapping[str, str], places: Sequence[Place]) -> Place:
    """The place that is meant: whose neighbours are most like the prefix and suffix."""
    prefix, suffix = _words(selector.get("prefix", "")), _words(selector.get("suffix", ""))

    def likeness(place: Place) -> int:
        return len({*place.before} & {*prefix}) + len({*place.after} & {*suffix})

    return max(places, key=likeness)


def _paragraphs_stay(before: Sequence[str], old: int, after: Sequence[str], new: int) -> bool:
    """Whether the paragraphs that both texts have stand on the same side of it in both."""
    both = {*before} & {*after} - {before[old], after[new]}
    return {*before[:old]} & both == {*after[:new]} & both


def _shifted(one: Place, other: Place) -> bool:
    """Whether it stands elsewhere in the same paragraph, of whose other words none came or went."""
    if sorted(one.before + one.after) != sorted(other.before + other.after):
        return False
    return sorted(one.before) != sorted(other.before)


def _stands_changed(exact: tuple[str, ...], before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a paragraph that is new keeps half of the sentence's words, in order."""
    old = {*before}
    return any(
        _kept(exact, _words(paragraph)) >= _ALIKE * len(exact) for paragraph in after if paragraph not in old
    )


def _kept(exact: tuple[str, ...], words: tuple[str, ...]) -> int:
    """How many words of the sentence stand in *words* in order (the longest common subsequence)."""
    return int(LCSseq.similarity(exact, words))
