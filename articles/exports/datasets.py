"""An edition of the datasets: every table, by month, with a manifest of its files.

The command `export` writes one where it is told to. Where the setting DATASETS publishes them, a task writes
one each night into DATA_DIR, a file at a time: an edition is served once it is whole. As soon as something
is taken down, no older edition is served any more, and a new one is begun.
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.exports.files import Written, moment, write
from articles.exports.kept_pages import PAGES, write_pages
from articles.exports.tables import TABLES, Span, Table, months_of
from articles.models import Article, TakedownStep

FORMAT = "newsdiffs-dataset-1"
MANIFEST, README = "manifest.json", "README.txt"
_STATE = "state.json"
_LOCK = "lock"

_UNDER_WAY = timedelta(minutes=1)
"""A takedown that was noted so long before an edition was begun may have been stored later."""

LICENCE = (
    "What was observed and counted (times, sizes, kinds of changes, facts) is free to use: please name the "
    "site it is from. Headlines, excerpts and texts are their publishers', and you may use them as far as "
    "the law of your country or a licence of theirs lets you. The columns tdm_reservation, tdm_policy, "
    "content_usage and robots say what they wish of machines: heed them. Of what the table withdrawn names "
    "delete every copy."
)


@dataclass(frozen=True)
class Part:
    """A file to be written: a table, or one month of it."""

    table: Table
    span: Span | None = None

    @property
    def name(self) -> str:
        """Of its files, without their ends."""
        return f"{self.table.name}/{self.span[0]:%Y-%m}" if self.span else self.table.name


def parts(since: date | None = None) -> list[Part]:
    """All that an edition has; of tables by month only those from the month of *since* on."""
    found = []
    for table in TABLES:
        if not table.by:
            found.append(Part(table))
            continue
        found += [
            Part(table, span) for span in months_of(table.extent()) if since is None or span[1].date() > since
        ]
    return found


def write_part(folder: Path, part: Part, texts: bool) -> list[Written]:
    """Write the files of *part* into *folder*; none where it has no rows."""
    columns = part.table.columns_with(texts)
    return write(folder, part.name, columns, part.table.rows(part.span, texts))


# --- The command


def export(
    folder: Path,
    *,
    texts: bool = False,
    pages: bool = False,
    since: date | None = None,
    tell: Callable[[Part, int, int], None] = lambda _part, _done, _all: None,
) -> dict[str, Any]:
    """Write an edition into *folder*; its manifest. *tell* is called before each part.

    With *pages* the kept pages are written too, as WARC. With *since* only the months from then on are
    written anew. The files of earlier ones that the folder has already stay, unless something was taken down
    or shown again since that they may hold.
    """
    made = timezone.now()
    kept = _earlier(folder, since, texts) if since else []
    kept = [entry for entry in kept if pages or entry["table"] != PAGES]
    if since and kept:
        since = _since_takedowns(min(entry["made"] for entry in kept), since)
        kept = [entry for entry in kept if entry["month"] and _month_of(entry) < since.replace(day=1)]
    files = list(kept)
    todo = parts(since)
    for number, part in enumerate(todo):
        tell(part, number, len(todo))
        files += [_entry(part, written) for written in write_part(folder, part, texts)]
    if pages:
        files += write_pages(folder, since)
    return _finish(folder, made, files, texts)


def _earlier(folder: Path, since: date, texts: bool) -> list[dict[str, Any]]:
    """What the folder's manifest names of the months before *since* and is still there, each with when it was
    made."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("texts") != texts:
        return []
    return [
        {"made": manifest["made"], **entry}
        for entry in manifest["files"]
        if entry["month"] and _month_of(entry) < since.replace(day=1) and (folder / entry["path"]).is_file()
    ]


def _month_of(entry: dict[str, Any]) -> date:
    return date.fromisoformat(f"{entry['month']}-01")


def _since_takedowns(made: str, since: date) -> date:
    """*since*, or when an article was first seen that was taken down or shown again since *made*."""
    steps = TakedownStep.objects.filter(at__gte=datetime.fromisoformat(made) - _UNDER_WAY).values("article")
    first = Article.objects.filter(pk__in=steps).order_by("first_seen").values_list("first_seen", flat=True)
    earliest: datetime | None = first.first()
    return min(since, earliest.astimezone(UTC).date()) if earliest else since


def _entry(part: Part, written: Written) -> dict[str, Any]:
    month = f"{part.span[0]:%Y-%m}" if part.span else ""
    return {"table": part.table.name, "month": month, **asdict(written)}


def _finish(folder: Path, made: datetime, files: list[dict[str, Any]], texts: bool) -> dict[str, Any]:
    """Write the manifest, and delete the files of an older edition that it does not name."""
    old = read_manifest(folder)
    files = sorted(({**entry, "made": entry.get("made", moment(made))} for entry in files), key=_path_of)
    manifest = {
        "format": FORMAT,
        "site": settings.SITE_URL,
        "made": moment(made),
        "texts": texts,
        "licence": LICENCE,
        "tables": {
            table.name: {
                "about": table.about,
                "columns": [
                    {"name": column.name, "type": column.kind, "about": column.about}
                    for column in table.columns_with(texts)
                ],
            }
            for table in TABLES
        },
        "files": files,
    }
    (folder / README).write_text(_readme(made, texts), encoding="utf-8")
    partial = folder / f"{MANIFEST}.part"
    partial.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)
    named = {entry["path"] for entry in files}
    for entry in old["files"] if old else ():
        if entry["path"] not in named and _is_ours(entry["path"]):
            (folder / entry["path"]).unlink(missing_ok=True)
    return manifest


