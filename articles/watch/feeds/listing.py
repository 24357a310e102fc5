"""Which articles the answer at a feed's address names, directly or through an index of sitemaps."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.entries import Fate

FEED_TOTAL_SECONDS = 30.0

MOST_SITEMAPS = 3
"""Sitemaps of an index that are read at one visit, the newest first: what is new stands in these."""

DEEPEST = 2
"""An index may name indexes; these may name sitemaps only."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Listing:
    """The articles that a feed names; or what went wrong.

    left_out: how many of the document's addresses are none of these, and why.
    unchanged: the site says that nothing has changed since its validators were given.
    through_index: they came through an index, which may stay the same when its sitemaps change.
    not_read: a sitemap of an index that was not asked for, being on another host, or for want of time (late).
    """

    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""
    left_out: Mapping[Fate, int] = field(default_factory=dict)
    unchanged: bool = False
    through_index: bool = False
    not_read: str = ""
    late: bool = False


def list_entries(feed: Feed, answer: Answer, fetcher: PoliteFetcher) -> Listing:
    """The articles that *answer*, fetched from the feed's address, names. Of an index of sitemaps, the newest
    are read in the same session."""
    if judge(answer).outcome is Outcome.UNCHANGED:
        return Listing(unchanged=True)
    reading = _read(answer)
    if reading.problem:
        return Listing(problem=reading.problem)
    if reading.kind is FeedKind.SITEMAP_INDEX:
        return _list_sitemaps(feed, reading, fetcher)
    if reading.kind is FeedKind.SITEMAP:
        recent = _recent(feed, reading.entries)
        return Listing(recent, left_out=_all_but(reading.entries, recent, Fate.OLD))
    if reading.kind is not FeedKind.HTML:
        return Listing(reading.entries)
    if feed.kind != Feed.Kind.SECTION:
        # Its links are those of an error page or a menu as well as of stories.
        return Listing(
            problem="this is a web page, not a feed: if it lists stories, make its kind “section page”"
        )
    if feed.source.only_addresses.strip():
        return Listing(reading.entries)  # the admin has said which are articles
    likely = tuple(entry for entry in reading.entries if looks_like_article(entry.url, entry.title))
    return Listing(likely, left_out=_all_but(reading.entries, likely, Fate.NO_ARTICLE))


def _all_but(entries: Sequence[FeedEntry], kept: Sequence[FeedEntry], fate: Fate) -> dict[Fate, int]:
    """That all *entries* but those *kept* came to *fate*."""
    left_out = len(entries) - len(kept)
    return {fate: left_out} if left_out else {}


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


def _list_sitemaps(feed: Feed, index: FeedReading, fetcher: PoliteFetcher) -> Listing:
    found: list[FeedEntry] = []
    left_out: Counter[Fate] = Counter()
    problems: list[str] = []
    waiting = [(entry, 1) for entry in _newest(feed, index.entries)]
    left = MOST_SITEMAPS
    not_read, late = "", False
    while waiting and left:
        sitemap, depth = waiting.pop(0)
        if host_name(sitemap.url) != fetcher.host.name:
            problems.append(f"{sitemap.url} is on another host: watch it as a feed of its own")
            not_read = not_read or sitemap.url
            continue
        left -= 1
        try:
            reading = _read(
                fetcher.ask(sitemap.url, accept=ACCEPT_FEED, total=FEED_TOTAL_SECONDS, hurried=True)
            )
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
            recent = _recent(feed, reading.entries)
            left_out.update(_all_but(reading.entries, recent, Fate.OLD))
            found += recent
        else:
            problems.append(f"{sitemap.url} is no sitemap")
    why = "" if found else "; ".join(problems[:3])
    return Listing(tuple(found), why, left_out, through_index=True, not_read=not_read, late=late)


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
