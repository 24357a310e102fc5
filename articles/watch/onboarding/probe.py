"""What can be watched at an address that a person gives: looked at in steps, each one fetch or two.

A step never takes longer than its seconds, but for reading what was fetched (FEED_READING_SECONDS twice at
most).
The first step looks at the page; it says which steps come then.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext_noop

from articles.fetch import (
    ACCEPT_FEED,
    Answer,
    FeedEntry,
    FeedKind,
    FeedReading,
    Robots,
    WhyLeftOut,
    address_key,
    looks_like_article,
    normalise,
    parse_endpoints,
)
from articles.isolation import IsolationError, isolated
from articles.models import Feed, Host, Source, Tombstone, host_name
from articles.watch.check.classify import leads_away
from articles.watch.check.page import READING_SECONDS
from articles.watch.check.page_reading import headers_say_noarchive
from articles.watch.crawl.bounds import Bounds, of_feeds
from articles.watch.crawl.errors import Barred, Forbidden, RobotsUnread
from articles.watch.crawl.host_session import PATIENCE, HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.entries import EntryTally
from articles.watch.feeds.intake import foresee, without_barred
from articles.watch.feeds.listing import FEED_READING_SECONDS, Listing, all_but, list_entries
from articles.watch.onboarding.document_reading import Document, read_document
from articles.watch.onboarding.results import Candidate, Findings, Link, Step, Tried
from articles.watch.onboarding.troubleshooting import (
    BROKEN_FEED,
    IN_PLACE_OF_HTTPS,
    NO_FEED,
    NO_ITEMS,
    NO_ROBOTS,
    ROBOTS,
    UNREADABLE,
    Trouble,
    may_answer_otherwise,
    trouble_of,
)

BUSY_SECONDS = 2.0
"""The seconds that a worker waits for a host that another one has: that one makes room, or waits in the
queue."""
MOST_FEEDS = 5
"""Feeds of one page that are looked at; the others are named."""
MOST_SITEMAPS = 2
USUAL_FEEDS = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml")
USUAL_SITEMAPS = ("news-sitemap.xml", "sitemap.xml")
"""Paths to try where no page names a feed: few, as each is a request that the site did not invite."""
LONGEST_DELAY_TO_GUESS = 10.0
ENTRIES_KEPT = 60
"""The number of each feed's newest entries that are kept to choose previews from."""
LINKS_KEPT = 300
"""The number of links that are kept of each section page: an address filter may want any of them."""
_LOOK_AT_SITEMAP = "Look at the sitemap itself: {}"
_FORMATS = {
    FeedKind.RSS: "RSS",
    FeedKind.ATOM: "Atom",
    FeedKind.JSON: gettext_noop("JSON feed"),
    FeedKind.SITEMAP: gettext_noop("news sitemap"),
    FeedKind.SITEMAP_INDEX: gettext_noop("index of sitemaps"),
    FeedKind.HTML: gettext_noop("section page"),
}
_KINDS = {
    FeedKind.SITEMAP: Feed.Kind.SITEMAP,
    FeedKind.SITEMAP_INDEX: Feed.Kind.SITEMAP,
    FeedKind.HTML: Feed.Kind.SECTION,
}
_OF_COMMENTS = re.compile(r"comment|kommentar|comentario", re.IGNORECASE)
_PAUSES = re.compile(r"\s+[|–—·•:\-]+\s+")


def first_steps(address: str, feeds: tuple[str, ...] = ()) -> list[Step]:
    """Return the steps to begin with: of the *feeds* that are known already, or of the page at *address*.

    :raises ValueError: one of them is no address that can be watched; says why.
    """
    if feeds:
        return [Step(what="feed", address=normalise(feed), first=True) for feed in feeds]
    typed = address.strip()
    if "://" in typed:
        return [Step(what="page", address=normalise(typed), first=True)]
    return [Step(what="page", address=normalise(f"https://{typed}"), first=True, bare=True)]


