"""Stretches of time in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages.durations import exactly_in_words, in_words, length_in_words

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "at the same time"),
        (0.4, "less than a minute later"),
        (59, "less than a minute later"),
        (60, "1 minute later"),
        (89, "1 minute later"),
        (12 * MINUTE, "12 minutes later"),
        (59 * MINUTE, "59 minutes later"),
        (59 * MINUTE + 45, "about 1 hour later"),
        (HOUR, "about 1 hour later"),
        (4 * HOUR + 54 * MINUTE, "about 5 hours later"),
        (5 * HOUR, "about 5 hours later"),
        (-5 * HOUR, "about 5 hours earlier"),
        (23 * HOUR + 20 * MINUTE, "about 23 hours later"),
        (23 * HOUR + 40 * MINUTE, "1 day later"),
        (3 * DAY, "3 days later"),
        (40 * DAY, "40 days later"),
        (61 * DAY, "about 2 months later"),
        (400 * DAY, "about 13 months later"),
        (730 * DAY, "about 2 years later"),
    ],
)
def test_a_gap_reads_as_people_say_it(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (900, "15 minutes"), (3600, "1 hour"), (5400, "90 minutes")],
)
def test_a_setting_is_not_rounded(seconds, words):
    assert exactly_in_words(seconds) == words


@given(st.floats(min_value=1, max_value=1e10))
def test_earlier_and_later_are_as_long(seconds):
    assert in_words(seconds).removesuffix(" later") == in_words(-seconds).removesuffix(" earlier")


@given(st.floats(min_value=0, max_value=1e10))
def test_no_length_is_none_of_a_unit(seconds):
    assert " 0 " not in f" {length_in_words(seconds)} "
