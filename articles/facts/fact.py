"""What a change did, as values: facts, their kinds and their places in the comparison."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The subject of a fact. The values are stored and stand in addresses; they never change their
    meaning."""

    NUMBER = "number"
    DATE = "date"
    QUOTE = "quote"
    NAME = "name"
    HEDGE = "hedge"
    ATTRIBUTION = "attribution"
    NEGATION = "negation"
    NOTE = "note"


class How(StrEnum):
    """The way in which a fact changed."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Place(NamedTuple):
    """The place of a fact in the comparison: its row (None: the headline) and the first span of it."""

    row: int | None
    span: int


@dataclass(frozen=True)
class Fact:
    """One thing that a change did, with the words of either text as they stand ("" for none).

    ``about`` is the word after a number, which tells what is counted ("dead"), where there is one.
    """

    kind: Kind
    change: How
    before: str
    after: str
    place: Place
    about: str = ""

    def to_dict(self) -> Mapping[str, object]:
        """Plain JSON values: ``{"kind", "change", "before", "after", "row", "span", "about"}``."""
        return {
            "kind": self.kind.value,
            "change": self.change.value,
            "before": self.before,
            "after": self.after,
            "row": self.place.row,
            "span": self.place.span,
            "about": self.about,
        }
