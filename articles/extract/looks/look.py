"""One look at a page, as far as many looks are held against each other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from articles.extract.story import Story


class PlaceKey(NamedTuple):
    """What a place of a source's pages is known by: see `TextBlock`. No words: any may stand there."""

    signature: str
    words: str


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """A paragraph as it was seen at one look; the fields are those of `TextBlock`."""

    text: str
    signature: str
    words: str
    in_column: bool = True
    alone: bool = False
    table: bool = False
    counted: bool = False

    @property
    def key(self) -> PlaceKey:
        """What its place is known by, with its words."""
        return PlaceKey(self.signature, self.words)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a page saw: when, what the page claimed of its last change, and its paragraphs."""

    seen: datetime
    modified: datetime | None
    blocks: tuple[SeenBlock, ...]

    def texts(self, key: PlaceKey) -> tuple[str, ...]:
        """Return the texts at a place, in reading order."""
        return tuple(block.text for block in self.blocks if block.key == key)


def look_of(story: Story, seen: datetime) -> Look:
    """Return the look at which a story was read."""
    return Look(
        seen,
        story.claims.modified,
        tuple(
            SeenBlock(
                text,
                block.signature,
                block.words,
                block.in_column,
                block.alone,
                block.table,
                block.counted,
            )
            for text, block in zip(story.paragraphs, story.blocks, strict=True)
        ),
    )


def without(blocks: Collection[SeenBlock], places: Collection[PlaceKey]) -> tuple[SeenBlock, ...]:
    """Return the blocks that are compared where some places are left out: on both sides of a comparison."""
    left_out = frozenset(places)
    return tuple(
        block
        for block in blocks
        if block.key not in left_out and PlaceKey(block.signature, "") not in left_out
    )
