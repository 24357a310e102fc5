"""Deleting for good what was kept of an article: only that there was one stays, and when it went.

What is deleted is whatever refers to the article, by the models' own foreign keys: what a later release adds
goes too. What stays is told by `_KEPT`.
"""

import logging
import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone

from articles import search
from articles.models import (
    Address,
    Article,
    FeedId,
    Imported,
    Reason,
    Takedown,
    TakedownStep,
    Tombstone,
    digest_of,
)
from articles.models.capture import delete_pages_of
from articles.models.takedown import feed_id_key, text_key
from articles.takedown import kept_lines
from articles.takedown.forgetting import forget_elsewhere, forget_in_logs, traces_of
from articles.takedown.hiding import Grounds, step_of

log = logging.getLogger(__name__)

_KEPT = (Takedown, TakedownStep, Tombstone)
"""These tell that there was an article, and nothing of what it said."""

_PURGED = TakedownStep.What.PURGED


def purge(article: Article, grounds: Grounds) -> None:
    """Delete every text, headline, address and page of *article*, and bar its addresses. Can't be undone."""
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        for joined in Article.objects.filter(joined_to=article, purged=None):
            purge(joined, grounds)  # it is the same story
        Article.objects.filter(joined_to=article).update(joined_to=None)
        Article.objects.filter(maybe_same=article).update(maybe_same=None)
        keys = [*article.addresses.values_list("key", flat=True), *_other_keys(article)]
        traces = traces_of(article)
        Tombstone.put(keys, article)
        forget_in_logs(article)
        _delete_related(article)
        forget_elsewhere(article, traces)
        _empty(article)
        step_of(article, _PURGED, grounds).save()
        transaction.on_commit(lambda: _write_down(keys, grounds))


def _other_keys(article: Article) -> list[str]:
    """By what besides its addresses *article* would come back: the ids of feeds and archives, and its
    texts."""
    ids = FeedId.objects.filter(article=article).values_list("feed", "guid")
    hashes = set(article.versions.values_list("text_hash", flat=True))
    imported = Imported.keys_by_article().filter(article=article)
    return [
        *(feed_id_key(feed, guid) for feed, guid in ids),
        *(text_key(article.source_id, text_hash) for text_hash in sorted(hashes)),
        *(Imported.key_of(*told) for _, *told in imported),
    ]


def _delete_related(article: Article) -> None:
    # The later before the earlier: to leave the search index, a version needs the one before it.
    for version in article.versions.order_by("-number").iterator(chunk_size=50):
        version.delete()
    delete_pages_of(article)
    for relation in Article._meta.get_fields(include_hidden=True):  # those without a name to come back by too
        if isinstance(relation, ForeignObjectRel) and relation.related_model not in _KEPT:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: article})
            rows.delete()


def _empty(article: Article) -> None:
    """Keep of the row what is no secret: its number, its source and host, and when it was first seen."""
    kept = {"id", "source", "host", "first_seen", "language", "direction", "checks_made", "errors_in_row"}
    values = {
        field.name: field.get_default()
        for field in Article._meta.concrete_fields
        if field.name not in kept and not field.is_relation
    }
    values |= {
        "address": "",
        "hidden": True,
        "purged": timezone.now(),
        "state": Article.State.PAUSED,
        "next_check_at": None,
        "joined_to": None,
        "maybe_same": None,
    }
    Article.objects.filter(pk=article.pk).update(**values)


# --- What outlasts a restore


def list_of_purged() -> Path:
    """The file that names, as digests, what was purged: a restored backup is older than some of it."""
    return Path(settings.DATA_DIR) / "purged-addresses.jsonl"


def _write_down(keys: Iterable[str], grounds: Grounds) -> None:
    named = _written_down()
    at = timezone.now().isoformat(timespec="seconds")
    told = {"at": at, "reason": grounds.reason.value, "status": grounds.status}
    digests = [digest for digest in map(digest_of, keys) if digest not in named]
    kept_lines.append(list_of_purged(), ({"digest": digest, **told} for digest in digests))


def _written_down() -> dict[str, Grounds]:
    """What the file names, each with why it was purged."""
    found: dict[str, Grounds] = {}
    row: Any
    for row in kept_lines.read(list_of_purged()):
        try:
            found[row["digest"]] = Grounds(Reason(row["reason"]), row["status"])
        except (ValueError, KeyError, TypeError):
            log.warning("a line of %s can't be understood", list_of_purged())
    return found


def bury_again() -> int:
    """Purge anew what the file names and a backup brought back; how many articles it were."""
    grounds = _written_down()
    if not grounds:
        return 0
    Tombstone.objects.bulk_create(
        [Tombstone(digest=digest) for digest in grounds], ignore_conflicts=True, batch_size=1000
    )
    found = {}
    imported = ((pk, Imported.key_of(*told)) for pk, *told in Imported.keys_by_article().iterator())
    for pk, key in chain(Address.objects.values_list("article", "key").iterator(), imported):
        if (digest := digest_of(key)) in grounds:
            found[pk] = grounds[digest]
    for pk, why in found.items():
        article = Article.objects.get(pk=pk)
        if not article.purged:
            purge(article, why)
            Tombstone.objects.filter(digest__in=grounds, article=None).update(article=article)
    return len(found)


# --- What is left in the files


def scrub(seconds: float = math.inf) -> bool:
    """Clear the database's files of what was deleted; whether that was done within about so many *seconds*.

    SQLite overwrites deleted rows (secure_delete), but the search index and the write-ahead log keep their
    words for a while. PostgreSQL keeps them until a vacuum: see docs/operating.md.
    """
    ends = time.monotonic() + seconds
    if not search.scrub(seconds):
        return False
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False  # its log can't be emptied while it is being written
    with connection.cursor() as cursor, _waiting(cursor, ends - time.monotonic()):
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy


@contextmanager
def _waiting(cursor: Any, seconds: float) -> Iterator[None]:
    """Within, SQLite waits for others no longer than so many *seconds*, nor than it usually does."""
    cursor.execute("PRAGMA busy_timeout")
    (usual,) = cursor.fetchone()
    cursor.execute(f"PRAGMA busy_timeout = {int(min(max(seconds * 1000, 0), usual))}")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def scrub_pending(seconds: float = math.inf) -> bool:
    """As `scrub`, where something was purged since it was last done; whether nothing is left to do."""
    pending = TakedownStep.objects.filter(what=_PURGED, scrubbed=None)
    keys = list(pending.values_list("pk", flat=True))
    if not keys:
        return True
    if not scrub(seconds):
        return False
    TakedownStep.objects.filter(pk__in=keys).update(scrubbed=timezone.now())
    return True
