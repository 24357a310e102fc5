"""How what is typed is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.query import Query, Term, parse, phrase


@pytest.mark.parametrize(
    ("typed", "wanted", "unwanted"),
    [
        ("Mayor resigns", [Term(("mayor",)), Term(("resigns",))], []),
        ('"City Hall" mayor', [Term(("city", "hall")), Term(("mayor",))], []),
        ("“City Hall”", [Term(("city", "hall"))], []),
        ("«l’eau»", [Term(("l", "eau"))], []),
        ("「東京」", [Term(("東", "京"))], []),
        ("東京", [Term(("東", "京"))], []),
        ("resign*", [Term(("resign",), prefix=True)], []),
        ('"city ha*"', [Term(("city", "ha"), prefix=True)], []),
        ('"city ha"*', [Term(("city", "ha"), prefix=True)], []),
        ("a*", [Term(("a",))], []),
        ("mayor -deputy", [Term(("mayor",))], [Term(("deputy",))]),
        ('mayor -"city hall"', [Term(("mayor",))], [Term(("city", "hall"))]),
        ("twenty-one", [Term(("twenty", "one"))], []),
        ("mayor mayor", [Term(("mayor",))], []),
        ('"never closed', [Term(("never", "closed"))], []),
        ("NEAR(a b) OR AND", [Term(("near", "a")), Term(("b",)), Term(("or",)), Term(("and",))], []),
    ],
)
def test_queries(typed, wanted, unwanted):
    assert parse(typed) == Query(tuple(wanted), tuple(unwanted))


@pytest.mark.parametrize(
    "typed",
    ["", "  ", '"', '""', "-", "*", "-deputy", "...", "\0", "x" * 10_000, "a " * 100, "aa* bb* cc* -dd*"],
)
def test_what_can_not_be_looked_for_is_told(typed):
    query = parse(typed)
    assert query.problem.endswith(".")
    assert query.wanted == ()


@given(st.text())
def test_nothing_that_is_typed_is_an_error(typed):
    for read in (parse, phrase):
        query = read(typed)
        assert bool(query.wanted) != bool(query.problem)


def test_a_phrase_is_one_whatever_signs_stand_in_it():
    assert phrase('He said: "no" -*') == Query((Term(("he", "said", "no")),))
