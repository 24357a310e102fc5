"""Regular expressions that people write, such as address filters, tried where they can be stopped.

In: patterns and texts. Out: what matches; or a ``PatternFault`` that names the pattern and what is wrong with
it. `/(\\w+-?)+/$` looks harmless, and takes hours on an address of forty letters: Python's engine tries every
way of dividing them. So patterns run in the reader, for a second of CPU each.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from articles.isolation import IsolationError, doing, isolated

PATTERN_SECONDS = 1.0
"""Seconds of CPU for one pattern on all texts it is tried on; an ordinary one takes 1 ms for a thousand."""

ALL_SECONDS = 1.5
"""Seconds of CPU for all patterns together: who waits for an answer has it within two."""

WALL_SECONDS = 20.0
"""Seconds by the clock: a busy machine is no fault of the pattern's."""

_LONG = 300
"""Characters of the stretches that a pattern is tried on before it is taken: enough for one that doubles its
time with each letter, too few for one that is merely slow."""

_STRETCHES = ("a", "0", "-", "/", " ", "a-", "a/", "a0", "word ", "word-")
_MOST_FOLDERS = 10
_END = "\x00"
"""What no pattern wants at the end: it has to try all there is to try."""


class WhatIsWrong(StrEnum):
    """What is wrong with a pattern."""

    INVALID = "invalid"
    """It is no regular expression."""
    TOO_DEEP = "too-deep"
    """It is nested too deeply."""
    TOO_LARGE = "too-large"
    """A number in it is too large."""
    TOO_SLOW = "too-slow"
    """It takes too long on some text."""
    NOT_TRIED = "not-tried"
    """It could not be tried: no fault of its own."""


class PatternFault(Exception):
    """A pattern that can't be used.

    number: which of those given, from 0; detail: what the engine says of it.
    """

    def __init__(self, number: int, pattern: str, wrong: WhatIsWrong, detail: str = "") -> None:
        super().__init__(f"“{pattern}” {_IN_WORDS[wrong]}{detail and f': {detail}'}")
        self.number = number
        self.pattern = pattern
        self.wrong = wrong
        self.detail = detail

    def __reduce__(self) -> tuple[type["PatternFault"], tuple[int, str, WhatIsWrong, str]]:
        return PatternFault, (self.number, self.pattern, self.wrong, self.detail)


_IN_WORDS = {
    WhatIsWrong.INVALID: "is no regular expression",
    WhatIsWrong.TOO_DEEP: "is nested too deeply",
    WhatIsWrong.TOO_LARGE: "has a number in it that is too large",
    WhatIsWrong.TOO_SLOW: "takes too long: parts of it can match the same text in too many ways",
    WhatIsWrong.NOT_TRIED: "could not be tried",
}


def which_match(patterns: Sequence[str], texts: Sequence[str]) -> list[bool]:
    """Of each text, whether any of the patterns is found in it.

    :raises PatternFault: one of the patterns can't be used.
    """
    if not patterns or not texts:
        return [False] * len(texts)
    return _try(tuple(patterns), tuple(texts))


def try_out(patterns: Sequence[str], texts: Sequence[str] = ()) -> None:
    """Try patterns before they are taken: on *texts* as they will meet, and on such as make bad ones slow.

    :raises PatternFault: one of them can't be used, the first such.
    """
    if patterns:
        _try(tuple(patterns), (*texts, *_monsters(texts)))


def _monsters(texts: Sequence[str]) -> list[str]:
    """Long stretches of the same, alone and behind the beginnings of *texts*."""
    starts = dict.fromkeys(["", "/", *(start for text in texts[:3] for start in _folders(text))])
    long = [(stretch * _LONG)[:_LONG] + _END for stretch in _STRETCHES]
    return [start + stretch for start in starts for stretch in long]


def _folders(address: str) -> list[str]:
    """The address up to each of its slashes, but for those behind the scheme, and all of it as a folder."""
    parts = f"{address.rstrip('/')}/".split("/")[:_MOST_FOLDERS]
    return ["/".join(parts[:end]) + "/" for end in range(min(3, len(parts) - 1), len(parts))]


def _try(patterns: tuple[str, ...], texts: tuple[str, ...]) -> list[bool]:
    try:
        found = isolated(_match, patterns, texts, wall=WALL_SECONDS, cpu=ALL_SECONDS)
    except IsolationError as problem:
        wrong = WhatIsWrong.TOO_SLOW if problem.is_timeout else WhatIsWrong.NOT_TRIED
        at = int(problem.doing) if problem.doing else 0
        raise PatternFault(at, patterns[at], wrong, "" if problem.is_timeout else problem.reason) from problem
    if isinstance(found, PatternFault):
        raise found
    return found


def _match(patterns: tuple[str, ...], texts: tuple[str, ...]) -> "list[bool] | PatternFault":
    """In the reader: of each text, whether a pattern is found in it; or what is wrong with one of them."""
    found = [False] * len(texts)
    for number, pattern in enumerate(patterns):
        with doing(str(number), cpu=PATTERN_SECONDS):
            try:
                search = re.compile(pattern).search
            except RecursionError:
                return PatternFault(number, pattern, WhatIsWrong.TOO_DEEP)
            except OverflowError:
                return PatternFault(number, pattern, WhatIsWrong.TOO_LARGE)
            except re.error as problem:
                return PatternFault(number, pattern, WhatIsWrong.INVALID, str(problem))
            found = [before or search(text) is not None for before, text in zip(found, texts, strict=True)]
    return found
