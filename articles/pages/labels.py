"""The labels on changes and articles, and the rule of each as the about page tells it."""

from typing import NamedTuple

from articles.facts import HEADLINE, MINOR_WORDS, REVERTED


class Label(NamedTuple):
    name: str
    rule: str


LABELS = {
    HEADLINE: Label("Headline", "The headline differs from that of the version before."),
    REVERTED: Label("Reverted", "The text is the same as that of an earlier version."),
    "minor": Label(
        "Minor",
        f"At most {MINOR_WORDS} words were added or removed, no number among them, and no other label "
        "applies. Lists leave these out unless asked for them.",
    ),
    "removed": Label("Removed", "The article was no longer to be found at its address."),
    "restored": Label("Restored", "The article was to be found again."),
    "moved": Label("Moved", "The article’s address led to another page."),
    "withheld": Label("Withheld", "The site answered that it withholds the article for legal reasons."),
    "retired": Label("Retired", "The article has not changed for so long that it is not checked any more."),
    "paused": Label("Paused", "The operator of this site has paused checking the article."),
}
"""By the kind of a change or an event, or the state of an article."""


def label_of(kind: str) -> str:
    """The name on the label of a kind; one without an entry gets its own words."""
    known = LABELS.get(kind)
    return known.name if known else kind.replace("-", " ").replace("_", " ").capitalize()