def take(step: Step, findings: Findings, *, seconds: float | None = None) -> list[Step]:
    """Look at one thing, add to *findings* what it is, and say what is to be looked at because of it.

    :raises SessionOver: its host can't be asked within *seconds* (None: the patience of a command).
    """
    address = step["address"]
    with fetcher_at(address, seconds) as fetcher:
        answer, trouble = ask(address, fetcher)
        findings.note(*_about_robots(fetcher.host))
        if step["what"] == "guess" and (answer is None or trouble):
            return _guess_on(step, answer, trouble or ROBOTS, findings)
        if answer is not None and trouble and step.get("bare") and may_answer_otherwise(answer):
            return _by_http(step, trouble, findings)
        if answer is None or trouble:
            more = _give_up(step, trouble or ROBOTS, findings)
            # A host that can't be asked at all has no home page either.
            return more if answer is None or answer.status is not None else []
        try:
            seen = isolated(
                read_document,
                answer.body,
                answer.final_url,
                answer.content_type,
                answer.links,
                parse_endpoints(settings.FETCH_ALLOW_ENDPOINTS),
                wall=FEED_READING_SECONDS,
                cpu=READING_SECONDS,
            )
        except IsolationError as problem:
            stopped = Trouble(f"reading it was stopped: {problem}", UNREADABLE)
            if step["what"] == "guess":
                return _guess_on(step, answer, stopped, findings)
            return _give_up(step, stopped, findings)
        if step["what"] == "guess":
            return _take_guess(step, answer, seen, fetcher, findings)
        findings.note(_elsewhere(address, answer))
        if seen.reading.kind is FeedKind.HTML:
            return _take_page(step, answer, seen, fetcher.host, findings)
        return _take_feed(step, answer, seen.reading, fetcher, findings)


@contextmanager
def fetcher_at(address: str, seconds: float | None) -> Iterator[PoliteFetcher]:
    """Return a fetcher for the host of *address*, in a session that ends within *seconds* (None: a whole
    one).

    :raises Taken: another worker has it for longer.
    """
    began = time.monotonic()
    host = Host.objects.for_address(address)
    session = HostSession.wait_for(host, patience=PATIENCE if seconds is None else BUSY_SECONDS)
    if seconds is not None:
        session.ends = began + seconds
    try:
        yield PoliteFetcher(session)
    finally:
        session.leave()


def ask(
    address: str, fetcher: PoliteFetcher, *, accept: str = ACCEPT_FEED, bounds: Bounds | None = None
) -> tuple[Answer | None, Trouble | None]:
    """Fetch *address* as politely as any other; the answer (None when robots.txt forbids it), and what is
    wrong with it if anything is.

    :raises SessionOver: its host can't be asked within this session.
    """
    try:
        answer = fetcher.ask(address, accept=accept, bounds=bounds or of_feeds(), hurried=True)
    except Barred as problem:
        return None, Trouble(
            str(problem), gettext_noop("What was deleted here for good is never fetched again.")
        )
    except Forbidden as problem:
        trouble = NO_ROBOTS if isinstance(problem, RobotsUnread) else ROBOTS
        redirected = f", where {address} redirects to" if problem.url != address else ""
        return None, Trouble(f"{trouble.said}{redirected and f': {problem.url}{redirected}'}", trouble.advice)
    return answer, trouble_of(answer, asked=address)


def _give_up(step: Step, trouble: Trouble, findings: Findings) -> list[Step]:
    """Note what was tried. A person who gave more than a home page is shown what the home page has."""
    findings.tried.append(Tried(step["address"], trouble.said, trouble.advice))
    if step["what"] == "feed":
        findings.candidates.append(
            Candidate(step["address"], Feed.Kind.FEED, problem=trouble.said, advice=trouble.advice)
        )
    return _home_of(step)


