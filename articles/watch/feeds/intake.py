"""Taking in what a feed names: what is known of it, and storing what is new. Few statements, however many."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Value

from articles.fetch import FeedEntry, address_key
from articles.models import Address, Article, Feed, FeedId, Host, Source, Tombstone, digest_of, host_name
from articles.models.identity import EARLIER_KEPT, TRUSTED_OVER
from articles.models.takedown import feed_id_key
from articles.watch.crawl.errors import NAMED_BY_FEED
from articles.watch.feeds.entries import (
    Candidate,
    EntryTally,
    Intake,
    KnownId,
    candidates_of,
    decide_intake,
    ids_are_trusted,
)

STORED_AT_ONCE = 100
"""New articles in one transaction: SQLite's one writer is busy with them for a tenth of a second."""

_MOST_TRIES = 3
"""Tries to store articles while other workers add the same ones in the same moment."""

_SEEN_EVERY = timedelta(days=1)
"""How exactly it is kept when a feed last named an id: else each reading would write to all of them."""

_Stored = TypeVar("_Stored")


@dataclass(frozen=True)
class Loaded:
    """The stored knowledge of a feed's candidates. known: the article of each key; ids: of each id of the
    feed."""

    known: Mapping[str, int]
    barred: frozenset[str]
    barred_ids: frozenset[str]
    ids: Mapping[str, KnownId]
    trusted: bool
    room: int


def take_in(feed: Feed, candidates: Sequence[Candidate], now: datetime) -> tuple[Intake, list[Article]]:
    """Watch those of *candidates* that are new; what became of each, and the new articles."""

    def once() -> tuple[Intake, list[Article]]:
        loaded = _load(feed, candidates, now)
        intake = decide_intake(
            candidates,
            known=loaded.known.keys(),
            barred=loaded.barred,
            room=loaded.room,
            ids=loaded.ids,
            barred_ids=loaded.barred_ids,
            trusted=loaded.trusted,
        )
        articles = store(feed.source, intake.new, now, learned=Address.Learned.FEED)
        _send_to_new_addresses(intake.moved, now)
        of_new = {one.key: article.pk for one, article in zip(intake.new, articles, strict=True)}
        of_moved = {one.key: article for one, article in intake.moved}
        _note_ids(feed, candidates, loaded, {**loaded.known, **of_new, **of_moved}, now)
        return intake, articles

    return again_if_others_added(once)


