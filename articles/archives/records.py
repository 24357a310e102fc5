"""What a reader of an old archive hands out: plain frozen values, whatever the archive is made of.

A reader is a generator of `ArchivedArticle`, each with all its versions, and of `Broken`: what it leaves out,
and why. Values hold no handle of any file, so that they can be pickled and a reader may run in a process of
its own. An article is the most that is held in memory at a time, and its size is bounded.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from articles.extract import clean

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No newspaper's web page is older: what is dated before is a default value (NewsDiffs writes 1901-01-01)."""

LONGEST_TEXT = 1_000_000
"""Characters of one version; the comparison of two texts refuses more."""

MOST_PARAGRAPHS = 10_000
"""Of one version; more are no article."""

MOST_VERSIONS = 5_000
"""Of one article; the rest of them is left out and told."""

LONGEST_HISTORY = 50_000_000
"""Characters of all versions of one article together, as they are held in memory at once."""

FALSE_TIME = timedelta(seconds=10)
"""A claimed time of publication so near the moment at which the archive made the row was made up by it."""

LONGEST_LINE = 2_000
"""Characters of a headline or a byline."""


class Left(StrEnum):
    """Why something in an archive is not imported."""

    DAMAGED = "damaged"
    """The file, or a record in it, can't be read."""
    NO_ADDRESS = "no-address"
    BAD_ADDRESS = "bad-address"
    NO_TIME = "no-time"
    """The time is missing, unreadable, or lies before any web page or after today."""
    NO_TEXT = "no-text"
    TOO_LONG = "too-long"
    """A text, or an article's history, is larger than one is imported."""
    NO_ARTICLE = "no-article"
    """A version whose article is not in the archive."""
    NO_SIGHTING = "no-sighting"
    """A version that is imported, but whose entry, which tells when it was last seen, is gone."""
    NO_VERSION = "no-version"
    """An article without a version that could be read."""
    OUTSIDE = "outside"
    """A file that is named lies outside of the archive."""
    NO_STORY = "no-story"
    """A kept page on which no story was found."""
    NOT_A_PAGE = "not-a-page"
    """A kept answer that is no page: another status than 200, or no HTML."""
    NO_PAGE = "no-page"
    """A sighting of a page that is not in the archive."""
    NO_ARCHIVE = "no-archive"
    """A page that asks not to be archived."""
    FILTERED = "filtered"
    """What the archive's own program made for itself, no reading of a page."""
    BARRED = "barred"
    """An article that was deleted for good here."""
    TAKEN_DOWN = "taken-down"
    """A later version of an article whose latest one is taken down here: it may say the same."""
    OUT_OF_ORDER = "out-of-order"
    """A version older than the latest one that is here: numbers never change."""
    WATCHED_SINCE = "watched-since"
    """A later version of an article that has versions of our own by now."""
    ADDRESS_TAKEN = "address-taken"
    """An article that is imported without its address, which leads to another one here."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Something left out: where it stands in the archive (table and id, file, address) and why."""

    where: str
    why: Left
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was fetched."""

    url: str
    content_type: str
    body: bytes
    fetched: datetime


@dataclass(frozen=True, slots=True)
class ArchivedVersion:
    """One text of an article; all text is clean (`articles.extract.clean`), all times are aware, in UTC.

    `seen` is when the archive made it. `last_seen` is when the same text was seen for the last time, where
    the archive proves that; it is never guessed. `permalink` is what the origin's own addresses call it.
    `extractor` is 0 for a text that another program extracted, else our extractor's version.
    """

    origin_id: str
    seen: datetime
    headline: str
    paragraphs: tuple[str, ...]
    byline: str = ""
    published: datetime | None = None
    permalink: int | None = None
    minor: bool = False
    copy: str = ""
    """Address of a copy somebody else keeps, such as one at web.archive.org."""
    last_seen: datetime | None = None
    extractor: int = 0


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """An article with its versions, the oldest first.

    `source` is what the archive calls its publication, '' where it does not say. `address_is_whole` is False
    where the archive may have cut the address off. `page` is the newest version's page, where it was kept.
    """

    origin_id: str
    address: str
    versions: tuple[ArchivedVersion, ...]
    source: str = ""
    hidden: bool = False
    published: datetime | None = None
    language: str = ""
    address_is_whole: bool = True
    page: Page | None = None


Record = ArchivedArticle | Broken


def version_of(
    where: str,
    origin_id: str,
    seen: datetime | None,
    headline: str,
    paragraphs: Iterable[str],
    *,
    byline: str = "",
    published: datetime | None = None,
    permalink: int | None = None,
    minor: bool = False,
    copy: str = "",
    last_seen: datetime | None = None,
    extractor: int = 0,
) -> ArchivedVersion | Broken:
    """A version with clean text, or why it can't be one. *paragraphs* are plain text, cleaned here."""
    if seen is None or seen < EARLIEST:
        return Broken(where, Left.NO_TIME)
    kept: list[str] = []
    length = 0
    for paragraph in paragraphs:
        length += len(paragraph)
        if length > LONGEST_TEXT:
            return Broken(where, Left.TOO_LONG)
        if cleaned := clean(paragraph):
            kept.append(cleaned)
    if not kept:
        return Broken(where, Left.NO_TEXT)
    if len(kept) > MOST_PARAGRAPHS:
        return Broken(where, Left.TOO_LONG)
    return ArchivedVersion(
        origin_id=origin_id,
        seen=seen,
        headline=clean(headline[:LONGEST_LINE]),
        paragraphs=tuple(kept),
        byline=clean(byline[:LONGEST_LINE]),
        published=published,
        permalink=permalink,
        minor=minor,
        copy=clean(copy[:LONGEST_LINE]),
        last_seen=last_seen if last_seen and last_seen > seen else None,
        extractor=extractor,
    )


class History:
    """Gathers the versions of one article as far as it is bounded; what does not fit is told once."""

    def __init__(self) -> None:
        self.versions: list[ArchivedVersion] = []
        self.broken: list[Broken] = []
        self._room = LONGEST_HISTORY
        self._full = False

    def add(self, found: ArchivedVersion | Broken) -> None:
        if isinstance(found, Broken):
            self.broken.append(found)
            return
        self._room -= sum(map(len, found.paragraphs))
        if self._full:
            return
        if self._room < 0 or len(self.versions) == MOST_VERSIONS:
            self._full = True
            self.broken.append(Broken(f"version {found.origin_id} and later", Left.TOO_LONG))
            return
        self.versions.append(found)

    def in_order(self) -> tuple[ArchivedVersion, ...]:
        """The versions by time; those of one time in the order in which they came."""
        return tuple(sorted(self.versions, key=lambda version: version.seen))


def records_of(article: ArchivedArticle, history: History) -> Iterator[Record]:
    """What was left out of an article's history, and the article itself if any version of it is left."""
    yield from history.broken
    if article.versions:
        yield article
    else:
        yield Broken(f"article {article.origin_id}", Left.NO_VERSION)
