"""Strangers' files: unpacked only so far, and never onto a path that they name."""

import gzip
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, cast

import brotli

MOST_EXPANSION = 200
"""Times its size that a compressed file may unpack to. Texts reach 10; gzip's most is 1,032."""

LEAST_ALLOWED = 64 << 20
"""Bytes that a small file may unpack to, whatever its size."""

MOST_MEMBERS = 1_000_000
"""Files in a zip; their list is held in memory."""

_PIECE = 1 << 18
_MEMBER, _OF_GZIP = b"\x1f\x8b\x08", 31
"""How a member of a gzip file begins, and zlib's wbits for one."""


Stream = io.RawIOBase | io.BufferedReader
"""What bytes are read from; a reading may bring fewer than were asked for, and none at the end."""


class ArchiveError(Exception):
    """An archive that can't be read at all; says why in words for a person."""


UNREADABLE = (
    ArchiveError,
    EOFError,
    OSError,
    UnicodeDecodeError,
    zipfile.BadZipFile,
    zlib.error,
    brotli.error,
    NotImplementedError,  # zipfile, of a way of packing it does not know
    RuntimeError,  # zipfile, of a member with a password
)
"""What reading a damaged or hostile file raises."""


class Readable(Protocol):
    """What bytes can be read from, as many as are at hand."""

    def read1(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class Bounded(io.RawIOBase):
    """*stream*, of which no more than *limit* bytes are read: then it raises ArchiveError.

    A reading brings what is at hand, so that what stands before a damage is not lost with it.
    """

    def __init__(self, stream: Readable, limit: int) -> None:
        self._stream, self._left = stream, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._stream.read1(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
            raise ArchiveError(f"it is cut off or damaged: {problem}") from problem
        self._left -= len(piece)
        if self._left < 0:
            raise ArchiveError("it unpacks to far more than any archive of its size does")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


class Members(io.RawIOBase):
    """The bytes of a gzip file of many members, unpacked; no more than *limit* bytes of them.

    Where one is cut off or damaged, reading raises ArchiveError; after `skip` it goes on with the next one.
    """

    def __init__(self, packed: Readable, limit: int) -> None:
        self._packed, self._left = packed, limit
        self._buffer, self._at = b"", 0
        self._reader: zlib._Decompress | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self._at == len(self._buffer) and not self._fill():
                return self._rest(buffer)
            if self._reader is None:
                self._at += len(self._buffer) - self._at - len(self._buffer[self._at :].lstrip(b"\0"))
                if self._at == len(self._buffer):
                    continue
                self._reader = zlib.decompressobj(_OF_GZIP)
            try:
                piece = self._reader.decompress(memoryview(self._buffer)[self._at :], len(buffer))
            except zlib.error as problem:
                raise ArchiveError(f"it is cut off or damaged: {problem}") from problem
            self._at = len(self._buffer) - len(self._reader.unused_data or self._reader.unconsumed_tail)
            if self._reader.eof:
                self._reader = None
            if piece:
                return self._told(piece, buffer)

    def skip(self) -> bool:
        """Go on with what looks like the beginning of the next member; False where there is none."""
        self._reader = None
        self._at += 1
        while (found := self._buffer.find(_MEMBER, self._at)) < 0:
            self._at = max(len(self._buffer) - len(_MEMBER) + 1, self._at)
            if not self._fill():
                self._at = len(self._buffer)
                return False
        self._at = found
        return True

    def _fill(self) -> bool:
        """Have more packed bytes; whether there were any."""
        piece = self._packed.read1(_PIECE)
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return bool(piece)

    def _rest(self, buffer: memoryview) -> int:
        """What the last member still holds when all packed bytes were taken."""
        if self._reader is None:
            return 0
        piece = self._reader.decompress(b"", len(buffer))
        if not piece:
            raise ArchiveError("it is cut off")
        return self._told(piece, buffer)

    def _told(self, piece: bytes, buffer: memoryview) -> int:
        self._left -= len(piece)
        if self._left < 0:
            raise ArchiveError("it unpacks to far more than any archive of its size does")
        buffer[: len(piece)] = piece
        return len(piece)


def allowed(packed: int) -> int:
    """Bytes that a file of *packed* bytes may unpack to."""
    return max(packed * MOST_EXPANSION, LEAST_ALLOWED)


@contextmanager
def opened(path: Path) -> Iterator[Stream]:
    """The bytes of the file *path*, unpacked if it is gzip.

    :raises ArchiveError: it can't be opened.
    """
    if not path.is_file():
        raise ArchiveError(f"{path} is no file")
    with path.open("rb") as packed:
        if packed.peek(2)[:2] != b"\x1f\x8b":
            yield packed
            return
        with gzip.GzipFile(fileobj=packed) as plain:
            yield Bounded(plain, allowed(path.stat().st_size))


@contextmanager
def unpacked_file(path: Path) -> Iterator[Path]:
    """A file of the bytes of *path* unpacked: itself, if it is not packed, or one that is removed afterwards.

    :raises ArchiveError: it can't be unpacked.
    """
    with path.open("rb") as packed:
        is_gzip = packed.read(2) == b"\x1f\x8b"
    if not is_gzip:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="newsdiffs-archive-") as folder:
        plain = Path(folder, "unpacked")
        try:
            with opened(path) as source, plain.open("wb") as target:
                shutil.copyfileobj(source, target, _PIECE)
        except UNREADABLE as problem:
            raise ArchiveError(f"{path.name} can't be unpacked: {problem}") from problem
        yield plain


def unbrotli(packed: bytes, limit: int) -> bytes:
    """*packed* unpacked by brotli.

    :raises ArchiveError: it is more than *limit* bytes, or cut off.
    :raises brotli.error: it is damaged.
    """
    reader = brotli.Decompressor()
    plain = bytearray(reader.process(packed, output_buffer_limit=_PIECE))
    while not reader.is_finished():
        piece = reader.process(b"", output_buffer_limit=_PIECE)
        plain += piece
        if len(plain) > limit:
            raise ArchiveError(f"it unpacks to more than {limit:,} bytes")
        if not piece and reader.can_accept_more_data():
            raise ArchiveError("it is cut off")
    return bytes(plain)


def inflate(packed: bytes, limit: int, *, wbits: int) -> bytes:
    """*packed* unpacked by zlib, with *wbits* as zlib takes it.

    :raises ArchiveError: it is more than *limit* bytes.
    :raises zlib.error: it is damaged.
    """
    reader = zlib.decompressobj(wbits)
    plain = reader.decompress(packed, limit + 1)
    if len(plain) > limit:
        raise ArchiveError(f"it unpacks to more than {limit:,} bytes")
    return plain


class Folder:
    """The files of an archive that is a folder or a zip, by names with slashes; nothing outside is read."""

    def __init__(self, path: Path) -> None:
        """:raises ArchiveError: it is neither."""
        self._root = path.resolve()
        self._zip: zipfile.ZipFile | None = None
        self._names: dict[str, zipfile.ZipInfo] = {}
        self._left = LEAST_ALLOWED
        if self._root.is_dir():
            return
        try:
            self._zip = zipfile.ZipFile(self._root)
        except (OSError, zipfile.BadZipFile) as problem:
            raise ArchiveError(f"{path} is neither a folder nor a zip: {problem}") from problem
        members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise ArchiveError(f"{path.name} holds more than {MOST_MEMBERS:,} files")
        self._left = allowed(self._root.stat().st_size)
        self._names = {member.filename: member for member in members if not member.is_dir()}

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._zip is not None:
            self._zip.close()

    def folders(self) -> list[str]:
        """The names of the folders in it, in order."""
        if self._zip is None:
            return sorted(entry.name for entry in self._root.iterdir() if entry.is_dir())
        return sorted({name.partition("/")[0] for name in self._names if "/" in name})

    def names(self, below: str) -> list[str]:
        """The names of the files in the folder *below*, in order."""
        if self._zip is None:
            folder = self._inside(below)
            files = folder.iterdir() if folder is not None and folder.is_dir() else ()
            return sorted(f"{below}/{entry.name}" for entry in files if entry.is_file())
        start = f"{below}/"
        return sorted(
            name for name in self._names if name.startswith(start) and "/" not in name[len(start) :]
        )

    def has(self, name: str) -> bool:
        if self._zip is not None:
            return name in self._names
        path = self._inside(name)
        return path is not None and path.is_file()

    def size(self, name: str) -> int:
        """Bytes of the file *name* as it is packed."""
        return self._names[name].compress_size if self._zip else (self._root / name).stat().st_size

    @contextmanager
    def stream(self, name: str) -> Iterator[io.BufferedReader]:
        """The file *name*.

        :raises ArchiveError: there is none, it lies outside (a link leads there), or all that was read of
            this zip is more than it may hold.
        """
        if self._zip is not None:
            if name not in self._names:
                raise ArchiveError(f"there is no {name}")
            with self._zip.open(self._names[name]) as packed:
                yield io.BufferedReader(_Spent(cast("Readable", packed), self), _PIECE)
            return
        path = self._inside(name)
        if path is None or not path.is_file():
            raise ArchiveError(f"there is no {name}")
        with path.open("rb") as plain:
            yield plain

    def read(self, name: str, limit: int) -> bytes:
        """The bytes of the file *name*.

        :raises ArchiveError: as `stream`, or it is longer than *limit*.
        """
        with self.stream(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ArchiveError(f"{name} is longer than {limit:,} bytes")
        return data

    def spend(self, size: int) -> None:
        """Count what was unpacked of the zip."""
        self._left -= size
        if self._left < 0:
            raise ArchiveError("it unpacks to far more than any archive of its size does")

    def _inside(self, name: str) -> Path | None:
        if "\0" in name:
            return None
        path = (self._root / name).resolve()
        return path if path.is_relative_to(self._root) else None


class _Spent(io.RawIOBase):
    def __init__(self, stream: Readable, folder: Folder) -> None:
        self._stream, self._folder = stream, folder

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read1(len(buffer))
        self._folder.spend(len(piece))
        buffer[: len(piece)] = piece
        return len(piece)
