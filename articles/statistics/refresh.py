"""Counting a source's articles, and when."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.facts import Told, from_store, is_live, ledger, most_told
from articles.models import Figures, Source, Version
from articles.statistics.counts import Counts

FRESH_FOR = timedelta(minutes=9)
"""Figures older than this are counted anew, unless that takes long."""

FRESH_FOR_A_FEW = timedelta(seconds=50)
"""The same while all sources together are counted quickly: just under the minute of the schedule."""

MOST_OF_TIME = 0.01
"""Figures that took long are kept longer, so that counting takes no more of the time than this."""

LEAST_SECONDS = 0.01
"""What counting a source is taken to cost at least, as its figures have to be stored."""

QUICK_SECONDS = 0.5
"""Figures that are counted faster than this may be counted while somebody waits."""

_CHUNK = 2_000

SLICE = 1_000
"""Articles whose versions are read at once."""

_HOUR = timedelta(hours=1)


def refresh(seconds: float = 20.0) -> int:
    """Count anew the sources whose turn it is, the longest uncounted first; how many it were.

    None is begun after so many seconds: the rest comes next time.
    """
    ends = time.monotonic() + seconds
    counted = 0
    for source in _due():
        if time.monotonic() >= ends:
            break
        began = time.monotonic()
        counts = count(source)
        _store(source, counts, time.monotonic() - began, timezone.now())
        counted += 1
    _store_total()
    return counted


def refresh_soon(source: Source) -> None:
    """Count *source* anew now where that was quick the last time; else as soon as its turn comes."""
    known = Figures.objects.filter(source=source, seconds__lte=QUICK_SECONDS)
    if known.exists():
        began = time.monotonic()
        _store(source, count(source), time.monotonic() - began, timezone.now())
        _store_total()


def _store_total() -> None:
    """The sum of all sources, as old as its oldest part."""
    parts = list(Figures.objects.of_sources().values_list("counts", "computed"))
    total = Counts.total([Counts.from_json(stored) for stored, _ in parts])
    _store(None, total, 0.0, min((computed for _, computed in parts), default=timezone.now()))


def _due() -> list[Source]:
    now = timezone.now()
    known = {figures.source_id: figures for figures in Figures.objects.of_sources().defer("counts")}
    in_all = sum(max(figures.seconds, LEAST_SECONDS) for figures in known.values())
    fresh_for = min(max(_at_most_of_time(in_all), FRESH_FOR_A_FEW), FRESH_FOR)
    due = []
    for source in Source.objects.all():
        figures = known.get(source.pk)
        if figures is None or figures.computed + max(fresh_for, _at_most_of_time(figures.seconds)) <= now:
            due.append((figures.computed.timestamp() if figures else 0.0, source))
    return [source for _, source in sorted(due, key=itemgetter(0))]


def _at_most_of_time(seconds: float) -> timedelta:
    """How long to keep what took so many seconds to count."""
    return timedelta(seconds=seconds / MOST_OF_TIME)


def _store(source: Source | None, counts: Counts, seconds: float, computed: datetime) -> None:
    values = {
        "computed": computed,
        "seconds": seconds,
        "articles": counts.articles,
        "counts": counts.to_json(),
        "layout": Figures.LAYOUT,
    }
    Figures.objects.update_or_create(source=source, defaults=values)


def count(source: Source) -> Counts:
    """The counts of a source's articles as they stand now."""
    counts = Counts()
    for articles in _slices(source):
        for _, rows in groupby(_versions(articles), key=itemgetter("article")):
            _count_article(counts, list(rows))
    return counts


def _slices(source: Source) -> Iterator[list[int]]:
    """The ids of a source's articles, some at a time.

    Each slice is a query of its own that begins where the last ended: a cursor over all versions is planned
    by PostgreSQL for its first rows, and then goes through the index of all sources.
    """
    newest_first = source.articles.visible().newest_first()
    rows = list(newest_first.values_list("pk", "first_seen")[:SLICE])
    while rows:
        yield [pk for pk, _ in rows]
        last, first_seen = rows[-1]
        rows = list(newest_first.before(first_seen, last).values_list("pk", "first_seen")[:SLICE])


def _versions(articles: list[int]) -> Iterator[dict[str, Any]]:
    """What is counted of each version, article by article, in order."""
    rows: QuerySet[Version, dict[str, Any]] = (
        Version.objects.filter(article__in=articles, hidden=False)
        .order_by("article", "number")
        .annotate(headline_changed=~Q(headline_before=""))
        .values(
            *("article", "number", "seen", "minor", "headline_changed", "article__last_success"),
            *("badges", "facts", "modified", "follows_hidden", "article__address", "article__language"),
        )
    )
    return rows.iterator(_CHUNK)


def _count_article(counts: Counts, versions: list[dict[str, Any]]) -> None:
    first = versions[0]["seen"]
    changes = [version for version in versions[1:] if not version["minor"]]
    for change in changes:
        counts.add_change(change["seen"])
    last = versions[-1]["article__last_success"] or versions[-1]["seen"]
    counts.add_article(
        versions=len(versions),
        waited=max((changes[0]["seen"] - first) / _HOUR, 0.0) if changes else None,
        watched=max((last - first) / _HOUR, 0.0),
        headline_changed=any(version["headline_changed"] for version in changes),
    )
    _count_told(counts, versions)


def _count_told(counts: Counts, versions: list[dict[str, Any]]) -> None:
    """Count the kinds of an article's changes, and what its page told of those that call for a correction."""
    for version in versions[1:]:
        counts.add_kinds(version["badges"], minor=version["minor"])
    if not any(fact["due"] for version in versions for fact in version["facts"]):
        return
    first = versions[0]
    told = [
        Told(
            version["number"],
            version["seen"],
            version["modified"],
            () if version["follows_hidden"] else from_store(version["facts"]),
        )
        for version in versions
    ]
    entries = ledger(told, first["article__language"], live=is_live(first["article__address"]))
    for _, of_change in groupby(entries, key=attrgetter("number")):
        best = most_told(list(of_change))
        if best is not None:
            counts.add_told(best.disclosure, best.wait)
