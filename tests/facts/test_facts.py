"""What kind of change it was."""

import pytest

from articles.diff import compare
from articles.facts import HEADLINE, REVERTED, badges_of, is_minor

TEXT = "The council met on Tuesday to speak of the old lime trees in the square."


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
    assert is_minor(compare([TEXT], [after] if after else []), ()) is minor


def test_a_figure_that_changes_is_never_minor():
    assert not is_minor(compare(["In 1988 it rained."], ["In 1998 it rained."]), ())


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
    assert not is_minor(compare([before], [after]), ())


def test_a_badge_makes_no_change_minor():
    same = compare([TEXT], [TEXT])
    assert is_minor(same, ())
    assert not is_minor(same, (HEADLINE,))


@pytest.mark.parametrize(
    ("headline", "before", "badges"),
    [
        (False, False, ()),
        (True, False, (HEADLINE,)),
        (False, True, (REVERTED,)),
        (True, True, (HEADLINE, REVERTED)),
    ],
)
def test_badges(headline, before, badges):
    assert badges_of(headline_changed=headline, seen_before=before) == badges