def _by_http(step: Step, trouble: Trouble, findings: Findings) -> list[Step]:
    """The same by http://: whoever types a host's name alone did not ask for https://."""
    findings.tried.append(Tried(step["address"], trouble.said, IN_PLACE_OF_HTTPS))
    address = "http://" + step["address"].partition("://")[2]
    findings.note(
        f"{step['address']} could not be read: {trouble.said}. {address} was looked at in its place."
    )
    return [Step(what="page", address=address, first=True)]


def _home_of(step: Step) -> list[Step]:
    home = origin(step["address"])
    if not step.get("first") or home == step["address"]:
        return []
    return [Step(what="page", address=home)]


def origin(address: str) -> str:
    """The home page of the site that *address* is on."""
    return "/".join(address.split("/")[:3]) + "/"


def _take_page(step: Step, answer: Answer, seen: Document, host: Host, findings: Findings) -> list[Step]:
    """A web page: it may name feeds, and is a section page itself."""
    if step["what"] == "feed":
        return _give_up(step, NO_FEED, findings)
    here = answer.final_url
    is_story = looks_like_article(here, "")
    findings.home_page = findings.home_page or (origin(here) if is_story else here)
    findings.name = findings.name or _publication(seen.reading.title, here)
    findings.language = findings.language or seen.language
    if seen.noarchive or headers_say_noarchive(answer.robots):
        findings.note(
            gettext_noop("This page asks not to be archived (noarchive). Its stories may ask so too.")
        )
    feeds = [feed for feed in seen.feeds if not _OF_COMMENTS.search(feed)] or list(seen.feeds)
    if len(feeds) > MOST_FEEDS:
        findings.note(
            f"The page names {len(feeds)} feeds; {MOST_FEEDS} were looked at. Others: "
            + ", ".join(feeds[MOST_FEEDS : MOST_FEEDS + 10])
        )
    sitemaps = _sitemaps(host, here)[: 1 if feeds else MOST_SITEMAPS]
    wanted = [address for address in (*feeds[:MOST_FEEDS], *sitemaps) if not findings.has(address)]
    section = _section(here, seen.reading)
    if not is_story and not findings.has(here):
        findings.candidates.append(section)
    named = f"{len(feeds)} feed{'' if len(feeds) == 1 else 's'}" if feeds else "no feed"
    said = "; ".join(filter(None, (f"a web page that names {named}", section.problem)))
    findings.tried.append(Tried(step["address"], said, "" if feeds else section.advice))
    steps = [Step(what="feed", address=address) for address in wanted]
    if feeds:
        return steps
    return [*steps, *(_home_of(step) or _guesses(here, findings, sitemaps=not sitemaps))]


def _guesses(here: str, findings: Findings, *, sitemaps: bool) -> list[Step]:
    """Where the site of the page *here* may have a feed all the same; to be asked one after the other, up to
    the first that has one."""
    host = Host.objects.for_address(here)  # a redirect may have led to it
    if host.robots_delay_seconds > LONGEST_DELAY_TO_GUESS:
        findings.note(
            f"The usual addresses of feeds were not tried, as {_bare(host.name)} wants "
            f"{host.robots_delay_seconds:g} seconds between two requests."
        )
        return []
    asked = {one.address for one in findings.tried}
    paths = (*USUAL_FEEDS, *(USUAL_SITEMAPS if sitemaps else ()))
    usual = [origin(here) + path for path in paths]
    left = [one for one in usual if one not in asked and not findings.has(one)]
    return [Step(what="guess", address=left[0], then=left[1:])] if left else []


def _take_guess(
    step: Step, answer: Answer, seen: Document, fetcher: PoliteFetcher, findings: Findings
) -> list[Step]:
    """Perhaps a feed; or a page that names feeds; or, of many a site, a page for whatever it has not."""
    feeds = [feed for feed in seen.feeds if not _OF_COMMENTS.search(feed) and not findings.has(feed)]
    if feeds:
        return [Step(what="feed", address=feed) for feed in feeds[:MOST_FEEDS]]
    if seen.reading.kind is FeedKind.HTML or seen.reading.problem:
        return _guess_on(step, answer, NO_FEED, findings)
    usable = len(findings.usable)
    _take_feed(step, answer, seen.reading, fetcher, findings)
    if len(findings.usable) == usable:
        return _guess_on(step, answer, NO_ITEMS, findings)
    findings.note(f"No page looked at names {answer.final_url}: it was found by trying usual addresses.")
    return []


