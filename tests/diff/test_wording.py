"""Word changes that can be read: sensible borders, no lone words between changes."""

import pytest

from articles.diff import compare
from articles.diff.wording import shortest_runs, words_in_common


def marked(before: str, after: str) -> str:
    signs = {"=": "{}", "-": "[{}]", "+": "{{{}}}"}
    (row,) = compare([before], [after]).rows
    return "".join(signs[span.tag].format((span.before or span.after).strip()) for span in row.spans)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Four people were hurt.", "Five people were hurt.", "[Four]{Five}people were hurt."),
        ("It cost $1,000.50 then.", "It cost $1,200.50 then.", "It cost $[1,000.50]{1,200.50}then."),
        ("The US team won in May.", "The us team won in May.", "The[US]{us}team won in May."),
        ("Yes, he said.", "Yes! he said.", "Yes[,]{!}he said."),
        ("東京都知事は16日に会見", "東京都知事は17日に会見", "東京都知事は[16]{17}日に会見"),
        ("قال الرئيس أمس", "قال الوزير أمس", "قال[الرئيس]{الوزير}أمس"),
    ],
)
def test_the_changed_word_is_marked_whole(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


def test_an_inserted_sentence_is_marked_from_its_start_to_its_end() -> None:
    before = "The mayor spoke first. The council voted later."
    after = "The mayor spoke first. The crowd cheered. The council voted later."
    assert marked(before, after) == "The mayor spoke first.{The crowd cheered.}The council voted later."


def test_an_inserted_clause_keeps_its_own_comma() -> None:
    before = "The mayor, said the police, was not there."
    after = "The mayor, who is ill, said the police, was not there."
    assert marked(before, after) == "The mayor,{who is ill,}said the police, was not there."


def test_light_words_between_two_changes_are_taken_in() -> None:
    before = "It was a bright morning of the spring when the old mayor came to town."
    after = "It was a gloomy evening of the autumn when the old mayor came to town."
    assert marked(before, after) == (
        "It was a[bright morning of the spring]{gloomy evening of the autumn}when the old mayor came to town."
    )


def test_a_phrase_between_two_small_changes_stays() -> None:
    before = "Four people from the village were hurt, said police."
    after = "Five people from the village were killed, said police."
    assert marked(before, after) == ("[Four]{Five}people from the village were[hurt]{killed}, said police.")


def test_ideographs_between_two_changes_stay() -> None:
    before = "警方表示，昨天的洪水造成四人受伤，两人失踪。"
    after = "警方称，昨天的洪水造成五人死亡，两人失踪。"
    assert marked(before, after) == "警方[表示]{称}，昨天的洪水造成[四人受伤]{五人死亡}，两人失踪。"


def test_a_deletion_that_may_slide_meets_its_neighbour() -> None:
    (row,) = compare(["one two a b a b three four five six"], ["one two a b nine three four five six"]).rows
    assert sum(span.tag != "=" for span in row.spans) == 2


@pytest.mark.parametrize(
    ("x", "y", "common"), [("abcabba", "cbabac", 4), ("", "abc", 0), ("aaaa", "aa", 2), ("abc", "def", 0)]
)
def test_the_shortest_change_is_found(x: str, y: str, common: int) -> None:
    runs = shortest_runs(x, y)
    assert len(x) - sum(run.b1 - run.b0 for run in runs) == common == words_in_common(x, y)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (
            "The ferry had 120 passengers on board. The cause of the fire was not known on Monday.",
            "The ferry had 134 passengers on board. Police believe a cable caught fire.",
            "The ferry had[120]{134}passengers on board.[The cause of the fire was not known on Monday]"
            "{Police believe a cable caught fire}.",
        ),
        (
            "The 5-year-old boy ran 3.5km at 10.30am, 20% faster.",
            "The 6-year-old boy ran 4.5km at 11.30am, 25% faster.",
            "The[5]{6}-year-old boy ran[3.5km]{4.5km}at[10.30am]{11.30am},[20]{25}% faster.",
        ),
        (
            "Mayor Anna Holm, 54, opened the hall on Friday.",
            "Mayor Anna Holmes, 56, opened the hall on Sunday.",
            "Mayor Anna[Holm]{Holmes},[54]{56}, opened the hall on[Friday]{Sunday}.",
        ),
    ],
)
def test_a_changed_fact_stands_by_itself(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "A witness spoke of a bang shortly before the fire.",
            "A witness, who gave no name, spoke of what sounded like a bang shortly before the fire.",
        ),
        (
            "The committee, which met in private, spoke, as always on such days, of a bright future.",
            "The committee spoke of a bright future.",
        ),
    ],
)
def test_two_insertions_and_two_deletions_are_never_drawn_as_replacing_what_stands_between(
    before: str, after: str
) -> None:
    (row,) = compare([before], [after]).rows
    assert len({span.tag for span in row.spans if span.tag != "="}) == 1


def test_changes_are_not_joined_over_the_end_of_a_sentence_nor_a_quotation_mark() -> None:
    before = "He named every reason that anybody could give. They left the town at once. “No” was the answer."
    after = "He gave a long list of what had gone wrong. They slept in a hotel by the sea. “No” is a reply."
    shown = marked(before, after)
    assert ". They" in shown
    assert "“No”" in shown


def test_a_joined_change_counts_only_the_words_that_really_changed() -> None:
    before = "It was a bright morning of the spring when the old mayor came to town."
    after = "It was a gloomy evening of the autumn when the old mayor came to town."
    comparison = compare([before], [after])
    assert [span.before.strip() for span in comparison.rows[0].spans if span.tag == "-"] == [
        "bright morning of the spring"
    ]
    assert (comparison.words_removed, comparison.words_added) == (3, 3)


def test_a_long_stretch_taken_into_a_change_counts_as_kept() -> None:
    before = ["alpha beta gamma delta epsilon zeta is it so eta theta iota kappa lambda mu."]
    after = ["one two three four five six is it so seven eight nine ten eleven twelve."]
    comparison = compare(before, after)
    assert comparison.words_removed == 12
    assert comparison.kept == pytest.approx(3 / 15)
