"""The numbers of every source, read together and stored."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.utils import timezone

from articles.health.alerts import note
from articles.health.judge import (
    WINDOWS,
    Judged,
    Numbers,
    Problem,
    failing_since,
    judge,
    usual_of,
    verdict,
    well,
)
from articles.models import Alert, Article, Feed, Health, Host, HourCount, Source, hour_of
from articles.models.health import DAY_HOURS, HOUR

FEED_FAILS = 3
"""Readings in a row that failed, before a feed is said to."""

LATELY = timedelta(hours=3)

STILL_TRIED = 72
"""Hours. What fails waits up to a day between two tries; what was not tried for longer is given up."""

MOST_HOSTS = 200
"""Paused hosts that are named with their sources. With more it is hardly the sources."""

_CHECKED = ("checks", "empty", "blocked", "unreachable", "robots", "refused")
_SUMMED = ("articles", *_CHECKED, "feeds_read", "feeds_failed")
_STORED = (
    *("computed", "verdict", "paused", "severity", "problems", "usual", "parked", "capped", "deferred"),
    *("next_feed", "next_article", *_SUMMED),
)


def refresh() -> int:
    """Count and judge every source anew, and note what is worth an e-mail; how many have problems."""
    now = timezone.now()
    known: dict[int, dict[str, float | None]] = defaultdict(dict)
    for source_id, kind, usual in Alert.objects.filter(ended=None).values_list("source", "kind", "usual"):
        known[source_id][kind] = usual
    rows, found = [], {}
    for reading in _readings(now):
        kinds = known[reading.source_id]
        # A yield that collapsed is held against what was usual before, until it is back.
        numbers = replace(reading.numbers, usual=kinds.get("yield") or reading.numbers.usual)
        problems = judge(numbers, kinds)
        found[reading.source_id] = Judged(problems, well(numbers), numbers.usual)
        rows.append(_row(reading, numbers, problems))
    Health.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["source"], update_fields=_STORED
    )
    note(found, now)
    return sum(bool(judged.problems) for judged in found.values())


def accept_yield(source: Source) -> bool:
    """Count what *source* gives from now on as its usual yield; False where it gives no less than usual."""
    with transaction.atomic():
        health = Health.objects.select_for_update().filter(source=source).first()
        if health is None or "yield" not in (kind for kind, _ in health.problems):
            return False
        Health.objects.filter(pk=health.pk).update(usual_since=timezone.now())
        Alert.objects.filter(source=source, kind="yield").delete()
        # Later: two who count, and one of them holding a row, would wait for each other.
        transaction.on_commit(refresh)
    return True


def prune() -> int:
    """Delete the hours that nothing asks for any more, and those of a clock that ran ahead; how many."""
    hour = hour_of(timezone.now())
    old = Q(hour__lt=hour - (WINDOWS + 2) * DAY_HOURS) | Q(hour__gt=hour + 1)
    return HourCount.objects.filter(old).delete()[0]


@dataclass(frozen=True)
class _Reading:
    """All that is stored of one source."""

    source_id: int
    numbers: Numbers
    feeds_failed: int = 0
    next_feed: datetime | None = None
    next_article: datetime | None = None


def _row(reading: _Reading, numbers: Numbers, problems: list[Problem]) -> Health:
    return Health(
        source_id=reading.source_id,
        computed=numbers.now,
        verdict=verdict(numbers, problems),
        paused=not numbers.enabled,
        severity=problems[0].severity if problems else 0,
        problems=[[problem.kind, problem.words] for problem in problems],
        usual=numbers.usual,
        parked=numbers.parked,
        capped=numbers.capped,
        deferred=numbers.deferred,
        next_feed=reading.next_feed,
        next_article=reading.next_article,
        articles=numbers.articles,
        **{name: getattr(numbers, name) for name in _CHECKED},
        feeds_read=numbers.feeds_read,
        feeds_failed=reading.feeds_failed,
    )


@dataclass
class _Feeds:
    """The feeds of one source."""

    count: int = 0
    failing: list[str] = field(default_factory=list)
    error: str = ""
    last_read: datetime | None = None
    next: datetime | None = None
    deferred: int = 0


def _readings(now: datetime) -> Iterable[_Reading]:
    """Each source with its numbers: ten queries for all of them."""
    hour = hour_of(now)
    sums, windows = _sums(hour), _windows(hour)
    since = dict(Health.objects.exclude(usual_since=None).values_list("source", "usual_since"))
    feeds, hosts = _feeds(), _paused_hosts(now)
    parked = _per_source("parked")
    capped = _per_source("capped_since")
    failing = _failing(hour, sums)
    due = Article.objects.filter(source=OuterRef("pk"), next_check_at__isnull=False)
    first_due = due.order_by("next_check_at").values("next_check_at")[:1]
    for source in Source.objects.annotate(next_article=Subquery(first_due)).order_by("pk"):
        sum_, feed = sums.get(source.pk, {}), feeds.get(source.pk, _Feeds())
        checks_since, feeds_since = failing.get(source.pk, (None, None))
        fresh_for = max(LATELY, 2 * timedelta(seconds=source.feed_seconds))
        numbers = Numbers(
            now=now,
            created=source.created,
            enabled=source.enabled,
            last_success=source.last_success,
            errors_in_row=source.errors_in_row,
            last_error=source.last_error,
            articles=sum_.get("articles", 0),
            usual=usual_of(_lately(windows.get(source.pk, {}), since.get(source.pk), hour))
            if feed.count
            else None,
            checks_failing_since=checks_since,
            feeds=feed.count,
            feeds_failing=len(feed.failing),
            feed_error=feed.error,
            last_feed_read=feed.last_read,
            feeds_failing_since=feeds_since if feed.count else None,
            feeds_read=sum_.get("feeds_read", 0),
            feeds_fresh=feed.last_read is not None and now - feed.last_read <= fresh_for,
            paused_hosts=tuple(hosts.get(source.pk, ())),
            parked=parked[source.pk],
            capped=capped[source.pk],
            deferred=feed.deferred,
        )
        yield _Reading(
            source.pk,
            _with_checks(numbers, sum_),
            sum_.get("feeds_failed", 0),
            feed.next,
            source.next_article,
        )


def _with_checks(numbers: Numbers, sums: dict[str, int]) -> Numbers:
    checks: dict[str, Any] = {name: sums.get(name, 0) for name in _CHECKED}
    return replace(numbers, **checks)


def _sums(hour: int, hours: int = DAY_HOURS) -> dict[int, dict[str, int]]:
    """By source, what the last *hours* come to."""
    lately = HourCount.objects.filter(hour__gt=hour - hours, hour__lte=hour).values("source").order_by()
    rows = lately.annotate(**{f"{name}_sum": Sum(name) for name in _SUMMED})
    return {row["source"]: {name: row[f"{name}_sum"] for name in _SUMMED} for row in rows}


def _windows(hour: int) -> dict[int, dict[int, int]]:
    """By source, the new articles in each stretch of 24 hours before the last in which a feed was read."""
    before = HourCount.objects.filter(hour__lte=hour - DAY_HOURS, hour__gt=hour - (WINDOWS + 1) * DAY_HOURS)
    number = (Value(hour, IntegerField()) - F("hour")) / Value(DAY_HOURS, IntegerField())
    rows = (
        before.annotate(window=number)
        .values("source", "window")
        .order_by()
        .annotate(new=Sum("articles"), read=Sum("feeds_read"))
        .filter(read__gt=0)
    )
    windows: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        windows[row["source"]][row["window"]] = row["new"]
    return windows


def _lately(windows: dict[int, int], since: datetime | None, hour: int) -> dict[int, int]:
    """Those of *windows* that began after *since*."""
    if since is None:
        return windows
    begun = (hour - hour_of(since)) // DAY_HOURS
    return {number: new for number, new in windows.items() if number < begun}


def _read_well(row: dict[str, Any]) -> int:
    """The checks that told something of the article."""
    well: int = row["checks"] - sum(row[name] for name in _CHECKED[1:])
    return well


def _failing(
    hour: int, today: dict[int, dict[str, int]]
) -> dict[int, tuple[datetime | None, datetime | None]]:
    """By source, since when all checks, and all readings of feeds, have failed."""
    doubtful = [
        source
        for source, lately in _sums(hour, STILL_TRIED).items()
        if (lately["checks"] and not (source in today and _read_well(today[source])))
        or (lately["feeds_failed"] and not (source in today and today[source]["feeds_read"]))
    ]
    hours: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for begin in range(0, len(doubtful), 500):
        some = HourCount.objects.filter(hour__lte=hour, source__in=doubtful[begin : begin + 500])
        for row in some.values("source", "hour", *_SUMMED).iterator():
            hours[row["source"]].append(row)
    return {
        source: (
            _begin(failing_since((row["hour"], _read_well(row), row["checks"]) for row in rows)),
            _begin(failing_since((row["hour"], row["feeds_read"], row["feeds_failed"]) for row in rows)),
        )
        for source, rows in hours.items()
    }


def _begin(hour: int | None) -> datetime | None:
    return None if hour is None else datetime.fromtimestamp(hour * HOUR, UTC)


def _feeds() -> dict[int, _Feeds]:
    found: dict[int, _Feeds] = defaultdict(_Feeds)
    columns = (
        "source",
        "address",
        "errors_in_row",
        "last_error",
        "last_success",
        "next_check_at",
        "deferred",
    )
    for row in Feed.objects.order_by("-errors_in_row", "pk").values(*columns).iterator():
        feeds = found[row["source"]]
        feeds.count += 1
        feeds.deferred += row["deferred"]
        feeds.next = min(filter(None, (feeds.next, row["next_check_at"])))
        feeds.last_read = max(filter(None, (feeds.last_read, row["last_success"])), default=None)
        feeds.error = feeds.error or row["last_error"]
        if row["errors_in_row"] >= FEED_FAILS:
            feeds.failing.append(row["address"])
    return found


def _paused_hosts(now: datetime) -> dict[int, list[tuple[str, datetime]]]:
    """By source, the hosts left alone after failures: those of its feeds, and where its articles are due."""
    paused = Host.objects.filter(paused_until__gt=now).order_by("pk")
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for pk, name, until in paused.values_list("pk", "name", "paused_until")[:MOST_HOSTS]:
        sources = set(Feed.objects.filter(host=pk).values_list("source", flat=True))
        due = Article.objects.filter(host=pk, next_check_at__isnull=False).order_by("next_check_at")
        sources |= set(due.values_list("source", flat=True)[:1])
        for source in sources:
            found[source].append((name, until))
    return found


def _per_source(column: str) -> Counter[int]:
    """By source, the articles with something in *column*: few, found by the column's own index.

    Asked to group them, SQLite would read all articles by their sources.
    """
    some = Article.objects.filter(**{f"{column}__isnull": False}).order_by(column)
    return Counter(some.values_list("source", flat=True).iterator())
