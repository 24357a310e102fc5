"""What kind of change it was."""

import pytest

from articles.diff import compare
from articles.facts import ChangeKind, change_kinds

HEADLINE, REVERTED, MINOR = ChangeKind.HEADLINE, ChangeKind.REVERTED, ChangeKind.MINOR

TEXT = "The council met on Tuesday to speak of the old lime trees in the square."


def is_minor(before, after, *, headline_changed=False):
    comparison = compare([before] if before else [], [after] if after else [])
    return MINOR in change_kinds(comparison, (), headline_changed=headline_changed, seen_before=False)


@pytest.mark.parametrize(
    ("after", "minor"),
    [
        (TEXT, True),
        (TEXT.replace("Tuesday", "Wednesday"), True),
        (TEXT.replace("square.", "square!"), True),
        (TEXT.replace("The", "THE"), True),
        (TEXT + " It rained all day.", False),
        (TEXT + " It rained hard.", True),
        (TEXT.replace("lime", "4 lime"), False),
        (TEXT.replace("lime", "٤ lime"), False),
        ("", False),
    ],
)
def test_few_words_and_no_figure_are_minor(after, minor):
    assert is_minor(TEXT, after) is minor


def test_a_figure_that_changes_is_never_minor():
    assert not is_minor("In 1988 it rained.", "In 1998 it rained.")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Four people were hurt.", "Five people were hurt."),
        ("Cinq personnes sont blessées.", "Sept personnes sont blessées."),
        ("Vier Menschen wurden verletzt.", "Fünf Menschen wurden verletzt."),
        ("Погибли три человека.", "Погибли пять человек."),
        ("五人が負傷した。", "七人が負傷した。"),
        ("Members of the crew were treated.", "Two members of the crew were treated."),
    ],
)
def test_a_number_in_words_that_changes_is_never_minor(before, after):
    assert not is_minor(before, after)


def test_a_badge_makes_no_change_minor():
    assert is_minor(TEXT, TEXT)
    assert not is_minor(TEXT, TEXT, headline_changed=True)


@pytest.mark.parametrize(
    ("headline", "before", "badges"),
    [
        (False, False, (MINOR,)),
        (True, False, (HEADLINE,)),
        (False, True, (REVERTED,)),
        (True, True, (HEADLINE, REVERTED)),
    ],
)
def test_kinds_of_the_whole_change(headline, before, badges):
    same = compare([TEXT], [TEXT])
    assert change_kinds(same, (), headline_changed=headline, seen_before=before) == badges
