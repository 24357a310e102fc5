"""The words of a text as search knows them: the same for what is stored and for what is looked for.

A word is a run of letters and digits. Case, diacritics, punctuation and invisible characters do not count;
no word is reduced to a stem. Scripts that put no space between words (and Hangul, whose particles cling to
theirs) give one word for each character, so that any stretch of them is found as a phrase.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex  # type: ignore[import-untyped]

LONGEST_WORD = 64
"""Characters of a word that count: PostgreSQL takes no endless ones."""

_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_ALONE = (
    r"\p{Han}\p{Hiragana}\p{Katakana}\u30fc\p{Bopomofo}\p{Hangul}"
    r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
)
_WORD = regex.compile(
    rf"""
    [[\p{{L}}\p{{Nd}}]--[{_ALONE}]] [[\p{{L}}\p{{Nd}}\p{{M}}{_INVISIBLE}]--[{_ALONE}]]*+
    | [[{_ALONE}]&&[\p{{L}}\p{{Nd}}\p{{Nl}}]] \p{{M}}*+
    """,
    regex.VERBOSE | regex.V1,
)
# Latin, Greek, Cyrillic, Armenian and punctuation, with no combining mark and nothing invisible: the
# standard `re` finds the same words there, five times faster.
_EASY_TEXT = re.compile(
    "[\x00-\u00ac\u00ae-\u024f\u0370-\u0373\u0376-\u0482\u048a-\u058f\u1e00-\u1fff\u2000-\u200a\u2010-\u2029"
    "\u202f-\u205f\u20a0-\u20bf]*"
)
# ASCII, and signs that stand in no word.
_PLAIN_TEXT = re.compile(
    "[\x00-\x7f\xa0-\xa9\xab\xac\xae-\xb1\xb4\xb6-\xb8\xbb\xbf\u2010-\u2027\u20a0-\u20bf]*"
)
_ASCII_WORD = re.compile("[a-z0-9]+")
_EASY_WORD = re.compile(r"[^\W_²³¹¼½¾]+")

# Marks that a writer may leave out: Latin, Greek and Cyrillic diacritics, Hebrew points, Arabic vowels and
# hamzas, the Arabic stretch. Those of India's and Thailand's scripts make other words, and so stay.
_LEFT_OUT = re.compile(
    f"[{_INVISIBLE}\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


class Word(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    folded: str
    start: int
    end: int


def split(text: str) -> Iterator[Word]:
    """The words of *text* in order."""
    pattern = _EASY_WORD if _EASY_TEXT.fullmatch(text) else _WORD
    for match in pattern.finditer(text):
        if folded := fold(match.group()):
            yield Word(folded, match.start(), match.end())


def words_of(text: str) -> list[str]:
    """The words of *text* as they are compared."""
    if is_plain(text):
        return [word[:LONGEST_WORD] for word in _ASCII_WORD.findall(text.lower())]
    return [word.folded for word in split(text)]


def is_plain(text: str) -> bool:
    """Whether *text* needs only to be put in lower case for its words to stand in it as they are compared."""
    return text.isascii() or bool(_PLAIN_TEXT.fullmatch(text))


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """A word as it is compared: 'Straße' as 'strasse', 'Élysée' as 'elysee'; '' if nothing of it counts."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", word).casefold())
    plain = unicodedata.normalize("NFC", bare.translate(_LETTERS))
    return "".join(char for char in plain if char.isalnum() or unicodedata.category(char)[0] == "M")[
        :LONGEST_WORD
    ]


PAIR = "·"
"""What the token of a pair begins with. No word holds it."""


def pair(first: str, second: str) -> str:
    """Two neighbouring words as one token."""
    return f"{PAIR}{first}{PAIR}{second}"


def pairs_of(words: Iterable[str]) -> Iterator[str]:
    """The tokens of each two neighbours among *words*."""
    return (pair(first, second) for first, second in pairwise(words))
