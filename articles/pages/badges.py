"""The badges of a change with their words: "Number: four → five", "Quotation removed", "Now denied"."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.facts import ChangeKind, Fact, How, Kind, StoredFact, weight
from articles.models import Version
from articles.pages.labels import label_of
from articles.pages.words import in_quotation_marks, shortened

IN_LISTS = 4
"""Badges shown of one change in lists and on cards; the diff shows all."""

_PLACES = {
    ChangeKind.HEADLINE: "headline",
    ChangeKind.PARAGRAPH_ADDED: "c-added",
    ChangeKind.PARAGRAPH_REMOVED: "c-removed",
}
"""Where the diff shows a kind that is told of the whole change, by its anchor."""

LONGEST = 40
"""Characters of a text's own words on a badge."""


@dataclass(frozen=True)
class Badge:
    """A kind of change, with words of the texts where it has any.

    ``text`` is ours, and may have ``before`` and ``after``, words of the article, beside it; ``ends`` is ours
    again and follows them. ``anchor`` is the place in the diff ("" for the whole of it).
    """

    kind: str
    text: str
    before: str = ""
    after: str = ""
    ends: str = ""
    anchor: str = ""

    @property
    def words(self) -> str:
        """All of it as plain text."""
        theirs = " → ".join(filter(None, (self.before, self.after)))
        return " ".join(filter(None, (self.text, theirs, self.ends)))


def badges_of(version: Version, most: int | None = None) -> list[Badge]:
    """The badges of a change, the most telling first; where *most* is given, the last says how many more."""
    badges = badges_of_facts(version)
    told = {badge.kind for badge in badges}
    whole = [*version.badges, *([ChangeKind.MINOR.value] if version.minor else [])]
    badges += [
        Badge(kind, label_of(kind), anchor=_PLACES.get(ChangeKind(kind), ""))
        for kind in dict.fromkeys(whole)
        if kind not in told
    ]
    return _first(badges, most)


def badges_of_facts(version: Version, most: int | None = None) -> list[Badge]:
    """Only those of its facts: one a kind, with its weightiest and how many others there are."""
    facts = sorted(version.stored_facts, key=lambda one: (-weight(one.fact), one.number))
    of_kind: dict[Kind, list[StoredFact]] = {}
    for one in facts:
        of_kind.setdefault(one.fact.kind, []).append(one)
    return _first([_badge(kind, some) for kind, some in of_kind.items()], most)


def _first(badges: list[Badge], most: int | None) -> list[Badge]:
    if most is None or len(badges) <= most:
        return badges
    left = len(badges) - most + 1
    return [*badges[: most - 1], Badge("more", _("%(count)s more") % {"count": f"+{left}"})]


def _badge(kind: Kind, facts: Sequence[StoredFact]) -> Badge:
    first, others = facts[0], len(facts) - 1
    text, before, after, ends = _said(first.fact)
    more = ngettext("and %(count)s more", "and %(count)s more", others) % {"count": others} if others else ""
    return Badge(
        kind.value,
        text,
        shortened(before, LONGEST),
        shortened(after, LONGEST),
        " ".join(filter(None, (ends, more))),
        f"c{first.number}" if first.number else "headline",
    )


def fact_badge(stored: StoredFact) -> Badge:
    """The badge of one fact alone."""
    return _badge(stored.fact.kind, [stored])


def _said(fact: Fact) -> tuple[str, str, str, str]:
    """What is said of a fact: our words, the text's words before and after, and ours after them."""
    before, after = _line(fact.before), _line(fact.after)
    match fact.kind, fact.change:
        case Kind.NUMBER, _how:
            return _("Number:"), before, after, ""
        case Kind.DATE, _how:
            return _("Date:"), before, after, ""
        case Kind.NAME, _how:
            return _("Name:"), before, after, ""
        case Kind.QUOTE, How.ADDED:
            return _("Quotation added"), "", "", ""
        case Kind.QUOTE, How.REMOVED:
            return _("Quotation removed"), "", "", ""
        case Kind.QUOTE, How.CHANGED:
            return _("Quotation altered"), "", "", ""
        case Kind.HEDGE, How.ADDED:
            return "", "", in_quotation_marks(after), _("added")
        case Kind.HEDGE, How.REMOVED:
            return "", in_quotation_marks(before), "", _("removed")
        case Kind.HEDGE, How.CHANGED:
            return "", in_quotation_marks(before), in_quotation_marks(after), ""
        case Kind.ATTRIBUTION, How.ADDED:
            return _("Source added:"), "", after, ""
        case Kind.ATTRIBUTION, How.REMOVED:
            return _("Source removed:"), before, "", ""
        case Kind.ATTRIBUTION, How.CHANGED:
            return _("Source:"), before, after, ""
        case Kind.NEGATION, How.ADDED:
            return _("Now denied"), "", "", ""
        case Kind.NEGATION, How.REMOVED:
            return _("No longer denied"), "", "", ""
        case Kind.NEGATION, How.CHANGED:
            return _("Turned round:"), before, after, ""
        case Kind.NOTE, How.ADDED:
            return _("Correction note added"), "", "", ""
        case Kind.NOTE, How.REMOVED:
            return _("Correction note removed"), "", "", ""
        case _kind, _how:
            return _("Correction note altered"), "", "", ""


def _line(text: str) -> str:
    return " ".join(text.split())


def in_a_line(badges: Iterable[Badge]) -> str:
    """Badges as plain text: "Number: four → five · Quotation removed"."""
    return " · ".join(badge.words for badge in badges)
