"""The edition that `/data/` offers: written a part at a time, put on the shelf, served while it may be.

Where the setting DATASETS publishes datasets, a task writes an edition each night: in DATA_DIR, from where
each part goes to the shelf (DATA_DIR too, or a bucket). The manifest goes last, and is what makes it the
edition that is served. As soon as something is taken down the edition of before is served no more; the task,
which runs each minute, deletes it from the shelf, and begins a new one.
"""

import fcntl
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import lru_cache
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.exports import trouble
from articles.exports.datasets import (
    MANIFEST,
    UNDER_WAY,
    Part,
    begins,
    entry_of,
    is_manifest,
    manifest_of,
    parts,
    since_takedowns,
    write_part,
)
from articles.exports.files import moment
from articles.exports.shelf import Folder, Readable, Shelf, ShelfError, folder, shelf, told_of_the_disk
from articles.models import TakedownStep

log = logging.getLogger(__name__)

_STATE = "state.json"
_LOCK = "lock"

REMEMBERED_SECONDS = 20
"""How long a process that serves pages goes without asking a bucket for its manifest. Whether anything was
taken down it looks up each time."""


Tell = Callable[[Part, int, int], None]
"""Told of each part before it is written, how many are done, and how many there are."""


class Busy(Exception):
    """Another process of this machine is writing the edition."""


class Overtaken(Exception):
    """While an edition was written something was taken down, or another machine published one."""


# --- What is served


