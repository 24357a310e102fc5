"""What pages told of their changes, in words: the ledger of one change and of a whole article."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.facts import Disclosure, Entry, Told, is_live, ledger
from articles.models import Article, Version
from articles.pages.badges import Badge, fact_badge
from articles.pages.durations import in_words
from articles.pages.words import date_and_time


class Line(NamedTuple):
    """Facts of one change, and what the page told of them."""

    number: int
    badges: Sequence[Badge]
    said: str
    noted_in: int | None

    @property
    def before(self) -> int:
        """The number of the version before the change."""
        return self.number - 1


def facts_shown(version: Version) -> bool:
    """Whether readers may see what the change did: neither its text nor the one before is taken down."""
    return version.number > 1 and not version.hidden_itself and not version.follows_hidden


def ledger_of(article: Article, versions: Iterable[Version]) -> list[Entry]:
    """The ledger of an article, given all its versions in order, taken-down ones too."""
    told = [
        Told(
            version.number,
            version.seen,
            version.modified,
            version.stored_facts if facts_shown(version) else (),
        )
        for version in versions
    ]
    return ledger(told, article.language, live=is_live(article.address))


def ledger_of_change(article: Article, version: Version) -> list[Line]:
    """What the page told of the change that made *version*. One query, where a correction would be due."""
    if not facts_shown(version) or not any(one.due for one in version.stored_facts):
        return []
    every = article.versions.without_texts().order_by("number")
    return lines(article, [entry for entry in ledger_of(article, every) if entry.number == version.number])


def lines(article: Article, entries: Iterable[Entry]) -> list[Line]:
    """Entries of the ledger in words."""
    return [
        Line(
            entry.number,
            [fact_badge(one) for one in entry.facts],
            _said(article, entry),
            entry.noted_in if entry.noted_in != entry.number else None,
        )
        for entry in entries
    ]


def _said(article: Article, entry: Entry) -> str:
    as_of = article.last_success or article.last_checked
    match entry.disclosure:
        case Disclosure.SAME_VERSION:
            return _("A correction note came with the same version.")
        case Disclosure.LATER if entry.wait is not None:
            return _("A correction note came %(wait)s.") % {"wait": in_words(entry.wait.total_seconds())}
        case Disclosure.UNCLEAR:
            return _("A note was added; what it is about can’t be told.")
        case Disclosure.DATE_ONLY:
            return _("Only the date of change that the page claims moved.")
        case _disclosure:
            if as_of is None:
                return _("No correction note found on this page.")
            return _("No correction note found on this page as of %(time)s.") % {"time": date_and_time(as_of)}