def _guess_on(step: Step, answer: Answer | None, trouble: Trouble, findings: Findings) -> list[Step]:
    """The next guess; none at a site that answers with more than "not found", or a page of its own."""
    if answer is not None and answer.status not in (404, 410) and trouble not in (NO_FEED, NO_ITEMS):
        said = f"{trouble.said}; so no other usual address of a feed was tried"
        findings.tried.append(Tried(step["address"], said, trouble.advice))
        return []
    if step["then"]:
        return [Step(what="guess", address=step["then"][0], then=step["then"][1:])]
    findings.tried.append(
        Tried(
            origin(step["address"]),
            gettext_noop("the usual addresses of feeds and sitemaps lead to none either"),
            gettext_noop("Look on the site for an RSS or Atom address, and have that looked at."),
        )
    )
    return []


def _section(address: str, reading: FeedReading) -> Candidate:
    """A page as a list of stories."""
    likely = [entry for entry in reading.entries if looks_like_article(entry.url, entry.title)]
    problem = advice = ""
    if not reading.entries:
        problem = gettext_noop("the page has no links to its own site")
        advice = gettext_noop(
            "It may be built by scripts, which are not run here. Look for a feed or a sitemap of the site."
        )
    left_out = EntryTally.of(reading.left_out) + all_but(reading.entries, likely, WhyLeftOut.NO_ARTICLE)
    remarks = (
        ()
        if likely or problem
        else (
            gettext_noop("No link on it looks like an article's: say with an address filter which ones are."),
        )
    )
    return Candidate(
        address,
        Feed.Kind.SECTION,
        _FORMATS[FeedKind.HTML],
        reading.title,
        len(likely),
        links=_links((*likely, *(entry for entry in reading.entries if entry not in likely))[:LINKS_KEPT]),
        problem=problem,
        advice=advice,
        remarks=remarks,
        report=(without_barred(left_out) + foresee(likely)).as_json(),
    )


def _take_feed(
    step: Step, answer: Answer, reading: FeedReading, fetcher: PoliteFetcher, findings: Findings
) -> list[Step]:
    """A feed or a sitemap, or what was meant to be one."""
    kind = _KINDS.get(reading.kind, Feed.Kind.FEED)
    entries, remarks, left_out = reading.entries, reading.remarks, EntryTally.of(reading.left_out)
    trouble: Trouble | None = Trouble(reading.problem, BROKEN_FEED) if reading.problem else None
    if not trouble and kind is Feed.Kind.SITEMAP:
        listing = list_entries(Feed(source=Source(), address=answer.final_url, kind=kind), answer, fetcher)
        entries, left_out = listing.entries, listing.left_out
        trouble = _trouble_with(listing, fetcher.host)
    if not trouble and not entries:
        trouble = NO_ITEMS
        if remarks:
            trouble = Trouble(f"{NO_ITEMS.said}: {'; '.join(remarks)}", BROKEN_FEED)
    newest = max((entry.published for entry in entries if entry.published), default=None)
    found = Candidate(
        answer.final_url,
        kind,
        _FORMATS.get(reading.kind, ""),
        reading.title,
        len(entries),
        newest.isoformat() if newest else "",
        _links(sorted(entries, key=_published, reverse=True)[:ENTRIES_KEPT]),
        trouble.said if trouble else "",
        trouble.advice if trouble else "",
        remarks,
        (without_barred(left_out) + foresee(entries)).as_json(),
    )
    if not findings.has(found.address):
        findings.candidates.append(found)
    findings.tried.append(
        Tried(step["address"], found.problem or f"{found.format} with {found.items} articles", found.advice)
    )
    findings.home_page = findings.home_page or origin(answer.final_url)
    findings.name = findings.name or _publication(reading.title, answer.final_url)
    return [] if found.is_usable else _home_of(step)