def current() -> dict[str, Any] | None:
    """The manifest of the edition that is served. None where none is, as datasets are not published, none was
    written yet, or something was taken down since.

    :raises ShelfError: the bucket can't be read.
    """
    if settings.DATASETS == "off":
        return None
    if settings.DATASETS_BUCKET:
        found = _remembered(settings.DATASETS_BUCKET, int(monotonic() // REMEMBERED_SECONDS))
        if isinstance(found, ShelfError):
            raise found
    else:
        found = _manifest(shelf())
    return None if found is None or _is_outdated(found) else found


@lru_cache(maxsize=1)
def _remembered(_bucket: str, _period: int) -> dict[str, Any] | ShelfError | None:
    """What the bucket said when it was first asked in a period; that it can't be read is remembered too."""
    try:
        return _manifest(shelf())
    except ShelfError as problem:
        log.warning("the datasets can't be read: %s", problem)
        return problem


def opened(entry: dict[str, Any]) -> Readable:
    """A file of the edition, as its manifest tells of it.

    :raises FileNotFoundError: a newer edition came in the meantime.
    :raises ShelfError: the bucket can't be read.
    """
    return shelf().open(_name(entry))


def _name(entry: dict[str, Any]) -> str:
    """What a file is called on the shelf."""
    return f"{entry['sha256'][:32]}/{entry['path']}"


def _manifest(place: Shelf) -> dict[str, Any] | None:
    """The one on the shelf; None where there is none that can be read."""
    try:
        stream = place.open(MANIFEST)
    except FileNotFoundError:
        return None
    try:
        found = json.loads(stream.read())
    except ValueError:
        return None
    finally:
        stream.close()
    return found if is_manifest(found) else None


# --- How it is written


def work(seconds: float) -> int:
    """Go on with the edition of today for about so many *seconds*; how many parts were written.

    What keeps it from being written is logged and noted (`articles.exports.trouble`); the next call goes on.
    A part that is not finished in the 60 seconds of a task is never: a month of so many rows (some hundred
    thousand) needs the command.
    """
    try:
        done = _work(seconds)
    except ShelfError as problem:
        log.error("the datasets can't be written: %s", problem, extra={"trouble": problem.trouble.value})
        trouble.note(problem.trouble)
        return 0
    if settings.DATASETS != "off":
        trouble.clear()
    return done


def _work(seconds: float) -> int:
    place = shelf()
    if settings.DATASETS == "off":
        shutil.rmtree(folder(), ignore_errors=True)
        if settings.DATASETS_BUCKET:
            _delete_all(place)
        return 0
    if settings.DATASETS_BUCKET:
        _delete_all(Folder(folder()))  # what was published before there was a bucket
    found = _usable(place)
    if found is not None and not _is_due(found):
        return 0
    with _alone() as is_alone, suppress(Overtaken):  # then the next call begins anew
        return _go_on(place, _begun(found), monotonic() + seconds) if is_alone else 0
    return 0


def publish(since: date | None = None, tell: Tell | None = None) -> dict[str, Any]:
    """Write a new edition at once, and have it served; its manifest. *tell* is called before each part.

    With *since* the months before stay as they are in the edition that is served, unless something was taken
    down or shown again since that they may hold.

    :raises Busy: another process is writing one.
    :raises Overtaken: it is not served, and one is to be begun anew.
    :raises ShelfError: it can't be written; the edition of before is still there.
    """
    place = shelf()
    with _alone() as is_alone:
        if not is_alone:
            raise Busy
        _go_on(place, _anew(_usable(place), since), inf, tell)
    published = _manifest(place)
    assert published is not None
    return published


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process of this machine is writing the edition; none begins while it is held."""
    with told_of_the_disk():
        folder().mkdir(parents=True, exist_ok=True)
        file = (folder() / _LOCK).open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _go_on(place: Shelf, state: dict[str, Any], until: float, tell: Tell | None = None) -> int:
    """Write parts that *state* does not have yet, until it is late; publish them when all are there."""
    every = parts()
    todo = [part for part in every if part.name not in state["done"]]
    done = 0
    there = place.names()
    for part in todo:
        if tell:
            tell(part, len(every) - len(todo) + done, len(every))
        state["files"] += _put(place, there, part, state["texts"])
        state["done"].append(part.name)
        _keep(state)
        done += 1
        if monotonic() > until:
            break
    if done == len(todo):
        _publish(place, state)
    return done


def _put(place: Shelf, there: set[str], part: Part, texts: bool) -> list[dict[str, Any]]:
    """Write *part* and put its files on the shelf, but for those that are *there*.

    Comes back with what the manifest is to say of them.
    """
    with told_of_the_disk():
        entries = [entry_of(part, written) for written in write_part(_building(), part, texts)]
    for entry in entries:
        file = _building() / entry["path"]
        if _name(entry) in there:
            file.unlink()
        else:
            place.put(_name(entry), file)
    return entries


def _publish(place: Shelf, state: dict[str, Any]) -> None:
    """Have what *state* names be the edition, and delete what else is on the shelf.

    :raises Overtaken: something was taken down since it was begun, or a file of it is not there any more.
    """
    names = {_name(entry) for entry in state["files"]}
    if _is_outdated(state) or not names <= place.names():
        shutil.rmtree(_building(), ignore_errors=True)
        raise Overtaken
    manifest = manifest_of(datetime.fromisoformat(state["made"]), state["files"], state["texts"])
    file = _building() / MANIFEST
    with told_of_the_disk():
        file.write_text(json.dumps(manifest, ensure_ascii=False))
    place.put(MANIFEST, file)
    shutil.rmtree(_building(), ignore_errors=True)
    for name in place.names() - names - {MANIFEST}:
        place.delete(name)


def _usable(place: Shelf) -> dict[str, Any] | None:
    """The manifest of the edition that is there. One that holds what was taken down since is deleted."""
    found = _manifest(place)
    if found is None or not _is_outdated(found):
        return found
    _delete_all(place)
    return None


def _delete_all(place: Shelf) -> None:
    """Delete the edition, the manifest first."""
    for name in sorted(place.names(), key=lambda name: name != MANIFEST):
        place.delete(name)


def _is_due(found: dict[str, Any]) -> bool:
    if found["texts"] != (settings.DATASETS == "texts"):
        return True
    return datetime.fromisoformat(found["made"]).date() < timezone.now().date()


def _is_outdated(manifest: dict[str, Any]) -> bool:
    """Whether something was taken down since the edition was begun."""
    hiding = (TakedownStep.What.HIDDEN, TakedownStep.What.PARTLY, TakedownStep.What.PURGED)
    begun = datetime.fromisoformat(manifest["made"]) - UNDER_WAY
    return TakedownStep.objects.filter(at__gte=begun, what__in=hiding).exists()


# --- What was done of it


def _building() -> Path:
    """Where parts are written, and what was done is kept."""
    return folder() / "building"


def _begun(found: dict[str, Any] | None) -> dict[str, Any]:
    """What was done of the edition that is being written; a new one where it can't be gone on with."""
    with suppress(OSError, ValueError):
        state: dict[str, Any] = json.loads((_building() / _STATE).read_text())
        newer = found is None or state["made"] > found["made"]
        if newer and state["texts"] == (settings.DATASETS == "texts") and not _is_outdated(state):
            return state
    return _anew(None, None)


def _anew(found: dict[str, Any] | None, since: date | None) -> dict[str, Any]:
    """An edition of which nothing was done but what stays of *found*, with *since*."""
    shutil.rmtree(_building(), ignore_errors=True)
    with told_of_the_disk():
        _building().mkdir(parents=True)
    texts = settings.DATASETS == "texts"
    kept: list[dict[str, Any]] = []
    if found and found["files"] and since and found["texts"] == texts:
        since = since_takedowns(min(entry["made"] for entry in found["files"]), since)
        kept = [entry for entry in found["files"] if entry["month"] and begins(entry) < since.replace(day=1)]
    state = {
        "made": moment(timezone.now()),
        "texts": texts,
        "files": kept,
        "done": sorted({f"{entry['table']}/{entry['month']}" for entry in kept}),
    }
    _keep(state)
    return state


def _keep(state: dict[str, Any]) -> None:
    with told_of_the_disk():
        partial = _building() / f"{_STATE}.part"
        partial.write_text(json.dumps(state))
        partial.replace(_building() / _STATE)
