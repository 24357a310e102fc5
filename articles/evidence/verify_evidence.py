#!/usr/bin/env python3
"""Check the evidence of a change to a news article. Needs Python 3.9 or newer, and nothing else.

    python3 verify_evidence.py [FOLDER or ZIP] [--root HEX]

Without an argument it checks the folder it lies in. --root is the root of the log as it was published on the
day that root.json names (a feed, a newspaper, somebody else's copy): with it, the time is proven as well.

It ends with 0 and one sentence on what is proven and what is not, or with 1 and what is wrong.
"""

import argparse
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

FORMAT = "newsdiffs-evidence-1"
LEAF_FORMAT = "newsdiffs-leaf-1"

EMPTY_ROOT = hashlib.sha256(b"").digest()

SUMS = "SHA256SUMS"
MOST_BYTES = 256 << 20
MOST_FILES = 100
LONGEST_PROOF = 64
SIDES = ("before", "after")
PARTS = (
    "README.txt",
    "verify_evidence.py",
    "evidence.json",
    "root.json",
    "comparison.json",
    "diff.html",
    "before.txt",
    "after.txt",
)
"""Every pack has these."""

OPTIONAL_PARTS = ("before.warc", "after.warc", "root.tsr")
"""A page where it was kept; a time stamp of root.json where one was asked for."""


class Tampered(Exception):
    """A pack that proves nothing; says why."""


