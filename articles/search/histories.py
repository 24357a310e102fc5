"""The texts of articles, all versions of each, read in one query."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet

from articles.models import Version, text_storage

log = logging.getLogger(__name__)

Row = tuple[int, int, int, datetime, str, str, bytes, bytes | None, bool | None]
"""Of a version: article, id, number, seen, headline, byline, data, previous_reextracted, hidden_itself."""


@dataclass(frozen=True)
class Told:
    """What search needs of a version."""

    pk: int
    number: int
    seen: datetime
    headline: str
    byline: str
    paragraphs: tuple[str, ...]
    compared: tuple[str, ...] | None = None
    """The parts it was compared with where they are not those of the version before: an upgrade of our
    extractor is no change (`Version.text_before`)."""
    hidden: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.headline, self.byline, *self.paragraphs)


def parts_of(text: text_storage.Text) -> tuple[str, ...]:
    """What is searched of a text: its headline, its byline and each paragraph."""
    return (text.headline, text.byline, *text.paragraphs)


def histories(articles: Iterable[int], *, first: int = 1, last: int | None = None) -> dict[int, list[Told]]:
    """The versions of the articles of these ids, by article, oldest first.

    All of them, or those from number *first* (of one stored whole) to number *last*. An article
    whose stored texts are damaged is left out, and logged: the others must not suffer from it.
    """
    return told(stored(articles, first=first, last=last))


def stored(articles: Iterable[int], *, first: int = 1, last: int | None = None) -> QuerySet[Version, Row]:
    """The same as it is stored, which `told` reads: a row a version, article by article."""
    up_to = {} if last is None else {"number__lte": last}
    return (
        Version.objects.filter(article__in=list(articles), number__gte=first, **up_to)
        .order_by("article", "number")
        .values_list(
            "article",
            "pk",
            "number",
            "seen",
            "headline",
            "byline",
            "data",
            "previous_reextracted",
            "hidden_itself",
        )
    )


def told(rows: Iterable[Row]) -> dict[int, list[Told]]:
    """What *rows*, as `stored` gives them, tell, by article. It asks no database."""
    found: dict[int, list[Told]] = {}
    for article, group in groupby(rows, key=lambda row: row[0]):
        try:
            found[article] = _told(list(group))
        except text_storage.DAMAGED:
            log.exception("the stored texts are damaged article=%s", article)
    return found


def _told(versions: list[Row]) -> list[Told]:
    unpacked = list(text_storage.unpack_each((version[2], bytes(version[6])) for version in versions))
    history = []
    for version, before, paragraphs in zip(versions, [(), *unpacked], unpacked, strict=False):
        _, pk, number, seen, headline, byline, _, anew, hidden = version
        compared = parts_of(text_storage.unpack_text(bytes(anew), before)) if anew is not None else None
        history.append(Told(pk, number, seen, headline, byline, paragraphs, compared, bool(hidden)))
    return history
