"""Changes that are no edits like others: of a live blog, or of a table's figures. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from articles.extract import Story
from articles.extract.looks import compare_entries, look_of, only_figures_moved
from articles.models import Version
from articles.watch.check.alterations import only
from articles.watch.check.looks import only_compared

FIGURES_EVERY = timedelta(hours=1)
"""A table whose figures alone move makes a version no oftener."""

_ANY_TIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Nature:
    """The kind of places that a change is made of.

    made_of        one of `Version.MadeOf`; '' for an edit like others
    entries_added  of a live blog
    before         the story before, without the entries that left at its end as others came
    """

    made_of: str
    entries_added: int
    before: Story


def nature_of(before: Story, after: Story) -> Nature:
    """Return the nature of the change between two looks at a page."""
    old, new = only_compared(before), only_compared(after)
    if any(len(one.blocks) != len(one.paragraphs) for one in (old, new)):
        return Nature("", 0, before)
    if old.live and new.live:
        changes = compare_entries(old, new)
        left = set(changes.paged_off)
        numbers = {n for one in before.entries if one.id in left for n in range(one.start, one.end)}
        stays = [number not in numbers for number in range(len(before.paragraphs))]
        made_of = Version.MadeOf.ENTRIES.value if changes.only_added else ""
        return Nature(made_of, len(changes.added) if made_of else 0, only(before, stays))
    same_lines = (old.headline, old.byline) == (new.headline, new.byline)
    if same_lines and only_figures_moved(look_of(old, _ANY_TIME), look_of(new, _ANY_TIME)):
        return Nature(Version.MadeOf.FIGURES.value, 0, before)
    return Nature("", 0, before)
