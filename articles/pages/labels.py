"""The labels on changes, and the rule of each as the about page tells it."""

from typing import NamedTuple


class Label(NamedTuple):
    name: str
    rule: str


LABELS = {
    "headline": Label("Headline", "The headline differs from that of the version before."),
    "reverted": Label(
        "Reverted", "The text is the same as in an earlier version: the change was taken back."
    ),
    "minor": Label("Minor", "At most 3 words changed, and no other label applies."),
    "removed": Label("Removed", "The article was no longer to be found at its address."),
    "restored": Label("Restored", "The article was to be found again after it had been removed."),
    "moved": Label("Moved", "The article has a new address."),
    "withheld": Label("Withheld", "The site answers that it withholds the article for legal reasons."),
}


def label_of(kind: str) -> str:
    """The name on the label of a kind of change or event; one without an entry gets its own words."""
    known = LABELS.get(kind)
    return known.name if known else kind.replace("-", " ").replace("_", " ").capitalize()
