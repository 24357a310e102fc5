"""*Story so far*: how the numbers, quotations and sources of an article went over its versions."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.facts import How, Kind, QuotationLife, story_so_far
from articles.models import Article, Version
from articles.pages.disclosure_ledger import facts_shown
from articles.pages.words import shortened

MOST = 20
"""Courses, quotations and names shown of each; those with the most steps come first."""

_SMALL_WORD = 2
_LONGEST = 200
"""Characters of a quotation."""


class Step(NamedTuple):
    """What stood there from a version on ("" where it was gone), and how that came about."""

    text: str
    version: Version
    said: str = ""

    @property
    def diff_url(self) -> str:
        return self.version.diff_url if self.version.number > 1 else self.version.get_absolute_url()


class Course(NamedTuple):
    """A number and what is counted ("" where that can't be told)."""

    about: str
    steps: Sequence[Step]


class StorySoFar(NamedTuple):
    """What the article's page shows; each part may be empty."""

    numbers: Sequence[Course]
    quotations: Sequence[Sequence[Step]]
    named: Sequence[tuple[str, Step]]
    left_out: int

    def __bool__(self) -> bool:
        return bool(self.numbers or self.quotations or self.named)


def so_far(article: Article, versions: Sequence[Version]) -> StorySoFar:
    """The story of an article over its *versions*, oldest first, taken-down ones among them."""
    by_number = {version.number: version for version in versions}
    shown = [
        (version.number, [one.fact for one in version.stored_facts if one.number])
        for version in versions
        if facts_shown(version)
    ]
    story = story_so_far(shown, article.language)
    numbers = sorted(story.numbers, key=lambda course: -len(course.steps))
    quotations = sorted(story.quotations, key=lambda life: -len(life.steps))
    return StorySoFar(
        [
            Course(_counted(one.about), [Step(_line(text), by_number[number]) for number, text in one.steps])
            for one in numbers[:MOST]
        ],
        [_life(life, by_number) for life in quotations[:MOST]],
        [
            (shortened(_line(one.before), _LONGEST), Step(_line(one.after), by_number[one.version]))
            for one in story.named[:MOST]
        ],
        sum(max(len(some) - MOST, 0) for some in (numbers, quotations, story.named)),
    )


def _counted(about: str) -> str:
    """What a number counts, but for small words such as "a" or "in"; a sign of Chinese may say it all."""
    return about if len(about) > _SMALL_WORD or not about.isascii() else ""


def _life(life: QuotationLife, by_number: dict[int, Version]) -> list[Step]:
    steps: list[Step] = []
    before = ""
    for number, how, text in life.steps:
        version = by_number[number]
        came = how is not How.ADDED or _was_added(text, version)
        said = _what(how, before, text) if came else _("there already")
        steps.append(Step(shortened(_line(text), _LONGEST), version, said))
        before = text
    return steps


def _was_added(text: str, version: Version) -> bool:
    """Whether a quotation came with a version, and did not stand there before it was followed."""
    return any(
        one.fact.kind is Kind.QUOTE and one.fact.change is How.ADDED and one.fact.after == text
        for one in version.stored_facts
    )


def _what(how: How, before: str, now: str) -> str:
    match how:
        case How.ADDED:
            return _("added")
        case How.REMOVED:
            return _("gone")
        case How.CHANGED if _is_part(now, before):
            return _("shortened")
        case How.CHANGED if _is_part(before, now):
            return _("lengthened")
        case _how:
            return _("altered")


def _is_part(one: str, other: str) -> bool:
    return len(one) < len(other) and one.rstrip(" .,;:!?…") in other


def _line(text: str) -> str:
    return " ".join(text.split())
