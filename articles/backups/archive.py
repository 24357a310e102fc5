"""The file of a backup: a zip with a manifest that tells what must be in it."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FORMAT = 1
MANIFEST = "manifest.json"


class BackupError(Exception):
    """A backup can't be made or restored; the text says why, and that nothing was lost."""


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
            raise BackupError(f"{path} can't be read: {problem.strerror}.") from problem
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as problem:
            raise self._damaged(str(problem)) from problem

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
                raise self._damaged(f"{table.file} is not as the manifest says")

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
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as problem:
            raise self._damaged(str(problem)) from problem

    def _read_manifest(self) -> Manifest:
        values = json.loads(self._zip.read(MANIFEST))
        if values["format"] != FORMAT:
            raise BackupError(
                f"{self._path} has format {values['format']} (NewsDiffs {values['version']}); "
                f"this version reads format {FORMAT}. Nothing was changed."
            )
        values["migrations"] = [(app, name) for app, name in values["migrations"]]
        values["tables"] = [Table(**table) for table in values["tables"]]
        return Manifest(**values)

    def _damaged(self, why: str) -> BackupError:
        return BackupError(f"{self._path} is damaged or no backup ({why}). Nothing was changed.")
