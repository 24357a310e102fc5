"""Keeping the index: a version comes in with the transaction that stores it, and goes when it is deleted.

What the index has no entry of is what it still has to take up: a version that could not be indexed, all of
them after a restore, those stored before there was an index.
"""

import logging
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from types import ModuleType
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from articles import parallel
from articles.models import Article, Version, VersionQuerySet, text_storage
from articles.search import postgresql, sqlite
from articles.search.entries import Entry, entries_of, entry_of
from articles.search.histories import Row, Told, histories, parts_of, stored, told

log = logging.getLogger(__name__)

TABLE = "articles_search"
"""The versions that are in the index. It has no model."""

ARTICLES = 50
"""That have versions missing, looked for at once."""

FEWEST_FOR_PROCESSES = 5_000
"""Articles: the entries of fewer are made sooner than the processes for it are started."""

SCRUB_PAGES = 200
"""Pages of the index that are rewritten in one transaction."""

MOST_OF_A_FEW = 100
"""Versions of one article that are held in memory with those of others."""

VERSIONS = 16
"""Of one article, that are taken up in one transaction: writers wait that long on SQLite."""


def backend() -> ModuleType:
    """The one of the database in use."""
    return sqlite if connection.vendor == "sqlite" else postgresql


def add(
    version: Version,
    *,
    text: text_storage.Text | None = None,
    before: text_storage.Text | None = None,
    compared: text_storage.Text | None = None,
) -> None:
    """Take up *version*, which has just been stored. A failure is logged, and made up for by `catch_up`.

    Who has the texts at hand gives them, which saves reading them: *text* is the version's, *before* that of
    the version before it (None for the first), *compared* what the version was compared with.
    """
    try:
        with transaction.atomic():
            _insert(
                version.pk,
                version.seen,
                _entry(version) if text is None else _entry_of(text, before, compared),
            )
    except Exception:
        # Whatever it is, the record must not suffer from it.
        log.exception("not indexed, to be caught up with version=%s", version.pk)


def remove(version: Version) -> None:
    """Take out *version*, which is about to be deleted.

    Where its text is damaged, SQLite's tables keep its tokens until the index is made anew: nothing finds
    them, as every query asks for versions that exist, and no id is ever given again.
    """
    try:
        entry = _entry(version)
    except text_storage.DAMAGED:
        log.exception("the stored text is damaged, its tokens stay in the index version=%s", version.pk)
        entry = Entry([], [])
    with transaction.atomic(), connection.cursor() as cursor:
        backend().delete(cursor, version.pk, *entry)


def clear() -> None:
    """Empty the index."""
    with transaction.atomic(), connection.cursor() as cursor:
        backend().clear(cursor)


def scrub(seconds: float = math.inf) -> bool:
    """Clear the index's own pages of what was deleted; whether so many *seconds* were enough."""
    ends, first = time.monotonic() + seconds, True
    while time.monotonic() < ends:
        with transaction.atomic(), connection.cursor() as cursor:
            if backend().scrub(cursor, SCRUB_PAGES, first):
                return True
        first = False
    return False


def missing() -> VersionQuerySet:
    """The versions that the index has no entry of."""
    unknown = "NOT EXISTS (SELECT 1 FROM articles_search s WHERE s.version_id = articles_version.id)"
    return Version.objects.filter(RawSQL(unknown, [], output_field=BooleanField()))  # noqa: S611 (a constant)


def build(say: Callable[[int, int], object] = lambda done, total: None) -> None:
    """Take up all versions into an index that was emptied, by batches, while nobody writes.

    *say* is told, now and then, of how many articles how many are done. The entries of many articles are
    made by a process for each core; this one alone reads and writes, in one session of the database. Where
    the system ends one of the processes, or gives none, it makes the rest by itself. Versions of articles
    that have very many, and what fails, are left to `catch_up`.
    """
    articles = Article.objects.filter(version_count__range=(1, MOST_OF_A_FEW)).order_by("pk")
    ids, total, filling = articles.values_list("pk", flat=True), articles.count(), backend().Filling()
    batches = 0

    def write(made: Iterable[Any]) -> None:
        nonlocal batches
        for rows in made:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    filling.write(cursor, rows)
            except DatabaseError:
                log.exception("not indexed, to be caught up with: a batch of %s articles", ARTICLES)
            batches += 1
            say(min(batches * ARTICLES, total), total)

    processes = parallel.cores() if total >= FEWEST_FOR_PROCESSES else 1
    try:
        write(parallel.each(_rows_of, _stored(ids), processes))
    except parallel.Ended:
        log.exception("there are no processes to make entries, or no more: this one goes on alone")
        write(map(_rows_of, islice(_stored(ids), batches, None)))


