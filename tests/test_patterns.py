"""Regular expressions that people write: what they match, and that none holds anybody up."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.patterns import PatternFault, WhatIsWrong, try_out, which_match

ADDRESSES = [
    "https://paper.example/2026/sport/a",
    "https://paper.example/2026/b",
    "https://paper.example/about",
]
SLUG = "https://paper.example/" + "word-" * 12 + "end"

SLOW = [
    r"/(\w+-?)+/$",
    r"^https://paper\.example/([a-z]+-?)*!$",
    r"(a|a)*$^",
    r"(.*)*x$",
    r"(\d+)+:",
    r"((a*)*)*b",
    r"(-?[^/]+)+/print$",
]


def fault(patterns, texts=None):
    with pytest.raises(PatternFault) as caught:
        try_out(patterns) if texts is None else which_match(patterns, texts)
    return caught.value


def test_which_match_is_any_of_them() -> None:
    assert which_match(["/sport/", r"about$"], ADDRESSES) == [True, False, True]
    assert which_match([], ADDRESSES) == [False] * 3
    assert which_match(["a"], []) == []


def test_a_good_pattern_before_a_bad_one_does_not_take_the_blame() -> None:
    found = fault(["/sport/", r"/\d{4}/", SLOW[0]], [*ADDRESSES, SLUG])
    assert (found.number, found.pattern, found.wrong) == (2, SLOW[0], WhatIsWrong.TOO_SLOW)
    assert SLOW[0] in str(found)


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_would_not_end_is_found_before_it_is_taken(pattern: str) -> None:
    with pytest.raises(PatternFault) as caught:
        try_out([pattern], ADDRESSES)
    assert (caught.value.pattern, caught.value.wrong) == (pattern, WhatIsWrong.TOO_SLOW)


@pytest.mark.parametrize(
    "pattern",
    [
        r"/20\d\d/.*/.*-.*",
        r"^https?://(www\.)?paper\.example/[a-z]+/[a-z-]+-\d+(\.html)?$",
        r"(?i)/(politics|sport|news)/",
        r"(?<!/video)/\d{5,}$",
        r"/([a-z0-9]+-){3,}[a-z0-9]+/?$",
        r"^(?!.*/(gallery|video)/).*\d{4}/\d{2}/\d{2}",
    ],
)
def test_patterns_that_people_write_are_taken(pattern: str) -> None:
    try_out([pattern], ADDRESSES)


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("(", WhatIsWrong.INVALID),
        ("a{99999999999999}", WhatIsWrong.TOO_LARGE),
        ("(" * 500 + ")" * 500, WhatIsWrong.TOO_DEEP),
    ],
)
def test_what_is_no_pattern_is_told_apart(pattern: str, wrong: WhatIsWrong) -> None:
    assert fault(["fine", pattern]).wrong is wrong
    assert fault(["fine", pattern]).number == 1


def test_a_pattern_that_takes_all_memory_is_one_that_could_not_be_tried() -> None:
    found = fault(["(?:(?:(?:(?:a{1,999}){1,999}){1,999}){1,999}){1,999}b|" * 50 + "c"])
    assert found.wrong in (WhatIsWrong.TOO_SLOW, WhatIsWrong.NOT_TRIED, WhatIsWrong.INVALID)


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet="ab(|)*+?.[]-^$\\w/{}1,", max_size=14),
    st.lists(st.text("ab/-1", max_size=30), max_size=4),
)
def test_whatever_is_written_there_is_an_answer(pattern: str, texts: list[str]) -> None:
    try:
        found = which_match([pattern], texts)
    except PatternFault as problem:
        found = [problem.pattern == pattern] * len(texts)
    assert len(found) == len(texts)
    assert True in found or not any(re.escape(pattern) == pattern and pattern in text for text in texts)
