"""The script of edits: each applies, and changes what it says it changes and nothing else."""

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import pairwise

import pytest

from demo import EDITS, Edit, EditKind, Newsroom, State
from demo.edits import join, move, reword, split
from demo.story import read_stories

NUMBER_WORDS = ["Three", "four", "five", "twenty", "thirty", "cinq", "sept", "zwanzig", "dreißig"]
NUMBER = re.compile(rf"\d[\d.,]*|\b(?:{'|'.join(NUMBER_WORDS)})\b")


def states(slug: str) -> list[tuple[Edit, State, State]]:
    """The edits of a story, each with the state before and after it."""
    (state,) = (story.first for story in read_stories() if story.slug == slug)
    steps = []
    for edit in EDITS:
        if edit.slug == slug:
            after = edit.apply_to(state)
            steps.append((edit, state, after))
            state = after
    return steps


STEPS = [step for slug in dict.fromkeys(edit.slug for edit in EDITS) for step in states(slug)]


def of_kind(*kinds: EditKind) -> pytest.MarkDecorator:
    steps = [
        pytest.param(*step, id=f"{step[0].slug}-{step[0].at}") for step in STEPS if step[0].kind in kinds
    ]
    return pytest.mark.parametrize(("edit", "before", "after"), steps)


def new_and_lost(before: State, after: State) -> tuple[list[str], list[str]]:
    """The paragraphs only the later state has, and those only the earlier one has."""
    new = [paragraph for paragraph in after.paragraphs if paragraph not in before.paragraphs]
    return new, [paragraph for paragraph in before.paragraphs if paragraph not in after.paragraphs]


def more_than_three_words_differ(before: str, after: str) -> bool:
    matcher = SequenceMatcher(None, before.split(), after.split(), autojunk=False)
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal") > 3


@of_kind(*EditKind)
def test_every_edit_changes_its_story(edit: Edit, before: State, after: State) -> None:
    assert after != before
    assert edit.note


@of_kind(EditKind.HEADLINE)
def test_a_headline_edit_changes_only_the_headline(edit: Edit, before: State, after: State) -> None:
    assert after.headline != before.headline
    assert after.paragraphs == before.paragraphs


@of_kind(EditKind.NUMBER)
def test_a_number_edit_changes_one_number_and_nothing_else(edit: Edit, before: State, after: State) -> None:
    assert after.headline == before.headline
    (new,), (lost,) = new_and_lost(before, after)
    assert NUMBER.sub("#", new) == NUMBER.sub("#", lost)
    changed = [
        pair for pair in zip(NUMBER.findall(new), NUMBER.findall(lost), strict=True) if pair[0] != pair[1]
    ]
    assert len(changed) == 1


@of_kind(EditKind.QUOTE_CUT)
def test_a_quote_cut_takes_quoted_words_out(edit: Edit, before: State, after: State) -> None:
    (new,), (lost,) = new_and_lost(before, after)
    quotes = [len(re.findall("[“„«「]", text)) for text in (new, lost)]
    assert quotes[0] < quotes[1]
    assert len(new) < len(lost)


@of_kind(EditKind.MOVED)
def test_a_moved_paragraph_stands_elsewhere_word_for_word_and_another_is_reworded(
    edit: Edit, before: State, after: State
) -> None:
    new, lost = new_and_lost(before, after)
    assert len(new) == len(lost) == 1
    kept_before = [paragraph for paragraph in before.paragraphs if paragraph not in lost]
    kept_after = [paragraph for paragraph in after.paragraphs if paragraph not in new]
    assert kept_before != kept_after
    assert sorted(kept_before) == sorted(kept_after)
    assert more_than_three_words_differ(lost[0], new[0])


@of_kind(EditKind.SPLIT)
def test_a_split_makes_two_paragraphs_of_one_and_more_than_three_words_are_new(
    edit: Edit, before: State, after: State
) -> None:
    assert len(after.paragraphs) == len(before.paragraphs) + 1
    assert more_than_three_words_differ(" ".join(before.paragraphs), " ".join(after.paragraphs))


@of_kind(EditKind.JOINED)
def test_a_join_makes_one_paragraph_of_two_and_more_than_three_words_are_new(
    edit: Edit, before: State, after: State
) -> None:
    assert len(after.paragraphs) == len(before.paragraphs) - 1
    assert any(f"{first} {second}" in after.paragraphs for first, second in pairwise(before.paragraphs))
    assert more_than_three_words_differ(" ".join(before.paragraphs), " ".join(after.paragraphs))


@of_kind(EditKind.CORRECTION)
def test_a_correction_puts_a_fact_right_and_says_so_at_the_end(
    edit: Edit, before: State, after: State
) -> None:
    assert re.match("Correction: |Berichtigung: ", after.paragraphs[-1])
    assert len(after.paragraphs) == len(before.paragraphs) + 1
    new, lost = new_and_lost(before, after)
    assert NUMBER.sub("#", new[0]) == NUMBER.sub("#", lost[0])


