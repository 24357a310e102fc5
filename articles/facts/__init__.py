"""What kind of change it was: a comparison in, facts and kinds out. Pure, by rules and word lists.

    >>> [one.to_dict()["after"] for one in facts(["Four were hurt."], ["Five were hurt."], language="en")]
    ['Five']

:func:`facts` finds what a change did (``finding``): numbers, dates, quotations, names, hedges, attributions,
negations and notes, each with its words and its place. :func:`change_kinds` adds what is computed from the
whole change. :func:`weightiest` and :func:`excerpt` choose what lists show, ``disclosure`` tells whether a
correction would be due and was given, ``courses`` follows numbers and quotations over versions. The rules
are told in docs/facts.md; the word lists of each language are ``words/<language>.toml``.
"""

from articles.diff import Comparison
from articles.facts.courses import Course, NamedSource, QuotationLife, Story, story_so_far
from articles.facts.disclosure import Disclosed, Disclosure, Note, correction_due, disclosed, note_is_about
from articles.facts.fact import Fact, How, Kind, Place
from articles.facts.finding import FACTS_VERSION, facts
from articles.facts.kinds import MINOR_WORDS, REWRITTEN, ChangeKind, change_kinds, changes_numbers
from articles.facts.weights import excerpt, weight, weightiest

__all__ = [
    "FACTS_VERSION",
    "HEADLINE",
    "MINOR_WORDS",
    "REVERTED",
    "REWRITTEN",
    "ChangeKind",
    "Course",
    "Disclosed",
    "Disclosure",
    "Fact",
    "How",
    "Kind",
    "NamedSource",
    "Note",
    "Place",
    "QuotationLife",
    "Story",
    "badges_of",
    "change_kinds",
    "correction_due",
    "disclosed",
    "excerpt",
    "facts",
    "is_minor",
    "note_is_about",
    "story_so_far",
    "weight",
    "weightiest",
]

HEADLINE = ChangeKind.HEADLINE.value
REVERTED = ChangeKind.REVERTED.value


def badges_of(*, headline_changed: bool, seen_before: bool) -> tuple[str, ...]:
    """The badges of a change: whether its headline differs, and whether its text had been seen before."""
    return tuple(badge for badge, holds in ((HEADLINE, headline_changed), (REVERTED, seen_before)) if holds)


def is_minor(comparison: Comparison, badges: tuple[str, ...]) -> bool:
    """Whether a change is minor: few words, no badge, and no number changed, in digits or in words.

    A word replaced by another counts once, as a reader would count it.
    """
    few = max(comparison.words_added, comparison.words_removed) <= MINOR_WORDS
    return few and not badges and not changes_numbers(comparison)
