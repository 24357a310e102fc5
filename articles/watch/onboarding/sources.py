"""From an address that a person pastes, a home page or a feed, to a source that watches what is there."""

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from articles.fetch import is_on_site
from articles.models import (
    Alteration,
    Article,
    ArticleLooks,
    Capture,
    Event,
    Feed,
    Host,
    HourCount,
    Source,
    Version,
    host_name,
)
from articles.models.source import free_slug
from articles.search import source_of
from articles.watch.crawl.errors import SessionOver
from articles.watch.onboarding.overlap import all_watched
from articles.watch.onboarding.probe import first_steps, take
from articles.watch.onboarding.results import Candidate, Findings, Tried

MOST_THERE = 3
"""Sources that feeds may be added to in place of a new one; more are hardly what is meant."""


class NothingFound(Exception):
    """Nothing to watch is at the address; the message says what was tried and what to do."""


class WatchedAlready(Exception):
    """Another source has the feed."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(f"{feed.address} is watched already, by {feed.source.name} ({feed.source.slug})")
        self.feed = feed


def look_at(address: str, *, all_feeds: bool = False) -> Findings:
    """Look at *address*, a home page or a feed, until a feed is found that can be watched; or at all of them.

    :raises NothingFound: it can't be fetched, or names no feed.
    :raises WatchedAlready: another source watches what was found.
    """
    findings = Findings()
    try:
        steps = first_steps(address)
    except ValueError as problem:
        raise NothingFound(f"{address} can't be watched: {problem}") from problem
    if watched := watched_by(steps[0]["address"]):
        raise WatchedAlready(watched)
    while steps and (all_feeds or not feeds_of(findings)):
        step = steps.pop(0)
        try:
            # Nobody is asked here whether the home page is meant in place of an address that is wrong.
            steps += [more for more in take(step, findings) if more["what"] != "page" or more.get("first")]
        except SessionOver as problem:
            findings.tried.append(Tried(step["address"], f"not asked: {problem}", "Try again later."))
    if feeds_of(findings):
        return findings
    if watched := next(filter(None, (watched_by(one.address) for one in findings.usable)), None):
        raise WatchedAlready(watched)
    raise NothingFound(_nothing(address, findings))


def feeds_of(findings: Findings) -> list[Candidate]:
    """The feeds and sitemaps that can be watched and are not yet. Section pages are a person's choice."""
    feeds = (one for one in findings.usable if one.kind != Feed.Kind.SECTION)
    return [feed for feed in feeds if watched_by(feed.address) is None]


def _nothing(address: str, findings: Findings) -> str:
    tried = [f"{one.address}: {one.said}. {one.advice}".strip() for one in findings.tried]
    if any(one.kind == Feed.Kind.SECTION for one in findings.candidates):
        tried.append(
            "No feed was found, and no sitemap that can be read. Look for an RSS or Atom "
            "address on the site and give that, or add a page that lists its stories as a section page in "
            "the admin."
        )
    return "\n".join([f"{address}: nothing to watch was found. What was tried:", *tried])


def watched_by(address: str) -> Feed | None:
    """The feed at *address*, in whatever spelling, that is watched already."""
    same = Feed.objects.filter(address__in=spellings(address))
    return same.select_related("source").order_by("pk").first()


def give_to_site(feed: Feed, site: str, new: Collection[int], *, made: bool) -> Source:
    """The source of the page *site*: *feed*, which was just added and read, says that it is that page's.

    new: the articles that it named newly, which go with it. made: whether its source was made for it alone.
    Several papers may have their feeds on one host: that host is the site of none of them.
    """
    source = feed.source
    if not source.home_page or _site(site) == _site(source.home_page):
        return source
    home_page = "/".join(site.split("/")[:3]) + "/"
    with transaction.atomic():
        known = source_of(home_page)
        if known == source and not made and _has_others_there(feed, home_page, new):
            return source
        name = host_name(home_page).removesuffix(":443").removesuffix(":80")
        values = {"home_page": home_page, "name": name, "slug": free_slug(re.sub("[.:]", "-", name))}
        if made and known in (None, source):
            Source.objects.filter(pk=source.pk).update(**values)
            source.refresh_from_db()
            return source
        goal = known if known and known != source else Source.objects.create(**values)
        _give(feed, new, goal)
        if made:
            source.delete()
    return goal


def _has_others_there(feed: Feed, home_page: str, new: Collection[int]) -> bool:
    """Whether the feed's source has more on the site of *home_page* than what this feed brought."""
    addresses = [one.address for one in feed.source.feeds.exclude(pk=feed.pk)]
    hosts = {host_name(one) for one in home_page_spellings(home_page)}
    articles = feed.source.articles.filter(host__name__in=hosts).exclude(pk__in=new)
    return articles.exists() or any(is_on_site(address, home_page) for address in addresses)


