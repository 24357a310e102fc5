"""Texts that nobody meant to be read: refused with a reason, or compared in bounded time and memory."""

import random
import tracemalloc

import pytest

from articles.diff import Comparison, compare, key

MEGABYTE = 1 << 20


def assert_whole(comparison: Comparison, before: list[str], after: list[str]) -> None:
    spans = [span for row in comparison.rows for span in row.spans]
    assert sum(len(span.before.replace("\n", "")) for span in spans) >= len("".join(before).replace("\n", ""))
    assert sorted(i for row in comparison.rows for i in row.before) == list(range(len(before)))
    assert sorted(j for row in comparison.rows for j in row.after) == list(range(len(after)))


def common_words(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [f"w{int(1 / (1.0001 - dice.random()))}" for _ in range(count)]


def short_paragraphs(count: int, seed: int) -> list[str]:
    words = common_words(count, seed)
    return [" ".join(words[start : start + 5]) for start in range(0, count, 5)]


@pytest.mark.parametrize("sides", [(["a \ud800 b"], ["a"]), (["a"], ["b", "\udfff"])])
def test_lone_surrogates_are_refused(sides: tuple[list[str], list[str]]) -> None:
    with pytest.raises(ValueError, match=r"surrogate.*errors='replace'"):
        compare(*sides)


@pytest.mark.parametrize("text", ["a" * (MEGABYTE + 1), "東" * (MEGABYTE // 3 + 1)])
def test_more_than_a_megabyte_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="over the limit"):
        compare(["a"], [text])
    with pytest.raises(ValueError, match="over the limit"):
        compare([text[: len(text) // 2], text[len(text) // 2 :]], ["a"])


def test_a_string_in_place_of_paragraphs_is_refused() -> None:
    with pytest.raises(TypeError, match="paragraphs"):
        compare("one text", ["one text"])


def test_one_paragraph_of_a_megabyte_with_scattered_edits_keeps_what_is_kept() -> None:
    before = common_words(170_000, seed=1)
    after = [f"{word}x" if place % 500 == 250 else word for place, word in enumerate(before)]
    comparison = compare([" ".join(before)], [" ".join(after)])
    assert [row.kind for row in comparison.rows] == ["edited"]
    assert 340 <= comparison.words_added < 1_000


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["x" * MEGABYTE], ["x" * (MEGABYTE - 1) + "y"]),
        (["a " * (MEGABYTE // 2)], ["a b " * (MEGABYTE // 4)]),
        (["e" + "\u0301" * 500_000], ["e" + "\u0301" * 499_999]),
        (["\u202e" * 300_000 + "x"], ["\u202e" * 300_000 + "y"]),
        (["🇩🇪" * 120_000], ["🇩🇪" * 119_999 + "🇩🇰"]),
        ([" ".join(common_words(100_000, seed=6))], short_paragraphs(100_000, seed=6)),
        (short_paragraphs(100_000, seed=6), [" ".join(common_words(100_000, seed=6))]),
        (["http://." * 130_000], ["http://." * 130_000 + "x y"]),
        ([" ".join(common_words(150_000, seed=2))], [" ".join(common_words(150_000, seed=3))]),
        ([" "] * 50_000, ["\u200b"] * 49_000),
        (["Advertisement"] * 20_000, ["Advertisement"] * 19_000),
        ([f"a{i}" for i in range(25_000)], [f"a{i}" for i in reversed(range(25_000))]),
        ([f"a{i}" for i in range(8_000)], [f"b{i}" for i in range(8_000)]),
        ([f"stem of the text u{i}" for i in range(3_000)], [f"stem of the text v{i}" for i in range(3_000)]),
    ],
    ids=lambda texts: f"{len(texts)} of {texts[0][:12]!r}",
)
def test_hostile_texts_are_compared_whole(before: list[str], after: list[str]) -> None:
    assert_whole(compare(before, after), before, after)


def test_shuffled_paragraphs_are_all_found_again() -> None:
    words = common_words(20_000, seed=4)
    paragraphs = [" ".join([f"p{i}", *words[i : i + 20]]) for i in range(0, 20_000, 20)]
    shuffled = random.Random(5).sample(paragraphs, len(paragraphs))
    kinds = [row.kind for row in compare(paragraphs, shuffled).rows]
    assert set(kinds) == {"same", "moved"}


def test_words_that_grow_when_folded_are_not_all_remembered() -> None:
    dice = random.Random(1)
    written = " ".join("\ufdfa" * 30 + "".join(dice.choices("abcdefgh", k=9)) for _ in range(29_000))
    tracemalloc.start()
    key(written)
    remembered, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert remembered < 10 * MEGABYTE
