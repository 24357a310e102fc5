"""The pages of the common publishing systems give their story and nothing else, in every script."""

import pytest

from articles.extract import Story, extract
from tests.extract.shapes import SHAPES, Shape
from tests.extract.words import LANGUAGES, Words

each_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
each_language = pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)


def read(page: str) -> Story:
    return extract(page.encode(), "https://paper.example/2024/bridge.html")


@each_shape
@each_language
def test_the_story_is_found_whole_and_alone(shape: Shape, words: Words) -> None:
    for seed in range(5):
        story = read(shape(words, seed))
        assert (story.problem, story.headline, story.paragraphs) == ("", words.headline, words.paragraphs)
