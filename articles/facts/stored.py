"""Facts as they are stored with a change: plain JSON values, bounded, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from articles.diff import Comparison
from articles.facts.disclosure import correction_due
from articles.facts.fact import Fact, How, Kind, Place
from articles.facts.weights import weight

MOST_STORED = 60
"""Facts kept of one change, those that tell most: a text written anew has hundreds."""

LONGEST = 400
"""Characters kept of either side of a fact; quotations may fill pages."""

LONGEST_NOTE = 2_000
"""Characters kept of a note: what it is about is read from all of it."""


class StoredFact(NamedTuple):
    """A fact as it is stored with its change.

    ``number`` is that of the changed paragraph in the diff (anchor ``c3``), 0 for the headline; ``due``:
    whether a correction would be due for it, as far as the change itself tells.
    """

    fact: Fact
    number: int
    due: bool


def to_store(facts: Sequence[Fact], comparison: Comparison, language: str = "") -> list[dict[str, object]]:
    """The facts of a change as JSON values, in their order: at most ``MOST_STORED``, cut to their lengths."""
    numbers = _numbers(comparison)
    due = set(correction_due(facts, language))
    kept = _most_telling(facts)
    return [
        {
            **fact.to_dict(),
            "before": _cut(fact.before, fact.kind),
            "after": _cut(fact.after, fact.kind),
            "about": fact.about[:LONGEST],
            "number": 0 if fact.place.row is None else numbers.get(fact.place.row, 0),
            "due": fact in due,
        }
        for place, fact in enumerate(facts)
        if place in kept
    ]


def from_store(stored: Sequence[Mapping[str, Any]]) -> tuple[StoredFact, ...]:
    """Return as facts again what :func:`to_store` made."""
    return tuple(
        StoredFact(
            Fact(
                Kind(one["kind"]),
                How(one["change"]),
                one["before"],
                one["after"],
                Place(one["row"], one["span"]),
                one["about"],
            ),
            one["number"],
            one["due"],
        )
        for one in stored
    )


def _most_telling(facts: Sequence[Fact]) -> set[int]:
    """The places of those to be kept: the weightiest of each kind, then the weightiest of all."""
    places = sorted(range(len(facts)), key=lambda place: -weight(facts[place]))
    firsts = {facts[place].kind: place for place in reversed(places)}
    return {*firsts.values(), *places[: MOST_STORED - len(firsts)]}


def _numbers(comparison: Comparison) -> dict[int, int]:
    """By row: the number of its change, as the diff counts them."""
    changed = (row for row, one in enumerate(comparison.rows) if one.kind != "same")
    return {row: number for number, row in enumerate(changed, 1)}


def _cut(text: str, kind: Kind) -> str:
    most = LONGEST_NOTE if kind is Kind.NOTE else LONGEST
    return text if len(text) <= most else f"{text[: most - 1]}…"
