"""Whether a correction would be due, and whether the page told of it."""

import pytest

from articles.facts import Disclosed, Disclosure, Fact, Note, correction_due, disclosed, facts, note_is_about


def only(before: str, after: str, language: str = "en") -> Fact:
    (fact,) = facts([before], [after], language=language)
    return fact


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("Five people were hurt.", "Four people were hurt.", True),
        ("Four people were hurt.", "Five people were hurt.", False),
        ("Dozens of people were hurt.", "47 people were hurt.", False),
        ("The deal is worth $3 million.", "The deal is worth $4 million.", True),
        ("Prices rose by 3% in a year.", "Prices rose by 5% in a year.", True),
        ("The vote is on Monday.", "The vote is on Tuesday.", True),
        ("The vote was held today.", "The vote was held yesterday.", False),
        ("A song by Carla Jansen.", "A song by Karla Janssen.", True),
        ("A song by Jansen won.", "A song by Carla Jansen won.", False),
        ("“We will rebuild every house,” he said.", "“We will rebuild each house,” he said.", True),
        ("The plan is approved.", "The plan is not approved.", True),
        ("He fired a gun.", "He allegedly fired a gun.", False),
    ],
)
def test_what_a_correction_would_be_due_for(before: str, after: str, due: bool) -> None:
    assert bool(correction_due([only(before, after)], "en")) is due


def test_live_blogs_ticking_places_and_headlines_are_left_out() -> None:
    fact = only("Five people were hurt.", "Four people were hurt.")
    (headline,) = facts([], [], headline_before="Five hurt", headline_after="Four hurt", language="en")
    assert correction_due([fact], "en", live=True) == ()
    assert correction_due([fact], "en", ticking=frozenset({"Five"})) == ()
    assert correction_due([headline], "en") == ()


@pytest.mark.parametrize(
    ("before", "after", "note", "about"),
    [
        (
            "The lake holds 40 million litres.",
            "The lake holds 14 million litres.",
            "It holds 14 million litres, not 40.",
            True,
        ),
        (
            "The lake holds 40 million litres.",
            "The lake holds 14 million litres.",
            "The name of the mayor was wrong.",
            False,
        ),
        ("Five were hurt.", "Four were hurt.", "An earlier version said five people were hurt.", True),
        ("Five were hurt.", "Four were hurt.", "An earlier version said 5 people were hurt.", True),
        ("The vote is on Monday.", "The vote is on Tuesday.", "The vote is on Tuesday.", True),
        ("A song by Carla Jansen.", "A song by Karla Janssen.", "We misspelled Karla Janssen’s name.", True),
        ("A song by Carla Jansen.", "A song by Karla Janssen.", "We misstated a date.", False),
    ],
)
def test_a_note_is_about_a_fact_whose_old_or_new_value_it_holds(
    before: str, after: str, note: str, about: bool
) -> None:
    assert note_is_about(note, only(before, after), "en") is about


def test_what_the_page_told_and_when() -> None:
    fact = only("Five people were hurt.", "Four people were hurt.")
    note = "An earlier version said five people were hurt."
    other = "This article was amended to correct a name."
    told = [
        disclosed(fact, 3, [Note(3, note)], language="en"),
        disclosed(fact, 3, [Note(3, other), Note(5, note)], language="en"),
        disclosed(fact, 3, [Note(4, other)], language="en"),
        disclosed(fact, 3, [Note(2, note)], date_moved=True, language="en"),
        disclosed(fact, 3, [], language="en"),
    ]
    assert told == [
        Disclosed(Disclosure.SAME_VERSION, 3),
        Disclosed(Disclosure.LATER, 5),
        Disclosed(Disclosure.UNCLEAR, 4),
        Disclosed(Disclosure.DATE_ONLY, 3),
        Disclosed(Disclosure.NONE, None),
    ]
