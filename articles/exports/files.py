"""The files of a dataset, written bit by bit: JSON lines (zstandard), CSV (gzip) and Parquet.

The same rows give the same bytes. Parquet is an extra: it needs ``pyarrow`` (requirements-data.txt).
"""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import zstandard

from articles.csv import Writer
from articles.exports.tables import Column, Row

ROWS_OF_A_GROUP = 5_000
"""Rows of Parquet that are held at once."""

_PIECE = 1 << 20
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Written:
    """A file that was written: its name in the folder, its form, and what is in it."""

    path: str
    form: str
    rows: int
    bytes: int
    sha256: str


class _Writer(Protocol):
    """Writes the rows of one file."""

    def write(self, row: Row) -> None: ...
    def close(self) -> None: ...


def forms() -> tuple[str, ...]:
    """The forms that can be written here: their names are the ends of the files'."""
    return ("jsonl.zst", "csv.gz", *(["parquet"] if find_spec("pyarrow") else []))


def write(folder: Path, name: str, columns: Sequence[Column], rows: Iterable[Row]) -> list[Written]:
    """Write *rows* to folder/name in every form; nothing where there are none.

    Each file is whole or not there. *rows* are gone through once, and held bit by bit.
    """
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with ExitStack() as stack:
        files = [stack.enter_context(Partial(folder / f"{name}.{form}")) for form in forms()]
        writers = [_WRITERS[form](file.stream, columns) for form, file in zip(forms(), files, strict=True)]
        for row in rows:
            count += 1
            for writer in writers:
                writer.write(row)
        for writer in writers:
            writer.close()
        if count:
            for file in files:
                file.keep()
    if not count:
        return []
    return [written_file(folder, f"{name}.{form}", form, count) for form in forms()]


class Partial:
    """A file that is written beside its place, and put there when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._partial = path, path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        self.stream = self._partial.open("wb")
        return self

    def keep(self) -> None:
        self.stream.flush()
        self._partial.replace(self._path)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stream.close()
        with suppress(FileNotFoundError):
            self._partial.unlink()


def written_file(folder: Path, path: str, form: str, rows: int) -> Written:
    """What a manifest says of a file that is there."""
    digest, size = hashlib.sha256(), 0
    with (folder / path).open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return Written(path, form, rows, size, digest.hexdigest())


class _JsonLines:
    def __init__(self, stream: IO[bytes], columns: Sequence[Column]) -> None:
        self._names = [column.name for column in columns]
        self._packed: Any = zstandard.ZstdCompressor(level=6).stream_writer(stream, closefd=False)

    def write(self, row: Row) -> None:
        told = {name: _plain(row[name]) for name in self._names}
        self._packed.write(_ENCODER.encode(told).encode() + b"\n")

    def close(self) -> None:
        self._packed.close()


class _Csv:
    def __init__(self, stream: IO[bytes], columns: Sequence[Column]) -> None:
        self._columns = columns
        self._packed = gzip.GzipFile("", "wb", 6, stream, mtime=0)
        self._text = io.TextIOWrapper(self._packed, "utf-8", errors="replace", newline="")
        self._rows = Writer(self._text)
        self._rows.write(column.name for column in columns)

    def write(self, row: Row) -> None:
        self._rows.write(_cell(row[column.name], column) for column in self._columns)

    def close(self) -> None:
        self._text.close()


class _Parquet:
    def __init__(self, stream: IO[bytes], columns: Sequence[Column]) -> None:
        import pyarrow
        from pyarrow import parquet

        types = {
            "text": pyarrow.string(),
            "json": pyarrow.string(),
            "int": pyarrow.int64(),
            "flag": pyarrow.bool_(),
            "time": pyarrow.timestamp("us", tz="UTC"),
            "texts": pyarrow.list_(pyarrow.string()),
        }
        self._columns = columns
        self._schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
        self._writer: Any = parquet.ParquetWriter(stream, self._schema, compression="zstd")
        self._batch = pyarrow.RecordBatch
        self._waiting: list[Row] = []

    def write(self, row: Row) -> None:
        self._waiting.append(
            {
                column.name: _json(row[column.name]) if column.kind == "json" else row[column.name]
                for column in self._columns
            }
        )
        if len(self._waiting) >= ROWS_OF_A_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_batch(self._batch.from_pylist(self._waiting, schema=self._schema))
        self._waiting = []


_WRITERS: dict[str, Any] = {"jsonl.zst": _JsonLines, "csv.gz": _Csv, "parquet": _Parquet}


def moment(at: datetime) -> str:
    """A time as JSON and CSV have it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(value: object) -> object:
    return moment(value) if isinstance(value, datetime) else value


def _cell(value: object, column: Column) -> object:
    if value is None:
        return ""
    if column.kind == "flag":
        return "true" if value else "false"
    return _json(value) if column.kind in ("json", "texts") else _plain(value)


def _json(value: object) -> str:
    return _ENCODER.encode(value)
