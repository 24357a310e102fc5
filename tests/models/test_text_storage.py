import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import text_storage

paragraph_characters = st.characters(exclude_characters="\n", exclude_categories=["Cs"])
paragraph = st.text(paragraph_characters, min_size=1)
histories = st.lists(st.lists(paragraph), min_size=1, max_size=40)


def packed(history):
    return [
        text_storage.pack(text, None if text_storage.is_whole(number) else history[number - 2])
        for number, text in enumerate(history, start=1)
    ]


@given(histories)
def test_every_text_of_a_history_comes_back(history):
    stored = packed(history)
    for number, text in enumerate(history, start=1):
        assert text_storage.unpack(stored[text_storage.base_of(number) - 1 : number]) == tuple(text)


@given(histories)
def test_all_texts_of_a_history_are_read_in_one_go(history):
    assert list(text_storage.unpack_each(enumerate(packed(history), start=1))) == list(map(tuple, history))


@given(histories)
def test_at_most_16_steps_lead_to_any_text(history):
    for number in range(1, len(history) + 1):
        assert 0 <= number - text_storage.base_of(number) < text_storage.WHOLE_EVERY
        assert text_storage.is_whole(text_storage.base_of(number))


def test_a_wrong_predecessor_raises_instead_of_giving_wrong_text():
    history = [["The bridge is closed."], ["The bridge is open."], ["The bridge is gone."]]
    stored = packed(history)
    with pytest.raises(zlib.error):
        text_storage.unpack([stored[0], stored[2]])
    with pytest.raises(zlib.error):
        list(text_storage.unpack_each([(1, stored[0]), (3, stored[2])]))


def test_a_cut_off_text_raises():
    stored = packed([["A long enough paragraph, cut off in the middle of its storage."]])
    with pytest.raises(zlib.error):
        text_storage.unpack([stored[0][:-6]])


def test_a_paragraph_with_a_line_break_is_refused():
    with pytest.raises(ValueError, match="line break"):
        text_storage.pack(["one\ntwo"], None)


def test_a_small_edit_costs_little():
    long = [f"Paragraph {n} tells of the harbour, the weather and {n * 37} boats." for n in range(60)]
    edited = [*long[:30], "One new sentence.", *long[30:]]
    assert len(text_storage.pack(edited, long)) < len(text_storage.pack(edited, None)) / 5


@given(st.text(paragraph_characters), st.lists(paragraph), st.lists(paragraph))
def test_a_text_beside_a_version_comes_back(headline, previous, paragraphs):
    text = text_storage.Text(headline, "A. Writer", tuple(paragraphs))
    assert text_storage.unpack_text(text_storage.pack_text(text, previous), previous) == text


def test_a_text_beside_a_version_needs_the_right_predecessor():
    text = text_storage.Text("Bridge", "", ("The bridge is closed.",))
    with pytest.raises(zlib.error):
        text_storage.unpack_text(
            text_storage.pack_text(text, ["The bridge is open."]), ["The bridge is gone."]
        )
