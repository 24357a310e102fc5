"""Numbers and quotations followed over the versions of a story."""

from itertools import pairwise

from articles.facts import How, facts, story_so_far

RED = "A witness said the sky went red."
VERSIONS = [
    [f"The blast left 4 people dead and 19 hurt. {RED}"],
    [f"The blast left 5 people dead and 19 hurt. “It was like the end of the world,” she said. {RED}"],
    [f"The blast left 5 people dead and 31 hurt. “It was the end of the world,” she said. {RED}"],
    [f"The blast left seven people dead and 31 hurt. {RED.replace('A witness', 'Lena Brandt')}"],
]


def test_a_toll_a_quotation_and_a_source_are_followed() -> None:
    changes = [
        (number, facts(before, after, language="en"))
        for number, (before, after) in enumerate(pairwise(VERSIONS), 2)
    ]
    story = story_so_far(changes, "en")
    assert [[step.text for step in course.steps] for course in story.numbers] == [
        ["4", "5", "seven"],
        ["19", "31"],
    ]
    assert story.numbers[0].about == "people"
    assert [step.version for step in story.numbers[0].steps] == [1, 2, 4]
    (life,) = story.quotations
    assert [(version, how) for version, how, _ in life.steps] == [
        (2, How.ADDED),
        (3, How.CHANGED),
        (4, How.REMOVED),
    ]
    assert [(named.version, "Lena Brandt" in named.after) for named in story.named] == [(4, True)]


def test_two_numbers_of_one_value_are_told_apart_by_what_they_count() -> None:
    first = facts(
        ["There are 5 dead cows and 5 lost sheep."],
        ["There are 6 dead cows and 8 lost sheep."],
        language="en",
    )
    then = facts(
        ["There are 6 dead cows and 8 lost sheep."],
        ["There are 7 dead cows and 9 lost sheep."],
        language="en",
    )
    story = story_so_far([(2, first), (3, then)], "en")
    assert [(course.about, [step.text for step in course.steps]) for course in story.numbers] == [
        ("dead", ["5", "6", "7"]),
        ("lost", ["5", "8", "9"]),
    ]


def test_nothing_gives_nothing() -> None:
    assert story_so_far([]) == ((), (), ())
