"""Which articles the answer at a feed's address names, directly or through an index of sitemaps."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedEntry,
    FeedKind,
    FeedReading,
    Hub,
    WhyLeftOut,
    hub_in_headers,
    is_same_host,
    looks_like_article,
    parse_endpoints,
    read_feed,
)
from articles.isolation import IsolationError, isolated
from articles.models import Feed, Outcome
from articles.watch.check.classify import judge
from articles.watch.check.page import READING_SECONDS
from articles.watch.crawl.bounds import of_feeds
from articles.watch.crawl.errors import Forbidden, Hops, PutOff, SessionOver
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.entries import EntryTally, Fate, What

FEED_READING_SECONDS = 30.0
"""Seconds by the clock that the reading of one feed may take: a sitemap of 50,000 addresses needs most of
READING_SECONDS of CPU, which a busy machine gives more slowly."""

MOST_SITEMAPS = 3
"""Sitemaps of an index that are read each time, the newest first: what is new stands in these."""

MAX_SITEMAP_TRIES = 3
"""The number of times a sitemap is tried whose redirect leads to a host that has no time."""

_MOST_WAITING = 20
"""Sitemaps that are kept for the next session: those read, and some that may turn out to be elsewhere."""

_PROBLEMS_KEPT = 3
"""Problems with sitemaps that are told at once."""

MAX_INDEX_DEPTH = 2
"""The depth to which indexes of sitemaps may lead: an index may name indexes, and these sitemaps only."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sitemap:
    """A sitemap that is still to be read.

    depth: in how many indexes it is nested; hops: those followed so far, whose last led to *url*; tries: how
    often it was put off.
    """

    url: str
    depth: int = 1
    hops: Hops = ()
    tries: int = 0


@dataclass
class SitemapsLeft:
    """The sitemaps of an index that are left to be read: each may be asked for in a session of its own.

    waiting: the next first; budget: how many of them are read at most; named: articles named so far.
    problems: what was wrong with those that gave nothing. not_read: one that is not asked for at all.
    """

    waiting: list[Sitemap] = field(default_factory=list)
    budget: int = MOST_SITEMAPS
    named: int = 0
    problems: list[str] = field(default_factory=list)
    not_read: str = ""

    @property
    def is_done(self) -> bool:
        return not self.waiting or not self.budget

    @property
    def problem(self) -> str:
        """Why no article is named, once it is done."""
        return "" if self.named or not self.is_done else "; ".join(self.problems[:_PROBLEMS_KEPT])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "SitemapsLeft":
        waiting = [
            Sitemap(
                one["url"], one["depth"], tuple((status, url) for status, url in one["hops"]), one["tries"]
            )
            for one in kept["waiting"]
        ]
        return cls(**{**kept, "waiting": waiting, "problems": list(kept["problems"])})


