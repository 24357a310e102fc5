"""Our own words amid two texts that are compared. Pages hand in others, in the language of their reader."""

from typing import Protocol


class Phrases(Protocol):
    """The words that a drawing needs. Numbers are counts, 1 and more."""

    @property
    def language(self) -> str:
        """The language that the words are in (BCP 47)."""

    @property
    def added(self) -> str:
        """Read out before added words, where nothing but a mark shows it."""

    @property
    def removed(self) -> str:
        """Read out before removed words."""

    @property
    def was(self) -> str:
        """Stands before a headline's old words."""

    @property
    def now(self) -> str:
        """Stands before a headline's new words."""

    @property
    def moved_here(self) -> str:
        """Said of a paragraph that stood elsewhere; ``from_its_old_place`` follows."""

    @property
    def from_its_old_place(self) -> str:
        """The link that follows ``moved_here``."""

    @property
    def moved_from_here(self) -> str:
        """Said where a paragraph stood that is elsewhere now."""

    def split_into(self, paragraphs: int) -> str:
        """Said of one paragraph that became several."""

    def joined_from(self, paragraphs: int) -> str:
        """Said of several paragraphs that became one."""

    def paragraphs_added(self, paragraphs: int) -> str:
        """Said of whole paragraphs that came."""

    def paragraphs_removed(self, paragraphs: int) -> str:
        """Said of whole paragraphs that went."""

    def unchanged(self, paragraphs: int, words: int) -> str:
        """Said in place of unchanged paragraphs that are folded, with the words in them."""


class English:
    """The words where nobody hands in others."""

    language = "en"
    added = "added"
    removed = "removed"
    was = "Was:"
    now = "Now:"
    moved_here = "Moved here"
    from_its_old_place = "from its old place"
    moved_from_here = "Moved from here"

    def split_into(self, paragraphs: int) -> str:
        return f"Split into {paragraphs:,} paragraphs"

    def joined_from(self, paragraphs: int) -> str:
        return f"Joined from {paragraphs:,} paragraphs"

    def paragraphs_added(self, paragraphs: int) -> str:
        return "Added paragraph" if paragraphs == 1 else f"{paragraphs:,} added paragraphs"

    def paragraphs_removed(self, paragraphs: int) -> str:
        return "Removed paragraph" if paragraphs == 1 else f"{paragraphs:,} removed paragraphs"

    def unchanged(self, paragraphs: int, words: int) -> str:
        return f"{_counted(paragraphs, 'unchanged paragraph')} ({_counted(words, 'word')})"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


ENGLISH: Phrases = English()
