"""Our own words amid a drawing: English here; pages hand over those of their reader's language."""


class OwnWords:
    """What a drawing says beside the texts. ``language`` is that of the words (BCP 47)."""

    @property
    def language(self) -> str:
        return "en"

    @property
    def added(self) -> str:
        """Before added words, for screen readers."""
        return "[added:"

    @property
    def removed(self) -> str:
        """Before removed words, for screen readers."""
        return "[removed:"

    @property
    def was(self) -> str:
        """Before an old headline."""
        return "Was:"

    @property
    def now(self) -> str:
        """Before the headline in its place."""
        return "Now:"

    @property
    def moved_from_here(self) -> str:
        """Where a moved paragraph stood."""
        return "Moved from here"

    @property
    def moved_here(self) -> str:
        """Where it stands, followed by a link that says :attr:`from_its_old_place`."""
        return "Moved here"

    @property
    def from_its_old_place(self) -> str:
        return "from its old place"

    def unchanged(self, paragraphs: int, words: int) -> str:
        """Of a fold: what is in it."""
        return f"{_counted(paragraphs, 'unchanged paragraph')} ({_counted(words, 'word')})"

    def split(self, count: int) -> str:
        """Of a paragraph that became so many."""
        return f"Split into {count} paragraphs"

    def joined(self, count: int) -> str:
        """Of a paragraph that so many became."""
        return f"Joined from {count} paragraphs"

    def paragraphs_added(self, count: int) -> str:
        """Of so many added paragraphs that follow each other."""
        return "Added paragraph" if count == 1 else f"{count} added paragraphs"

    def paragraphs_removed(self, count: int) -> str:
        """Of so many removed paragraphs that follow each other."""
        return "Removed paragraph" if count == 1 else f"{count} removed paragraphs"


ENGLISH = OwnWords()


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
