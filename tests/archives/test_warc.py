"""WARC and WACZ: written by warcio, by wget, by hand and by ourselves."""

import base64
import gzip
import hashlib
import http.server
import io
import json
import re
import shutil
import subprocess
import threading
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from articles.archives import ArchivedArticle, Left, bounds, warc
from articles.archives.warc_writing import KeptPage, write_warc
from articles.extract import EXTRACTOR_VERSION
from articles.watch.check.page_reading import asks_no_archive
from tests.archives.pages import LONG, page

STORY = "http://news.example/2019/05/06/bridge-closed-after-storm"
FIRST = page("Bridge closed after storm")
MOVED = page("Bridge closed after storm", aside="Most read: 1 2 3")
SECOND = page(
    "Bridge closed for weeks", (*LONG, "The mayor called it the worst storm in forty years of his life.")
)


def at(hour: int) -> datetime:
    return datetime(2019, 5, 6, hour, tzinfo=UTC)


class Warc:
    """A WARC as a crawler writes it with warcio."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()
        self.writer = WARCWriter(self.stream, gzip=True)
        self.writer.write_record(self.writer.create_warcinfo_record("a.warc.gz", {"software": "a crawler"}))

    def response(
        self, when: datetime, body: bytes, *, url: str = STORY, status: str = "200 OK", **headers: str
    ) -> str:
        named = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if "Content_Type" not in headers:
            named.append(("Content-Type", "text/html; charset=utf-8"))
        record = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(status, named, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": when.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        self.writer.write_record(record)
        return str(record.rec_headers.get_header("WARC-Payload-Digest"))

    def revisit(self, when: datetime, digest: str, *, url: str = STORY) -> None:
        record = self.writer.create_revisit_record(
            url,
            digest,
            url,
            "2019-05-06T00:00:00Z",
            http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": when.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        self.writer.write_record(record)

    def other(self, kind: str, when: datetime, body: bytes = b"", *, url: str = STORY, **told: str) -> None:
        headers = {name.replace("_", "-"): value for name, value in told.items()}
        headers["WARC-Date"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_headers_dict=headers,
            warc_content_type="text/html",
        )
        self.writer.write_record(record)

    def save(self, path: Path) -> Path:
        path.write_bytes(self.stream.getvalue())
        return path


def crawl() -> Warc:
    made = Warc()
    # Not in the order of time, as several crawlers write at once.
    made.response(at(12), SECOND)
    first = made.response(at(8), FIRST)
    made.revisit(at(9), first)
    made.response(at(10), MOVED)
    made.response(at(8), b"<svg/>", url="http://news.example/logo.svg", Content_Type="image/svg+xml")
    made.response(at(8), FIRST, url="http://news.example/gone", status="404 Not Found")
    made.revisit(at(9), "sha1:" + "A" * 32, url="http://news.example/never")
    made.response(at(8), page("Home", ()), url="http://news.example/2019/05/06/an-empty-page-of-nothing")
    return made


def test_texts_are_versions_and_the_same_text_again_is_a_sighting(
    tmp_path: Path, apart: Callable[..., Any]
) -> None:
    articles, _ = apart(warc.read(crawl().save(tmp_path / "a.warc.gz")))
    (story,) = articles
    assert story.address == STORY
    assert [version.headline for version in story.versions] == [
        "Bridge closed after storm",
        "Bridge closed for weeks",
    ]
    assert story.versions[0].paragraphs == LONG
    assert [(version.seen, version.last_seen) for version in story.versions] == [
        (at(8), at(10)),
        (at(12), None),
    ]
    assert {version.extractor for version in story.versions} == {EXTRACTOR_VERSION}
    assert story.page is not None
    assert (story.page.body, story.page.fetched) == (SECOND, at(12))


def test_what_is_no_page_is_told(tmp_path: Path, apart: Callable[..., Any]) -> None:
    _, broken = apart(warc.read(crawl().save(tmp_path / "a.warc.gz")))
    assert sorted(why for why, _ in broken) == sorted(
        [Left.NOT_A_PAGE, Left.NOT_A_PAGE, Left.NO_PAGE, Left.NO_VERSION, Left.NO_STORY, Left.NO_VERSION]
    )


def test_an_older_text_that_a_revisit_names_came_back(tmp_path: Path, apart: Callable[..., Any]) -> None:
    made = Warc()
    first = made.response(at(8), FIRST)
    made.response(at(9), SECOND)
    made.revisit(at(10), first)
    (story,), _ = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert [version.paragraphs for version in story.versions] == [LONG, story.versions[1].paragraphs, LONG]
    assert story.versions[2].seen == at(10)


@pytest.mark.parametrize("kind", ["revisit", "response"])
def test_not_modified_is_a_sighting_of_what_was_there(
    tmp_path: Path, apart: Callable[..., Any], kind: str
) -> None:
    made = Warc()
    made.response(at(8), FIRST)
    if kind == "response":
        made.response(at(9), b"", status="304 Not Modified")
    else:
        made.other(
            "revisit", at(9), WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified"
        )
    made.response(at(12), SECOND)
    (story,), _ = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert story.versions[0].last_seen == at(9)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("gzip", bytes),  # a browser's recorder leaves the header on
        ("br", bytes),
    ],
)
def test_bodies_are_unpacked(
    tmp_path: Path, apart: Callable[..., Any], coding: str, pack: Callable[[bytes], bytes]
) -> None:
    made = Warc()
    made.response(at(8), pack(FIRST), Content_Encoding=coding)
    (story,), _ = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert story.versions[0].paragraphs == LONG


def test_chunks_are_put_together(tmp_path: Path, apart: Callable[..., Any]) -> None:
    halves = FIRST[:500], FIRST[500:]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(half), half) for half in halves) + b"0\r\n\r\n"
    made = Warc()
    made.response(at(8), chunked, Transfer_Encoding="chunked")
    (story,), _ = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert story.versions[0].paragraphs == LONG


def test_pages_without_a_head_and_plain_files_are_read(tmp_path: Path, apart: Callable[..., Any]) -> None:
    made = Warc()
    made.other("resource", at(8), FIRST)
    made.other("metadata", at(8), b"via: nothing")
    plain = tmp_path / "a.warc"
    plain.write_bytes(gzip.decompress(made.stream.getvalue()))
    (story,), broken = apart(warc.read(plain))
    assert (story.versions[0].paragraphs, broken) == (LONG, [])


def test_a_page_that_asks_not_to_be_archived_is_left_out(tmp_path: Path, apart: Callable[..., Any]) -> None:
    made = Warc()
    made.response(at(8), FIRST, X_Robots_Tag="noarchive")
    path = made.save(tmp_path / "a.warc.gz")
    articles, broken = apart(warc.read(path, asks_no_archive))
    assert (articles, broken[0][0]) == ([], Left.NO_ARCHIVE)
    articles, _ = apart(warc.read(path))
    assert len(articles) == 1


# --- hostile and damaged files ---------------------------------------------------------------------------


@pytest.mark.parametrize("bomb", [gzip.compress, brotli.compress])
def test_a_page_that_unpacks_to_far_too_much_is_left_out(
    tmp_path: Path, apart: Callable[..., Any], bomb: Callable[[bytes], bytes]
) -> None:
    made = Warc()
    made.response(at(8), FIRST)
    coding = "gzip" if bomb is gzip.compress else "br"
    made.response(at(9), bomb(b"<p>" * (32 << 20)), Content_Encoding=coding)
    (story,), broken = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert len(story.versions) == 1
    assert [why for why, _ in broken] == [Left.DAMAGED]


def test_a_file_that_unpacks_to_far_too_much_is_given_up(
    tmp_path: Path, apart: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "LEAST_ALLOWED", 1 << 20)
    made = Warc()
    made.response(at(8), FIRST)
    bomb = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 1000000000000\r\n\r\n" + b"x" * (64 << 20)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(made.stream.getvalue() + gzip.compress(bomb))
    (story,), broken = apart(warc.read(path))
    assert len(story.versions) == 1
    assert [why for why, _ in broken] == [Left.DAMAGED]


@pytest.mark.parametrize(
    "tail",
    [
        b"WARC/1.0\r\nX: " + b"y" * (1 << 20),
        b"WARC/1.0\r\n" + b"X: y\r\n" * 400_000,
        b"\r\n" * 2_000_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -5\r\n\r\nHTTP/1.1 200",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: x\r\n"
        b"Content-Length: 0\r\n\r\n",
    ],
)
def test_what_came_before_the_damage_is_kept(tmp_path: Path, apart: Callable[..., Any], tail: bytes) -> None:
    made = Warc()
    made.response(at(8), FIRST)
    path = tmp_path / "a.warc"
    path.write_bytes(gzip.decompress(made.stream.getvalue()) + tail)
    (story,), broken = apart(warc.read(path))
    assert len(story.versions) == 1
    assert len(broken) <= 1


def several(packed: bool) -> bytes:
    """Seven pages of different addresses, a member each where they are packed."""
    stream = io.BytesIO()
    pages = (
        KeptPage(
            str(uuid.UUID(int=number)),
            f"http://news.example/2019/05/06/story-of-number-{number}",
            at(8),
            page(f"Story of number {number}", (*LONG, f"It was the event of number {number} of the day.")),
            headers=(("Content-Type", "text/html; charset=utf-8"),),
        )
        for number in range(7)
    )
    write_warc(stream, pages, packed=packed)
    return stream.getvalue()


def told_of(articles: list[ArchivedArticle]) -> list[int]:
    """Which of the seven were read."""
    return [int(article.address.rpartition("-")[2]) for article in articles]


@pytest.mark.parametrize("hurt", ["flipped", "zeros", "checksum", "cut out", "inserted"])
def test_a_damaged_member_costs_its_own_page_alone(
    tmp_path: Path, apart: Callable[..., Any], hurt: str
) -> None:
    data = several(packed=True)
    begins = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", data)]
    assert len(begins) == 8  # what made the file, and seven pages
    from_, to = begins[3], begins[4]
    middle = (from_ + to) // 2
    damaged = {
        "flipped": data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :],
        "zeros": data[: from_ + 20] + bytes(to - from_ - 20) + data[to:],
        "checksum": data[: to - 8] + b"\x00\x00\x00\x00" + data[to - 4 :],
        "cut out": data[:middle] + data[middle + 40 :],
        "inserted": data[:middle] + b"\xff" * 9 + data[middle:],
    }[hurt]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(damaged)
    articles, broken = apart(warc.read(path))
    assert told_of(articles) == [0, 1, 3, 4, 5, 6]
    assert {why for why, _ in broken} == {Left.DAMAGED}


def test_zeros_between_members_are_no_damage(tmp_path: Path, apart: Callable[..., Any]) -> None:
    data = several(packed=True)
    at_third = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", data)][3]
    (tmp_path / "a.warc.gz").write_bytes(data[:at_third] + bytes(700_000) + data[at_third:] + bytes(5))
    articles, broken = apart(warc.read(tmp_path / "a.warc.gz"))
    assert (len(articles), broken) == (7, [])


def test_what_looks_like_members_and_is_none_is_given_up(
    tmp_path: Path, apart: Callable[..., Any], monkeypatch
) -> None:
    monkeypatch.setattr(warc, "MOST_DAMAGES", 50)
    data = several(packed=True)
    (tmp_path / "a.warc.gz").write_bytes(data + b"\x1f\x8b\x08" * 100 + data)
    articles, broken = apart(warc.read(tmp_path / "a.warc.gz"))
    assert len(articles) == 7
    assert len(broken) == 1


def test_a_page_that_was_cut_off_in_a_plain_file_is_none(tmp_path: Path, apart: Callable[..., Any]) -> None:
    """Else a text without its last paragraphs would be told as an edit."""
    data = several(packed=False)
    cut = data.rindex(b"It was the event")
    (tmp_path / "a.warc").write_bytes(data[:cut])
    articles, broken = apart(warc.read(tmp_path / "a.warc"))
    assert told_of(articles) == [0, 1, 2, 3, 4, 5]
    assert broken[0][0] == Left.DAMAGED


def test_a_page_whose_bytes_are_not_those_that_were_written_is_none(
    tmp_path: Path, apart: Callable[..., Any]
) -> None:
    data = several(packed=False).replace(b"event of number 4", b"event of number 9")
    (tmp_path / "a.warc").write_bytes(data)
    articles, broken = apart(warc.read(tmp_path / "a.warc"))
    assert told_of(articles) == [0, 1, 2, 3, 5, 6]
    assert [why for why, _ in broken] == [Left.DAMAGED]


def hexadecimal(digest: bytes) -> str:
    return digest.hex()


def base_32(digest: bytes) -> str:
    return base64.b32encode(digest).decode()


def base_64(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode()


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "SHA-1", "blake3"])
@pytest.mark.parametrize("form", [hexadecimal, base_32, base_64])
def test_digests_of_other_programs_are_read_too(
    tmp_path: Path, apart: Callable[..., Any], algorithm: str, form: Callable[[bytes], str]
) -> None:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + FIRST
    known = algorithm in hashlib.algorithms_available
    named = form(hashlib.new(algorithm, block).digest()) if known else "what nobody knows"

    def record(block: bytes) -> bytes:
        head = {
            "WARC-Type": "response",
            "WARC-Target-URI": STORY,
            "WARC-Date": "2019-05-06T08:00:00Z",
            "WARC-Record-ID": f"<urn:uuid:{uuid.UUID(int=1)}>",
            "Content-Type": "application/http;msgtype=response",
            "WARC-Block-Digest": f"{algorithm}:{named}",
            "Content-Length": str(len(block)),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"

    (tmp_path / "a.warc").write_bytes(record(block))
    articles, broken = apart(warc.read(tmp_path / "a.warc"))
    assert (len(articles), broken) == (1, [])
    (tmp_path / "b.warc").write_bytes(record(block.replace(b"two piers", b"ten piers")))
    articles, broken = apart(warc.read(tmp_path / "b.warc"))
    assert len(articles) == (0 if known else 1)


def test_a_page_that_the_crawler_cut_off_is_none(tmp_path: Path, apart: Callable[..., Any]) -> None:
    made = Warc()
    made.response(at(8), FIRST)
    record = made.writer.create_warc_record(
        STORY,
        "response",
        payload=io.BytesIO(FIRST[:-300]),
        length=len(FIRST) - 300,
        http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": "2019-05-06T09:00:00Z", "WARC-Truncated": "length"},
    )
    made.writer.write_record(record)
    articles, broken = apart(warc.read(made.save(tmp_path / "a.warc.gz")))
    assert [len(article.versions) for article in articles] == [1]
    assert [why for why, _ in broken] == [Left.DAMAGED]


def test_a_file_that_was_cut_off_keeps_its_whole_records(tmp_path: Path, apart: Callable[..., Any]) -> None:
    made = Warc()
    made.response(at(8), FIRST)
    whole = len(made.stream.getvalue())
    made.response(at(9), SECOND)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(made.stream.getvalue()[: whole + 400])
    (story,), broken = apart(warc.read(path))
    assert len(story.versions) == 1
    assert {why for why, _ in broken} == {Left.DAMAGED}


# --- WACZ -------------------------------------------------------------------------------------------------


def wacz(path: Path, data: bytes, digest: str) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/data.warc.gz", data)
        package.writestr("indexes/index.cdx", "")
        package.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
        resources = [{"name": "data", "path": "archive/data.warc.gz", "hash": digest, "bytes": len(data)}]
        package.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": resources}))
    return path


def test_wacz_is_read(tmp_path: Path, apart: Callable[..., Any]) -> None:
    data = crawl().stream.getvalue()
    path = wacz(tmp_path / "a.wacz", data, f"sha256:{hashlib.sha256(data).hexdigest()}")
    articles, _ = apart(warc.read(path))
    assert len(articles[0].versions) == 2


def test_wacz_that_is_not_what_its_list_says_is_left_out(tmp_path: Path, apart: Callable[..., Any]) -> None:
    data = crawl().stream.getvalue()
    articles, broken = apart(warc.read(wacz(tmp_path / "a.wacz", data, f"sha256:{'0' * 64}")))
    assert (articles, broken) == ([], [(Left.DAMAGED, "archive/data.warc.gz")])


# --- another tool -----------------------------------------------------------------------------------------


@contextmanager
def serving(body: bytes) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.skipif(shutil.which("wget") is None, reason="needs wget: apt-get install wget")
def test_what_wget_writes_is_read(tmp_path: Path, apart: Callable[..., Any]) -> None:
    with serving(FIRST) as site:
        subprocess.run(
            [
                "wget",
                "-q",
                "--warc-file=crawl",
                "-O",
                "/dev/null",
                f"{site}/2019/05/06/bridge-closed-in-storm",
            ],
            cwd=tmp_path,
            check=True,
            timeout=60,
        )
    (story,), broken = apart(warc.read(tmp_path / "crawl.warc.gz"))
    assert story.address == f"{site}/2019/05/06/bridge-closed-in-storm"
    assert story.versions[0].paragraphs == LONG
    assert broken == []


# --- what we write ourselves -----------------------------------------------------------------------------

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Content-Length", "77"),
    ("ETag", '"abc"'),
    ("Set-Cookie", "session=secret"),
    ("X-Folded", "a\r\n b"),
)


def kept(number: int, when: datetime, body: bytes, **values: Any) -> KeptPage:
    record_id = f"00000000-0000-4000-8000-{number:012d}"
    return KeptPage(record_id, STORY, when, body, **{"headers": HEADERS, **values})


def written(*pages: KeptPage, packed: bool = True) -> bytes:
    stream = io.BytesIO()
    write_warc(stream, pages, packed=packed)
    return stream.getvalue()


def test_ours_is_read_back_by_warcio() -> None:
    request = (("User-Agent", "NewsDiffs"), ("Authorization", "secret"))
    data = written(
        kept(1, at(8), FIRST, request=request, seen_again=at(10)),
        kept(2, at(12), SECOND, seen_again=at(13), seen_again_status=304),
        kept(3, at(14), FIRST, headers=None, content_type="text/html", seen_again=at(13)),
    )
    assert b"secret" not in gzip.decompress(data)
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        body = record.content_stream().read()
        date = record.rec_headers.get_header("WARC-Date")
        found.append((record.rec_type, date[11:13] if record.rec_type != "warcinfo" else "", body))
        if record.rec_type == "response":
            assert record.http_headers.get_header("Content-Encoding") is None
            assert record.http_headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
            assert record.http_headers.get_header("Content-Length") == str(len(body))
            assert record.http_headers.get_header("ETag") == '"abc"'
            assert record.http_headers.get_header("X-Folded") == "a b"
        if record.rec_type == "revisit":
            profile = record.rec_headers.get_header("WARC-Profile")
            assert profile.endswith(
                "server-not-modified" if date[11:13] == "13" else "identical-payload-digest"
            )
    assert [(kind, hour) for kind, hour, _ in found[1:]] == [
        ("response", "08"),
        ("request", "08"),
        ("revisit", "10"),
        ("response", "12"),
        ("revisit", "13"),
        ("resource", "14"),
    ]
    assert [body for kind, _, body in found if kind in ("response", "resource")] == [FIRST, SECOND, FIRST]


@pytest.mark.parametrize("packed", [True, False])
def test_ours_is_imported_again_with_its_sightings(
    tmp_path: Path, apart: Callable[..., Any], packed: bool
) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    later = at(12) + timedelta(microseconds=250_000)
    path.write_bytes(
        written(
            kept(1, at(8), FIRST, seen_again=at(10)),
            kept(2, later, SECOND, seen_again=at(13), seen_again_status=304),
            packed=packed,
        )
    )
    (story,), broken = apart(warc.read(path))
    assert broken == []
    assert [(version.seen, version.last_seen) for version in story.versions] == [
        (at(8), at(10)),
        (later, at(13)),
    ]
    assert story.versions[0].origin_id == "urn:uuid:00000000-0000-4000-8000-000000000001"


def test_it_may_be_killed_in_the_middle(tmp_path: Path, survives_a_kill: Callable[..., None]) -> None:
    made = Warc()
    for hour, body in ((8, FIRST), (12, SECOND)):
        for number in range(3):
            made.response(at(hour), body, url=f"http://news.example/2019/05/06/story-{number}")
    survives_a_kill("warc", made.save(tmp_path / "a.warc.gz"))
