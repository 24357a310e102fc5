"""What a page told of its changes, over its versions."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.diff import compare
from articles.facts import (
    Disclosure,
    StoredFact,
    Told,
    facts,
    from_store,
    is_live,
    ledger,
    most_told,
    to_store,
)

FIRST = datetime(2026, 11, 30, 9, tzinfo=UTC)
NAME = ("Bridge keeper Wilf Halloran said so.", "Bridge keeper Wilf Halleran said so.")
NOTE = "Correction: An earlier version of this article misspelt the name of Wilf Halleran."
OTHER_NOTE = "Correction: An earlier version of this article gave a wrong colour for the boat."


def stored(before, after, language="en") -> tuple[StoredFact, ...]:
    comparison = compare(before, after)
    return from_store(
        to_store(facts(before, after, language=language, comparison=comparison), comparison, language)
    )


def told(*texts, claimed=()):
    """Versions an hour apart, each a list of paragraphs."""
    claimed = [*claimed, *[None] * len(texts)]
    return [
        Told(
            number,
            FIRST + timedelta(hours=number - 1),
            claimed[number - 1],
            stored(texts[number - 2], text) if number > 1 else (),
        )
        for number, text in enumerate(texts, 1)
    ]


def short(entries):
    return [(entry.number, entry.disclosure, entry.noted_in, entry.wait) for entry in entries]


def test_a_note_with_the_same_version():
    assert short(ledger(told([NAME[0]], [NAME[1], NOTE]), "en")) == [
        (2, Disclosure.SAME_VERSION, 2, timedelta(0))
    ]


def test_a_note_that_comes_later():
    versions = told([NAME[0]], [NAME[1]], [NAME[1], "It rained."], [NAME[1], "It rained.", NOTE])
    assert short(ledger(versions, "en")) == [(2, Disclosure.LATER, 4, timedelta(hours=2))]


def test_a_note_about_something_else():
    assert short(ledger(told([NAME[0]], [NAME[1]], [NAME[1], OTHER_NOTE]), "en")) == [
        (2, Disclosure.UNCLEAR, 3, timedelta(hours=1))
    ]


def test_only_the_claimed_date_moved():
    versions = told([NAME[0]], [NAME[1]], claimed=(FIRST, FIRST + timedelta(hours=1)))
    assert short(ledger(versions, "en")) == [(2, Disclosure.DATE_ONLY, None, None)]


@pytest.mark.parametrize("claimed", [(), (FIRST, FIRST), (FIRST, FIRST - timedelta(hours=1)), (None, FIRST)])
def test_nothing(claimed):
    assert short(ledger(told([NAME[0]], [NAME[1]], claimed=claimed), "en")) == [
        (2, Disclosure.NONE, None, None)
    ]


def test_a_note_from_before_the_change_says_nothing_of_it():
    versions = told([NAME[0]], [NAME[0], NOTE], [NAME[1], NOTE])
    assert short(ledger(versions, "en")) == [(3, Disclosure.NONE, None, None)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Four people were hurt.", "Five people were hurt."),
        ("Halleran said so at noon.", "Wilf Halleran said so at noon."),
        ("It may rain in the valley.", "It will rain in the valley."),
        ("The mayor left.", "The mayor left. It rained all night in the valley."),
    ],
)
def test_what_no_correction_would_speak_of(before, after):
    assert ledger(told([before], [after]), "en") == []


def test_of_a_live_blog_nothing_is_said():
    assert ledger(told([NAME[0]], [NAME[1]]), "en", live=True) == []


@pytest.mark.parametrize(
    ("address", "live"),
    [
        ("https://news.example/live/storm", True),
        ("https://news.example/world/live/2026/nov/30/storm", True),
        ("https://zeitung.example/Liveticker/sturm", True),
        ("https://news.example/how-we-live/", False),
        ("https://live.news.example/storm", False),
        ("", False),
    ],
)
def test_a_live_blog_is_known_by_its_address(address, live):
    assert is_live(address) is live


def test_a_place_that_ticks_is_none_to_correct():
    falling = [
        [f"The shares stood at {price} pounds in the evening."] for price in (90, 80, 70, 60, 50, 40, 30)
    ]
    assert len(ledger(told(*falling[:3]), "en")) == 2
    assert ledger(told(*falling), "en") == []


def test_the_most_that_was_told_stands_for_a_change():
    before = [NAME[0], "It began on Monday in the square."]
    after = [NAME[1], "It began on Tuesday in the square.", NOTE]
    entries = ledger(told(before, after), "en")
    assert {entry.disclosure for entry in entries} == {Disclosure.SAME_VERSION, Disclosure.UNCLEAR}
    assert most_told(entries).disclosure is Disclosure.SAME_VERSION
    assert most_told([]) is None
