"""WARC files (ISO 28500), plain or gzip, and WACZ, which are zips of them.

Every page is read by our own extractor, so that what comes out are versions like ours. A revisit record, and
a page that reads as the one before did, prove that the text was still there at that time.

The records of one page lie scattered over an archive: they are gathered in a temporary database first.
"""

import base64
import hashlib
import io
import json
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

from articles.archives.bounds import (
    UNREADABLE,
    ArchiveError,
    Folder,
    Members,
    Stream,
    allowed,
    inflate,
    unbrotli,
)
from articles.archives.records import (
    ArchivedArticle,
    ArchivedVersion,
    Broken,
    History,
    Left,
    Page,
    Record,
    records_of,
    version_of,
)
from articles.archives.times import aware, from_epoch
from articles.extract import EXTRACTOR_VERSION, Story, extract
from articles.fetch import address_key, normalise
from articles.isolation import IsolationError, isolated

LONGEST_PAGE = 8 << 20
"""Bytes of a page, unpacked."""

MOST_DAMAGES = 1_000
"""Of one file, after each of which the next record is looked for."""

LONGEST_RECORD = 64 << 20
"""Bytes of a record that is looked into at all; films are passed over."""

READING_SECONDS = 10.0
"""That the extractor may take for one page, which hostile markup can hold up for long."""

_AT_ONCE = 16
"""Pages read as one job of the reader: one that it can't cope with is found by reading each alone."""
_BYTES_AT_ONCE = 4 << 20

_LONGEST_LINE = 64 << 10
_LONGEST_HEAD = 1 << 20
"""Bytes of all header lines of a record."""

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_NOT_MODIFIED = "server-not-modified"
_PIECE = 1 << 16
_ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
"""Of digests that records name; of others nothing can be told."""
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15  # zlib's wbits

AsksNoArchive = Callable[[bytes, str, Sequence[str]], bool]
"""Whether a page (its bytes, content type and X-Robots-Tag headers) asks not to be archived: a function that
a reader can import by its name."""