def _stored(ids: "QuerySet[Article, int]") -> Iterator[list[Row]]:
    """The versions of the articles of *ids* as they are stored, of some articles at a time."""
    last = 0
    while articles := list(ids.filter(pk__gt=last)[:ARTICLES]):
        yield [(*row[:6], bytes(row[6]), *row[7:]) for row in stored(articles)]
        last = articles[-1]


def _rows_of(versions: Sequence[Row]) -> Any:
    """The entries of *versions*, all that their articles have, as the index has them written."""
    return backend().rows_of(
        (version.pk, version.seen, *entry)
        for history in told(versions).values()
        for version, entry in _with_entries(history)
    )


def _with_entries(history: Sequence[Told]) -> Iterator[tuple[Told, Entry]]:
    """Versions that follow one another, each with its entry: one at a time, as that takes less memory."""
    entries = entries_of((version.parts, version.compared) for version in history)
    return zip(history, entries, strict=True)


def catch_up(*, seconds: float = math.inf) -> bool:
    """Take up what is missing, for about so many *seconds*; whether it was all gone through.

    What was taken up stays so, wherever it ends: a few versions of one article are one transaction.
    """
    ends = time.monotonic() + seconds
    last = 0
    while articles := _missing_in(last):
        for article in articles:
            done = 0
            while numbers := _missing_numbers(article, done):
                if time.monotonic() >= ends:
                    return False
                _take_up(article, numbers)
                done = numbers[-1]
        last = articles[-1]
    return True


def _missing_in(last: int) -> list[int]:
    """The next articles after the one of id *last* that have versions missing."""
    articles = missing().filter(article__gt=last).order_by("article").values_list("article", flat=True)
    return list(articles.distinct()[:ARTICLES])


def _missing_numbers(article: int, done: int) -> list[int]:
    """The next of its missing versions after number *done*, close enough together to be read at once."""
    later = missing().filter(article=article, number__gt=done).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:VERSIONS])
    return [number for number in numbers if number < numbers[0] + VERSIONS]


def _take_up(article: int, numbers: list[int]) -> None:
    first, last = text_storage.base_of(max(numbers[0] - 1, 1)), numbers[-1]
    history = histories([article], first=first, last=last).get(article, [])
    near = [version for version in history if version.number >= numbers[0] - 1]
    taken_up = [(version, entry) for version, entry in _with_entries(near) if version.number in numbers]
    with transaction.atomic():
        for version, entry in taken_up:
            _insert_if_new(version.pk, version.seen, entry)


def _insert_if_new(pk: int, seen: datetime, entry: Entry) -> None:
    try:
        with transaction.atomic():
            _insert(pk, seen, entry)
    except IntegrityError:
        log.info("indexed by another worker meanwhile version=%s", pk)
    except DatabaseError:
        log.exception("not indexed, to be tried again version=%s", pk)


def _insert(pk: int, seen: datetime, entry: Entry) -> None:
    with connection.cursor() as cursor:
        backend().insert(cursor, pk, seen, *entry)


def _entry(version: Version) -> Entry:
    before = Version.objects.filter(article=version.article_id, number=version.number - 1).first()
    if before is None:
        return _entry_of(version.text, None, None)
    return _entry_of(version.text, before.text, version.text_before(before))


def _entry_of(
    text: text_storage.Text, before: text_storage.Text | None, compared: text_storage.Text | None
) -> Entry:
    if before is None:
        return entry_of(parts_of(text), None)
    return entry_of(parts_of(text), parts_of(before), parts_of(compared) if compared else None)


def delete_entry(sender: Any, instance: Version, **_sent: Any) -> None:
    """For Django's signal before a version is deleted, by whatever way."""
    remove(instance)
