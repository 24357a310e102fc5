"""What becomes of the entries of a live blog, and of the figures of a table, from one look to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from articles.extract.looks.look import Look
from articles.extract.story import Story, entry_texts


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """The ids of entries that were added, altered, taken away, or that left at the old end as others came."""

    added: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    paged_off: tuple[str, ...] = ()
    body_changed: bool = False

    @property
    def only_added(self) -> bool:
        """Whether the look brought new entries and changed nothing else."""
        return bool(self.added) and not (self.altered or self.removed or self.body_changed)


def compare_entries(before: Story, after: Story) -> EntryChanges:
    """Return what became of the entries of a live blog between two looks.

    Entries are told by their ids. Those that are missing at the old end (the last in reading order), while
    others came, are paged off; those that are missing from among the others were taken away.
    """
    old = {entry.id: texts for entry, texts in entry_texts(before)}
    new = {entry.id: texts for entry, texts in entry_texts(after)}
    added = tuple(one for one in new if one not in old)
    missing = [one for one in old if one not in new]
    at_the_end = _missing_at_the_end(list(old), set(missing)) if added else set()
    return EntryChanges(
        added=added,
        altered=tuple(one for one in new if one in old and old[one] != new[one]),
        removed=tuple(one for one in missing if one not in at_the_end),
        paged_off=tuple(one for one in missing if one in at_the_end),
        body_changed=_beside_entries(before) != _beside_entries(after),
    )


def only_figures_moved(before: Look, after: Look) -> bool:
    """Whether two looks differ in numbers of tables alone: live figures, as on election night."""
    if len(before.blocks) != len(after.blocks):
        return False
    pairs = list(zip(before.blocks, after.blocks, strict=True))
    changed = [(one, other) for one, other in pairs if one.text != other.text]
    return bool(changed) and all(one.table and other.table and one.key == other.key for one, other in changed)


def _missing_at_the_end(order: Sequence[str], missing: set[str]) -> set[str]:
    found: set[str] = set()
    for one in reversed(order):
        if one not in missing:
            break
        found.add(one)
    return found


def _beside_entries(story: Story) -> tuple[str, ...]:
    """Return the paragraphs that stand in no entry."""
    within = {index for entry in story.entries for index in range(entry.start, entry.end)}
    return tuple(text for index, text in enumerate(story.paragraphs) if index not in within)
