"""What becomes of paragraphs: paired, moved, split, joined, added, removed."""

from collections.abc import Sequence

import pytest

from articles.diff import compare

RIVER = "The river rose by two metres overnight and flooded the lower part of the town, said the police."
COUNCIL = "Members of the council will meet on Monday to vote on the new budget for schools and roads."
BRIDGE = "Engineers have closed the old bridge to lorries after cracks were found in three of its arches."
HARBOUR = "A ferry that ran aground outside the harbour on Tuesday was towed free without anyone injured."
STRIKE = "Bus drivers announced another strike for the weekend because talks about wages had broken down."
WEATHER = "Forecasters expect heavy snow in the hills; motorists should carry blankets, food and a shovel."


def kinds(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    return [(row.kind, row.before, row.after) for row in compare(before, after).rows]


def test_nothing_against_nothing_is_nothing() -> None:
    comparison = compare([], [])
    assert comparison.rows == ()
    assert not comparison.changed
    assert comparison.kept == 1.0


def test_a_changed_word_is_an_edited_paragraph() -> None:
    comparison = compare([RIVER, COUNCIL], [RIVER, COUNCIL.replace("Monday", "Friday")])
    assert [row.kind for row in comparison.rows] == ["same", "edited"]
    assert [tuple(span) for span in comparison.rows[1].spans if span.tag != "="] == [
        ("-", "Monday ", ""),
        ("+", "", "Friday "),
    ]
    assert (comparison.words_added, comparison.words_removed) == (1, 1)


def test_an_inserted_paragraph_does_not_shift_the_others() -> None:
    assert kinds([RIVER, COUNCIL], [RIVER, STRIKE, COUNCIL]) == [
        ("same", (0,), (0,)),
        ("added", (), (1,)),
        ("same", (1,), (2,)),
    ]


def test_a_removed_paragraph_stands_at_its_place() -> None:
    assert kinds([RIVER, BRIDGE, COUNCIL], [RIVER, COUNCIL]) == [
        ("same", (0,), (0,)),
        ("removed", (1,), ()),
        ("same", (2,), (1,)),
    ]


def test_a_paragraph_rewritten_beside_a_new_one_is_still_found() -> None:
    rewritten = RIVER.replace("two metres overnight", "three metres").replace(
        "said the police", "police said"
    )
    assert kinds([COUNCIL, RIVER, BRIDGE], [COUNCIL, STRIKE, rewritten, BRIDGE]) == [
        ("same", (0,), (0,)),
        ("added", (), (1,)),
        ("edited", (1,), (2,)),
        ("same", (2,), (3,)),
    ]


def test_unrelated_paragraphs_are_removed_and_added_never_mixed() -> None:
    assert kinds([COUNCIL, HARBOUR, RIVER], [COUNCIL, WEATHER, RIVER]) == [
        ("same", (0,), (0,)),
        ("removed", (1,), ()),
        ("added", (), (1,)),
        ("same", (2,), (2,)),
    ]


def test_punctuation_in_common_is_no_likeness() -> None:
    assert [row.kind for row in compare(["Imports:"], ["Industries:"]).rows] == ["removed", "added"]
    assert [row.kind for row in compare(["Imports:"], ["Imports, exports:"]).rows] == ["edited"]


def test_a_moved_paragraph_is_one_row_at_its_new_place() -> None:
    assert kinds([RIVER, COUNCIL, BRIDGE, HARBOUR], [COUNCIL, BRIDGE, HARBOUR, RIVER]) == [
        ("same", (1,), (0,)),
        ("same", (2,), (1,)),
        ("same", (3,), (2,)),
        ("moved", (0,), (3,)),
    ]


def test_a_moved_paragraph_keeps_its_word_changes() -> None:
    row = compare(
        [RIVER, COUNCIL, BRIDGE, HARBOUR], [COUNCIL, BRIDGE, HARBOUR, RIVER.replace("two", "three")]
    ).rows[-1]
    assert row.kind == "moved"
    assert [span.before or span.after for span in row.spans if span.tag != "="] == ["two ", "three "]


def test_one_paragraph_moves_over_edited_ones_not_they_over_it() -> None:
    edits = [
        RIVER.replace("two", "three"),
        BRIDGE.replace("lorries", "cars"),
        STRIKE.replace("wages", "pay"),
    ]
    assert kinds([WEATHER, RIVER, BRIDGE, STRIKE, COUNCIL], [WEATHER, COUNCIL, *edits]) == [
        ("same", (0,), (0,)),
        ("moved", (4,), (1,)),
        ("edited", (1,), (2,)),
        ("edited", (2,), (3,)),
        ("edited", (3,), (4,)),
    ]


def test_a_line_whose_words_are_strewn_over_a_long_paragraph_elsewhere_has_not_moved_there() -> None:
    strewn = (
        "He said it would be built by the winter, when the river is low, with no help and no money of ours."
    )
    assert kinds(["He said no money.", RIVER, COUNCIL], [RIVER, COUNCIL, strewn]) == [
        ("removed", (0,), ()),
        ("same", (1,), (0,)),
        ("same", (2,), (1,)),
        ("added", (), (2,)),
    ]


def test_a_split_paragraph_is_one_row() -> None:
    assert kinds([HARBOUR, RIVER + " " + COUNCIL, STRIKE], [HARBOUR, RIVER, COUNCIL, STRIKE]) == [
        ("same", (0,), (0,)),
        ("split", (1,), (1, 2)),
        ("same", (2,), (3,)),
    ]


def test_joined_paragraphs_are_one_row() -> None:
    comparison = compare([HARBOUR, RIVER, COUNCIL], [HARBOUR, RIVER + " " + COUNCIL])
    assert [row.kind for row in comparison.rows] == ["same", "merged"]
    assert {span.tag for span in comparison.rows[1].spans} == {"="}
    assert comparison.changed
    assert comparison.words_added == comparison.words_removed == 0


@pytest.mark.parametrize("pieces", [3, 5])
def test_a_paragraph_may_split_into_several(pieces: int) -> None:
    parts = [RIVER, COUNCIL, BRIDGE, HARBOUR, STRIKE][:pieces]
    assert kinds([" ".join(parts), WEATHER], [*parts, WEATHER])[0] == ("split", (0,), tuple(range(pieces)))


def test_typography_alone_is_no_change() -> None:
    comparison = compare(["“Yes” – he said, it’s done…"], ['"Yes" - he said, it\'s done...'])
    assert [row.kind for row in comparison.rows] == ["same"]
    assert not comparison.changed
    assert comparison.to_dict()["rows"] == [
        {
            "kind": "same",
            "before": [0],
            "after": [0],
            "spans": [["=", ["“Yes” – he said, it’s done…", '"Yes" - he said, it\'s done...']]],
        }
    ]


def test_repeated_paragraphs_pair_in_order() -> None:
    rows = kinds(["Advertisement", RIVER, "Advertisement"], ["Advertisement", RIVER])
    assert rows == [("same", (0,), (0,)), ("same", (1,), (1,)), ("removed", (2,), ())]


def test_kept_is_the_share_of_old_words_in_runs_of_three() -> None:
    before = ["one two three four five six seven eight nine ten"]
    assert compare(before, ["one two three four five x y z u v w"]).kept == 0.5
    assert compare(before, ["a b c d e f g h i j k l"]).kept == 0.0
    assert compare(before, before).kept == 1.0


LEDE = (
    "Estonia joined the union in 2004. It is far more prosperous than its post-Soviet neighbours and has one "
    "of the lowest debts in the bloc. Most of its services can be used from home, day and night."
)
CUT = "It is far more prosperous than its post-Soviet neighbours and has one of the lowest debts."


def test_a_paragraph_that_moved_and_was_cut_to_a_sentence_is_still_one() -> None:
    assert kinds([RIVER, COUNCIL, BRIDGE, LEDE], [CUT, RIVER, COUNCIL, BRIDGE]) == [
        ("moved", (3,), (0,)),
        ("same", (0,), (1,)),
        ("same", (1,), (2,)),
        ("same", (2,), (3,)),
    ]


def test_a_sentence_that_moved_and_grew_into_a_paragraph_is_still_one() -> None:
    assert kinds([CUT, RIVER, COUNCIL], [RIVER, COUNCIL, LEDE])[-1] == ("moved", (0,), (2,))


def test_a_paragraph_cut_at_its_place_is_edited() -> None:
    assert kinds([RIVER, LEDE, COUNCIL], [RIVER, CUT, COUNCIL])[1] == ("edited", (1,), (1,))


def test_a_phrase_of_five_words_in_common_is_no_move() -> None:
    other = "Nobody in the town said that the river rose by two metres, which is what the paper had claimed."
    assert ("moved", (0,), (1,)) not in kinds([RIVER, COUNCIL], [COUNCIL, other])


@pytest.mark.parametrize(
    ("before", "after", "edited"),
    [
        (
            ["2 eggs", "3 onions", "1 lemon", "4 apples", "salt"],
            ["3 onions", "salt", "1 lemon", "2 eggs", "5 apples"],
            1,
        ),
        (
            ["Two red eggs", "Three red eggs", "Four red eggs"],
            ["Four red eggs", "Two big red eggs", "Three red eggs"],
            1,
        ),
        (["Team A: 3", "Team B: 2", "Team C: 1"], ["Team B: 2", "Team A: 4", "Team C: 1"], 1),
        ([RIVER, COUNCIL, BRIDGE], [BRIDGE, RIVER, COUNCIL], 0),
    ],
)
def test_in_a_reordered_list_an_exact_twin_wins_over_a_likeness(
    before: list[str], after: list[str], edited: int
) -> None:
    rows = kinds(before, after)
    assert {kind for kind, _, _ in rows} <= {"same", "moved", "edited"}
    assert sum(before[i[0]] != after[j[0]] for _, i, j in rows) == edited