@dataclass(frozen=True)
class Listing:
    """The articles that a feed names; or what went wrong.

    left_out: how many of the document's addresses are none of these, and why. site: the page it is the feed
    of, if it says so.
    unchanged: the site says that nothing has changed since its validators were given.
    hub: the WebSub hub that the feed names, None where it was not read to know.
    sitemaps: where they came through an index, how far its reading has got. An index may stay the same when
    its sitemaps change.
    """

    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""
    left_out: EntryTally = field(default_factory=EntryTally)
    site: str = ""
    unchanged: bool = False
    hub: Hub | None = None
    sitemaps: SitemapsLeft | None = None

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is left to be read."""
        return self.sitemaps is None or self.sitemaps.is_done


def list_entries(feed: Feed, answer: Answer, fetcher: PoliteFetcher) -> Listing:
    """The articles that *answer*, fetched from the feed's address, names.

    Of an index of sitemaps, the newest are read as far as the session has time; ``list_sitemaps`` goes on.
    """
    if judge(answer).outcome is Outcome.UNCHANGED:
        return Listing(unchanged=True)
    reading = _read(answer)
    if reading.problem:
        return Listing(problem=reading.problem)
    if reading.kind is FeedKind.SITEMAP_INDEX:
        waiting = [Sitemap(entry.url) for entry in _newest(feed, reading.entries)]
        return list_sitemaps(feed, SitemapsLeft(waiting), fetcher)
    if reading.kind is FeedKind.SITEMAP:
        recent, left_out = _recent_of(feed, reading)
        return Listing(recent, left_out=left_out)
    left_out = EntryTally.of(reading.left_out)
    if reading.kind is not FeedKind.HTML:
        named = hub_in_headers(answer.links, answer.final_url)
        hub = named if named.address else reading.hub
        return Listing(reading.entries, left_out=left_out, site=reading.site, hub=hub)
    if feed.kind != Feed.Kind.SECTION:
        # Its links are those of an error page or a menu as well as of stories.
        return Listing(
            problem="this is a web page, not a feed: if it lists stories, make its kind “section page”"
        )
    if feed.source.only_addresses.strip():
        return Listing(reading.entries, left_out=left_out)  # the admin has said which are articles
    likely = tuple(entry for entry in reading.entries if looks_like_article(entry.url, entry.title))
    return Listing(likely, left_out=left_out + all_but(reading.entries, likely, WhyLeftOut.NO_ARTICLE))


def _recent_of(feed: Feed, sitemap: FeedReading) -> tuple[tuple[FeedEntry, ...], EntryTally]:
    """The articles of a sitemap that would be checked, and what became of the others."""
    recent = _recent(feed, sitemap.entries)
    return recent, EntryTally.of(sitemap.left_out) + all_but(sitemap.entries, recent, Fate.OLD)


def all_but(entries: Sequence[FeedEntry], kept: Sequence[FeedEntry], fate: What) -> EntryTally:
    """That all *entries* but those *kept* came to *fate*."""
    tally, stay = EntryTally(), set(map(id, kept))
    left_out = [entry.url for entry in entries if id(entry) not in stay]
    if left_out:
        tally.add(fate, left_out, len(left_out))
    return tally


def _read(answer: Answer) -> FeedReading:
    """The answer read; its problem says why it could not be."""
    judgement = judge(answer)
    if judgement.outcome is not None:
        return FeedReading(FeedKind.UNKNOWN, problem=judgement.reason)
    try:
        reading: FeedReading = isolated(
            read_feed,
            answer.body,
            answer.final_url,
            answer.content_type,
            parse_endpoints(settings.FETCH_ALLOW_ENDPOINTS),
            wall=FEED_READING_SECONDS,
            cpu=READING_SECONDS,
        )
    except IsolationError as problem:
        return FeedReading(FeedKind.UNKNOWN, problem=f"reading the feed was stopped: {problem}")
    return reading


def list_sitemaps(feed: Feed, sitemaps: SitemapsLeft, fetcher: PoliteFetcher) -> Listing:
    """Return what the sitemaps name that the session has time for; those left are noted in *sitemaps*."""
    found: list[FeedEntry] = []
    left_out = EntryTally()
    while not sitemaps.is_done:
        sitemap = sitemaps.waiting.pop(0)
        if not sitemap.hops and not is_same_host(sitemap.url, feed.address):
            sitemaps.problems.append(f"{sitemap.url} is on another host: watch it as a feed of its own")
            sitemaps.not_read = sitemaps.not_read or sitemap.url
            continue
        try:
            reading = _read(
                fetcher.ask(
                    sitemap.url,
                    accept=ACCEPT_FEED,
                    bounds=of_feeds(feed.source),
                    hops=sitemap.hops,
                    hurried=fetcher.patience is None,
                )
            )
        except Forbidden as problem:
            sitemaps.budget -= 1
            sitemaps.problems.append(f"{sitemap.url}: {problem}")
            continue
        except PutOff as reason:
            if sitemap.tries + 1 < MAX_SITEMAP_TRIES:
                again = Sitemap(reason.url, sitemap.depth, reason.hops, sitemap.tries + 1)
                sitemaps.waiting.insert(0, again)
                break
            sitemaps.budget -= 1
            sitemaps.problems.append(f"{sitemap.url}: {reason}")
            continue
        except SessionOver:
            sitemaps.waiting.insert(0, sitemap)
            break
        sitemaps.budget -= 1
        if reading.problem:
            sitemaps.problems.append(f"{sitemap.url}: {reading.problem}")
        elif reading.kind is FeedKind.SITEMAP_INDEX and sitemap.depth < MAX_INDEX_DEPTH:
            inner = _newest(feed, reading.entries)
            sitemaps.waiting[:0] = [Sitemap(entry.url, sitemap.depth + 1) for entry in inner]
        elif reading.kind is FeedKind.SITEMAP:
            recent, others = _recent_of(feed, reading)
            left_out += others
            found += recent
        else:
            sitemaps.problems.append(f"{sitemap.url} is no sitemap")
    sitemaps.named += len(found)
    # No more than can ever be read is kept.
    del sitemaps.waiting[_MOST_WAITING:]
    del sitemaps.problems[_PROBLEMS_KEPT:]
    return Listing(tuple(found), sitemaps.problem, left_out, sitemaps=sitemaps)


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