def _path_of(entry: dict[str, Any]) -> str:
    return str(entry["path"])


def _is_ours(path: str) -> bool:
    """Whether a manifest's *path* is one that we write, and leads nowhere else."""
    return path.split("/")[0].split(".")[0] in {PAGES, *(table.name for table in TABLES)} and ".." not in path


def foreign_in(folder: Path) -> str:
    """The name of a file or folder in *folder* that no export writes; '' where there is none."""
    ours = {MANIFEST, README, f"{MANIFEST}.part"}
    names = (path.name for path in sorted(folder.iterdir()))
    return next((name for name in names if name not in ours and not _is_ours(name)), "")


def _readme(made: datetime, texts: bool) -> str:
    held = "with whole texts" if texts else "without whole texts"
    tables = "\n".join(f"{table.name:<10} {table.about}" for table in TABLES)
    return f"""DATA OF {settings.SITE_URL}, {moment(made)}, {held}

{tables}

Each table is there as JSON lines (zstandard), CSV (gzip) and, where it could be made, Parquet; most by the
month (UTC) in which a row was first seen. manifest.json has the columns, the rows, the size and the SHA-256
of each file. Times are when we saw something, in UTC.

{LICENCE}
"""


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of the edition in *folder*; None where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else None


# --- Editions that are published


def published() -> Path:
    """The folder of the editions."""
    return Path(settings.DATA_DIR) / "datasets"


def current() -> tuple[Path, dict[str, Any]] | None:
    """The edition that is served: its folder and its manifest. None where none is, as datasets are not
    published, none was written yet, or something was taken down since."""
    found = _newest() if settings.DATASETS != "off" else None
    if found is None or _is_outdated(found[1]):
        return None
    return found


def work(seconds: float) -> int:
    """Go on with the edition of today for about so many *seconds*; how many parts were written.

    A part that is not finished in the 60 seconds of a task is never: a month of so many rows (some hundred
    thousand) needs the command.
    """
    if settings.DATASETS == "off":
        shutil.rmtree(published(), ignore_errors=True)
        return 0
    if not _is_due():
        return 0
    with _alone() as is_alone:
        return _go_on(seconds) if is_alone else 0


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether no other process of this machine is writing the edition; none begins while it is held."""
    published().mkdir(parents=True, exist_ok=True)
    with (published() / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _go_on(seconds: float) -> int:
    building = published() / "building"
    state = _begun(building)
    todo = [part for part in parts() if part.name not in state["done"]]
    ends, done = monotonic() + seconds, 0
    for part in todo:
        files = [_entry(part, written) for written in write_part(building, part, state["texts"])]
        state["files"] += files
        state["done"].append(part.name)
        (building / _STATE).write_text(json.dumps(state))
        done += 1
        if monotonic() > ends:
            break
    if done == len(todo):
        _publish(building, state)
    return done


def _is_due() -> bool:
    found = _newest()
    if found is None or found[1]["texts"] != (settings.DATASETS == "texts"):
        return True
    made = datetime.fromisoformat(found[1]["made"])
    return made.date() < timezone.now().date() or _is_outdated(found[1])


def _is_outdated(manifest: dict[str, Any]) -> bool:
    """Whether something was taken down since the edition was begun."""
    hiding = (TakedownStep.What.HIDDEN, TakedownStep.What.PARTLY, TakedownStep.What.PURGED)
    begun = datetime.fromisoformat(manifest["made"]) - _UNDER_WAY
    return TakedownStep.objects.filter(at__gte=begun, what__in=hiding).exists()


def _begun(building: Path) -> dict[str, Any]:
    """What was done of the edition that is being written; a new one where it can't be gone on with."""
    with suppress(OSError, ValueError):
        state: dict[str, Any] = json.loads((building / _STATE).read_text())
        if state["texts"] == (settings.DATASETS == "texts") and not _is_outdated(state):
            return state
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    return {
        "made": moment(timezone.now()),
        "texts": settings.DATASETS == "texts",
        "files": [],
        "done": [],
    }


def _publish(building: Path, state: dict[str, Any]) -> None:
    _finish(building, datetime.fromisoformat(state["made"]), state["files"], state["texts"])
    (building / _STATE).unlink()
    edition = published() / datetime.fromisoformat(state["made"]).strftime("%Y%m%dT%H%M%S.%f")
    building.rename(edition)
    for other in _editions():
        if other != edition:
            shutil.rmtree(other, ignore_errors=True)


def _editions() -> Iterator[Path]:
    folder = published()
    names: Iterable[Path] = sorted(folder.iterdir()) if folder.is_dir() else ()
    return (path for path in names if path.is_dir() and path.name[:1].isdigit())


def _newest() -> tuple[Path, dict[str, Any]] | None:
    for edition in reversed(list(_editions())):
        manifest = read_manifest(edition)
        if manifest:
            return edition, manifest
    return None
