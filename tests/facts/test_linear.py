"""Hostile texts cost as much as they are long: twice the text, twice the work, counted in calls.

What C does within one call (patterns, joining, comparing) is no call of ours: a megabyte of the same texts is
answered within a limit of processor time, in the reader, which is killed where it overruns.
"""

import sys
from collections.abc import Callable

import pytest

from articles.diff import compare
from articles.facts import facts
from articles.isolation import isolated
from tests.facts.isolated_work import count_facts
from tests.hostile_texts import HOSTILE, Hostile, mixed, repeated

SIZE = 4_000  # bytes of a side
AS_LONG_AGAIN = 2.2  # times the work for twice the text
MEGABYTE = 1_000_000
CPU = 60  # seconds: a few are needed, and a quadratic step would take hours
PARAGRAPHS = 120


def calls(work: Callable[[], object]) -> int:
    """The calls of functions, ours and C's, that some work makes."""
    made = 0

    def count(*_: object) -> None:
        nonlocal made
        made += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def work_of(before: list[str], after: list[str], language: str) -> tuple[int, int]:
    """The calls of a comparison and of its facts, when what is remembered of words is there."""
    comparison = compare(before, after)

    def find() -> object:
        return facts(before, after, language=language, comparison=comparison)

    find()
    return calls(lambda: compare(before, after)), calls(find)


@pytest.mark.parametrize("make", [repeated, mixed], ids=["repeated", "mixed"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_paragraph_is_twice_the_work(
    text: Hostile, make: Callable[[Hostile, int], tuple[str, str]]
) -> None:
    pairs = [make(text, size) for size in (SIZE, 2 * SIZE)]
    once, twice = (work_of([before], [after], text.language) for before, after in pairs)
    for less, more in zip(once, twice, strict=True):
        assert more <= AS_LONG_AGAIN * less


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_paragraphs_are_twice_the_work(text: Hostile) -> None:
    def paragraphs(phrase: str, count: int) -> list[str]:
        return [f"{number} {phrase * 3}" for number in range(count)]

    once, twice = (
        work_of(paragraphs(text.before, count), paragraphs(text.after, count), text.language)
        for count in (PARAGRAPHS, 2 * PARAGRAPHS)
    )
    for less, more in zip(once, twice, strict=True):
        assert more <= AS_LONG_AGAIN * less


@pytest.mark.parametrize(
    "name",
    [
        "right to left",
        "combining marks on one letter",
        "quotations never closed",
        "alternating quotation marks",
        "nested quotations",
        "nested brackets",
        "digits",
        "capitals",
        "hedges",
        "one long word",
    ],
)
def test_a_megabyte_is_answered_within_its_limit(name: str) -> None:
    before, after = mixed(HOSTILE[name], MEGABYTE)
    assert isolated(count_facts, [before], [after], HOSTILE[name].language, wall=10 * CPU, cpu=CPU) >= 0
