"""Which fact of a change tells most, for excerpts and cards."""

from collections.abc import Sequence

from articles.diff import Comparison, Span, changed_sentence
from articles.facts.fact import Fact, How, Kind

# By how much a reader would want to know of it. A denial outweighs all; a note tells of itself; a changed
# number or name is a fact that was wrong or is new; a source or a hedge shades one.
_WEIGHTS = {
    (Kind.NEGATION, How.CHANGED): 100,
    (Kind.NEGATION, How.ADDED): 95,
    (Kind.NEGATION, How.REMOVED): 95,
    (Kind.NOTE, How.ADDED): 90,
    (Kind.NUMBER, How.CHANGED): 80,
    (Kind.NAME, How.CHANGED): 75,
    (Kind.QUOTE, How.CHANGED): 70,
    (Kind.NOTE, How.REMOVED): 68,
    (Kind.QUOTE, How.REMOVED): 65,
    (Kind.HEDGE, How.ADDED): 62,
    (Kind.HEDGE, How.REMOVED): 62,
    (Kind.HEDGE, How.CHANGED): 60,
    (Kind.ATTRIBUTION, How.CHANGED): 58,
    (Kind.ATTRIBUTION, How.REMOVED): 57,
    (Kind.ATTRIBUTION, How.ADDED): 55,
    (Kind.DATE, How.CHANGED): 50,
    (Kind.QUOTE, How.ADDED): 45,
    (Kind.NOTE, How.CHANGED): 40,
}


def weight(fact: Fact) -> int:
    """Return how much a fact tells, from 0 to 100."""
    return _WEIGHTS.get((fact.kind, fact.change), 0)


def weightiest(facts: Sequence[Fact]) -> Fact | None:
    """The fact that tells most, the first of several; None for none."""
    return max(facts, key=weight, default=None)


def excerpt(comparison: Comparison, facts: Sequence[Fact], limit: int = 240) -> list[Span]:
    """The spans of the changed sentence with the weightiest fact of the text, about ``limit`` characters.

    [] where the text has no fact (a headline is shown by itself): then :func:`articles.diff.telling` chooses.
    """
    fact = weightiest([fact for fact in facts if fact.place.row is not None])
    if fact is None or fact.place.row is None:
        return []
    return changed_sentence(
        comparison,
        fact.place.row,
        fact.place.span,
        (fact.after or fact.before).split("\n")[0][:_HOLDING],
        limit,
    )


_HOLDING = 40  # characters of a fact by which its sentence is known in a new or lost paragraph
