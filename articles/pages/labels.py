"""The labels on changes and articles, and the rule of each as the about page tells it."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from articles.facts import HEADLINE, MINOR_WORDS, REVERTED


class Label(NamedTuple):
    name: str | Promise
    rule: str | Promise


LABELS = {
    HEADLINE: Label(
        gettext_lazy("Headline"), gettext_lazy("The headline differs from that of the version before.")
    ),
    REVERTED: Label(
        gettext_lazy("Reverted"), gettext_lazy("The text is the same as that of an earlier version.")
    ),
    "minor": Label(
        gettext_lazy("Minor"),
        gettext_lazy(
            "At most %(minor_words)s words were added or removed, no number among them, and no other "
            "label applies. Lists leave these out unless asked for them."
        )
        % {"minor_words": MINOR_WORDS},
    ),
    "removed": Label(
        gettext_lazy("Removed"), gettext_lazy("The article was no longer to be found at its address.")
    ),
    "restored": Label(gettext_lazy("Restored"), gettext_lazy("The article was to be found again.")),
    "moved": Label(gettext_lazy("Moved"), gettext_lazy("The article’s address led to another page.")),
    "withheld": Label(
        gettext_lazy("Withheld"),
        gettext_lazy("The site answered that it withholds the article for legal reasons."),
    ),
    "retired": Label(
        gettext_lazy("Retired"),
        gettext_lazy("The article has not changed for so long that it is not checked any more."),
    ),
    "paused": Label(
        gettext_lazy("Paused"), gettext_lazy("The operator of this site has paused checking the article.")
    ),
}
"""By the kind of a change or an event, or the state of an article."""


def label_of(kind: str) -> str:
    """The name on the label of a kind; one without an entry gets its own words."""
    known = LABELS.get(kind)
    return str(known.name) if known else kind.replace("-", " ").replace("_", " ").capitalize()
