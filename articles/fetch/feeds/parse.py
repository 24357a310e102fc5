"""Parsing feeds, sitemaps and section pages: a document goes in, the addresses of articles come out.

Nothing is fetched or stored here: ``articles.watch.feeds.poll`` asks for the document and takes up its
entries.

All of it is hostile until shown otherwise: read it in a child process (`articles.isolation`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import nlargest
from itertools import islice

from articles.fetch.answer import Limit
from articles.fetch.body import gunzip, is_gzip
from articles.fetch.feeds.article_links import date_in_address, looks_like_article
from articles.fetch.feeds.dates import read_date
from articles.fetch.feeds.formats import can_be_large, read_raw
from articles.fetch.feeds.hubs import NO_HUB, Hub
from articles.fetch.feeds.ids import clean_guid, ids_that_look_like_ids, ids_that_stand_once
from articles.fetch.feeds.links import UNUSABLE, Choice, WhyLeftOut, choose_addresses
from articles.fetch.feeds.raw import FeedKind, RawEntry, RawFeed
from articles.fetch.feeds.sitemap_of_all_pages import articles_of
from articles.fetch.feeds.sitemaps import SITEMAP_SIZE
from articles.fetch.feeds.text import decode_feed, one_line
from articles.fetch.normalisation import address_key, is_on_site, normalise
from articles.fetch.problems import BadEncoding, TooLarge
from articles.fetch.settings import Endpoint

ENTRY_LIMIT = 5_000  # entries handed on; of a longer document, those with the latest dates

_TREE_SIZE = 16 << 20  # bytes of a document that is read whole
_TEXT_LIMIT = 500  # characters of a title
_EXAMPLES = 3
_EXAMPLE_LIMIT = 200  # characters
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
    """One article (in a sitemap index, one sitemap): its normalised address and what is said of it.

    guid: the feed's own identity of it (guid, atom:id, id), exactly as written.
    guid_stands_once: no other entry of the document has it. guid_looks_like_id: it is no place-holder, no
    number of a place in the list, and no address of the site's home or of the feed.
    """

    url: str
    title: str = ""
    published: datetime | None = None
    guid: str = ""
    guid_stands_once: bool = False
    guid_looks_like_id: bool = False

    @property
    def identity(self) -> str:
        """The guid, if this document gives no reason to doubt that it names this story; else empty."""
        return self.guid if self.guid_stands_once and self.guid_looks_like_id else ""


@dataclass(frozen=True)
class LeftOut:
    """How many of what a document names are not among its entries for one reason, and the first few of them.

    examples: addresses; of entries that have none, titles, or the links as written where there is no title.
    """

    why: WhyLeftOut
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class FeedReading:
    """What a document names.

    kind: what it is; title: its own; site: the page it is the feed of, if it says so.
    entries: each address once, in the document's order. left_out: what else it names, by reason.
    problem: why nothing could be read, in words for a person, empty if something could; limit: which limit of
    ours the problem is, if it is one.
    remarks: what a person should know although it could be read: broken XML, entries left out.
    hub: the WebSub hub that the document itself names; its headers may name another.
    """

    kind: FeedKind
    title: str = ""
    entries: tuple[FeedEntry, ...] = ()
    problem: str = ""
    remarks: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    site: str = ""
    limit: Limit = Limit.NONE
    hub: Hub = NO_HUB

    @property
    def named(self) -> int:
        """How many articles it names, whether they could be taken or not."""
        return len(self.entries) + sum(left.count for left in self.left_out)

    @property
    def without_usable_link(self) -> int:
        """How many entries have no link that could be watched."""
        return sum(left.count for left in self.left_out if left.why in UNUSABLE)


def read_feed(
    body: bytes, url: str, content_type: str = "", allow_endpoints: frozenset[Endpoint] = frozenset()
) -> FeedReading:
    """Read RSS, Atom, RDF, JSON Feed, a sitemap (also gzipped) or the links of a page, fetched from `url`.

    A page's links count if they lead to its own site; everything else keeps all addresses that `normalise`
    takes. Internal addresses never count, but for those at `allow_endpoints` and on the document's own host.
    Never raises for what the document holds.
    """
    try:
        body = gunzip(body, SITEMAP_SIZE) if is_gzip(body) else body
    except TooLarge as error:
        return FeedReading(FeedKind.UNKNOWN, problem=str(error), limit=error.limit)
    except BadEncoding as error:
        return FeedReading(FeedKind.UNKNOWN, problem=str(error))
    if len(body) > _TREE_SIZE and not can_be_large(body):
        words = f"of {len(body):,} bytes, more than the {_TREE_SIZE:,} that are read of what is no sitemap"
        return FeedReading(FeedKind.UNKNOWN, problem=f"a document {words}", limit=Limit.DOCUMENT_SIZE)
    raw = read_raw(body, decode_feed(body, content_type), url, content_type)
    if not raw.kind:
        return FeedReading(FeedKind.UNKNOWN, problem=raw.remark or "this is no feed, sitemap or page")
    return _finish(raw, url, allow_endpoints)


def _finish(raw: RawFeed, url: str, allow_endpoints: frozenset[Endpoint]) -> FeedReading:
    """Of what was written, what can be watched; and counts of the rest."""
    remarks = [raw.remark] if raw.remark else []
    left_out: list[LeftOut] = []
    entries: Sequence[RawEntry] = raw.entries
    if raw.kind is FeedKind.SITEMAP:
        entries = _articles_only(entries, left_out)
    if len(entries) > ENTRY_LIMIT:
        remarks.append(f"{len(entries):,} entries: only the {ENTRY_LIMIT:,} latest are read")
        left_out.append(LeftOut(WhyLeftOut.TOO_MANY, len(entries) - ENTRY_LIMIT))
        entries = _latest(entries)
    if raw.kind is FeedKind.HTML:
        unique = _links_of_page(entries, url, left_out)
    else:
        unique = _taken(entries, raw, url, allow_endpoints, left_out)
    if raw.entries and not unique:
        remarks.append("no entry has an address that can be fetched")
    return FeedReading(
        kind=raw.kind,
        title=one_line(raw.title, _TEXT_LIMIT),
        entries=tuple(unique.values()),
        remarks=tuple(remarks),
        left_out=tuple(left_out),
        site=_address(raw.site),
        hub=raw.hub,
    )


def _articles_only(entries: Sequence[RawEntry], left_out: list[LeftOut]) -> Sequence[RawEntry]:
    """The articles of a sitemap; what else it lists is counted."""
    articles = articles_of(entries)
    if len(articles) < len(entries):
        kept = set(map(id, articles))
        others = (_first(entry) for entry in entries if id(entry) not in kept)
        left_out.append(_counted(WhyLeftOut.NO_ARTICLE, len(entries) - len(articles), others))
    return articles


def _first(entry: RawEntry) -> str:
    return entry.links[0] if entry.links else ""


def _latest(entries: Sequence[RawEntry]) -> list[RawEntry]:
    """The entries with the latest dates, in their own order; without dates, the first ones."""
    chosen = nlargest(ENTRY_LIMIT, range(len(entries)), key=lambda index: (_when(entries[index]), -index))
    return [entries[index] for index in sorted(chosen)]


def _when(entry: RawEntry) -> datetime:
    return read_date(entry.date) or date_in_address(_first(entry)) or _LONG_AGO


def _taken(
    entries: Sequence[RawEntry],
    raw: RawFeed,
    url: str,
    allow_endpoints: frozenset[Endpoint],
    left_out: list[LeftOut],
) -> dict[str, FeedEntry]:
    """The entries of a feed or sitemap that have an address, by its key: of several with one, the first."""
    pages = [page for page in (raw.site, url) if page and not looks_like_article(page)]
    once, ids = ids_that_stand_once(raw.entries), ids_that_look_like_ids(raw.entries, pages)
    unique: dict[str, FeedEntry] = {}
    without: dict[WhyLeftOut, list[str]] = {}
    choices = choose_addresses(entries, pages, url, allow_endpoints)
    for entry, choice in zip(entries, choices, strict=True):
        if not choice.address:
            without.setdefault(choice.why, []).append(_example(entry, choice))
            continue
        unique.setdefault(
            choice.key,
            FeedEntry(
                url=choice.address,
                title=one_line(entry.title, _TEXT_LIMIT),
                published=read_date(entry.date),
                guid=clean_guid(entry.guid),
                guid_stands_once=entry.guid in once and entry.guid != "",
                guid_looks_like_id=entry.guid in ids,
            ),
        )
    left_out += (_counted(why, len(examples), examples) for why, examples in without.items())
    return unique


def _links_of_page(entries: Sequence[RawEntry], url: str, left_out: list[LeftOut]) -> dict[str, FeedEntry]:
    """A page's links to its own site, by their keys; links elsewhere are counted."""
    unique: dict[str, FeedEntry] = {}
    elsewhere: dict[str, str] = {}
    for entry in entries:
        address = _address(_first(entry), entry.base)
        key = address_key(address) if address else ""
        if not key or key == address_key(url):
            continue
        if not is_on_site(address, url):
            elsewhere.setdefault(key, address)
            continue
        title = one_line(entry.title, _TEXT_LIMIT)
        first = unique.setdefault(key, FeedEntry(address, title))
        if len(title) > len(first.title):
            # A picture or "Read more" leads there too: what says most is the headline.
            unique[key] = replace(first, title=title)
    if elsewhere:
        left_out.append(_counted(WhyLeftOut.OTHER_SITE, len(elsewhere), elsewhere.values()))
    return unique


def _address(link: str, base: str = "") -> str:
    """A link normalised; empty if it is none."""
    try:
        return normalise(link, base=base) if link else ""
    except ValueError:
        return ""


def _example(entry: RawEntry, choice: Choice) -> str:
    return entry.title.strip() or choice.link


def _counted(why: WhyLeftOut, count: int, examples: Iterable[str]) -> LeftOut:
    shown = (one_line(example, _EXAMPLE_LIMIT) for example in islice(examples, _EXAMPLES))
    return LeftOut(why, count, tuple(filter(None, shown)))
