"""Counting stored changes once more, where newer rules would say something else of them.

What a change did follows from the two texts, which are stored: sizes, kinds, facts and excerpts alike.
"""

import logging
from collections.abc import Iterator
from itertools import tee
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from articles.diff import DIFF_VERSION
from articles.facts import FACTS_VERSION
from articles.models import Article, Version, VersionQuerySet, text_storage
from articles.models.text_storage import Text
from articles.watch.check.change import change_of

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Versions written in one transaction, and at most that many kept in memory."""

_ARTICLES_ASKED = 500
_COUNTED = (
    *("words_added", "words_removed", "badges", "minor", "headline_before", "excerpt", "facts"),
    *("more_excerpts", "kind_bits", "facts_version", "diff_version"),
)


class Progress(NamedTuple):
    """The progress so far: changes counted, and those of articles whose stored texts can't be read."""

    counted: int
    unreadable: int


def outdated() -> VersionQuerySet:
    """The changes counted by other rules than today's."""
    today = Q(facts_version=FACTS_VERSION, diff_version=DIFF_VERSION)
    return Version.objects.filter(~today, number__gt=1)


def recount() -> Iterator[Progress]:
    """Count all outdated changes again, article by article, and tell after each batch how far it is.

    It may be stopped at any time: what was counted stays, and the next time goes on with what is left. The
    watch may run beside it: texts are only read.
    """
    counted = unreadable = 0
    for article in _articles():
        try:
            for batch in _counted(article):
                counted += _store(batch)
                yield Progress(counted, unreadable)
        except text_storage.DAMAGED:
            log.exception(
                "a stored text can't be read, so its changes are not counted again",
                extra={"article": article.pk},
            )
            unreadable += outdated().filter(article=article).count()
            yield Progress(counted, unreadable)


def _articles() -> Iterator[Article]:
    """Those with outdated changes, in the order of their numbers."""
    last = 0
    while True:
        rows = outdated().filter(article__gt=last).order_by("article").values_list("article", flat=True)
        found = list(rows.distinct()[:_ARTICLES_ASKED])
        if not found:
            return
        yield from Article.objects.filter(pk__in=found).select_related("source").order_by("pk")
        last = found[-1]


def _counted(article: Article) -> Iterator[list[Version]]:
    """The outdated changes of an article as they are counted today, in batches."""
    numbers = set(outdated().filter(article=article).values_list("number", flat=True))
    if not numbers:
        return
    begins = text_storage.base_of(min(numbers) - 1)
    hashes = set(article.versions.filter(number__lt=begins).values_list("text_hash", flat=True))
    before: Text | None = None
    batch: list[Version] = []
    # The source's language stands in for texts that do not say theirs, as in a check.
    language = article.language or article.source.language
    versions, again = tee(article.versions.filter(number__gte=begins).order_by("number").iterator(AT_ONCE))
    texts = text_storage.unpack_each((version.number, bytes(version.data)) for version in again)
    for version, paragraphs in zip(versions, texts, strict=True):
        text = Text(version.headline, version.byline, paragraphs)
        if version.number in numbers and before is not None:
            compared = before
            if version.previous_reextracted is not None:
                compared = text_storage.unpack_text(bytes(version.previous_reextracted), before.paragraphs)
            change = change_of(compared, text, seen_before=version.text_hash in hashes, language=language)
            batch.append(_with_change(version, change._asdict()))
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
        hashes.add(version.text_hash)
        before = text
    if batch:
        yield batch


def _with_change(version: Version, change: dict[str, object]) -> Version:
    for name, value in change.items():
        setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.count_kinds()
    version.facts_version, version.diff_version = FACTS_VERSION, DIFF_VERSION
    return version


def _store(batch: list[Version]) -> int:
    with transaction.atomic():
        changed: int = Version.objects.bulk_update(batch, _COUNTED)
    return changed
