"""Numbers of words that many words share."""

from collections.abc import Callable, Iterator

import pytest

from articles.search import postgresql


@pytest.fixture
def bits(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, int], None]]:
    """A function that has words and pairs of them told apart by so many bits of their numbers."""

    def use(of_words: int, of_pairs: int) -> None:
        monkeypatch.setattr(postgresql, "_WORD_BITS", of_words)
        monkeypatch.setattr(postgresql, "_PAIR_BITS", of_pairs)
        postgresql._number_of_word.cache_clear()

    yield use
    postgresql._number_of_word.cache_clear()
