"""A database or a backup that is damaged: one line says what is wrong; nothing is changed."""

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.running.installation import Installation
from tests.running.test_refusals import refusal

PAGE = 4096


def garbage(file: Path) -> None:
    file.write_bytes(b"this is no database at all\n" * 4000)


def holes(file: Path) -> None:
    """All but the first page is overwritten: it opens as a database, and can't be read."""
    with file.open("r+b") as opened:
        opened.seek(PAGE)
        opened.write(b"\xa5" * (file.stat().st_size - PAGE))


def halved(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2 // PAGE * PAGE)


@pytest.mark.parametrize("damage", [garbage, holes, halved])
def test_a_damaged_database_is_said_to_be_in_one_line(
    ready: Installation, damage: Callable[[Path], None]
) -> None:
    file = ready.data / "newsdiffs.sqlite3"
    damage(file)
    before = file.read_bytes()
    line = refusal(ready, "supervise")
    assert str(file) in line
    assert "is damaged" in line
    assert "./run manage restore FILE" in line
    assert file.read_bytes() == before


def manifest(**changes: Any) -> dict[str, Any]:
    """Of a backup that has one source."""
    columns = ["id", "name", "slug"]
    row = json.dumps([1, "Gazette", "gazette"]).encode() + b"\n"
    return {
        "format": 1,
        "version": "0.1.0",
        "made": "2026-11-01T10:00:00+00:00",
        "migrations": [["articles", "0001_initial"]],
        "tables": [table("articles.source", columns, row)],
    } | changes


def table(model: str, columns: list[str], lines: bytes, **changes: Any) -> dict[str, Any]:
    """With the checksum of *lines*: whole as far as the manifest can tell."""
    digest = hashlib.sha256(lines).hexdigest()
    return {"model": model, "columns": columns, "rows": lines.count(b"\n"), "sha256": digest} | changes


def archive(told: Any, **members: bytes) -> bytes:
    """A zip with the manifest and what else is given, by the name of its model."""
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for model, lines in members.items():
            written.writestr(f"{model.replace('__', '.')}.jsonl", lines)
        written.writestr("manifest.json", told if isinstance(told, bytes | str) else json.dumps(told))
    return held.getvalue()


def of_rows(
    lines: bytes, columns: tuple[str, ...] = ("id", "name", "slug"), model: str = "articles.source"
) -> bytes:
    """Whole as a file; what stands in its rows makes no sense."""
    members = {model.replace(".", "__"): lines}
    return archive(manifest(tables=[table(model, list(columns), lines)]), **members)


def flagged(content: bytes, flags: int = 0, method: int | None = None) -> bytes:
    """The same with *flags*, or another way of packing, at each member, as its headers tell them."""
    changed = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = changed.find(mark)
        while begin >= 0:
            struct.pack_into("<H", changed, begin + at, flags)
            if method is not None:
                struct.pack_into("<H", changed, begin + at + 2, method)
            begin = changed.find(mark, begin + 4)
    return bytes(changed)


ROW = json.dumps([1, "Gazette", "gazette"]).encode() + b"\n"
WHOLE = archive(manifest(), articles__source=ROW)

CRAFTED = {
    "empty": b"",
    "no zip": b"a backup, honestly",
    "cut off": WHOLE[: len(WHOLE) // 2],
    "overwritten within": WHOLE[:60] + b"\xff" * 20 + WHOLE[80:],
    "encrypted": flagged(WHOLE, flags=1),
    "packed in an unknown way": flagged(WHOLE, method=98),
    "without a manifest": archive(manifest()).replace(b"manifest.json", b"manifesto.jso"),
    "manifest that is no JSON": archive("{", articles__source=ROW),
    "manifest that is no text": archive(b"\xff\xfe\xfd", articles__source=ROW),
    "manifest that is a list": archive([], articles__source=ROW),
    "manifest nested too deep": archive("[" * 200_000, articles__source=ROW),
    "manifest too large": archive(b" " * (5 << 20), articles__source=ROW),
    "no format": archive({"version": "1"}, articles__source=ROW),
    "a time that is none": archive(manifest(made="yesterday"), articles__source=ROW),
    "migrations that are none": archive(manifest(migrations=7), articles__source=ROW),
    "a table without columns": archive(manifest(tables=[{"model": "articles.source"}]), articles__source=ROW),
    "a table that is missing": archive(manifest()),
    "another checksum": archive(manifest(), articles__source=ROW.replace(b"Gazette", b"Courier")),
    "an unknown table": of_rows(ROW, model="articles.nothing"),
    "rows that are no JSON": of_rows(b"not a row\n"),
    "too few values": of_rows(b"[1]\n"),
    "a number too large": of_rows(b'[99999999999999999999999, "Gazette", "gazette"]\n'),
    "one row twice": of_rows(ROW * 2),
}


def test_a_damaged_backup_is_said_to_be_in_one_line_and_changes_nothing(
    ready: Installation, tmp_path: Path
) -> None:
    """All of them in one process, which is most of the cost."""
    assert len(CRAFTED) >= 20
    for number, content in enumerate(CRAFTED.values()):
        (tmp_path / f"{number}.zip").write_bytes(content)
    file = ready.data / "newsdiffs.sqlite3"
    before = file.read_bytes()
    code = f"""
from io import StringIO
from django.core.management import call_command
for number in range({len(CRAFTED)}):
    try:
        call_command("restore", f"{tmp_path}/{{number}}.zip", "--force", stdout=StringIO())
        print("restored")
    except SystemExit as end:
        print(repr(str(end)))
"""
    done = ready.manage("shell", "--no-imports", "-v", "0", "-c", code)
    assert (done.returncode, done.stderr) == (0, "")
    said = dict(zip(CRAFTED, done.stdout.splitlines(), strict=True))
    wrong = {
        name: line
        for name, line in said.items()
        if "Nothing was changed." not in line or "newsdiffs: " not in line or "\\n" in line or len(line) > 500
    }
    assert wrong == {}
    assert file.read_bytes() == before
    assert sorted(one.name for one in ready.data.glob("newsdiffs.sqlite3*")) == ["newsdiffs.sqlite3"]
