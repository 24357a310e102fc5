"""Which paragraphs came and went with a change, whatever the texts are."""

from hypothesis import given
from hypothesis import strategies as st

from articles.models import Alteration
from articles.models.quarantine import signature, without
from articles.models.text_storage import Text
from articles.watch.check.alterations import MOST_NOTED, altered
from articles.watch.check.page import hash_of

PARAGRAPHS = st.lists(
    st.sampled_from([f"Paragraph {letter}." for letter in "abcdefgh"]), max_size=8, unique=True
)


def text(paragraphs, headline="Trees"):
    return Text(headline, "", tuple(paragraphs))


@given(PARAGRAPHS, PARAGRAPHS)
def test_without_what_came_and_went_nothing_but_the_order_differs(before, after):
    change = altered(text(before), text(after))
    left = without(before, change), without(after, change)
    assert sorted(left[0]) == sorted(left[1])
    assert {one.text for one in change.values() if one.came} == set(after) - set(before)
    assert {one.text for one in change.values() if not one.came} == set(before) - set(after)


@given(PARAGRAPHS, PARAGRAPHS, st.sets(st.sampled_from("abcdefgh")))
def test_a_change_is_nothing_but_furniture_when_all_that_came_and_went_is(before, after, letters):
    furniture = {signature(f"Paragraph {letter}.") for letter in letters}
    after = [one for one in before if one in after] + [one for one in after if one not in before]
    same = hash_of(text(without(before, furniture))) == hash_of(text(without(after, furniture)))
    assert same == (altered(text(before), text(after)).keys() <= furniture)


def test_typography_and_order_are_no_alteration():
    before = text(["“We met”, she said.", "Then - nothing."])
    assert altered(before, text(["Then – nothing.", '"We met", she said.'])) == {}


def test_a_headline_is_something_besides():
    assert list(altered(text(["a"]), text(["a"], "Old trees"))) == [Alteration.BESIDES]


def test_a_text_written_anew_is_noted_in_part_and_said_to_be_more():
    change = altered(text([]), text("limes" * number for number in range(1, 500)))
    assert len(change) == MOST_NOTED + 1
    assert Alteration.BESIDES in change
