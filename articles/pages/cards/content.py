"""What stands on a card, and the same in words for those who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.diff import Comparison, compare, key, telling
from articles.facts import ChangeKind
from articles.models import Article, Version
from articles.pages import badges, excerpts
from articles.pages.words import date_and_time, in_quotation_marks, shortened
from articles.web.wording import within_a_sentence

_LONGEST = 200
"""Characters of a headline; the drawing cuts it further to what fits."""

Piece = tuple[str, str]
"""A mark ("=", "-" or "+") and the words that have it."""


@dataclass(frozen=True)
class Line:
    """A text on the card with a word of what it is: "Was", "Now", or nothing."""

    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Card:
    """``lines`` are the headlines was and now, or the headline and the most telling changed sentence."""

    source: str
    heading: str
    lines: Sequence[Line]
    times: str
    language: str
    direction: str
    badges: tuple[str, ...] = ()
    """What kinds of change it was, each in words."""

    @property
    def words(self) -> str:
        """The card in words, its changes in square brackets."""
        parts = [f"{self.source}, {within_a_sentence(self.heading)}."]
        if self.badges:
            parts.append(f"{' · '.join(self.badges)}.")
        for line in filter(lambda line: line.pieces, self.lines):
            label = f"{line.label}: " if line.label else ""
            parts.append(f"{label}{in_quotation_marks(_plain(line))}")
        return " ".join([*parts, f"{self.times}."])


def card_of(article: Article, before: Version, after: Version, comparison: Comparison | None = None) -> Card:
    """The card of the change from one version to another of *article*.

    *comparison* is that of the two texts; where it is needed and not given, it is made.
    """
    if _headline_changed(before, after):
        lines = _headlines(before, after)
    else:
        lines = _sentence(article, before, after, comparison)
    return Card(
        shortened(article.source.name, 60),
        _("Version %(a)s to %(b)s") % {"a": before.number, "b": after.number},
        lines,
        _("Seen %(a)s and %(b)s") % {"a": date_and_time(before.seen), "b": date_and_time(after.seen)},
        article.language,
        article.direction,
        _badges(after) if _adjacent(before, after) else (),
    )


def _badges(after: Version) -> tuple[str, ...]:
    return tuple(one.words for one in badges.badges_of_facts(after, badges.IN_LISTS))


def _headline_changed(before: Version, after: Version) -> bool:
    """Other quotation marks are no edit; nor, for neighbours, is another reading of the same page."""
    if _adjacent(before, after):
        return ChangeKind.HEADLINE.value in after.badges
    return key(before.headline) != key(after.headline)


def _adjacent(before: Version, after: Version) -> bool:
    return after.number == before.number + 1


def _headlines(before: Version, after: Version) -> list[Line]:
    was = after.headline_before if _adjacent(before, after) else before.headline
    return [
        Line(_("Was"), [("-", shortened(was, _LONGEST))] if was else []),
        Line(_("Now"), [("+", shortened(after.headline, _LONGEST))] if after.headline else []),
    ]


def _sentence(article: Article, before: Version, after: Version, comparison: Comparison | None) -> list[Line]:
    headline = Line("", [("=", shortened(after.headline or str(article), _LONGEST))])
    if _adjacent(before, after):
        spans = after.excerpt
    else:
        spans = _telling(comparison or compare(before.paragraphs, after.paragraphs))
    if not spans:
        return [headline]
    return [headline, Line("", [(tag, text + space) for tag, text, space in excerpts.parts(spans)])]


def _telling(comparison: Comparison) -> list[tuple[str, str]]:
    found = telling(comparison, most=1)
    return [(span.tag, span.before if span.tag == "-" else span.after) for span in found[0]] if found else []


def _plain(line: Line) -> str:
    if line.label:
        return "".join(text for _, text in line.pieces)
    return excerpts.plain(line.pieces).strip()
