"""What kind of change it was: a Comparison in, badges out. Pure, deterministic, explained on /about/.

The door is :func:`badges_of` and :func:`is_minor`. The badges are those of product.md; this version knows
headline, reverted and minor.
"""

import re

from articles.diff import Comparison
from articles.facts.fact import Fact, How, Kind, Place
from articles.facts.finding import FACTS_VERSION, facts
from articles.facts.numbers import NUMBER_WORDS

__all__ = [
    "FACTS_VERSION",
    "HEADLINE",
    "MINOR_WORDS",
    "REVERTED",
    "Fact",
    "How",
    "Kind",
    "Place",
    "badges_of",
    "facts",
    "is_minor",
]

HEADLINE = "headline"
REVERTED = "reverted"

_WORD = re.compile(r"[^\W\d_]+")

MINOR_WORDS = 3
"""A change of up to this many words, and with no badge, is minor (product.md)."""


def badges_of(*, headline_changed: bool, seen_before: bool) -> tuple[str, ...]:
    """The badges of a change: whether its headline differs, and whether its text had been seen before."""
    return tuple(badge for badge, holds in ((HEADLINE, headline_changed), (REVERTED, seen_before)) if holds)


def is_minor(comparison: Comparison, badges: tuple[str, ...]) -> bool:
    """Whether a change is minor: few words, no badge, and no number changed, in digits or in words.

    A word replaced by another counts once, as a reader would count it.
    """
    few = max(comparison.words_added, comparison.words_removed) <= MINOR_WORDS
    return few and not badges and not _changes_numbers(comparison)


def _changes_numbers(comparison: Comparison) -> bool:
    changed = (span for row in comparison.changes for span in row.spans if span.tag != "=")
    return any(map(_holds_number, (span.before + span.after for span in changed)))


def _holds_number(text: str) -> bool:
    if any(map(str.isnumeric, text)):  # digits of any script, and ideographs such as 五
        return True
    return not NUMBER_WORDS.isdisjoint(_WORD.findall(text.casefold()))
