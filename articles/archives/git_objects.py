"""Reading texts out of a git repository of a stranger.

Nothing of the repository but its objects is used: git runs on an empty repository of our own that borrows
them, so that no setting, hook, filter or remote of theirs is ever looked at. Commands are fixed lists of
arguments; what stands in the archive (names of commits, paths) only goes in through a pipe, checked.
"""

import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

from articles.archives.bounds import ArchiveError
from articles.archives.times import from_epoch

LONGEST_FILE = 16 << 20
"""Bytes of one file; a longer one is passed over."""

_MEMORY = 4 << 30
"""Bytes of address space that git may use; it maps a gigabyte of packs by default."""

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_REFERENCE = re.compile(r"ref: (refs/[A-Za-z0-9._/-]{1,200})\s*")
_LONGEST_NAME = 4_096
_PIECE = 1 << 16


class Commit(NamedTuple):
    """A commit that changed the file *path*."""

    sha: str
    at: datetime | None
    subject: str
    path: str


class Repository:
    """The objects of one repository; use it as made by `repository`."""

    def __init__(self, objects: Path, borrowed: Path, folder: Path) -> None:
        self._folder = folder
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(borrowed),
            "GIT_DIR": str(borrowed),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_OPTIONAL_LOCKS": "0",
            "LC_ALL": "C.UTF-8",
        }
        self._readers: dict[str, subprocess.Popen[bytes]] = {}

    def text(self, sha: str, path: str) -> bytes | None:
        """The file *path* as of commit *sha*; None if there is none, or it is longer than LONGEST_FILE.

        :raises ArchiveError: git ended, or answers nonsense.
        """
        if not _COMMIT.fullmatch(sha) or not _is_plain(path):
            return None
        asked = f"{sha}:{path}\n".encode("utf-8", "surrogateescape")
        try:
            # Its size is asked for first: an object may unpack to any size.
            kind, size = self._ask("--batch-check", asked)
            if kind != b"blob" or size > LONGEST_FILE:
                return None
            _, size = self._ask("--batch", asked)
            answering = self._readers["--batch"].stdout
            assert answering is not None
            data = answering.read(size)
            if len(data) != size or answering.read(1) != b"\n":
                raise ValueError("the object is damaged")
        except (OSError, ValueError) as problem:
            self.close()
            raise ArchiveError(f"git can't read {self._folder}: {problem}") from problem
        return data

    def _ask(self, how: str, asked: bytes) -> tuple[bytes, int]:
        """The kind and the size of an object; no kind where there is none.

        :raises ValueError: git answers nonsense, or has ended. OSError too.
        """
        if how not in self._readers:
            self._readers[how] = self._run("cat-file", how)
        asking, answering = self._readers[how].stdin, self._readers[how].stdout
        assert asking is not None
        assert answering is not None
        asking.write(asked)
        asking.flush()
        answer = answering.readline(_LONGEST_NAME * 2).split()
        if answer[-1:] in ([b"missing"], [b"ambiguous"]):
            return b"", 0
        _, kind, size = answer[-3:]
        return kind, int(size)

    def history(self) -> Iterator[Commit]:
        """Each file that each commit of the branch in force changed or added, the newest commit first.

        :raises ArchiveError: the repository has no commit, or can't be read.
        """
        head = _head(self._folder)
        # %x00 parts the fields; names come NUL-terminated by -z.
        process = self._run(
            "log",
            "-z",
            "--name-only",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-show-signature",
            "--diff-filter=AM",
            "--format=%x01%H%x00%ct%x00%s",
            head,
            "--",
        )
        assert process.stdout is not None
        sha, at, subject = "", None, ""
        fields = _fields(process.stdout)
        try:
            for field in fields:
                name = field.removeprefix("\n")
                if name.startswith("\x01"):
                    sha, at, subject = name[1:], from_epoch(next(fields, "")), next(fields, "").strip("\n")
                elif name:
                    yield Commit(sha, at, subject, name)
        finally:
            _end(process)
        if process.returncode not in (0, None) and process.returncode > 0:
            raise ArchiveError(f"git can't read the history of {self._folder}")

    def close(self) -> None:
        while self._readers:
            _end(self._readers.popitem()[1])

    def _run(self, *arguments: str) -> "subprocess.Popen[bytes]":
        try:
            process = subprocess.Popen(  # noqa: S603 (fixed arguments; see the module)
                ["git", "-c", "core.packedGitLimit=256m", *arguments],  # noqa: S607
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                cwd=self._environment["GIT_DIR"],
            )
        except OSError as problem:
            raise ArchiveError(f"git can't be run: {problem}") from problem
        resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        return process


@contextmanager
def repository(folder: Path) -> Iterator[Repository]:
    """The repository in *folder*: its work tree, or a bare one.

    :raises ArchiveError: there is none.
    """
    git_dir = _git_dir(folder)
    with tempfile.TemporaryDirectory(prefix="newsdiffs-git-") as made:
        borrowed = Path(made)
        for name in ("objects", "refs"):
            (borrowed / name).mkdir()
        (borrowed / "HEAD").write_text("ref: refs/heads/none\n")
        found = Repository(git_dir / "objects", borrowed, folder)
        try:
            yield found
        finally:
            found.close()


def _git_dir(folder: Path) -> Path:
    for candidate in (folder / ".git", folder):
        objects = candidate / "objects"
        # A link, or a file that names another place, leads out of what we were given.
        if (
            candidate.is_dir()
            and objects.is_dir()
            and not candidate.is_symlink()
            and not objects.is_symlink()
        ):
            return candidate.resolve()
    raise ArchiveError(f"{folder} is no git repository")


def _head(folder: Path) -> str:
    """The commit that HEAD names."""
    git_dir = _git_dir(folder)
    try:
        with (git_dir / "HEAD").open() as file:
            head = file.read(_LONGEST_NAME)
        if match := _REFERENCE.fullmatch(head):
            head = _commit_of(git_dir, match[1])
    except (OSError, UnicodeDecodeError) as problem:
        raise ArchiveError(f"{folder} can't be read: {problem}") from problem
    head = head.strip()
    if not _COMMIT.fullmatch(head):
        raise ArchiveError(f"{folder} has no commit")
    return head


def _commit_of(git_dir: Path, reference: str) -> str:
    loose = (git_dir / reference).resolve()
    if loose.is_relative_to(git_dir) and loose.is_file():
        with loose.open() as file:
            return file.read(_LONGEST_NAME)
    packed = git_dir / "packed-refs"
    if packed.is_file():
        with packed.open() as lines:
            for line in lines:
                sha, _, name = line.strip().partition(" ")
                if name == reference:
                    return sha
    return ""


def _is_plain(path: str) -> bool:
    """Whether *path* can be asked for in one line, and is one from the top of the tree."""
    return 0 < len(path) < _LONGEST_NAME and path[0] != "." and not any(sign in path for sign in "\n\r\0")


def _fields(stream: IO[bytes]) -> Iterator[str]:
    """What stands between NULs."""
    rest = b""
    while piece := stream.read(_PIECE):
        *fields, rest = (rest + piece).split(b"\0")
        if len(rest) > LONGEST_FILE:
            raise ArchiveError("a line of the history never ends")
        for field in fields:
            yield field.decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End git, whatever it does."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
