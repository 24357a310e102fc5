"""The kinds of a change: those of its facts, and those computed from the whole of it."""

import re
from collections.abc import Sequence
from enum import StrEnum

from articles.diff import Comparison
from articles.facts.fact import Fact, Kind
from articles.facts.minor_guard import NUMBER_WORDS

MINOR_WORDS = 3
"""A change of up to this many words, of no other kind, is minor."""

REWRITTEN = 0.3
"""The share of the words before below which a text counts as rewritten."""

_REPLACED = 0.03  # below this next to nothing was kept: another text stands at the address
_TEXT_WORDS = 30  # a shorter text is neither rewritten nor replaced
_WORD = re.compile(r"[^\W\d_]+")


class ChangeKind(StrEnum):
    """The kind of a change, as it is called in lists, filters and feeds. The values are stored and stay."""

    NUMBER = "number"
    DATE = "date"
    QUOTE = "quote"
    NAME = "name"
    HEDGE = "hedge"
    ATTRIBUTION = "attribution"
    NEGATION = "negation"
    NOTE = "note"
    HEADLINE = "headline"
    PARAGRAPH_ADDED = "paragraph_added"
    PARAGRAPH_REMOVED = "paragraph_removed"
    REWRITTEN = "rewritten"
    REPLACED = "replaced"
    REVERTED = "reverted"
    MINOR = "minor"


def change_kinds(
    comparison: Comparison, facts: Sequence[Fact], *, headline_changed: bool, seen_before: bool
) -> tuple[ChangeKind, ...]:
    """All kinds of a change, in the order of :class:`ChangeKind`.

    ``seen_before``: this very text stood there earlier. Minor is a change of up to three words (one put in
    the place of another counts once) of no other kind, in which no digit and no number word changed.
    """
    kinds = {ChangeKind(fact.kind.value) for fact in facts}
    if headline_changed:
        kinds.add(ChangeKind.HEADLINE)
    if seen_before:
        kinds.add(ChangeKind.REVERTED)
    notes = {fact.place.row for fact in facts if fact.kind is Kind.NOTE}
    for number, row in enumerate(comparison.rows):
        if number not in notes and row.kind == "added":
            kinds.add(ChangeKind.PARAGRAPH_ADDED)
        elif number not in notes and row.kind == "removed":
            kinds.add(ChangeKind.PARAGRAPH_REMOVED)
    if comparison.changed and comparison.words_before >= _TEXT_WORDS and not seen_before:
        if comparison.kept < _REPLACED:
            kinds.add(ChangeKind.REPLACED)
        elif comparison.kept < REWRITTEN:
            kinds.add(ChangeKind.REWRITTEN)
    few = max(comparison.words_added, comparison.words_removed) <= MINOR_WORDS
    if few and not kinds and not changes_numbers(comparison):
        kinds.add(ChangeKind.MINOR)
    return tuple(kind for kind in ChangeKind if kind in kinds)


def changes_numbers(comparison: Comparison) -> bool:
    """Return whether a digit, or a number in words of any language, stands in what was removed or added."""
    changed = (span for row in comparison.changes for span in row.spans if span.tag != "=")
    return any(_holds_number(span.before + span.after) for span in changed)


def _holds_number(text: str) -> bool:
    if any(map(str.isnumeric, text)):  # digits of any script, and ideographs such as 五
        return True
    return not NUMBER_WORDS.isdisjoint(_WORD.findall(text.casefold()))
