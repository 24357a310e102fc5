"""Sequences of looks, written by hand: what is told from many looks, and what never is."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.extract import LiveEntry, Story, extract
from articles.extract.blocks import fold_digits
from articles.extract.looks import (
    HeadlineLook,
    Look,
    PlaceKey,
    SeenBlock,
    compare_entries,
    is_kept_for_good,
    left_alone,
    look_of,
    lying_signatures,
    only_figures_moved,
    rests,
    standing_on_many,
    ticking_places,
    variants_in_use,
    without,
)
from articles.extract.looks.ticking import NEAR
from articles.watch.crawl.decaying_schedule import Pace

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
CLAIMED = datetime(2026, 3, 1, 7, tzinfo=UTC)


def block(
    text: str, signature: str = "div.box>p", *, column: bool = False, alone: bool = False, table: bool = False
) -> SeenBlock:
    return SeenBlock(text, signature, fold_digits(text), in_column=column, alone=alone, table=table)


def looks(*texts: str, minutes: int = 5, moved: bool = False, column: bool = False) -> list[Look]:
    """Looks at one page, minutes apart, at each of which its box says one of the texts."""
    return [
        Look(
            START + timedelta(minutes=minutes * order),
            CLAIMED + timedelta(minutes=order if moved else 0),
            (block("The ferry sails again.", "p", column=True), block(text, column=column)),
        )
        for order, text in enumerate(texts)
    ]


COUNTER = (
    "Seen 10 times",
    "Seen 14 times",
    "Seen 20 times",
    "Seen 31 times",
    "Seen 33 times",
    "Seen 41 times",
)
KEY = PlaceKey("div.box>p", "Seen 0 times")


def test_a_number_that_changes_at_every_look_ticks() -> None:
    assert ticking_places(looks(*COUNTER)) == {KEY}


def test_looks_at_the_usual_pace_are_near_enough() -> None:
    """The schedule waits for 15 minutes at the least, and a worker comes later, never earlier."""
    assert Pace().floor < NEAR
    assert ticking_places(looks(*COUNTER, minutes=16)) == {KEY}


def test_one_look_of_the_five_may_be_still() -> None:
    assert ticking_places(looks(*COUNTER[:2], COUNTER[1], *COUNTER[2:5])) == {KEY}


@pytest.mark.parametrize(
    "seen",
    [
        looks(*COUNTER[:4]),  # too few looks
        looks(*COUNTER, minutes=25),  # none near enough
        looks(*COUNTER, moved=True),  # the page says that it was changed
        looks(*[COUNTER[0]] * 3, *COUNTER[1:4]),  # still at too many
        looks("Seen 1 times", "Ask us", "Seen 2 times", "Write us", "Seen 3 times", "Call us"),  # other words
    ],
)
def test_what_is_no_ticking(seen: list[Look]) -> None:
    assert ticking_places(seen) == frozenset()


def test_a_page_that_claims_no_time_of_change_has_nothing_that_stands_still() -> None:
    silent = [Look(look.seen, None, look.blocks) for look in looks(*COUNTER)]
    assert ticking_places(silent) == frozenset()


def test_a_death_toll_in_plain_prose_never_ticks() -> None:
    tolls = [
        f"The storm has killed {dead} people on the coast, the office said." for dead in (4, 5, 7, 9, 12, 15)
    ]
    assert ticking_places(looks(*tolls, column=True)) == frozenset()


def test_a_table_never_ticks() -> None:
    rows = [
        Look(
            START + timedelta(minutes=order), CLAIMED, (block(f"Greens | {order}00", "table>tr", table=True),)
        )
        for order in range(1, 7)
    ]
    assert ticking_places(rows) == frozenset()
    assert only_figures_moved(rows[0], rows[1])


def test_figures_and_words_together_are_no_live_figures() -> None:
    before = Look(
        START, None, (block("Greens | 100", "tr", table=True), block("Counting.", "p", column=True))
    )
    after = Look(START, None, (block("Greens | 120", "tr", table=True), block("Counted.", "p", column=True)))
    assert not only_figures_moved(before, after)
    assert not only_figures_moved(before, before)


def test_a_ticking_place_rests_after_three_looks_with_one_value() -> None:
    assert not rests(looks(*COUNTER), KEY)
    assert not rests(looks(*COUNTER[:4], COUNTER[3]), KEY)
    assert rests(looks(*COUNTER[:4], COUNTER[3], COUNTER[3]), KEY)


def test_a_ticking_place_that_changes_with_the_claimed_time_makes_a_version() -> None:
    assert rests(looks(*COUNTER, moved=True), KEY)


def day(*articles: SeenBlock | None) -> dict[str, Look]:
    return {
        f"article {order}": Look(
            START, CLAIMED, (block(f"Text {chr(97 + order)}.", "p", column=True), *([one] if one else []))
        )
        for order, one in enumerate(articles)
    }


LETTER = block("Our wind letter comes every Friday.")


def test_a_box_on_five_articles_is_furniture() -> None:
    (standing,) = standing_on_many(day(*[LETTER] * 5, *[None] * 5))
    assert standing.key == LETTER.key
    assert standing.learned
    assert (len(standing.articles), standing.of) == (5, 10)
    left = without([block("Text.", "p", column=True), LETTER], [standing.key])
    assert [one.text for one in left] == ["Text."]


def test_numbers_that_differ_per_article_are_one_place() -> None:
    counted = [block(f"{number} readers have seen this") for number in (3, 70, 1203, 9, 55)]
    assert [standing.learned for standing in standing_on_many(day(*counted))] == [True]


def test_four_articles_or_too_small_a_share_are_not_enough() -> None:
    assert standing_on_many(day(*[LETTER] * 4)) == []
    assert standing_on_many(day(*[LETTER] * 5, *[None] * 15)) == []


def test_what_stands_in_the_column_is_only_suggested() -> None:
    denial = block("The firm denies all charges.", "p", column=True)
    (standing,) = standing_on_many(day(*[denial] * 6))
    assert not standing.learned


def test_one_article_with_it_in_the_column_is_enough_to_ask_an_admin() -> None:
    inside = SeenBlock(LETTER.text, LETTER.signature, LETTER.words, in_column=True)
    (standing,) = standing_on_many(day(*[LETTER] * 5, inside))
    assert not standing.learned


def test_what_stands_alone_in_its_box_may_be_learned_in_the_column_too() -> None:
    lone = block("Sign up for the wind letter.", "div>p", column=True, alone=True)
    assert [standing.learned for standing in standing_on_many(day(*[lone] * 5))] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Correction: An earlier version gave a wrong name.",
        "This article was amended on Monday.",
        "(dpa)",
        "With material by AFP and Reuters.",
        "Quelle: Kurier am Fluss",
    ],
)
def test_corrections_and_credits_are_never_learned(text: str) -> None:
    assert is_kept_for_good(text)
    assert standing_on_many(day(*[block(text)] * 9)) == []


@pytest.mark.parametrize("text", ["Apply by Friday.", "The sidewalk is open.", "Our wind letter."])
def test_other_lines_are_no_credits(text: str) -> None:
    assert not is_kept_for_good(text)


def test_an_authors_phrase_on_four_articles_stays() -> None:
    phrase = block("And that, as ever, is how the town works.", "div.end>p")
    assert standing_on_many(day(*[phrase] * 4, None)) == []


def test_what_leaves_one_article_while_it_stands_on_the_others_is_an_edit() -> None:
    with_it, without_it = day(LETTER)["article 0"], day(None)["article 0"]
    others = list(day(*[LETTER] * 5).values())
    assert left_alone(LETTER.key, with_it, without_it, others)
    assert not left_alone(LETTER.key, with_it, with_it, others)
    assert not left_alone(LETTER.key, with_it, without_it, list(day(*[None] * 5).values()))


def test_a_place_that_holds_another_story_at_most_looks_lies() -> None:
    teasers = (
        "Storm expected on the coast",
        "Boy finds a gold coin",
        "Ferry fares rise in spring",
        "Ten soups for cold days",
        "Old dyke open to walkers",
        "Library gets a new roof",
    )
    assert lying_signatures({"a": looks(*teasers)}) == {"div.box>p"}
    assert lying_signatures({"a": looks(*teasers[:4])}) == frozenset()
    assert lying_signatures({"a": looks(*teasers, column=True)}) == frozenset()


def test_a_box_that_editors_write_on_is_no_lie() -> None:
    said = "The office opens at {}, and the works go on until the autumn of next year."
    assert lying_signatures({"a": looks(*(said.format(hour) for hour in range(8)))}) == frozenset()


def test_a_correction_beside_the_text_is_no_lie_whatever_it_says() -> None:
    notes = (
        f"Correction: {text}" for text in ("the name.", "a date", "one sum", "two trees", "his age", "a town")
    )
    assert lying_signatures({"a": looks(*notes)}) == frozenset()


def titles(letters: str, body: str = "same") -> list[HeadlineLook]:
    return [HeadlineLook(letter, body) for letter in letters]


@pytest.mark.parametrize(
    ("letters", "variants"),
    [("AAA", ()), ("AB", ()), ("ABA", ()), ("AABBA", ()), ("ABAB", ("A", "B")), ("ABCAB", ("A", "B", "C"))],
)
def test_headlines_that_come_back_twice_are_variants(letters: str, variants: tuple[str, ...]) -> None:
    assert variants_in_use(titles(letters)) == variants


def test_headlines_before_the_body_changed_do_not_count() -> None:
    assert variants_in_use([*titles("ABA", "old"), *titles("BA", "new")]) == ()
    assert variants_in_use([*titles("ABAB", "old"), *titles("ABAB", "new")]) == ("A", "B")


def live(*entries: tuple[str, str], intro: str = "It goes on.") -> Story:
    return Story(
        paragraphs=(intro, *(text for _, text in entries)),
        live=True,
        entries=tuple(LiveEntry(key, "", order + 1, order + 2) for order, (key, _) in enumerate(entries)),
    )


OLD = (("c", "Third."), ("b", "Second."), ("a", "First."))


def test_new_entries_alone_are_one_kind_of_change() -> None:
    changes = compare_entries(live(*OLD), live(("e", "Fifth."), ("d", "Fourth."), *OLD))
    assert (changes.added, changes.only_added) == (("e", "d"), True)


def test_an_old_entry_altered_is_a_change_of_its_own() -> None:
    changes = compare_entries(
        live(*OLD), live(("d", "Fourth."), ("c", "Third."), ("b", "Other."), ("a", "First."))
    )
    assert (changes.added, changes.altered, changes.only_added) == (("d",), ("b",), False)


def test_entries_leave_at_the_old_end_as_others_come() -> None:
    changes = compare_entries(live(*OLD), live(("d", "Fourth."), *OLD[:2]))
    assert (changes.paged_off, changes.removed, changes.only_added) == (("a",), (), True)


def test_an_entry_taken_from_among_the_others_is_removed() -> None:
    changes = compare_entries(live(*OLD), live(("d", "Fourth."), OLD[0], OLD[2]))
    assert (changes.paged_off, changes.removed) == ((), ("b",))
    assert compare_entries(live(*OLD), live(*OLD[:2])).removed == ("a",)


def test_an_introduction_that_changes_is_no_mere_addition() -> None:
    assert not compare_entries(live(*OLD), live(("d", "Fourth."), *OLD, intro="It is over.")).only_added


def test_a_look_is_made_of_a_story() -> None:
    text = "".join(
        f"<p>The council of the town met on day {day} and put off the vote once more.</p>" for day in range(4)
    )
    story = extract(
        f"<h1>Vote put off</h1><div class='text'>{text}</div>".encode(), "https://paper.example/a"
    )
    look = look_of(story, START)
    assert [one.text for one in look.blocks] == list(story.paragraphs)
    assert {one.words for one in look.blocks} == {
        "The council of the town met on day 0 and put off the vote once more."
    }
