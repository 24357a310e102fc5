"""Pages made to take long are read within the limits of a check, at a quarter of the largest size a fetch
lets through; the figures of the full sizes are what ``benchmarks/extract.py`` prints."""

import pytest

from articles.extract import Story, extract
from articles.isolation import isolated
from tests.extract.monsters import MONSTERS, Monster
from tests.extract.words import ENGLISH

LIMIT = 10.0  # seconds, those of the watch


@pytest.mark.parametrize("monster", MONSTERS, ids=lambda monster: monster.__name__)
def test_a_page_made_to_take_long_is_read(monster: Monster) -> None:
    body = monster(MONSTERS[monster] // 4).encode()
    story: Story = isolated(extract, body, "https://paper.example/a", wall=LIMIT, cpu=int(LIMIT) + 1)
    assert story.problem == ""
    assert story.headline == ENGLISH.headline
