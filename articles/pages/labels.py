"""The labels on changes and articles, and the rule of each as the about page tells it."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from articles.facts import MINOR_WORDS, REWRITTEN, ChangeKind
from articles.web.wording import filled_later


class Label(NamedTuple):
    name: str | Promise
    rule: str | Promise


LABELS = {
    ChangeKind.NUMBER.value: Label(
        gettext_lazy("Number"),
        gettext_lazy("A quantity that stands for the same thing has another value: “four”, now “five”."),
    ),
    ChangeKind.DATE.value: Label(
        gettext_lazy("Date"), gettext_lazy("A date, weekday, month, year or time of day is another.")
    ),
    ChangeKind.QUOTE.value: Label(
        gettext_lazy("Quotation"),
        gettext_lazy("Speech in quotation marks, of three words and more, was added, removed or altered."),
    ),
    ChangeKind.NAME.value: Label(
        gettext_lazy("Name"), gettext_lazy("A name was exchanged, respelled or completed.")
    ),
    ChangeKind.HEDGE.value: Label(
        gettext_lazy("Hedge"),
        gettext_lazy(
            "A claim that stands in both texts became less or more sure: “allegedly”, “may”, “about”."
        ),
    ),
    ChangeKind.ATTRIBUTION.value: Label(
        gettext_lazy("Source named"),
        gettext_lazy("A claim that stands in both texts got a source, lost it, or has another."),
    ),
    ChangeKind.NEGATION.value: Label(
        gettext_lazy("Denial"), gettext_lazy("A claim was turned round: “is”, now “is not”.")
    ),
    ChangeKind.NOTE.value: Label(
        gettext_lazy("Correction note"),
        gettext_lazy("The newsroom’s own words on a change of this article were added, altered or removed."),
    ),
    ChangeKind.HEADLINE.value: Label(
        gettext_lazy("Headline"), gettext_lazy("The headline differs from that of the version before.")
    ),
    ChangeKind.PARAGRAPH_ADDED.value: Label(
        gettext_lazy("Paragraph added"), gettext_lazy("A whole paragraph came that is no correction note.")
    ),
    ChangeKind.PARAGRAPH_REMOVED.value: Label(
        gettext_lazy("Paragraph removed"), gettext_lazy("A whole paragraph went that was no correction note.")
    ),
    ChangeKind.REWRITTEN.value: Label(
        gettext_lazy("Rewritten"),
        filled_later(
            gettext_lazy("Under %(share)s %% of the words before were kept."),
            {"share": round(100 * REWRITTEN)},
        ),
    ),
    ChangeKind.REPLACED.value: Label(
        gettext_lazy("Replaced"),
        gettext_lazy("Next to nothing was kept: another text stands at the address."),
    ),
    ChangeKind.REVERTED.value: Label(
        gettext_lazy("Reverted"), gettext_lazy("The text is the same as that of an earlier version.")
    ),
    ChangeKind.MINOR.value: Label(
        gettext_lazy("Minor"),
        filled_later(
            gettext_lazy(
                "At most %(minor_words)s words were added or removed, no number among them, and no other "
                "label applies. Lists leave these out unless asked for them."
            ),
            {"minor_words": MINOR_WORDS},
        ),
    ),
    "entries": Label(
        gettext_lazy("New entries"),
        gettext_lazy("Nothing but new entries of a live blog came; they count against no daily limit."),
    ),
    "figures": Label(
        gettext_lazy("Live figures"),
        gettext_lazy("Nothing but figures of a table moved; one such version an hour is kept at most."),
    ),
    "rested": Label(
        gettext_lazy("Came to rest"),
        gettext_lazy("What had changed at every look, and was left out of comparisons, came to rest."),
    ),
    "removed": Label(
        gettext_lazy("Removed"), gettext_lazy("The article was no longer to be found at its address.")
    ),
    "restored": Label(gettext_lazy("Restored"), gettext_lazy("The article was to be found again.")),
    "moved": Label(
        gettext_lazy("Moved"), gettext_lazy("The article’s address changed, or led to another page.")
    ),
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
