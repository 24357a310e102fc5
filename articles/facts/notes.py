"""The newsroom's own words that tell of a change of the article: corrections, updates, editors' notes."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from articles.diff.tokens import fold, tokenise
from articles.facts.lexicon import OTHER, lexicon

# What stands behind a label: a colon, a dash, a bracket, a date or a time.
_BEFORE_TIME = "ore|klo|kl|at|on|as of|am|um|le|à|el|a las|em|às|il|alle|от|в|の"
_AFTER_LABEL = re.compile(rf"\s*(?:[:：\-–—|(（\[［]|\d|\.\s|(?:{_BEFORE_TIME})\s+(?:\w+\s+){{0,2}}\d)|\s*\Z")
_BRACKETS = "([*_«【（〔［ \t\u200f"
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_])|(?<=[。！？])|\n")
_WORD = re.compile(r"\w+")
_UNSPACED = "\u3040"  # behind it are scripts in which no space parts words
_LONGEST_NOTE = 3_000  # characters: longer is no note but the story itself
_MOST_AFTER_LABEL = 300  # characters in which a weak label has to speak of a change


class _Signs(NamedTuple):
    labels: tuple[str, ...]
    weak_labels: tuple[str, ...]
    itself: tuple[str, ...]
    was_changed: tuple[str, ...]
    earlier: tuple[str, ...]


def note_in(text: str, language: str) -> str:
    """The part of a paragraph that tells of a change of this article, as it stands there; "" for none."""
    if len(text) > _LONGEST_NOTE:
        return ""
    signs = _signs(language)
    low = text.casefold().replace("’", "'")
    start = low.lstrip(_BRACKETS)
    label = _label(start, signs.labels)
    if label and (_AFTER_LABEL.match(start, len(label)) or start[len(label) : len(label) + 1] == "】"):
        return text
    if _label(start, signs.weak_labels):
        beginning = start[:_MOST_AFTER_LABEL]
        if _any_stands(signs.was_changed, beginning) or _any_stands(signs.earlier, beginning):
            return text
    if not _may_tell(low, language):
        return ""
    parts = [part for part in _SENTENCE.split(text) if part and _is_note(part, signs, language)]
    if not parts:
        return ""
    first, last = text.index(parts[0]), text.rindex(parts[-1]) + len(parts[-1])
    return text[first:last]


def may_hold_note(keys: Sequence[str], language: str) -> bool:
    """Return whether a text may hold a note, by the keys of its tokens; much faster than looking for one."""
    if language in ("zh", "ja"):
        return True
    return not _telling_words(language).isdisjoint(keys)


def _may_tell(low: str, language: str) -> bool:
    """Whether a text in small letters has the words without which no sentence amid it is a note."""
    if language in ("zh", "ja"):
        return True
    words, needed = _WORD.findall(low), _needed_words(language)
    if not needed.alone.isdisjoint(words):
        return True
    return not needed.was_changed.isdisjoint(words) and (
        not needed.itself.isdisjoint(words) or any(phrase in low for phrase in needed.itself_unspaced)
    )


class _Needed(NamedTuple):
    """The longest word of each sign: of those that tell by themselves, and of those that do so together."""

    alone: frozenset[str]
    was_changed: frozenset[str]
    itself: frozenset[str]
    itself_unspaced: tuple[str, ...]


@cache
def _needed_words(language: str) -> _Needed:
    signs = _signs(language)

    def longest(phrases: Iterable[str]) -> frozenset[str]:
        return frozenset(max(_WORD.findall(phrase), key=len) for phrase in phrases)

    unspaced = tuple(phrase for phrase in signs.itself if phrase[0] > _UNSPACED)
    return _Needed(
        longest((*signs.labels, *signs.earlier)),
        longest(signs.was_changed),
        longest(phrase for phrase in signs.itself if phrase[0] <= _UNSPACED),
        unspaced,
    )


@cache
def _telling_words(language: str) -> frozenset[str]:
    """The longest word of each sign that a note has at least one of."""
    signs = _signs(language)
    phrases = (*signs.labels, *signs.was_changed, *signs.earlier)
    return frozenset(
        max((fold(token).casefold() for token in tokenise(phrase)), key=len) for phrase in phrases
    )


def _is_note(sentence: str, signs: _Signs, language: str) -> bool:
    low = sentence.casefold().replace("’", "'")
    if not _may_tell(low, language):
        return False
    start = low.lstrip(_BRACKETS)
    label = _label(start, signs.labels)
    if label and _AFTER_LABEL.match(start, len(label)) and start[len(label) :].strip():
        return True
    if _any_stands(signs.earlier, low):
        return True
    return _any_stands(signs.was_changed, low) and any(
        _speaks_of_itself(phrase, low) for phrase in signs.itself
    )


def _label(start: str, labels: tuple[str, ...]) -> str:
    if not start.startswith(labels):
        return ""
    return max((label for label in labels if start.startswith(label)), key=len, default="")


def _any_stands(phrases: tuple[str, ...], low: str) -> bool:
    for phrase in phrases:
        if phrase in low and _stands(phrase, low):
            return True
    return False


def _stands(phrase: str, low: str) -> bool:
    """Whether a phrase that is in a text stands there as words of its own; in scripts without spaces
    anywhere."""
    if not phrase[0].isalpha() or phrase[0] > _UNSPACED:
        return True
    return re.search(r"(?<!\w)" + re.escape(phrase), low) is not None


def _speaks_of_itself(phrase: str, low: str) -> bool:
    """Whether the article speaks of itself, not of an article of a law ("Article 5 was amended")."""
    head, dots, tail = phrase.partition(" … ")
    if dots:  # "this … story": a date or the like between
        between = r"(?:\S{1,20} ){1,4}"
        return re.search(rf"(?<!\w){re.escape(head)} {between}{re.escape(tail)}(?!\w)", low) is not None
    at = low.find(phrase)
    if at < 0:
        return False
    if phrase[0] > _UNSPACED:
        return True
    return re.search(r"(?<!\w)" + re.escape(phrase) + r"(?!\w)(?!\s+(?:\d|[ivx]+\b))", low) is not None


@cache
def _signs(language: str) -> _Signs:
    lists, others = lexicon(language).lists, lexicon(OTHER).lists

    def of(name: str) -> tuple[str, ...]:
        return tuple(
            phrase.casefold().replace("’", "'") for phrase in (*lists.get(name, ()), *others.get(name, ()))
        )

    return _Signs(of("label"), of("weak_label"), of("itself"), of("was_changed"), of("earlier"))