def never_asks(_body: bytes, _content_type: str, _robots: Sequence[str]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as a record holds it."""

    record_id: str
    url: str
    at: datetime
    content_type: str
    robots: tuple[str, ...]
    digest: str
    """As the record names it; what revisits refer to."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a page was still the same: the one of *digest*, or for '' whichever was there before."""

    record_id: str
    url: str
    at: datetime
    digest: str


class _Read(NamedTuple):
    story: Story
    noarchive: bool


def read(path: Path, asks_no_archive: AsksNoArchive = never_asks) -> Iterator[Record]:
    """The pages of a WARC or WACZ file, or of a folder of them, by their addresses.

    :raises ArchiveError: it can't be read at all.
    """
    with (
        tempfile.TemporaryDirectory(prefix="newsdiffs-archive-") as folder,
        closing(sqlite3.connect(Path(folder, "spool"), isolation_level=None)) as connection,
    ):
        spool = _Spool(connection, asks_no_archive)
        for found in _records(path):
            if isinstance(found, Kept):
                yield from spool.add(found)
            elif isinstance(found, Sighting):
                spool.note(found)
            else:
                yield found
        yield from spool.flush()
        yield from spool.articles()


def _records(path: Path) -> Iterator[Kept | Sighting | Broken]:
    if path.is_dir():
        files = sorted(
            entry for entry in path.iterdir() if entry.name.endswith((".warc", ".warc.gz", ".wacz"))
        )
        if not files:
            raise ArchiveError(f"{path} holds no WARC and no WACZ")
        for file in files:
            yield from _records_of_file(file)
    else:
        yield from _records_of_file(path)


def _records_of_file(path: Path) -> Iterator[Kept | Sighting | Broken]:
    with path.open("rb") as file:
        is_zip = file.read(4) == b"PK\x03\x04"
    if not is_zip:
        with path.open("rb") as packed:
            yield from records_of_warc(packed, path.stat().st_size, path.name)
        return
    with Folder(path) as package:
        named = _digests(package)
        warcs = [name for name in package.names("archive") if name.endswith((".warc", ".warc.gz"))]
        if not warcs:
            raise ArchiveError(f"{path} is no WACZ: it has no archive/…warc")
        for name in warcs:
            try:
                if name in named and _sha256(package, name) != named[name]:
                    yield Broken(name, Left.DAMAGED, "its SHA-256 is not the one of datapackage.json")
                    continue
                with package.stream(name) as packed:
                    yield from records_of_warc(packed, package.size(name), name)
            except UNREADABLE as problem:
                yield Broken(name, Left.DAMAGED, str(problem))


def _digests(package: Folder) -> dict[str, str]:
    """The SHA-256 that datapackage.json gives of each file; of none where it can't be read."""
    try:
        told = json.loads(package.read("datapackage.json", LONGEST_PAGE))
        resources = told["resources"] if isinstance(told, dict) else []
        return {
            str(resource["path"]): str(resource["hash"]).removeprefix("sha256:")
            for resource in resources
            if str(resource.get("hash", "")).startswith("sha256:")
        }
    except (*UNREADABLE, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _sha256(package: Folder, name: str) -> str:
    digest = hashlib.sha256()
    with package.stream(name) as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def records_of_warc(packed: io.BufferedReader, size: int, file: str) -> Iterator[Kept | Sighting | Broken]:
    """The pages and sightings of one WARC, a file of *size* bytes.

    Where one that is not packed is damaged, it ends. In a packed one each record is a member of its own: the
    next that can be read is looked for.
    """
    records = _Records(file)
    if packed.peek(2)[:2] != b"\x1f\x8b":
        yield from records.of(packed)
        return
    members = Members(packed, allowed(size))
    yield from records.of(members)
    for _ in range(MOST_DAMAGES):
        if not records.is_damaged or not members.skip():
            break
        yield from records.of(members)


class _Records:
    """The records of one WARC, numbered from 1."""

    def __init__(self, file: str) -> None:
        self._file, self._number = file, 0
        self.is_damaged = False
        """Whether the last reading of them ended at a damage."""

    def of(self, stream: Stream) -> Iterator[Kept | Sighting | Broken]:
        """Those of *stream*, to its end or a damage, which is told; not where another one just was."""
        iterator = ArchiveIterator(stream, check_digests=True)
        iterator.loader = _Loader()
        iterator.reader = _BoundedLines(stream)
        was_damaged, self.is_damaged = self.is_damaged, False
        try:
            for record in iterator:
                self._number += 1
                was_damaged = False
                if found := _record(record, f"{self._file} record {self._number}"):
                    yield found
        except (*UNREADABLE, ArchiveLoadFailed, ValueError, AttributeError, TypeError) as problem:
            # warcio raises what it stumbles over, such as a record without an address.
            self.is_damaged = True
            if not was_damaged:
                yield Broken(f"{self._file} after record {self._number}", Left.DAMAGED, str(problem))


class _Block(LimitReader):  # type: ignore[misc]
    """The bytes of a record as they stand in the file, held against the digest that it names of them."""

    def __init__(self, stream: object, length: int, named: str) -> None:
        super().__init__(stream, length)
        algorithm, _, self._named = named.partition(":")
        self._digest = hashlib.new(algorithm.lower()) if algorithm.lower() in _ALGORITHMS else None

    def _update(self, data: bytes) -> bytes:
        if self._digest is not None:
            self._digest.update(data)
        read: bytes = super()._update(data)
        return read

    def check(self) -> None:
        """Read what is left.

        :raises ArchiveError: the record is cut off, or is not the one that was written.
        """
        while self.read(_PIECE):
            pass
        if self.limit:
            raise ArchiveError(f"the record is cut off: {self.limit:,} bytes of it are missing")
        if self._digest is None:
            return
        # Base 32 is what the standard has; others are met with.
        told, found = self._named.rstrip("="), self._digest.digest()
        written = (base64.b32encode(found), base64.b64encode(found), base64.urlsafe_b64encode(found))
        forms = {found.hex(), *(form.decode().rstrip("=") for form in written)}
        if not forms.isdisjoint((told, told.lower(), told.upper())):
            return
        raise ArchiveError("its WARC-Block-Digest is not that of its bytes")


class _Loader(ArcWarcRecordLoader):  # type: ignore[misc]
    """warcio's, which gives each record its block to be checked."""

    def wrap_digest_verifying_stream(
        self,
        stream: LimitReader,
        rec_type: str,
        rec_headers: StatusAndHeaders,
        digest_checker: object,
        length: int,
    ) -> tuple[LimitReader, bool]:
        return _Block(stream, length, rec_headers.get_header("WARC-Block-Digest") or ""), False


class _BoundedLines(BufferedReader):  # type: ignore[misc]
    """warcio's reader, whose lines and heads are bounded."""

    def __init__(self, stream: Stream) -> None:
        super().__init__(stream)
        self._head = 0

    def read(self, length: int | None = None) -> bytes:
        self._head = 0
        data: bytes = super().read(length)
        return data

    def readline(self, length: int | None = None) -> bytes:
        most = min(length, _LONGEST_LINE) if length else _LONGEST_LINE
        line: bytes = super().readline(most)
        self._head += len(line)
        if self._head > _LONGEST_HEAD or (len(line) == _LONGEST_LINE and not line.endswith(b"\n")):
            raise ArchiveError("a head that never ends")
        return line


def _record(record: ArcWarcRecord, where: str) -> Kept | Sighting | Broken | None:
    if record.rec_type not in ("response", "resource", "revisit"):
        return None
    headers = record.rec_headers
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    where = f"{where} {url}"
    at = aware(headers.get_header("WARC-Date"))
    if not url:
        return Broken(where, Left.NO_ADDRESS)
    if not url.startswith(("http://", "https://")):
        return None  # what a crawler notes for itself: dns:, metadata://
    if at is None:
        return Broken(where, Left.NO_TIME)
    record_id = (headers.get_header("WARC-Record-ID") or f"{where} {at.isoformat()}").strip("<>")
    digest = headers.get_header("WARC-Payload-Digest") or ""
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    if record.rec_type == "revisit":
        unchanged = (headers.get_header("WARC-Profile") or "").endswith(_NOT_MODIFIED)
        return Sighting(record_id, url, at, "" if unchanged else digest)
    if status == "304":
        return Sighting(record_id, url, at, "")
    if record.rec_type == "response" and status != "200":
        return Broken(where, Left.NOT_A_PAGE, f"status {status}")
    content_type = record.content_type or ""
    if record.rec_type == "response":
        content_type = record.http_headers.get_header("Content-Type") or ""
    if content_type.partition(";")[0].strip().lower() not in _PAGE_TYPES:
        return Broken(where, Left.NOT_A_PAGE, content_type[:100])
    if record.length is None or record.length > LONGEST_RECORD:
        return Broken(where, Left.TOO_LONG)
    if why := headers.get_header("WARC-Truncated"):
        return Broken(where, Left.DAMAGED, f"cut off when it was fetched: {why[:40]}")
    try:
        body = _body(record)
    except (ArchiveError, zlib.error, brotli.error) as problem:
        return Broken(where, Left.DAMAGED, str(problem))
    robots: tuple[str, ...] = ()
    if record.http_headers:
        headers = record.http_headers.headers
        robots = tuple(value for name, value in headers if name.lower() == "x-robots-tag")
    return Kept(record_id, url, at, content_type[:200], robots, digest, body)


def _body(record: ArcWarcRecord) -> bytes:
    """The page of a record, without chunks and unpacked.

    :raises ArchiveError: it is too long, cut off, not what was written, or packed in a way that is not known.
    :raises zlib.error: it is damaged. `brotli.error` too.
    """
    headers = record.http_headers
    chunked = headers is not None and (headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    data: bytes = stream.read(LONGEST_PAGE + 1)
    if len(data) > LONGEST_PAGE:
        raise ArchiveError(f"the page is longer than {LONGEST_PAGE:,} bytes")
    record.raw_stream.check()
    coding = (headers.get_header("Content-Encoding") or "").strip().lower() if headers else ""
    if coding in ("gzip", "x-gzip"):
        # Browsers' recorders leave the header on what they have unpacked already.
        return inflate(data, LONGEST_PAGE, wbits=_GZIP) if data[:2] == b"\x1f\x8b" else data
    if coding == "deflate":
        try:
            return inflate(data, LONGEST_PAGE, wbits=_ZLIB)
        except zlib.error:
            return inflate(data, LONGEST_PAGE, wbits=_RAW_DEFLATE)
    if coding == "br":
        try:
            return unbrotli(data, LONGEST_PAGE)
        except brotli.error:
            if data.lstrip()[:1] == b"<":
                return data
            raise
    if coding in ("", "identity", "none", "utf-8"):
        return data
    raise ArchiveError(f"the page is packed as {coding[:40]!r}")


class _Spool:
    """The pages of an archive by their addresses, in a temporary database."""

    def __init__(self, connection: sqlite3.Connection, asks_no_archive: AsksNoArchive) -> None:
        self._connection = connection
        self._asks_no_archive = asks_no_archive
        self._waiting: list[Kept] = []
        for setting in ("journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {setting}")
        connection.execute("CREATE TABLE story (body TEXT, key TEXT, told BLOB, PRIMARY KEY (key, body))")
        connection.execute("CREATE TABLE page (key TEXT, body TEXT, data BLOB, PRIMARY KEY (key, body))")
        connection.execute(
            "CREATE TABLE seen (key TEXT, at REAL, record TEXT, url TEXT, type TEXT, digest TEXT, body TEXT)"
        )
        connection.execute("BEGIN")

    def add(self, page: Kept) -> Iterator[Broken]:
        """Take in *page*; what can't be read of those that wait is told."""
        self._waiting.append(page)
        if len(self._waiting) >= _AT_ONCE or sum(len(one.body) for one in self._waiting) > _BYTES_AT_ONCE:
            yield from self.flush()

    def note(self, sighting: Sighting) -> None:
        try:
            key = address_key(sighting.url)
        except ValueError:
            return  # no page of it can be there either
        row = (key, sighting.at.timestamp(), sighting.record_id, sighting.url, "", sighting.digest, None)
        self._connection.execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def flush(self) -> Iterator[Broken]:
        """Read the pages that wait."""
        pages, self._waiting = self._waiting, []
        new: list[tuple[Kept, str, str]] = []
        for page in pages:
            try:
                key, body = address_key(page.url), hashlib.sha256(page.body).hexdigest()
            except ValueError as problem:
                yield Broken(f"{page.record_id} {page.url}", Left.BAD_ADDRESS, str(problem))
                continue
            row = (key, page.at.timestamp(), page.record_id, page.url, page.content_type, page.digest, body)
            self._connection.execute("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            known = "INSERT OR IGNORE INTO page VALUES (?, ?, ?)"
            if self._connection.execute(known, (key, body, zlib.compress(page.body, 1))).rowcount:
                new.append((page, key, body))
        stories = _read_pages([page for page, _, _ in new], self._asks_no_archive)
        for (_, key, body), told in zip(new, stories, strict=True):
            self._connection.execute("INSERT INTO story VALUES (?, ?, ?)", (body, key, _packed(told)))

    def articles(self) -> Iterator[Record]:
        """The articles, by address."""
        self._connection.execute("CREATE INDEX by_key ON seen (key, at)")
        rows = self._connection.execute("SELECT * FROM seen ORDER BY key, at, rowid")
        for key, seen in groupby(rows, key=lambda row: str(row[0])):
            yield from self._article(key, seen)

    def _article(self, key: str, rows: Iterator[tuple[object, ...]]) -> Iterator[Record]:
        history = History()
        bodies: dict[str, str] = {}
        current: ArchivedVersion | None = None
        page: tuple[str, str, str, datetime] | None = None
        address = language = ""
        for _, timestamp, record_id, url, content_type, digest, body in rows:
            where, at = f"{record_id} {url}", from_epoch(timestamp)
            if at is None:
                history.add(Broken(where, Left.NO_TIME))
                continue
            if body is None and digest == "" and current is not None:
                current = replace(current, last_seen=at)
                continue
            body = body or bodies.get(str(digest))
            if body is None:
                history.add(Broken(where, Left.NO_PAGE))
                continue
            bodies.setdefault(str(digest), str(body))
            told = self._story(key, str(body))
            found = _version(told, where, str(record_id), at)
            if isinstance(found, Broken):
                history.add(found)
                continue
            address, language = str(url), told.story.language
            if content_type:
                page = str(url), str(content_type), str(body), at
            if current is not None and _same(current, found):
                current = replace(current, last_seen=at)
                continue
            if current is not None:
                history.add(current)
            current = found
        if current is not None:
            history.add(current)
        versions = history.in_order()
        origin_id = hashlib.sha256(key.encode()).hexdigest()
        published = versions[-1].published if versions else None
        article = ArchivedArticle(
            origin_id=origin_id,
            address=address or key,
            versions=versions,
            published=published,
            language=language,
            page=self._page(key, page) if page and versions else None,
        )
        yield from records_of(article, history)

    def _story(self, key: str, body: str) -> _Read:
        row = self._connection.execute("SELECT told FROM story WHERE key = ? AND body = ?", (key, body))
        return _unpacked(row.fetchone()[0])

    def _page(self, key: str, page: tuple[str, str, str, datetime]) -> Page:
        url, content_type, body, at = page
        row = self._connection.execute("SELECT data FROM page WHERE key = ? AND body = ?", (key, body))
        return Page(normalise(url), content_type, zlib.decompress(row.fetchone()[0]), at)


def _version(told: _Read, where: str, record_id: str, at: datetime) -> ArchivedVersion | Broken:
    if told.noarchive:
        return Broken(where, Left.NO_ARCHIVE)
    story = told.story
    if story.problem:
        return Broken(where, Left.NO_STORY, story.problem)
    return version_of(
        where,
        record_id,
        at,
        story.headline,
        story.paragraphs,
        byline=story.byline,
        published=story.published,
        extractor=EXTRACTOR_VERSION,
    )


def _same(one: ArchivedVersion, other: ArchivedVersion) -> bool:
    return (one.headline, one.byline, one.paragraphs) == (other.headline, other.byline, other.paragraphs)


def _read_pages(pages: list[Kept], asks_no_archive: AsksNoArchive) -> list[_Read]:
    """What the extractor finds on each page. A page that it can't cope with is told from the others."""
    if not pages:
        return []
    seconds = READING_SECONDS
    try:
        found: list[_Read] = isolated(
            _extract_all, pages, asks_no_archive, wall=seconds, cpu=int(seconds) + 1
        )
    except IsolationError as problem:
        if len(pages) > 1:
            return [told for page in pages for told in _read_pages([page], asks_no_archive)]
        return [_Read(Story(problem=f"reading the page was stopped: {problem.reason}"), noarchive=False)]
    return found


def _extract_all(pages: list[Kept], asks_no_archive: AsksNoArchive) -> list[_Read]:
    return [
        _Read(
            extract(page.body, page.url, content_type=page.content_type or None),
            asks_no_archive(page.body, page.content_type, page.robots),
        )
        for page in pages
    ]


def _packed(told: _Read) -> bytes:
    story = told.story
    times = [moment.isoformat() if moment else None for moment in (story.published, story.modified)]
    plain = [
        story.headline,
        story.byline,
        *times,
        story.language,
        list(story.paragraphs),
        story.problem,
        told.noarchive,
    ]
    return zlib.compress(json.dumps(plain).encode(), 1)


def _unpacked(data: bytes) -> _Read:
    headline, byline, published, modified, language, paragraphs, problem, noarchive = json.loads(
        zlib.decompress(data)
    )
    story = Story(
        headline=headline,
        byline=byline,
        published=datetime.fromisoformat(published) if published else None,
        modified=datetime.fromisoformat(modified) if modified else None,
        language=language,
        paragraphs=tuple(paragraphs),
        problem=problem,
    )
    return _Read(story, noarchive)
