"""The kinds computed from a whole change, and what lists show of it."""

import pytest

from articles.diff import compare
from articles.facts import ChangeKind, Kind, change_kinds, excerpt, facts, weightiest

FIRE = (
    "The fire at the harbour warehouse broke out on Monday night and was put out by the early morning hours."
)
MAYOR = (
    "The mayor thanked the crews and said that the building, an empty store of 1904, would be pulled down."
)
ROADS = "All roads around the harbour were open again by noon, and the ferries ran to their normal timetable."
TEXT = [FIRE, MAYOR, ROADS]


def kinds(before: list[str], after: list[str], *, headline: bool = False, seen: bool = False) -> list[str]:
    comparison = compare(before, after)
    found = facts(before, after, language="en", comparison=comparison)
    return [
        kind.value for kind in change_kinds(comparison, found, headline_changed=headline, seen_before=seen)
    ]


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ([FIRE, MAYOR, ROADS.replace("noon,", "noon –")], ["minor"]),
        ([FIRE, MAYOR.replace("crews", "teams"), ROADS], ["minor"]),
        ([FIRE.replace("Monday", "Sunday"), MAYOR, ROADS], ["date"]),
        ([FIRE.replace("was put", "was not put"), MAYOR, ROADS], ["negation"]),
        ([FIRE, MAYOR, ROADS, "The cause was not yet known to anybody at the harbour."], ["paragraph_added"]),
        ([FIRE, ROADS], ["paragraph_removed"]),
        ([*TEXT, "Correction: An earlier version misstated the year of the store."], ["note"]),
        (
            ["A new tram line will link the airport with the old town from next spring, the city decided."],
            None,
        ),
    ],
)
def test_a_change_has_the_kinds_of_what_it_did(after: list[str], wanted: list[str] | None) -> None:
    assert kinds(TEXT, after) == (wanted or ["paragraph_added", "paragraph_removed", "replaced"])


def test_a_text_with_few_words_kept_is_rewritten() -> None:
    after = [
        FIRE.replace("broke out on Monday night and was put out by the early morning hours", "is out"),
        "It rained.",
    ]
    assert "rewritten" in kinds(TEXT, after)


def test_a_headline_and_a_return_are_kinds_and_make_no_change_minor() -> None:
    assert kinds(TEXT, TEXT, headline=True) == ["headline"]
    assert kinds(TEXT, [FIRE], headline=True, seen=True) == ["headline", "paragraph_removed", "reverted"]


def test_every_kind_of_fact_is_a_kind_of_change() -> None:
    assert {kind.value for kind in Kind} < {kind.value for kind in ChangeKind}


def test_the_excerpt_is_the_sentence_with_the_weightiest_fact() -> None:
    before = ["It was sunny on Monday. The company confirmed the sale of the plant. Rain came later."]
    after = ["It was sunny on Sunday. The company denied the sale of the plant. Rain came later."]
    comparison = compare(before, after)
    found = facts(before, after, language="en", comparison=comparison)
    fact = weightiest(found)
    assert fact is not None
    assert fact.kind is Kind.NEGATION
    shown = "".join(span.before or span.after for span in excerpt(comparison, found))
    assert "confirmed" in shown
    assert "Monday" not in shown


def test_the_excerpt_of_a_new_paragraph_is_the_sentence_of_its_quotation() -> None:
    after = [*TEXT, "The square was empty. “Nobody told us what was going on,” one man said. He went home."]
    comparison = compare(TEXT, after)
    shown = excerpt(comparison, facts(TEXT, after, language="en", comparison=comparison))
    assert "".join(span.after for span in shown).startswith("“Nobody told us")


def test_where_there_is_no_fact_there_is_no_excerpt_of_one() -> None:
    assert excerpt(compare(TEXT, [FIRE, ROADS]), ()) == []