@of_kind(EditKind.TYPO)
def test_a_typo_edit_changes_one_word(edit: Edit, before: State, after: State) -> None:
    (new,), (lost,) = new_and_lost(before, after)
    assert len([pair for pair in zip(new.split(), lost.split(), strict=True) if pair[0] != pair[1]]) == 1


@of_kind(EditKind.ADDED)
def test_an_addition_leaves_every_other_paragraph_alone(edit: Edit, before: State, after: State) -> None:
    new, lost = new_and_lost(before, after)
    assert len(new) == 1
    assert lost == []
    assert len(after.paragraphs) == len(before.paragraphs) + 1


def test_one_story_has_six_versions_and_a_note_that_comes_two_versions_late() -> None:
    texts = [" ".join(after.paragraphs) for _, _, after in states("footbridge")]
    assert len(texts) == 5
    renamed, noted = (
        next(number for number, text in enumerate(texts) if word in text)
        for word in ("Halleran", "Correction:")
    )
    assert noted - renamed == 2


@of_kind(EditKind.REWRITTEN)
def test_a_rewritten_story_keeps_no_paragraph(edit: Edit, before: State, after: State) -> None:
    assert set(before.paragraphs).isdisjoint(after.paragraphs)
    assert after.headline != before.headline


@of_kind(EditKind.REVERTED)
def test_a_reversion_brings_an_earlier_state_back(edit: Edit, before: State, after: State) -> None:
    assert after in [earlier for other, earlier, _ in STEPS if other.slug == edit.slug and other.at < edit.at]


@of_kind(EditKind.REMOVED, EditKind.RESTORED, EditKind.GONE)
def test_removal_and_return_change_only_the_status(edit: Edit, before: State, after: State) -> None:
    statuses = {EditKind.REMOVED: 404, EditKind.RESTORED: 200, EditKind.GONE: 410}
    assert after == State(before.headline, before.paragraphs, statuses[edit.kind])


def test_every_kind_is_shown_within_six_minutes() -> None:
    assert {edit.kind for edit in EDITS if edit.at <= 360} == set(EditKind)


def test_three_edits_come_within_25_seconds_on_stories_near_the_top() -> None:
    first = EDITS[:3]
    newest = [story.slug for story in read_stories()][:5]
    assert first[-1].at <= 25
    assert {edit.slug for edit in first} <= set(newest)


def test_the_first_six_minutes_are_never_quiet_for_long() -> None:
    times = [0.0, *(edit.at for edit in EDITS if edit.at <= 360)]
    assert max(later - earlier for earlier, later in pairwise(times)) <= 20


def test_edits_of_one_story_lie_at_least_45_seconds_apart() -> None:
    times = defaultdict(list)
    for edit in EDITS:
        times[edit.slug].append(edit.at)
    gaps = [later - earlier for story in times.values() for earlier, later in pairwise(story)]
    assert min(gaps) >= 45


def test_every_language_has_edits_and_several_stories_never_change() -> None:
    edited = Counter(
        story.language for story in read_stories() if story.slug in {edit.slug for edit in EDITS}
    )
    assert set(edited) == {"en", "fr", "de", "ar", "ja"}
    assert len(read_stories()) - edited.total() >= 5


def test_a_removed_story_stays_away_long_enough_to_be_missed() -> None:
    times = {edit.kind: edit.at for edit in EDITS if edit.slug == "oyster-beds"}
    assert times[EditKind.RESTORED] - times[EditKind.REMOVED] >= 120


def test_steps_follow_the_script(room: Newsroom) -> None:
    made = []
    while edits := room.step():
        made += edits
    assert made == list(EDITS)
    assert room.step() == []


def test_a_step_passes_over_what_was_applied_by_hand(room: Newsroom) -> None:
    by_hand = room.apply("night-ferry")
    assert by_hand == EDITS[0]
    assert room.step() == [EDITS[1]]


def test_applying_beyond_the_last_edit_changes_nothing(room: Newsroom) -> None:
    room.apply("seabird-count")
    before = room.state("seabird-count")
    assert room.apply("seabird-count") is None
    assert room.state("seabird-count") == before


STATE = State("A headline", ("One two. Three four.", "Five six.", "Five seven."))


def test_a_change_that_finds_nothing_to_change_is_an_error() -> None:
    with pytest.raises(ValueError, match="found in 0"):
        reword("eleven", "twelve")(STATE)


def test_a_change_that_could_mean_two_places_is_an_error() -> None:
    with pytest.raises(ValueError, match="found in 2"):
        reword("Five", "Six")(STATE)
    with pytest.raises(ValueError, match="stands twice"):
        reword("o", "0")(State("", ("two o",)))


def test_splitting_and_joining_are_each_the_other_undone() -> None:
    parted = split("Three")(STATE)
    assert parted.paragraphs == ("One two.", "Three four.", "Five six.", "Five seven.")
    assert join("One two.")(parted) == STATE


def test_a_paragraph_moves_up_or_down() -> None:
    one, five_six, five_seven = STATE.paragraphs
    assert move("One", below="Five six")(STATE).paragraphs == (five_six, one, five_seven)
    assert move("Five seven", below="One")(STATE).paragraphs == (one, five_seven, five_six)