def foresee(entries: Sequence[FeedEntry]) -> EntryTally:
    """What would become of *entries* if a feed that named them were watched, without filters and limits; two
    queries."""
    candidates, dropped = candidates_of(entries, [True] * len(entries))
    keys = {candidate: candidate.key for candidate in candidates}
    known = set(Address.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    free = set(Tombstone.objects.not_barred(keys))
    barred = {candidate.key for candidate in candidates if candidate not in free}
    return dropped + decide_intake(candidates, known=known, barred=barred, room=len(candidates)).tally


def without_barred(tally: EntryTally) -> EntryTally:
    """*tally*, without those examples that were taken down for good; one query where there are any."""
    keys: dict[str, str] = {}
    for shown in tally.examples.values():
        for example in shown:
            with suppress(ValueError):  # a title
                keys[example] = address_key(example)
    return tally.without(keys.keys() - set(Tombstone.objects.not_barred(keys))) if keys else tally


def _load(feed: Feed, candidates: Sequence[Candidate], now: datetime) -> Loaded:
    """What is known of the candidates: one query, one more where entries have ids, two where any is new."""
    keys = [candidate.key for candidate in candidates]
    guids = [candidate.entry.identity for candidate in candidates if candidate.entry.identity]
    of_keys = {digest_of(key): key for key in keys}
    of_ids = {digest_of(feed_id_key(feed.pk, guid)): guid for guid in guids}
    # Asked in one statement: no digest looks like an address's key.
    found = (
        Address.objects.filter(key__in=keys)
        .values_list("key", "article")
        .union(
            Tombstone.objects.filter(digest__in=[*of_keys, *of_ids]).values_list("digest", Value(0)), all=True
        )
    )
    known: dict[str, int] = {}
    barred, barred_ids = set(), set()
    for one, article in found:
        if one in of_keys:
            barred.add(of_keys[one])
        elif one in of_ids:
            barred_ids.add(of_ids[one])
        else:
            known[one] = article
    ids = _known_ids(feed, guids, now)
    room, trusted = 0, False
    unknown = [one for one in candidates if one.key not in known and one.key not in barred]
    if unknown:
        lately = feed.source.articles.filter(first_seen__gt=now - timedelta(hours=1)).count()
        room = max(feed.source.new_articles_per_hour - lately, 0)
    if feed.ids_went_back is None and any(one.entry.identity in ids for one in unknown):
        named, changed = FeedId.objects.change_counts(feed, now)
        trusted = ids_are_trusted(named, changed, candidates, ids)
    return Loaded(known, frozenset(barred), frozenset(barred_ids), ids, trusted, room)


def _known_ids(feed: Feed, guids: Sequence[str], now: datetime) -> dict[str, KnownId]:
    if not guids:
        return {}
    rows = FeedId.objects.filter(feed=feed, guid__in=guids)
    # What was joined to another article goes on there.
    found = rows.annotate(of=F("article__joined_to")).values_list(
        "guid", "article", "of", "key", "earlier", "changed"
    )
    since = now - TRUSTED_OVER
    return {
        guid: KnownId(joined_to or article, key, frozenset(earlier), changed is not None and changed >= since)
        for guid, article, joined_to, key, earlier, changed in found
    }


def _send_to_new_addresses(moved: Sequence[tuple[Candidate, int]], now: datetime) -> None:
    """Have the next check of each known story, made at once, look at the address that the feed names now."""
    if not moved:
        return
    hosts = Host.objects.for_addresses(candidate.address for candidate, _ in moved)
    articles = Article.objects.filter(purged=None).exclude(state=Article.State.PAUSED)
    found = articles.in_bulk([article for _, article in moved])
    for candidate, pk in moved:
        article = found.get(pk)
        if article and article.pending_hops[-1:] != [candidate.address]:
            Article.objects.filter(pk=pk, address=article.address).update(
                host=hosts[host_name(candidate.address)],
                pending_hops=[(NAMED_BY_FEED, article.address), candidate.address],
                # One that is overdue keeps its place: each reading would send it to the end of the queue.
                next_check_at=min(article.next_check_at or now, now),
            )


def _note_ids(
    feed: Feed, candidates: Sequence[Candidate], loaded: Loaded, articles: Mapping[str, int], now: datetime
) -> None:
    """Keep under which id the feed names which link. articles: by the links' keys."""
    new: list[FeedId] = []
    changed: dict[str, Candidate] = {}
    named: list[str] = []
    for candidate in candidates:
        guid, article = candidate.entry.identity, articles.get(candidate.key)
        if not guid or article is None:
            continue
        before = loaded.ids.get(guid)
        if before is None:
            new.append(
                FeedId(
                    feed=feed, guid=guid, article_id=article, key=candidate.key, first_seen=now, last_seen=now
                )
            )
        elif before.key != candidate.key:
            changed[guid] = candidate
        else:
            named.append(guid)
    if new:
        FeedId.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    if changed:
        _note_changed_ids(feed, changed, loaded, articles, now)
    if named and FeedId.objects.filter(feed=feed, last_seen__lt=now - _SEEN_EVERY).exists():
        old = FeedId.objects.filter(feed=feed, guid__in=named, last_seen__lt=now - _SEEN_EVERY)
        old.update(last_seen=now)


def _note_changed_ids(
    feed: Feed,
    changed: Mapping[str, Candidate],
    loaded: Loaded,
    articles: Mapping[str, int],
    now: datetime,
) -> None:
    rows = list(FeedId.objects.filter(feed=feed, guid__in=changed))
    went_back = False
    for row in rows:
        key = changed[row.guid].key
        went_back = went_back or digest_of(key) in row.earlier
        row.earlier = [*row.earlier, digest_of(row.key)][-EARLIER_KEPT:]
        row.key, row.article_id, row.changed, row.last_seen = key, articles[key], now, now
    FeedId.objects.bulk_update(rows, ["earlier", "key", "article", "changed", "last_seen"], batch_size=200)
    if went_back:
        Feed.objects.filter(Q(ids_went_back=None), pk=feed.pk).update(ids_went_back=now)


def store(
    source: Source, new: Sequence[Candidate], now: datetime, *, learned: Address.Learned
) -> list[Article]:
    """The new articles, stored, in the order of *new*; they are due at once.

    The first is stored last: feeds name the newest first, and lists show the highest number first.

    :raises IntegrityError: another worker added one of them in the same moment.
    """
    stored: list[Article] = []
    for first in range(0, len(new), STORED_AT_ONCE):
        # The last ones of the feed go first.
        stored += _store_some(source, new[::-1][first : first + STORED_AT_ONCE], now, learned)
    return stored[::-1]


def _store_some(
    source: Source, new: Sequence[Candidate], now: datetime, learned: Address.Learned
) -> list[Article]:
    with transaction.atomic():
        hosts = Host.objects.for_addresses(candidate.address for candidate in new)
        articles = Article.objects.bulk_create(
            Article(
                source=source,
                host=hosts[host_name(candidate.address)],
                address=candidate.address,
                headline=candidate.entry.title,
                published=candidate.entry.published,
                language=source.language,
                maybe_same_id=candidate.maybe_same,
                first_seen=now,
                next_check_at=now,
            )
            for candidate in new
        )
        Address.objects.bulk_create(
            Address(article=article, address=candidate.address, key=candidate.key, learned=learned)
            for article, candidate in zip(articles, new, strict=True)
        )
    return articles


def again_if_others_added(take: Callable[[], _Stored]) -> _Stored:
    """Return what *take* returns; it is done anew when another worker added the same article meanwhile."""
    for _ in range(_MOST_TRIES - 1):
        with suppress(IntegrityError):
            return take()
    return take()
