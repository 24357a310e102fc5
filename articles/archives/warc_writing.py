"""Kept pages written as WARC (ISO 28500) by warcio: for exports, and for the evidence of a change.

A page with the headers it came with is a `response`; one whose headers were not kept is a `resource`, as a
response would need a head that nobody saw. When the same page was seen again, a `revisit` says so: only for
an answer 304, or identical bytes.
"""

import hashlib
import io
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_ON_THE_WAY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that are true only of the bytes as they came over the wire: bodies are kept unpacked."""

_NEVER_KEPT = frozenset({"set-cookie", "cookie", "authorization", "proxy-authorization"})

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is kept, and its last sighting if there was one after it was fetched.

    `headers` are those of the answer, None where they were not kept; `body` is unpacked. `request` are the
    request's. `record_id` is a UUID of its own, so that the same page has the same record in every export.
    """

    record_id: str
    url: str
    fetched: datetime
    body: bytes
    content_type: str = ""
    status: int = 200
    headers: Headers | None = None
    request: Headers | None = None
    seen_again: datetime | None = None
    seen_again_status: int = 200
    """304, or 200 for identical bytes."""


def write_warc(
    stream: IO[bytes], pages: Iterable[KeptPage], *, packed: bool = True, software: str = "NewsDiffs"
) -> int:
    """Write *pages* to *stream* as WARC 1.1, one at a time; how many records it became.

    *packed*: each record a gzip member of its own, as readers that jump about need it.
    """
    writer = WARCWriter(stream, gzip=packed, warc_version="1.1")
    described = {"software": software, "format": "WARC File Format 1.1", "robots": "obey"}
    writer.write_record(writer.create_warcinfo_record("", described))
    written = 1
    for page in pages:
        written += _write(writer, page)
    return written


def _write(writer: WARCWriter, page: KeptPage) -> int:
    digest = f"sha1:{b32encode(hashlib.sha1(page.body, usedforsecurity=False).digest()).decode()}"
    page_id = f"<urn:uuid:{page.record_id}>"
    told = {
        "WARC-Record-ID": page_id,
        "WARC-Date": _moment(page.fetched),
        "WARC-Payload-Digest": digest,
    }
    body = io.BytesIO(page.body)
    if page.headers is None:
        content_type = page.content_type or "text/html"
        record = writer.create_warc_record(
            page.url,
            "resource",
            payload=body,
            length=len(page.body),
            warc_content_type=content_type,
            warc_headers_dict=told,
        )
    else:
        record = writer.create_warc_record(
            page.url,
            "response",
            payload=body,
            length=len(page.body),
            http_headers=_head(page.status, page.headers, len(page.body)),
            warc_headers_dict=told,
        )
    writer.write_record(record)
    written = 1
    if page.request is not None:
        writer.write_record(_request(writer, page, page_id))
        written += 1
    if page.seen_again is not None and page.seen_again > page.fetched:
        writer.write_record(_revisit(writer, page, page.seen_again, digest, page_id))
        written += 1
    return written


def _head(status: int, headers: Headers, length: int) -> StatusAndHeaders:
    """The answer's head for an unpacked body; what is no longer true of it stands under another name."""
    kept = [
        (f"X-Archive-Orig-{name}" if name.lower() in _ON_THE_WAY else name, _one_line(value))
        for name, value in headers
        if name.lower() not in _NEVER_KEPT
    ]
    kept.append(("Content-Length", str(length)))
    return StatusAndHeaders(_status_line(status), kept, protocol="HTTP/1.1")


def _request(writer: WARCWriter, page: KeptPage, page_id: str) -> object:
    kept = [(name, _one_line(value)) for name, value in page.request or () if name.lower() not in _NEVER_KEPT]
    path = "/" + page.url.split("/", 3)[3] if page.url.count("/") > 2 else "/"
    head = StatusAndHeaders(f"{path} HTTP/1.1", kept, protocol="GET")
    told = {"WARC-Date": _moment(page.fetched), "WARC-Concurrent-To": page_id}
    return writer.create_warc_record(page.url, "request", http_headers=head, warc_headers_dict=told)


def _revisit(writer: WARCWriter, page: KeptPage, at: datetime, digest: str, page_id: str) -> object:
    unchanged = page.seen_again_status == HTTPStatus.NOT_MODIFIED
    told = {
        "WARC-Date": _moment(at),
        "WARC-Refers-To": page_id,
        "WARC-Refers-To-Target-URI": page.url,
        "WARC-Refers-To-Date": _moment(page.fetched),
        "WARC-Profile": _NOT_MODIFIED if unchanged else _IDENTICAL,
    }
    if not unchanged:
        told["WARC-Payload-Digest"] = digest
    head = StatusAndHeaders(_status_line(page.seen_again_status), [], protocol="HTTP/1.1")
    return writer.create_warc_record(page.url, "revisit", http_headers=head, warc_headers_dict=told)


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
