"""Which articles the answer at a feed's address names, directly or through an index of sitemaps."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedEntry,
    FeedKind,
    FeedReading,
    IsolationError,
    isolated,
    looks_like_article,
    read_feed,
)
from articles.models import Feed, Outcome, host_name
from articles.watch.check.classify import judge
from articles.watch.check.page import READING_SECONDS
from articles.watch.crawl.errors import Forbidden, SessionOver
from articles.watch.crawl.host_session import HostSession

FEED_TOTAL_SECONDS = 30.0

MOST_SITEMAPS = 3
"""Sitemaps of an index that are read at one visit, the newest first: what is new stands in these."""

DEEPEST = 2
"""An index may name indexes; these may name sitemaps only."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Named:
    """The articles named; or what went wrong.

    unchanged: the site says that nothing has changed since its validators were given.
    through_index: they came through an index, which may stay the same when its sitemaps change.
    not_read: a sitemap of an index that was not asked for, being on another host, or for want of time (late).
    """

    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""
    unchanged: bool = False
    through_index: bool = False
    not_read: str = ""
    late: bool = False


def named_in(feed: Feed, answer: Answer, turn: HostSession) -> Named:
    """The articles that *answer*, fetched from the feed's address, names. Of an index of sitemaps, the newest
    are read in the same turn."""
    if judge(answer).outcome is Outcome.UNCHANGED:
        return Named(unchanged=True)
    reading = _read(answer)
    if reading.problem:
        return Named(problem=reading.problem)
    if reading.kind is FeedKind.SITEMAP_INDEX:
        return _named_in_sitemaps(feed, reading, turn)
    if reading.kind is FeedKind.SITEMAP:
        return Named(_recent(feed, reading.entries))
    if reading.kind is not FeedKind.HTML:
        return Named(reading.entries)
    if feed.kind != Feed.Kind.SECTION:
        # Its links are those of an error page or a menu as well as of stories.
        return Named(
            problem="this is a web page, not a feed: if it lists stories, make its kind “section page”"
        )
    if feed.source.only_addresses.strip():
        return Named(reading.entries)  # the admin has said which are articles
    return Named(tuple(entry for entry in reading.entries if looks_like_article(entry.url, entry.title)))


def _read(answer: Answer) -> FeedReading:
    """The answer read; its problem says why it could not be."""
    judgement = judge(answer)
    if judgement.outcome is not None:
        return FeedReading(FeedKind.UNKNOWN, problem=judgement.reason)
    try:
        reading: FeedReading = isolated(
            read_feed, answer.body, answer.final_url, answer.content_type, wall=READING_SECONDS
        )
    except IsolationError as problem:
        return FeedReading(FeedKind.UNKNOWN, problem=f"reading the feed was stopped: {problem.reason}")
    return reading


def _named_in_sitemaps(feed: Feed, index: FeedReading, turn: HostSession) -> Named:
    found: list[FeedEntry] = []
    problems: list[str] = []
    waiting = [(entry, 1) for entry in _newest(feed, index.entries)]
    left = MOST_SITEMAPS
    not_read, late = "", False
    while waiting and left:
        sitemap, depth = waiting.pop(0)
        if host_name(sitemap.url) != turn.host.name:
            problems.append(f"{sitemap.url} is on another host: watch it as a feed of its own")
            not_read = not_read or sitemap.url
            continue
        left -= 1
        try:
            reading = _read(turn.ask(sitemap.url, accept=ACCEPT_FEED, total=FEED_TOTAL_SECONDS, hurried=True))
        except Forbidden as problem:
            problems.append(f"{sitemap.url}: {problem}")
            continue
        except SessionOver:
            not_read, late = sitemap.url, True
            break  # what was found is kept; the rest has its chance at the next visit
        if reading.problem:
            problems.append(f"{sitemap.url}: {reading.problem}")
        elif reading.kind is FeedKind.SITEMAP_INDEX and depth < DEEPEST:
            waiting[:0] = [(entry, depth + 1) for entry in _newest(feed, reading.entries)]
        elif reading.kind is FeedKind.SITEMAP:
            found += _recent(feed, reading.entries)
        else:
            problems.append(f"{sitemap.url} is no sitemap")
    told = "" if found else "; ".join(problems[:3])
    return Named(tuple(found), told, through_index=True, not_read=not_read, late=late)


def _newest(feed: Feed, sitemaps: Sequence[FeedEntry]) -> list[FeedEntry]:
    """The sitemaps that may name something new, the newest first; news sitemaps before all others.

    Where the index gives no dates, the highest numbers in the addresses are the newest.
    """
    return sorted(
        _recent(feed, sitemaps),
        key=lambda sitemap: (
            "news" in sitemap.url.rpartition("/")[2].lower(),
            sitemap.published or _LONG_AGO,
            [int(number) for number in re.findall(r"\d{1,18}", sitemap.url)],
        ),
        reverse=True,
    )


def _recent(feed: Feed, entries: Sequence[FeedEntry]) -> tuple[FeedEntry, ...]:
    """The entries without those so old that they would not be checked again: sitemaps name archives too."""
    oldest = timezone.now() - timedelta(days=feed.source.retire_after_days)
    return tuple(entry for entry in entries if entry.published is None or entry.published >= oldest)
