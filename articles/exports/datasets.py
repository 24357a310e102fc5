"""An edition of the datasets: every table, by month, with a manifest of its files.

The command `export` writes one into the folder that it is told. The one that `/data/` offers is written by
`articles.exports.editions`, of the same parts.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.exports.files import Written, moment, write
from articles.exports.kept_pages import PAGES, write_pages
from articles.exports.tables import TABLES, Span, Table, months_of
from articles.models import Article, TakedownStep

FORMAT = "newsdiffs-dataset-1"
MANIFEST, README = "manifest.json", "README.txt"

UNDER_WAY = timedelta(minutes=1)
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
        since = since_takedowns(min(entry["made"] for entry in kept), since)
        kept = [entry for entry in kept if entry["month"] and begins(entry) < since.replace(day=1)]
    files = list(kept)
    todo = parts(since)
    for number, part in enumerate(todo):
        tell(part, number, len(todo))
        files += [entry_of(part, written) for written in write_part(folder, part, texts)]
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
        if entry["month"] and begins(entry) < since.replace(day=1) and (folder / entry["path"]).is_file()
    ]


def begins(entry: dict[str, Any]) -> date:
    """The first day of the month that a file of an edition is of."""
    return date.fromisoformat(f"{entry['month']}-01")


def since_takedowns(made: str, since: date) -> date:
    """*since*, or when an article was first seen that was taken down or shown again since *made*."""
    steps = TakedownStep.objects.filter(at__gte=datetime.fromisoformat(made) - UNDER_WAY).values("article")
    first = Article.objects.filter(pk__in=steps).order_by("first_seen").values_list("first_seen", flat=True)
    earliest: datetime | None = first.first()
    return min(since, earliest.astimezone(UTC).date()) if earliest else since


def entry_of(part: Part, written: Written) -> dict[str, Any]:
    """What the manifest says of a file of *part*."""
    month = f"{part.span[0]:%Y-%m}" if part.span else ""
    return {"table": part.table.name, "month": month, **asdict(written)}


def _finish(folder: Path, made: datetime, files: list[dict[str, Any]], texts: bool) -> dict[str, Any]:
    """Write the manifest, and delete the files of an older edition that it does not name."""
    old = read_manifest(folder)
    manifest = manifest_of(made, files, texts)
    (folder / README).write_text(_readme(made, texts), encoding="utf-8")
    partial = folder / f"{MANIFEST}.part"
    partial.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)
    named = {entry["path"] for entry in manifest["files"]}
    for entry in old["files"] if old else ():
        if entry["path"] not in named and _is_ours(entry["path"]):
            (folder / entry["path"]).unlink(missing_ok=True)
    return manifest


def manifest_of(made: datetime, files: Sequence[dict[str, Any]], texts: bool) -> dict[str, Any]:
    """The manifest of an edition of *files*, begun when it was *made*."""
    return {
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
        "files": sorted(
            ({**entry, "made": entry.get("made", moment(made))} for entry in files), key=_path_of
        ),
    }


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
    return manifest if is_manifest(manifest) else None


def is_manifest(found: object) -> bool:
    """Whether what was read is the manifest of an edition of ours."""
    return isinstance(found, dict) and found.get("format") == FORMAT
