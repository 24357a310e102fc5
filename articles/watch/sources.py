"""From an address that a person pastes, a home page or a feed, to what can be watched there."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.text import slugify

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedKind,
    FeedReading,
    IsolationError,
    discover_feeds,
    isolated,
    normalise,
    read_feed,
)
from articles.models import Feed, Host, Source, host_name
from articles.watch.hosts import Forbidden, Turn, TurnOver
from articles.watch.judge import judge


class NothingFound(Exception):
    """Nothing to watch is at the address; the message says what was tried and what to do."""


@dataclass(frozen=True)
class Found:
    """What stands at an address: the publication's name and home page, and its feeds, best first."""

    name: str
    home_page: str
    feeds: tuple[str, ...]


def look_at(address: str) -> Found:
    """Fetch *address*, a home page or a feed, and say what can be watched there.

    :raises NothingFound: it can't be fetched, or names no feed.
    """
    try:
        address = normalise(address if "://" in address else f"https://{address}")
    except ValueError as problem:
        raise NothingFound(f"{address} can't be watched: {problem}") from problem
    answer = _fetch(address)
    judgement = judge(answer)
    if judgement.outcome is not None:
        raise NothingFound(f"{address} can't be read: {judgement.reason}")
    try:
        reading: FeedReading = isolated(read_feed, answer.body, answer.final_url, answer.content_type)
        named: tuple[str, ...] = isolated(discover_feeds, answer.body, answer.final_url)
    except IsolationError as problem:
        raise NothingFound(f"{address} can't be read: {problem.reason}") from problem
    if reading.kind is FeedKind.SITEMAP_INDEX:
        named = tuple(entry.url for entry in reading.entries)
    home_page = "/".join(answer.final_url.split("/")[:3]) + "/"
    name = reading.title or host_name(answer.final_url).split(":")[0]
    if reading.kind not in (FeedKind.HTML, FeedKind.SITEMAP_INDEX, FeedKind.UNKNOWN) and not reading.problem:
        return Found(name, home_page, (answer.final_url,))
    if not named:
        raise NothingFound(
            f"{address} was read, but it names no feed. "
            "Look for an RSS or Atom address on the site and give that."
        )
    return Found(name, answer.final_url, named)


def _fetch(address: str) -> Answer:
    """Fetch *address* as politely as any other: robots.txt, delays, one at a time."""
    try:
        turn = Turn.wait_for(Host.objects.for_address(address))
        try:
            return turn.ask(address, accept=ACCEPT_FEED)
        finally:
            turn.leave()
    except Forbidden as problem:
        raise NothingFound(f"{address} may not be fetched: robots.txt forbids it.") from problem
    except TurnOver as problem:
        raise NothingFound(f"{address} can't be read now: {problem}.") from problem


def free_slug(name: str) -> str:
    """A slug for *name* that no source has yet."""
    wanted = slugify(name)[:70] or "source"
    slug, number = wanted, 1
    while Source.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def add_source(
    found: Found, *, name: str = "", slug: str = "", language: str = "", feeds: tuple[str, ...] = ()
) -> Source:
    """Store a source with *feeds* (by default the first that was found); its feeds are due at once."""
    with transaction.atomic():
        source = Source.objects.create(
            name=(name or found.name)[:200],
            slug=slug or free_slug(name or found.name),
            home_page=found.home_page,
            language=language,
        )
        for address in feeds or found.feeds[:1]:
            Feed.objects.create(source=source, address=address)
    return source
