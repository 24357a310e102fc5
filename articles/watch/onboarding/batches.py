"""Addresses that people give, one or a file of them, become articles: in slices, and whatever ends a worker.

A slice is one transaction: its articles and what is said of its rows are stored together or not at all, so a
batch that was cut short goes on where it was. A lease keeps two workers from the same batch.
"""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone

from articles import search
from articles.fetch import address_key
from articles.models import Address, Article, Batch, BatchRow, Source
from articles.patterns import PatternFault
from articles.watch.feeds.address_filters import let_through
from articles.watch.feeds.poll import add_article

log = logging.getLogger(__name__)

SLICE = 25
"""Rows stored at once: SQLite's one writer is busy no longer than a tenth of a second."""

LONGEST_REST = 2.0
"""Seconds. The rest after a slice is as long as the slice took, but the batch goes on."""

Outcome = BatchRow.Outcome

_SAID = ("outcome", "reason", "article")


class NotAdded(Exception):
    """The address is not watched; the message says why, for the person who gave it."""


def work(seconds: float, *, only: int | None = None) -> int:
    """Go on with what people gave, the first first (or with one batch only); how many rows were done."""
    ends = time.monotonic() + seconds
    batches = Batch.objects.unfinished() if only is None else Batch.objects.unfinished().filter(pk=only)
    sites: search.Sites | None = None
    done = 0
    for pk in batches.free(timezone.now()).order_by("created").values_list("pk", flat=True):
        token = Batch.objects.claim(pk, timezone.now(), settings.LEASE_SECONDS)
        if token is not None:
            sites = sites or search.Sites()
            try:
                done += _work_on(pk, token, sites, ends)
            except Exception:
                # One person's file must not keep everybody else's waiting; it is tried again itself.
                log.exception("a batch could not be worked on", extra={"batch": pk})
        if time.monotonic() >= ends:
            break
    return done


def _work_on(pk: int, token: UUID, sites: search.Sites, ends: float) -> int:
    """Take slices of the batch until it is finished or the time is up; how many rows were done."""
    batch = Batch.objects.select_related("source").get(pk=pk)
    done = 0
    try:
        while time.monotonic() < ends:
            if not Batch.objects.renew(pk, token, timezone.now(), settings.LEASE_SECONDS):
                log.warning("the lease of a batch was lost", extra={"batch": pk})
                break
            rows = list(batch.rows.filter(outcome=Outcome.WAITING).order_by("line")[:SLICE])
            if not rows:
                Batch.objects.filter(pk=pk, lease_token=token).update(finished=timezone.now())
                break
            # Looked up here: while rows are stored, nobody else can write to SQLite.
            sources = [batch.source or sites.source_of(row.address) for row in rows]
            begun = time.monotonic()
            done += _take_slice(list(zip(rows, sources, strict=True)), ends)
            # Others want to write too: who waits for SQLite asks again and again, and never gets in
            # between two transactions that follow at once.
            time.sleep(min(time.monotonic() - begun, LONGEST_REST))
    finally:
        Batch.objects.release(pk, token)
    return done


_Given = tuple[BatchRow, Source | None]


def _take_slice(given: Sequence[_Given], ends: float) -> int:
    """Store the rows, those there is time for, all or none; how many."""
    taken = []
    try:
        with transaction.atomic():
            for row, source in given:
                _take(row, source)
                taken.append(row)
                if time.monotonic() >= ends:
                    break
            BatchRow.objects.bulk_update(taken, _SAID)
    except OperationalError:
        raise  # the database is busy or gone: no row's fault
    except Exception:
        log.exception("rows of a batch failed; each is taken alone", extra={"batch": given[0][0].batch_id})
        return _take_each(given, ends)
    return len(taken)


def _take_each(given: Sequence[_Given], ends: float) -> int:
    """Store each row for itself, and say of those that fail that they do; how many."""
    for number, (row, source) in enumerate(given, 1):
        try:
            with transaction.atomic():
                _take(row, source)
                row.save(update_fields=_SAID)
        except OperationalError:
            raise
        except Exception:
            log.exception("a row of a batch failed", extra={"batch": row.batch_id, "line": row.line})
            row.outcome, row.reason, row.article = (
                Outcome.REFUSED,
                "an error of ours; the log tells more",
                None,
            )
            row.save(update_fields=_SAID)
        if time.monotonic() >= ends:
            return number
    return len(given)


def _take(row: BatchRow, source: Source | None) -> None:
    """Watch the row's address, and say in the row what became of it."""
    try:
        article, new = _article_at(row.address, source)
    except (NotAdded, ValueError) as problem:
        row.outcome, row.reason = Outcome.REFUSED, str(problem)
        return
    row.article, row.outcome, row.reason = article, Outcome.ADDED if new else Outcome.KNOWN, ""
    if not new:
        row.reason = _of_known(article)


def _article_at(address: str, source: Source | None) -> tuple[Article, bool]:
    """The article at *address*, and whether it is new.

    :raises NotAdded: there is a reason not to watch it.
    :raises ValueError: it is no address that can be watched.
    """
    known = Address.objects.filter(key=address_key(address)).select_related("article").first()
    if known and known.article.hidden:
        raise NotAdded("it was taken down here")
    if known:
        return known.article, False
    parts = urlsplit(address)
    if parts.path in ("", "/") and not parts.query:
        raise NotAdded("this is a home page, not an article: a whole site is added as a source")
    if source is None:
        raise NotAdded(f"no source watches {parts.hostname}: choose the source, or add one first")
    try:
        [is_wanted] = let_through(source, [address])
    except PatternFault as fault:
        raise NotAdded(f"an address filter of {source} can't be used: {fault}") from fault
    if not is_wanted:
        raise NotAdded(f"the address filters of {source} leave it out")
    return add_article(address, source)


def _of_known(article: Article) -> str:
    State = Article.State
    return {
        State.PAUSED: "it is paused",
        State.RETIRED: "it has not changed for so long that it is not checked any more",
        State.REMOVED: "it was removed",
        State.WITHHELD: "it is withheld for legal reasons",
    }.get(State(article.state), "")


KEPT = timedelta(days=90)


def prune() -> int:
    """Delete what was given long ago and is done: the articles stay."""
    old = Batch.objects.filter(finished__lt=timezone.now() - KEPT)
    return sum(Batch.objects.filter(pk=pk).delete()[0] for pk in old.values_list("pk", flat=True)[:100])
