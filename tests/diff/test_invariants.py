"""What holds for any two texts whatever."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.diff import Comparison, Row, compare, key, words
from tests.diff.strategies import any_article, articles, revisions

anything = st.one_of(revisions(), st.tuples(any_article, any_article), st.tuples(articles, articles))


def squashed(texts: Sequence[str]) -> str:
    return "".join("".join(texts).split())


def told(row: Row, side: str) -> str:
    spans = [span.before if side == "before" else span.after for span in row.spans]
    return squashed(spans)


@given(anything)
@settings(max_examples=120)
def test_every_paragraph_stands_in_exactly_one_row(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    rows = compare(before, after).rows
    assert sorted(i for row in rows for i in row.before) == list(range(len(before)))
    assert sorted(j for row in rows for j in row.after) == list(range(len(after)))


@given(anything)
@settings(max_examples=120)
def test_the_spans_of_a_row_give_back_both_texts(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    for row in compare(before, after).rows:
        assert told(row, "before") == squashed([before[i] for i in row.before])
        assert told(row, "after") == squashed([after[j] for j in row.after])


@given(anything)
@settings(max_examples=80)
def test_the_tokens_of_a_row_are_those_of_its_spans(pair: tuple[list[str], list[str]]) -> None:
    for row in compare(*pair).rows:
        if row.tokens:
            told = [("".join(old), "".join(new)) for old, new in row.tokens]
            assert told == [span[1:] for span in row.spans]
        else:
            assert not [span for span in row.spans if span.tag != "="] or row.kind in ("added", "removed")


@given(anything)
@settings(max_examples=80)
def test_rows_keep_the_reading_order_of_both_sides(pair: tuple[list[str], list[str]]) -> None:
    rows = compare(*pair).rows
    places_after = [j for row in rows for j in row.after]
    places_before = [i for row in rows if row.kind != "moved" for i in row.before]
    assert places_after == sorted(places_after)
    assert places_before == sorted(places_before)


@given(anything)
@settings(max_examples=80)
def test_a_kind_says_how_many_paragraphs_are_on_either_side(pair: tuple[list[str], list[str]]) -> None:
    for row in compare(*pair).rows:
        sizes = len(row.before), len(row.after)
        match row.kind:
            case "added":
                assert sizes == (0, 1)
            case "removed":
                assert sizes == (1, 0)
            case "split":
                assert sizes[0] == 1
                assert sizes[1] > 1
            case "merged":
                assert sizes[0] > 1
                assert sizes[1] == 1
            case _:
                assert sizes == (1, 1)


@given(anything)
@settings(max_examples=80)
def test_what_counts_as_kept_has_equal_keys(pair: tuple[list[str], list[str]]) -> None:
    for row in compare(*pair).rows:
        for span in row.spans:
            if span.tag == "=":
                assert key(span.before) == key(span.after)
            else:
                assert bool(span.before) != bool(span.after) or not (span.before or span.after)


@given(anything)
@settings(max_examples=80)
def test_it_works_in_both_directions(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    there, back = compare(before, after), compare(after, before)
    assert there.changed == back.changed
    assert len(there.rows) == 0 or 0 <= back.kept <= 1


@given(st.one_of(any_article, articles))
@settings(max_examples=80)
def test_a_text_is_the_same_as_itself(article: list[str]) -> None:
    comparison = compare(article, article)
    assert [(row.kind, row.before, row.after) for row in comparison.rows] == [
        ("same", (i,), (i,)) for i in range(len(article))
    ]
    assert not comparison.changed
    assert comparison.kept == 1.0


@given(anything)
@settings(max_examples=80)
def test_changed_is_false_exactly_where_all_keys_are_equal(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    assert compare(before, after).changed == ([*map(key, before)] != [*map(key, after)])


@given(anything)
@settings(max_examples=80)
def test_words_added_and_removed_make_up_the_difference_in_length(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    comparison = compare(before, after)
    grown = sum(map(words, after)) - sum(map(words, before))
    assert comparison.words_added - comparison.words_removed == grown


@given(revisions())
@settings(max_examples=60)
def test_the_same_question_gets_the_same_answer(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    assert compare(before, after) == compare(tuple(before), tuple(after))


@given(anything)
@settings(max_examples=60)
def test_to_dict_is_json_and_tells_both_sides(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    rows = json.loads(json.dumps(compare(before, after).to_dict()))["rows"]
    for row in rows:
        texts: dict[str, list[str]] = {"before": [], "after": []}
        for tag, text in row["spans"]:
            own, other = (text, text) if isinstance(text, str) else text
            if tag in "=-":
                texts["before"].append(own)
            if tag in "=+":
                texts["after"].append(other)
        assert squashed(texts["before"]) == squashed([before[i] for i in row["before"]])
        assert squashed(texts["after"]) == squashed([after[j] for j in row["after"]])


def test_comparisons_are_values() -> None:
    comparison = compare(["A b."], ["A c."])
    assert comparison == Comparison(comparison.rows)
    with pytest.raises(AttributeError):
        comparison.rows = ()  # type: ignore[misc]
