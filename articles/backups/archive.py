"""The file of a backup: a zip with a manifest that tells what must be in it."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FORMAT = 1
MANIFEST = "manifest.json"

LARGEST_MANIFEST = 4 << 20
"""Bytes. One of ours has a few thousand: what is larger was never written by us."""


class BackupError(Exception):
    """A backup can't be made or restored; the text says why, and that nothing was lost."""


DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
    RuntimeError,  # an encrypted member, one packed in a way that zipfile does not know, JSON nested too deep
)
"""What reading a file that is no backup of ours, or not a whole one, may fail with."""


@dataclass(frozen=True)
class Table:
    """One table: its model (app_label.model_name), its columns in the order of the rows, and a checksum."""

    model: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        return f"{self.model}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """version: of the program that made it. made: when it began to (ISO). migrations: (app, name) applied."""

    format: int
    version: str
    made: str
    migrations: list[tuple[str, str]]
    tables: list[Table]

    def rows(self, model: str) -> int:
        return next((table.rows for table in self.tables if table.model == model), 0)


class Writer:
    """Writes a backup beside *path* and puts it there when it is whole; readable by this user alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_name(f"{path.name}.partial-{os.getpid()}")
        self._tables: list[Table] = []

    def __enter__(self) -> Self:
        handle = os.open(self._partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        return self

    def add(self, model: str, columns: list[str], rows: Iterable[str]) -> None:
        """Add a table; *rows* are its lines, without their ends."""
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"{model}.jsonl", "w", force_zip64=True) as file:
            for row in rows:
                line = row.encode() + b"\n"
                digest.update(line)
                file.write(line)
                count += 1
        self._tables.append(Table(model, columns, count, digest.hexdigest()))

    def finish(self, version: str, made: str, migrations: list[tuple[str, str]]) -> Manifest:
        manifest = Manifest(FORMAT, version, made, migrations, self._tables)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        os.replace(self._partial, self._path)
        return manifest

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        # On a full disk nothing can be closed in good order, and what was written must not stay there.
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        with suppress(FileNotFoundError):
            self._partial.unlink()


class Reader:
    """Reads a backup. Raises BackupError when the file is not one, or not whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._read_manifest()
        except OSError as problem:
            raise BackupError(f"{path} can't be read: {problem.strerror or problem}.") from problem
        except DAMAGE as problem:
            raise self.damaged(problem) from problem

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Read it all and compare it with the manifest."""
        for table in self.manifest.tables:
            digest, count = hashlib.sha256(), 0
            for line in self._lines(table):
                digest.update(line)
                count += 1
            if (digest.hexdigest(), count) != (table.sha256, table.rows):
                raise self.damaged(f"{table.file} is not as the manifest says")

    def fingerprint(self, table: Table) -> tuple[int, int]:
        """How many rows there are, and the sum of their hashes: the same whatever order they stand in."""
        count, total = 0, 0
        for line in self._lines(table):
            count += 1
            total += int.from_bytes(hashlib.sha256(line).digest())
        return count, total % (1 << 256)

    def rows(self, table: Table) -> Iterator[tuple[list[Any], int]]:
        """Each row with its length in bytes."""
        for line in self._lines(table):
            yield json.loads(line), len(line)

    def _lines(self, table: Table) -> Iterator[bytes]:
        try:
            with self._zip.open(table.file) as file:
                yield from file
        except DAMAGE as problem:
            raise self.damaged(problem) from problem

    def _read_manifest(self) -> Manifest:
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError("its manifest is larger than any of ours")
        values = json.loads(self._zip.read(MANIFEST))
        if values["format"] != FORMAT:
            raise BackupError(
                f"{self._path} has format {values['format']} (NewsDiffs {values['version']}); "
                f"this version reads format {FORMAT}. Nothing was changed."
            )
        values["migrations"] = [(app, name) for app, name in values["migrations"]]
        values["tables"] = [Table(**table) for table in values["tables"]]
        datetime.fromisoformat(values["made"])
        return Manifest(**values)

    def damaged(self, why: object) -> BackupError:
        """What to raise where the content of the file makes no sense; *why* in one line."""
        told = (str(why).splitlines() or [type(why).__name__])[0][:200]
        return BackupError(
            f"{self._path} is damaged or no backup ({told}). Nothing was changed. Take another backup, or a "
            "fresh copy of this one."
        )