def _give(feed: Feed, articles: Collection[int], goal: Source) -> None:
    """Have *feed* and *articles*, with all that is stored of them, be of the source *goal*."""
    Feed.objects.filter(pk=feed.pk).update(source=goal)
    # Who is checking one of them finds his lease gone, and stores nothing for the source that it was of.
    Article.objects.filter(pk__in=articles).update(source=goal, lease_until=None, lease_token=None)
    for model in (Version, Event, Capture, ArticleLooks, Alteration):
        model._default_manager.filter(article__in=articles).update(source=goal)
    HourCount.add(goal.pk, timezone.now(), feeds_read=1, articles=len(articles))


def _site(address: str) -> str:
    """The host of *address*, with its port if it has one, without www."""
    return urlsplit(address).netloc.lower().removeprefix("www.")


def hold_addresses(addresses: Iterable[str]) -> None:
    """Till the end of the transaction, nobody else may add feeds at *addresses*: ask ``watched_by`` after it.

    Their hosts' rows are locked: in one order, and one row for all spellings of an address.
    """
    hosts = sorted({host_name(spellings(address)[0]) for address in addresses})
    for name in hosts:
        host, _ = Host.objects.get_or_create(name=name)
        Host.objects.select_for_update(no_key=True).get(pk=host.pk)


def spellings(address: str) -> list[str]:
    """The spellings of a feed's address that lead to the same: http or https, a slash at its end or not."""
    bare = address.partition("://")[2].rstrip("/")
    return [f"{scheme}://{bare}{end}" for scheme in ("https", "http") for end in ("", "/")]


def at_home_page(address: str) -> Source | None:
    """The source whose home page *address* is."""
    if not address:
        return None
    return Source.objects.filter(home_page__in=home_page_spellings(address)).order_by("pk").first()


def watched_there(findings: Findings) -> list[Source]:
    """The sources that what was found may belong to: with the same home page, or feeds of the same host."""
    same = at_home_page(findings.home_page)
    of_feeds = [feed.source for feed in map(watched_by, (one.address for one in findings.usable)) if feed]
    hosts = {host_name(one.address) for one in findings.usable}
    nearby = Source.objects.filter(feeds__host__name__in=hosts).distinct().order_by("pk")[:MOST_THERE]
    found = {source.pk: source for source in (same, *of_feeds, *nearby) if source}
    return list(found.values())[:MOST_THERE]


def home_page_spellings(address: str) -> list[str]:
    """Return the same as ``spellings``, with www. or without."""
    scheme, _, bare = address.partition("://")
    bare = bare.removeprefix("www.")
    return [*spellings(f"{scheme}://{bare}"), *spellings(f"{scheme}://www.{bare}")]


def suggested(findings: Findings, *, all_of: bool = False) -> list[str]:
    """The addresses to watch if nobody says otherwise: the first feed that is kept up (or *all_of* them),
    else the first sitemap, else the page as a section page. Never one without an article, nor one that names
    only what is watched."""
    named = [one for one in findings.usable if one.items and watched_by(one.address) is None]
    nothing_new = all_watched(named)
    free = [one for one in named if one.address not in nothing_new]
    for kind in (Feed.Kind.FEED, Feed.Kind.SITEMAP, Feed.Kind.SECTION):
        of_kind = [one.address for one in free if one.kind == kind and not one.is_stale]
        if of_kind:
            return of_kind if all_of else of_kind[:1]
    return [one.address for one in free[:1]]


def add_source(source: Source, feeds: Iterable[Candidate]) -> Source:
    """Store *source*, not saved yet, with *feeds*, which are due at once.

    :raises WatchedAlready: another source has one of them; nothing is stored.
    """
    feeds = list(feeds)
    with transaction.atomic():
        hold_addresses(feed.address for feed in feeds)
        source.save()
        _add(source, feeds)
    return source


def add_feeds(source: Source, feeds: Iterable[Candidate]) -> None:
    """Have *source* watch *feeds* too, which are due at once.

    :raises WatchedAlready: a source has one of them, perhaps this one; nothing is stored.
    """
    feeds = list(feeds)
    with transaction.atomic():
        hold_addresses(feed.address for feed in feeds)
        _add(source, feeds)


def _add(source: Source, feeds: Iterable[Candidate]) -> None:
    """Their hosts are held (``hold_addresses``)."""
    for feed in feeds:
        if watched := watched_by(feed.address):
            raise WatchedAlready(watched)
        Feed.objects.create(source=source, address=feed.address, kind=feed.kind)