# The tree: RFC 6962, section 2.1.


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node, of those of its two parts."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, path: "list[bytes]", root: bytes) -> bool:
    """Whether the leaf of hash *leaf* is number *index* of the log of *size* leaves and this *root*.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size or len(path) > LONGEST_PROOF:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(sibling, found)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    earlier: int, later: int, earlier_root: bytes, later_root: bytes, path: "list[bytes]"
) -> bool:
    """Whether the log of *earlier* leaves is the beginning of that of *later*, by their roots.

    RFC 9162, section 2.1.4.2.
    """
    if not 0 < earlier <= later or len(path) > 2 * LONGEST_PROOF:
        return False
    if earlier == later:
        return not path and earlier_root == later_root
    hashes = list(path)
    if earlier & (earlier - 1) == 0:
        hashes.insert(0, earlier_root)
    if not hashes:
        return False
    place, last = earlier - 1, later - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    of_earlier = of_later = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            of_earlier, of_later = node_hash(sibling, of_earlier), node_hash(sibling, of_later)
            while place % 2 == 0 and place != 0:
                place, last = place >> 1, last >> 1
        else:
            of_later = node_hash(of_later, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and of_earlier == earlier_root and of_later == later_root


# The pack.


def read_pack(path: Path) -> "dict[str, bytes]":
    """The files of a pack, a folder or a zip, by their names.

    :raises Tampered: it can't be read, or holds what no pack holds.
    """
    files = {}
    try:
        if path.is_dir():
            for name in (*PARTS, *OPTIONAL_PARTS, SUMS):
                if (path / name).is_file():
                    with (path / name).open("rb") as file:
                        files[name] = file.read(MOST_BYTES + 1)
        else:
            with zipfile.ZipFile(path) as package:
                members = package.infolist()
                if len(members) > MOST_FILES:
                    raise Tampered("It holds more files than a pack has.")
                for member in members:
                    with package.open(member) as file:
                        files[member.filename] = file.read(MOST_BYTES + 1)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
        raise Tampered(f"It can't be read: {problem}.") from problem
    if any(len(data) > MOST_BYTES for data in files.values()):
        raise Tampered("A file is larger than any of a pack.")
    return files


def check(files: "dict[str, bytes]", published_root: str = "") -> str:
    """One sentence on what the pack proves and what it does not.

    :raises Tampered: anything in it is not as it was.
    """
    _check_sums(files)
    evidence, root = _json(files, "evidence.json"), _json(files, "root.json")
    if _text(evidence, "format") != FORMAT:
        raise Tampered("evidence.json is of no known format.")
    pages = 0
    for side in SIDES:
        pages += _check_version(side, evidence, root, files)
    _check_bracket(evidence)
    _check_comparison(files)
    if published_root and published_root.strip().lower() != _text(root, "root"):
        raise Tampered("The root is not the one that was published: this is a log of somebody else.")
    return _sentence(evidence, root, pages, bool(published_root))


def sums_of(files: "dict[str, bytes]") -> bytes:
    """The list of SHA-256 of all files but itself, as sha256sum writes it, by name."""
    names = sorted(name for name in files if name != SUMS)
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names).encode()


def _check_sums(files: "dict[str, bytes]") -> None:
    """Each file is the one that the list of SHA-256 names, and each is in the list."""
    for name in (*PARTS, SUMS):
        if name not in files:
            raise Tampered(f"{name} is missing.")
    found, listed = sums_of(files).split(b"\n"), files[SUMS].split(b"\n")
    for line in found:
        if line not in listed:
            name = line.decode("utf-8", "replace")[66:]
            raise Tampered(f"{name} is not the file of which {SUMS} has the SHA-256.")
    if found != listed:
        raise Tampered(f"{SUMS} is not the list of these files.")


def _check_version(
    side: str, evidence: "dict[str, Any]", root: "dict[str, Any]", files: "dict[str, bytes]"
) -> int:
    """The version is in the log, with this text and this page; how many pages that were (0 or 1)."""
    told = evidence.get(side)
    if not isinstance(told, dict):
        raise Tampered(f"evidence.json tells nothing of the version {side}.")
    leaf_text = _text(told, "leaf")
    leaf = _parsed(leaf_text, f"the leaf of the version {side}")
    path = [_digest(part) for part in _list(told, "proof")]
    index, size = _number(told, "index"), _number(root, "size")
    hashed = leaf_hash(leaf_text.encode("utf-8"))
    if not verify_inclusion(hashed, index, size, path, _digest(_text(root, "root"))):
        raise Tampered(f"The version {side} is not in the log of this root.")
    if _text(leaf, "format") != LEAF_FORMAT:
        raise Tampered(f"The leaf of the version {side} is of no known format.")
    if hashlib.sha256(files[f"{side}.txt"]).hexdigest() != _text(leaf, "text_sha256"):
        raise Tampered(f"{side}.txt is not the text that was logged.")
    for name in ("address", "seen"):
        if _text(told, name) != _text(leaf, name):
            raise Tampered(f"evidence.json tells another {name} of the version {side} than was logged.")
    page = f"{side}.warc"
    logged = _text(leaf, "page_sha256") if leaf.get("page_sha256") else ""
    if page not in files:
        return 0
    if not logged or hashlib.sha256(_page_of(files[page], page)).hexdigest() != logged:
        raise Tampered(f"The page in {page} is not the one that was logged.")
    return 1


def _check_bracket(evidence: "dict[str, Any]") -> None:
    """The change happened between two sightings, the first one not before the version before was seen."""
    bracket = evidence.get("bracket")
    if not isinstance(bracket, dict):
        raise Tampered("evidence.json tells no time of the change.")
    if bracket.get("not_after") != _text(evidence["after"], "seen"):
        raise Tampered("The time of the change does not end where the version after was first seen.")
    begin = bracket.get("not_before")
    if begin is None:
        return
    if not isinstance(begin, str) or not _text(evidence["before"], "seen") <= begin <= bracket["not_after"]:
        raise Tampered("The time of the change does not lie between the two versions.")
    leaf = _parsed(_text(evidence["after"], "leaf"), "the leaf of the version after")
    # The text before was seen at any rate when it was first seen: so between versions far apart.
    if begin not in (leaf.get("previous_last_seen"), _text(evidence["before"], "seen")):
        raise Tampered("The time of the change does not begin where it was logged to begin.")


def _check_comparison(files: "dict[str, bytes]") -> None:
    """The comparison's rows give back both texts: nothing is left out of it and nothing put in."""
    comparison = _json(files, "comparison.json")
    for side, tag in (("before", "-"), ("after", "+")):
        # A text begins with its headline, byline and an empty line, and ends with a line break.
        paragraphs = files[f"{side}.txt"].decode("utf-8", "replace").split("\n")[3:-1]
        left = dict(enumerate(map(_squeezed, paragraphs)))
        for row in _list(comparison, "rows"):
            if not isinstance(row, dict):
                raise Tampered("comparison.json is not as we write it.")
            told = "".join(_side_of(span, side, tag) for span in _list(row, "spans"))
            numbers = _list(row, side)
            if not all(isinstance(number, int) for number in numbers):
                raise Tampered("comparison.json is not as we write it.")
            expected = "".join(str(left.pop(number, None)) for number in numbers)
            if numbers and _squeezed(told) != expected:
                raise Tampered(f"The comparison is not one of {side}.txt.")
        if left:
            raise Tampered(f"The comparison leaves out a part of {side}.txt.")


