"""The stories as they are first published."""

import re
import unicodedata
from collections import Counter

import pytest

from demo.story import Story, read_rewrite, read_stories

STORIES = read_stories()
JAPANESE_CHARACTERS_A_WORD = 3


def words(paragraph: str, language: str) -> int:
    if language == "ja":
        return len(paragraph) // JAPANESE_CHARACTERS_A_WORD
    return len(paragraph.split())


def test_there_are_two_dozen_english_stories_and_two_in_each_other_language() -> None:
    languages = Counter(story.language for story in STORIES)
    assert languages == {"en": 25, "fr": 2, "de": 2, "ar": 2, "ja": 2}


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_is_long_enough_to_be_told_from_what_surrounds_it(story: Story) -> None:
    assert 6 <= len(story.first.paragraphs) <= 14
    lengths = [words(paragraph, story.language) for paragraph in story.first.paragraphs]
    assert min(lengths) >= 25
    assert max(lengths) <= 80


def test_no_two_stories_share_a_sentence() -> None:
    sentences = Counter(
        sentence
        for story in STORIES
        for paragraph in story.first.paragraphs
        for sentence in re.split(r"[.!?]\s+|。", paragraph)
        if sentence
    )
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_texts_are_clean_so_that_a_watcher_sees_them_letter_for_letter() -> None:
    for state in [*(story.first for story in STORIES), read_rewrite("mayor-bridge")]:
        for text in (state.headline, *state.paragraphs):
            assert text == " ".join(text.split())
            assert unicodedata.is_normalized("NFC", text)


def test_no_two_stories_are_of_the_same_minute() -> None:
    ages = [story.age for story in STORIES]
    assert len(set(ages)) == len(ages)
    assert ages == sorted(ages)


def test_arabic_is_set_from_right_to_left() -> None:
    assert {story.language for story in STORIES if story.direction == "rtl"} == {"ar"}
