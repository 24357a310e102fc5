"""Texts nobody meant to be read: answered in bounded time, each in a fraction of a minute at most."""

import pytest

from articles.diff import compare
from articles.facts import facts

HALF = 1 << 19


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        ("“" * (HALF // 3), "“" * (HALF // 3 - 5) + "x", "en"),
        ('" a' * (HALF // 3), '" b' * (HALF // 3), "en"),
        ("'a " * (HALF // 3), "'b " * (HALF // 3), "en"),
        ("« " * (HALF // 4) + "a", "« " * (HALF // 4) + "b", "fr"),
        ("a" + "\u0301" * (HALF // 2), "a" + "\u0301" * (HALF // 2 - 9), "en"),
        ("\u202eقال " * (HALF // 12), "\u202eقالت " * (HALF // 14), "ar"),
        ("三" * (HALF // 3), "五" * (HALF // 3), "zh"),
        ("two " * (HALF // 4), "three " * (HALF // 6), "en"),
        ("ein" * (HALF // 3), "zwei" * (HALF // 4), "de"),
        ("Monday, May 5, " * (HALF // 15), "Tuesday, May 6, " * (HALF // 16), "en"),
        ("he said not allegedly " * (HALF // 22), "she told not allegedly " * (HALF // 23), "en"),
        ("Update: " * (HALF // 8), "Update : " * (HALF // 9), "en"),
        ("Ab " * (HALF // 3), "Ac " * (HALF // 3), "en"),
        ("1 " * (HALF // 2), "2 " * (HALF // 2), "ru"),
        ("1." * (HALF // 2), "2." * (HALF // 2), "en"),
        ("dell'1,1." * (HALF // 10), "dell'2,1." * (HALF // 10), "it"),
        ("alle 9 " * (HALF // 7), "alle 8 " * (HALF // 7), "it"),
        ("午後七時半" * (HALF // 15), "午前八時半" * (HALF // 15), "ja"),
    ],
)
def test_a_paragraph_of_half_a_megabyte_is_answered(before: str, after: str, language: str) -> None:
    assert isinstance(facts([before], [after], language=language), tuple)


def alternating(often: str, seldom: str, count: int) -> str:
    return " ".join(often if place % 7 else seldom for place in range(count))


READ = 39_000  # characters: just short enough to be read word by word


@pytest.mark.parametrize(
    ("before", "after", "language"),
    [
        (alternating("said", "x", READ // 5), alternating("said", "y", READ // 5), "en"),
        (alternating("x", "confirmed", READ // 4), alternating("x", "denied", READ // 4), "en"),
        (alternating("not", "x", READ // 4), alternating("not", "y no", READ // 5), "en"),
        ("two and " * (READ // 8), "three and " * (READ // 10), "en"),
        ("李明说三不可能" * (READ // 8), "王明说五没可能" * (READ // 8), "zh"),
        (
            " ".join(f"a {i} b c d" for i in range(READ // 14)),
            " ".join(f"a b {i + 90_000} c d" for i in range(READ // 16)),
            "en",
        ),
        (
            " ".join(f"“a b c {i} d,”" for i in range(READ // 14)),
            " ".join(f"“a b c {i + 1} e,”" for i in range(READ // 14)),
            "en",
        ),
    ],
)
def test_a_paragraph_full_of_what_facts_are_made_of_is_answered(
    before: str, after: str, language: str
) -> None:
    assert isinstance(facts([before], [after], language=language), tuple)


@pytest.mark.parametrize(
    "digits",
    [
        "9" * 400,
        "9" * 6_000,
        "1." * 300 + "5",
        "²³",
        "①②",
        "٣" * 400,
        "三" * 400,
        "ألف " * 300,
        "million " * 300,
    ],
)
@pytest.mark.parametrize("language", ["en", "fr", "zh", "ar"])
def test_figures_that_no_number_holds_are_none(digits: str, language: str) -> None:
    facts(
        [f"It cost {digits} then, 1 000 {digits}."],
        [f"It cost {digits}1 then, 5 {digits}."],
        language=language,
    )


def test_ten_thousand_quotations_are_answered() -> None:
    before = [f"“We are {i} people here today,” he said." for i in range(10_000)]
    after = [f"“We were {i} folks there today,” he said." for i in range(10_000)]
    assert facts(before, after, language="en")


@pytest.mark.parametrize("language", ["", "xx", "en-GB", "pt_BR", "zh-Hans", "AR", "x" * 300, "日本"])
def test_any_language_tag_is_taken(language: str) -> None:
    (fact,) = facts(["It cost 12 euro."], ["It cost 15 euro."], language=language)
    assert (fact.before[:2], fact.after[:2]) == ("12", "15")


def test_an_unclosed_quotation_runs_to_the_end_of_its_paragraph() -> None:
    text = "“Nobody told us what was going on, and then it was too late."
    (fact,) = facts([], [text], language="en")
    assert fact.after == text[1:]


def test_the_comparison_given_is_the_one_that_is_read() -> None:
    before, after = ["Four were hurt."], ["Five were hurt."]
    assert facts(before, after, language="en", comparison=compare(before, after)) == facts(
        before, after, language="en"
    )
