"""The evidence of a change as a zip that proves itself, made from plain values.

What is logged of a version is its leaf: hashes of its text and of its page, its address and when it was seen,
with a random number. From the log alone nobody can tell, not even by guessing, what a text that is taken down
said: whoever deletes it deletes the leaf's content with its random number too, and the log stays whole.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from articles.evidence import verify_evidence
from articles.evidence.verify_evidence import FORMAT, LEAF_FORMAT, SUMS

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The same values give the same zip, byte for byte."""

LEAST_NONCE = 16
"""Bytes of the random number of a leaf."""


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page as it is kept: its bytes, and the same with the headers of request and answer as a WARC."""

    body: bytes
    warc: bytes
    """Not packed, so that it can be read with the eyes."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A version's place in the log: its leaf as it was logged (`leaf_of`), its index and audit path."""

    leaf: bytes
    index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class PackedVersion:
    """One side of the change."""

    number: int
    address: str
    headline: str
    byline: str
    paragraphs: tuple[str, ...]
    seen: datetime
    entry: LogEntry
    page: PackedPage | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A change with all that proves it.

    `comparison` is `Comparison.to_dict()` of the two texts, `diff_html` a whole HTML page that needs nothing
    else. `previous_last_seen` is when the text before was last seen before the text after, None where nobody
    knows. `reading_changed` says that the page was read by newer rules of ours in between, so that some of
    the comparison may be that. `root` is that of the log of `size` leaves at `root_at`; `site` is who says
    so, and `stamp` a time stamp of it (RFC 3161), b"" where there is none.
    """

    site: str
    article_url: str
    before: PackedVersion
    after: PackedVersion
    previous_last_seen: datetime | None
    comparison: Mapping[str, object]
    diff_html: str
    size: int
    root: bytes
    root_at: datetime
    stamp: bytes = b""
    reading_changed: bool = False


def text_bytes(headline: str, byline: str, paragraphs: tuple[str, ...]) -> bytes:
    """A version's text as it is hashed and packed: headline, byline, an empty line, the paragraphs."""
    return "\n".join((headline, byline, "", *paragraphs, "")).encode()


def leaf_of(
    *,
    address: str,
    seen: datetime,
    previous_last_seen: datetime | None,
    text: bytes,
    page: bytes | None,
    nonce: bytes,
) -> bytes:
    """What is logged of a version: canonical JSON of the hashes, the address and the times.

    *text* as `text_bytes` makes it; *page* as fetched, None if it was not kept; *nonce* random.

    :raises ValueError: the nonce is too short to hide anything.
    """
    return hashed_leaf_of(
        address=address,
        seen=seen,
        previous_last_seen=previous_last_seen,
        text_sha256=hashlib.sha256(text).digest(),
        page_sha256=hashlib.sha256(page).digest() if page is not None else None,
        nonce=nonce,
    )