def _side_of(span: object, side: str, tag: str) -> str:
    """What a span [tag, text] says on one side; ["=", [before, after]] where both are written otherwise."""
    if not isinstance(span, list) or len(span) != 2:
        raise Tampered("comparison.json is not as we write it.")
    text = span[1]
    if isinstance(text, list) and len(text) == 2:
        text = text[0 if side == "before" else 1]
    if not isinstance(text, str) or span[0] not in ("=", "-", "+"):
        raise Tampered("comparison.json is not as we write it.")
    return text if span[0] in ("=", tag) else ""


def _squeezed(text: str) -> str:
    """White space is no part of what is compared."""
    return "".join(text.split())


def _page_of(warc: bytes, name: str) -> bytes:
    """The page in a WARC file: what follows the head of its first record response or resource.

    :raises Tampered: there is none.
    """
    at = 0
    while at < len(warc):
        end = warc.find(b"\r\n\r\n", at)
        head = warc[at:end].decode("utf-8", "replace")
        length = re.search(r"^Content-Length:\s*(\d+)\s*$", head, re.IGNORECASE | re.MULTILINE)
        kind = re.search(r"^WARC-Type:\s*(\w+)\s*$", head, re.IGNORECASE | re.MULTILINE)
        if end < 0 or not length or not kind or not head.startswith("WARC/"):
            break
        block = warc[end + 4 : end + 4 + int(length[1])]
        if kind[1] == "resource":
            return block
        if kind[1] == "response":
            return block.partition(b"\r\n\r\n")[2]
        at = end + 4 + int(length[1]) + 4
    raise Tampered(f"There is no page in {name}.")


def _sentence(evidence: "dict[str, Any]", root: "dict[str, Any]", pages: int, published: bool) -> str:
    before, after = evidence["before"], evidence["after"]
    what = "both texts" if pages == 0 else "both texts and the pages that are with them"
    told = (
        f"Proven: {what} are those that the log with the root {_text(root, 'root')} has for "
        f"{_text(after, 'address')}, seen {_text(before, 'seen')} and {_text(after, 'seen')} by the clock of "
        f"{_text(evidence, 'site')}, and the comparison is one of these two texts"
    )
    if published:
        told += f"; and, as you have the root from elsewhere, that they were logged by {_text(root, 'at')}"
    else:
        told += (
            f"; compare the root with the one published for {_text(root, 'at')} to prove the time (--root)"
        )
    return (
        f"{told}. Not proven: that every reader got these pages, what stood there between the two sightings, "
        "who made the change and why, and that README.txt and diff.html tell it rightly."
    )


def _json(files: "dict[str, bytes]", name: str) -> "dict[str, Any]":
    return _parsed(files[name].decode("utf-8", "replace"), name)


def _parsed(text: str, what: str) -> "dict[str, Any]":
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise Tampered(f"{what} is no JSON.") from problem
    if not isinstance(value, dict):
        raise Tampered(f"{what} is not as we write it.")
    return value


def _text(told: "dict[str, Any]", name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise Tampered(f"{name} is missing.")
    return value


def _number(told: "dict[str, Any]", name: str) -> int:
    value = told.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Tampered(f"{name} is missing.")
    return value


def _list(told: "dict[str, Any]", name: str) -> "list[Any]":
    value = told.get(name)
    if not isinstance(value, list):
        raise Tampered(f"{name} is missing.")
    return value


def _digest(text: object) -> bytes:
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Tampered("A hash is not written as one.")
    return bytes.fromhex(text)


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the evidence of a change to a news article.")
    parser.add_argument("path", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    parser.add_argument("--root", default="", metavar="HEX", help="the root of the log, as it was published")
    options = parser.parse_args()
    try:
        print(check(read_pack(options.path), options.root))
    except Tampered as problem:
        print(f"This proves nothing. {problem}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