def _trouble_with(listing: Listing, host: Host) -> Trouble | None:
    """Why no article came of a sitemap, or of those that an index names."""
    if listing.entries:
        return None
    sitemaps = listing.sitemaps
    not_read = sitemaps.not_read if sitemaps else ""
    if sitemaps and not sitemaps.is_done:
        rest = host.robots_delay_seconds
        why = f"{_bare(host.name)} wants {rest:g} seconds between two requests" if rest else "it is slow"
        said = f"no time was left to read the sitemaps that it names, as {why}"
        return Trouble(said, _LOOK_AT_SITEMAP.format(sitemaps.waiting[0].url))
    if listing.problem:
        return Trouble(listing.problem, _LOOK_AT_SITEMAP.format(not_read) if not_read else BROKEN_FEED)
    return None


def _published(entry: FeedEntry) -> datetime:
    return entry.published or datetime.min.replace(tzinfo=UTC)


def _links(entries: "tuple[FeedEntry, ...] | list[FeedEntry]") -> tuple[Link, ...]:
    """Those that may be watched: what was deleted for good is not written down again."""
    keys = {entry: address_key(entry.url) for entry in entries}
    return tuple(
        Link(entry.url, entry.title, entry.published.isoformat() if entry.published else "")
        for entry in Tombstone.objects.not_barred(keys)
    )


def _publication(title: str, address: str) -> str:
    """The publication's name: of a title such as "News | The Gazette" what the host's name says too."""
    host = host_name(address).rpartition(":")[0]
    known = re.sub(r"\W", "", host.casefold())
    pieces = [piece.strip() for piece in _PAUSES.split(title) if piece.strip()]
    for piece in pieces:
        plain = re.sub(r"\W", "", piece.casefold()).removeprefix("the")
        if len(plain) > 2 and plain in known:
            return piece[:200]
    return (title if len(title) <= 60 else pieces[0])[:200] if pieces else host


def _elsewhere(asked: str, answer: Answer) -> str:
    """That a redirect led to another site, in words; '' when it did not."""
    if _site(asked) != _site(answer.final_url):
        return f"{asked} redirects to another site, {answer.final_url}: that one was looked at."
    if away := leads_away(asked, answer.final_url):
        return f"{asked} {away.label}, {answer.final_url}."
    return ""


def _site(address: str) -> str:
    return _bare(host_name(address)).removeprefix("www.")


def _bare(host: str) -> str:
    """A host's name without the port that is usual."""
    return host.removesuffix(":443").removesuffix(":80")


def _about_robots(host: Host) -> list[str]:
    """What the host's robots.txt says, in words."""
    if host.robots_status is None:
        return []
    name = _bare(host.name)
    if not host.robots_text:
        return [f"{name} has no robots.txt ({host.robots_status}): everything may be fetched."]
    robots = Robots(host.robots_text, host.robots_status)
    delay = (
        f" It asks for {host.robots_delay_seconds:g} seconds between two requests."
        if host.robots_delay_seconds
        else ""
    )
    allowed = (
        "lets us in"
        if robots.allows(f"https://{name}/", settings.USER_AGENT)
        else ("keeps us from its home page")
    )
    count = len(robots.sitemaps)
    named = f" and names {count} sitemap{'' if count == 1 else 's'}" if count else ""
    return [f"The robots.txt of {name} {allowed}{named}.{delay}"]


def _sitemaps(host: Host, address: str) -> list[str]:
    """The sitemaps that the host's robots.txt names, those for news first."""
    named = []
    for written in Robots(host.robots_text, host.robots_status).sitemaps:
        try:
            named.append(normalise(written, base=address))
        except ValueError:
            continue
    return sorted(dict.fromkeys(named), key=lambda sitemap: "news" not in sitemap.lower())