def hashed_leaf_of(
    *,
    address: str,
    seen: datetime,
    previous_last_seen: datetime | None,
    text_sha256: bytes,
    page_sha256: bytes | None,
    nonce: bytes,
) -> bytes:
    """The same, of a text and a page of which the hashes are known.

    :raises ValueError: the nonce is too short to hide anything.
    """
    if len(nonce) < LEAST_NONCE:
        raise ValueError(f"A nonce has at least {LEAST_NONCE} bytes.")
    told = {
        "format": LEAF_FORMAT,
        "address": address,
        "seen": _moment(seen),
        "previous_last_seen": _moment(previous_last_seen) if previous_last_seen else None,
        "text_sha256": text_sha256.hex(),
        "page_sha256": page_sha256.hex() if page_sha256 is not None else None,
        "nonce": nonce.hex(),
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root_json(site: str, size: int, root: bytes, at: datetime) -> bytes:
    """A root as it is published, packed and stamped."""
    return _json({"site": site, "size": size, "root": root.hex(), "at": _moment(at)})


def build(evidence: Evidence) -> bytes:
    """The zip. The same evidence gives the same bytes.

    :raises Tampered: what is given does not prove itself, such as a proof of another leaf.
    """
    files = {
        "README.txt": _readme(evidence).encode(),
        "verify_evidence.py": Path(verify_evidence.__file__).read_bytes(),
        "evidence.json": _json(_told(evidence)),
        "root.json": root_json(evidence.site, evidence.size, evidence.root, evidence.root_at),
        "comparison.json": _json(dict(evidence.comparison)),
        "diff.html": evidence.diff_html.encode(),
    }
    for side, version in (("before", evidence.before), ("after", evidence.after)):
        files[f"{side}.txt"] = text_bytes(version.headline, version.byline, version.paragraphs)
        if version.page is not None:
            files[f"{side}.warc"] = version.page.warc
    if evidence.stamp:
        files["root.tsr"] = evidence.stamp
    files[SUMS] = verify_evidence.sums_of(files)
    verify_evidence.check(files, evidence.root.hex())
    return _zipped(files)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            package.writestr(member, data)
    return packed.getvalue()


def _told(evidence: Evidence) -> dict[str, object]:
    began = evidence.previous_last_seen
    return {
        "format": FORMAT,
        "site": evidence.site,
        "article": evidence.article_url,
        "bracket": {
            "not_before": _moment(began) if began else None,
            "not_after": _moment(evidence.after.seen),
        },
        "before": _told_of(evidence.before),
        "after": _told_of(evidence.after),
    }


def _told_of(version: PackedVersion) -> dict[str, object]:
    return {
        "number": version.number,
        "headline": version.headline,
        "byline": version.byline,
        "address": version.address,
        "seen": _moment(version.seen),
        "leaf": version.entry.leaf.decode(),
        "index": version.entry.index,
        "proof": [digest.hex() for digest in version.entry.proof],
    }


def _readme(evidence: Evidence) -> str:
    began = evidence.previous_last_seen
    between = f"between {_moment(began)} and" if began else "at some time before"
    pages = [version.page for version in (evidence.before, evidence.after)]
    kept = {2: "both pages were kept", 1: "one of the pages was kept", 0: "no page was kept, the texts alone"}
    reading = _READING_CHANGED if evidence.reading_changed else ""
    stamp = _STAMPED if evidence.stamp else ""
    return f"""EVIDENCE OF A CHANGE

{evidence.after.address}
changed {between} {_moment(evidence.after.seen)} (UTC), as {evidence.site} saw it.
Here: {kept[sum(page is not None for page in pages)]}.
{reading}
To check it, without the network and without trusting anybody but Python:

    python3 verify_evidence.py

If you do not trust the script in this folder, take it from the project's documentation, or read it: it is
short. To prove the time as well, compare the root in root.json with the one that was published at the time
that it names ({evidence.site}/data/log/, or whoever kept a copy), or have it compared:

    python3 verify_evidence.py --root ROOT_AS_PUBLISHED
{stamp}
before.txt after.txt    the texts: headline, byline, an empty line, the paragraphs
before.warc after.warc  the pages as fetched, with what was asked and answered, where they were kept
diff.html               the change, to be opened in a browser
comparison.json         the change as data
evidence.json           what was seen when, and the proofs that the log has it
root.json               the root of the log, how many versions it has, and when that was
root.tsr                a time stamp of root.json by somebody else (RFC 3161), where there is one
SHA256SUMS              the fingerprint of each file: sha256sum -c SHA256SUMS
"""


_READING_CHANGED = """
The page was read by newer rules of that site in between: some of what is marked may be that, and no change
of the page.
"""

_STAMPED = """
A time stamping authority says when root.json was there. With its certificate (and OpenSSL) you can check it:

    openssl ts -verify -in root.tsr -data root.json -CAfile CERTIFICATES_OF_THE_AUTHORITY
"""


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _moment(at: datetime) -> str:
    """RFC 3339 in UTC with microseconds always, so that moments are in order as text too."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
