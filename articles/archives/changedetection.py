"""changedetection.io: its datastore folder, or a backup of it (a zip).

Layout of dgtlmoon/changedetection.io of 2026, and the one before,
with all watches in one file. Of a watch only its address, titles and last check are read: the files hold keys
and addresses of who is told.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from articles.archives.bounds import UNREADABLE, ArchiveError, Folder, unbrotli
from articles.archives.records import (
    ArchivedArticle,
    ArchivedVersion,
    Broken,
    History,
    Left,
    Record,
    records_of,
    version_of,
)
from articles.archives.times import from_epoch

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST_SNAPSHOT = 8 << 20
_LONGEST_WATCH = 16 << 20
_LONGEST_LEGACY = 512 << 20
"""Bytes of the one file with all watches."""
_LONGEST_HISTORY = 8 << 20

_LEGACY = "url-watches.json"


def read(path: Path) -> Iterator[Record]:
    """The watched pages of a datastore, by their UUIDs.

    The last check, if it did not fail, is a sighting of the newest text. Texts are of whole pages or of what
    the watch's filters left of them; each line that is not empty is a paragraph.

    :raises ArchiveError: it is no datastore.
    """
    with Folder(path) as store:
        legacy = _legacy(store)
        folders = [name for name in store.folders() if _UUID.fullmatch(name)]
        if not folders:
            raise ArchiveError(f"{path} holds no watch of changedetection.io")
        for uuid in folders:
            yield from _watch(store, uuid, legacy)


def _legacy(store: Folder) -> Mapping[str, Any]:
    """What the one file with all watches says of each, by UUID; nothing where there is none."""
    if not store.has(_LEGACY):
        return {}
    watching = _json(store.read(_LEGACY, _LONGEST_LEGACY)).get("watching")
    return watching if isinstance(watching, dict) else {}


def _watch(store: Folder, uuid: str, legacy: Mapping[str, Any]) -> Iterator[Record]:
    name = f"{uuid}/watch.json"
    try:
        told = _json(store.read(name, _LONGEST_WATCH)) if store.has(name) else legacy.get(uuid)
        lines = store.read(f"{uuid}/history.txt", _LONGEST_HISTORY).decode("utf-8", "replace").splitlines()
    except UNREADABLE as problem:
        if store.has(f"{uuid}/tag.json"):
            return  # a tag's folder, which has no history
        yield Broken(uuid, Left.DAMAGED, str(problem))
        return
    if not isinstance(told, dict):
        yield Broken(uuid, Left.NO_ADDRESS)
        return
    history = History()
    title = _text(told, "page_title") or _text(told, "title")
    taken = sorted(
        (found for number, line in enumerate(lines) if (found := _line(number, line))), key=lambda one: one[0]
    )
    checked = None if told.get("last_error") else from_epoch(told.get("last_checked"))
    for at, number, file in taken:
        last = number == taken[-1][1]
        history.add(_snapshot(store, uuid, at, file, title, checked if last else None))
    for number, line in enumerate(lines, 1):
        if line.strip() and _line(number, line) is None:
            history.add(Broken(f"{uuid}/history.txt line {number}", Left.NO_TIME))
    yield from records_of(ArchivedArticle(uuid, _text(told, "url"), history.in_order()), history)


def _line(number: int, line: str) -> tuple[float, int, str] | None:
    """A line "epoch,file" of a history as (epoch, number of the line, file)."""
    epoch, comma, file = line.strip().partition(",")
    moment = from_epoch(epoch)
    return (moment.timestamp(), number, file) if comma and moment else None


def _snapshot(
    store: Folder, uuid: str, at: float, file: str, title: str, checked: datetime | None
) -> ArchivedVersion | Broken:
    # Older histories name the file by its whole path; it lies in the watch's folder all the same.
    name = PurePosixPath(PureWindowsPath(file).as_posix()).name
    where = f"{uuid}/{name}"
    if not name or name in (".", ".."):
        return Broken(where, Left.OUTSIDE, file)
    try:
        data = _content(store, where)
    except UNREADABLE as problem:
        return Broken(where, Left.DAMAGED, str(problem))
    if data is None:
        return Broken(where, Left.NO_TEXT)
    lines = data.decode("utf-8", "replace").splitlines()
    return version_of(where, f"{uuid}/{at:.0f}/{name}", from_epoch(at), title, lines, last_seen=checked)


def _content(store: Folder, name: str) -> bytes | None:
    """A snapshot's text, unpacked; None if the file is not there."""
    if not store.has(name) and store.has(f"{name}.br"):
        name = f"{name}.br"
    if not store.has(name):
        return None
    data = store.read(name, _LONGEST_SNAPSHOT)
    return unbrotli(data, _LONGEST_SNAPSHOT) if name.endswith(".br") else data


def _json(data: bytes) -> Mapping[str, Any]:
    """:raises ArchiveError: it is no JSON object."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise ArchiveError(f"it is no JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise ArchiveError("it is no JSON object")
    return value


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
