"""NewsDiffs: git repositories with the texts, and its MySQL database, a dump or SQLite; or git alone.

Schema of ecprice/newsdiffs of 2018. The database's times are those of New York,
without an offset. A version's text is the file at its commit; an article's file is named by its address.
"""

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from articles.archives.bounds import ArchiveError
from articles.archives.databases import Database, database, text, whole_number
from articles.archives.git_objects import Repository, repository
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
from articles.archives.times import aware, from_epoch

TABLES = {
    "Articles": ["id", "url", "git_dir"],
    "version": ["id", "article_id", "v", "title", "byline", "date", "boring"],
}

NEW_YORK = ZoneInfo("America/New_York")

_DIRECTORY = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_-]{0,63}")
"""What `git_dir` may be: the month an article was first seen in, such as 2012-06, or "old"."""

_OUR_OWN = ("Adding file ", "Change to ")
"""How the subjects of commits begin that the scraper made; all others ("Reformat") are of its maintenance."""

_LONGEST_TITLE = 255
"""Characters of a title in the database, which is cut there."""

_DOUBLE_UTF8 = re.compile("[\xc2-\xf4][\x80-\xbf]+")

_ARTICLES = """
    SELECT article.id, article.url, article.git_dir,
           version.id, version.v, version.title, version.byline, version.date, {boring}
    FROM Articles AS article LEFT JOIN version ON version.article_id = article.id
    ORDER BY article.id, version.date, version.id
"""
_ORPHANS = """
    SELECT id, article_id FROM version
    WHERE article_id IS NULL OR article_id NOT IN (SELECT id FROM Articles) ORDER BY id
"""


class Story(NamedTuple):
    """A text as NewsDiffs keeps it."""

    title: str
    byline: str
    paragraphs: list[str]


def read(path: Path, repositories: Path | None = None) -> Iterator[Record]:
    """The articles of NewsDiffs.

    *path* is the database, and *repositories* the folder that holds the git repositories by the names in its
    column `git_dir`. Without *repositories*, *path* is one git repository, and all is told from that.

    :raises ArchiveError: a file can't be read.
    """
    return _from_database(path, repositories) if repositories else _from_git(path)


def _from_database(path: Path, repositories: Path) -> Iterator[Record]:
    with database(path, TABLES) as archive, _Repositories(repositories) as texts:
        boring = archive.expression("version", "boring", "0")
        for _, rows in groupby(archive.rows(_ARTICLES.format(boring=boring)), key=itemgetter(0)):
            yield from _article(rows, texts)
        yield from _orphans(archive)


def _article(rows: Iterator[tuple[object, ...]], texts: "_Repositories") -> Iterator[Record]:
    history = History()
    url = ""
    for _, address, git_dir, version_id, sha, title, byline, date, boring in rows:
        url = text(address)
        if version_id is None:
            continue
        where = f"version {version_id}"
        try:
            stored = texts.text(text(git_dir), text(sha), path_of(url))
        except ArchiveError as problem:
            history.add(Broken(where, Left.DAMAGED, str(problem)))
            continue
        if stored is None:
            history.add(Broken(where, Left.NO_TEXT, f"{git_dir} {sha}"))
            continue
        title, byline = repaired(text(title)), repaired(text(byline))
        story = taken_apart(stored, title)
        found = version_of(
            where,
            text(sha),
            aware(date, NEW_YORK),
            title or story.title,
            story.paragraphs,
            byline=byline or story.byline,
            permalink=whole_number(version_id),
            minor=bool(whole_number(boring)),
        )
        history.add(found)
    article = ArchivedArticle(origin_id=url, address=url, versions=history.in_order())
    yield from records_of(article, history)


def _orphans(archive: Database) -> Iterator[Record]:
    for version_id, article_id in archive.rows(_ORPHANS):
        yield Broken(f"version {version_id}", Left.NO_ARTICLE, f"article {article_id}")


class _Repositories:
    """The git repositories, one of them open at a time, but for the last few."""

    _MOST_OPEN = 8

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise ArchiveError(f"{root} is no folder")
        self._root = root
        self._open: dict[str, tuple[object, Repository]] = {}

    def __enter__(self) -> "_Repositories":
        return self

    def __exit__(self, *_raised: object) -> None:
        while self._open:
            self._close_oldest()

    def text(self, git_dir: str, sha: str, path: str) -> bytes | None:
        """As `Repository.text`.

        :raises ArchiveError: there is no such repository, or it can't be read.
        """
        if git_dir not in self._open:
            if not _DIRECTORY.fullmatch(git_dir):
                raise ArchiveError(f"{git_dir!r} is no name of a repository")
            if len(self._open) == self._MOST_OPEN:
                self._close_oldest()
            opening = repository(self._root / git_dir)
            self._open[git_dir] = opening, opening.__enter__()
        return self._open[git_dir][1].text(sha, path)

    def _close_oldest(self) -> None:
        opening, _ = self._open.pop(next(iter(self._open)))
        opening.__exit__(None, None, None)  # type: ignore[attr-defined]


def _from_git(path: Path) -> Iterator[Record]:
    """All that the commits of one repository tell, gathered by file in a temporary database."""
    with (
        repository(path) as texts,
        tempfile.TemporaryDirectory(prefix="newsdiffs-archive-") as folder,
        closing(sqlite3.connect(Path(folder, "spool"), isolation_level=None)) as spool,
    ):
        spool.execute("PRAGMA journal_mode = OFF")
        spool.execute("PRAGMA synchronous = OFF")
        spool.execute("CREATE TABLE changes (path TEXT, at REAL, sha TEXT, ours INTEGER)")
        spool.execute("BEGIN")
        for commit in texts.history():
            at = commit.at.timestamp() if commit.at else None
            ours = commit.subject.startswith(_OUR_OWN)
            name = commit.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            spool.execute("INSERT INTO changes VALUES (?, ?, ?, ?)", [name, at, commit.sha, ours])
        spool.execute("COMMIT")
        # The newest commit was written first; of one second the earlier one comes first.
        ordered = spool.execute("SELECT path, at, sha, ours FROM changes ORDER BY path, at, rowid DESC")
        for file, changes in groupby(ordered, key=itemgetter(0)):
            yield from _file(file, changes, texts)


def _file(
    path: str, changes: Iterator[tuple[str, float | None, str, int]], texts: Repository
) -> Iterator[Record]:
    history = History()
    for _, at, sha, ours in changes:
        history.add(_committed(path, from_epoch(at), sha, bool(ours), texts))
    address = address_of(path)
    yield from records_of(ArchivedArticle(address, address, history.in_order()), history)


def _committed(
    path: str, at: datetime | None, sha: str, ours: bool, texts: Repository
) -> ArchivedVersion | Broken:
    where = f"commit {sha} {path}"
    if not ours:
        return Broken(where, Left.FILTERED)
    try:
        stored = texts.text(sha, path)
    except ArchiveError as problem:
        return Broken(where, Left.DAMAGED, str(problem))
    if stored is None:
        return Broken(where, Left.NO_TEXT)
    story = taken_apart(stored, "")
    return version_of(where, sha, at, story.title, story.paragraphs, byline=story.byline)


def path_of(url: str) -> str:
    """The file of an article: for https the scheme stays in it, with one slash."""
    bare = url.rstrip("/")
    if bare.startswith("https://"):
        return f"https:/{bare.removeprefix('https://')}"
    return bare.removeprefix("http://")


def address_of(path: str) -> str:
    """The address of an article's file."""
    secure = path.removeprefix("https:/")
    return f"https://{secure.lstrip('/')}" if secure != path else f"http://{path}"


def taken_apart(stored: bytes, title: str) -> Story:
    """A stored text: the page's date, title and byline, a line each, then the body, its first line empty.

    White space was stripped off the whole, so that where a page had no date the title stands first; *title*
    as the database has it ('' for unknown) tells, or else the place of the body's empty line.
    """
    lines = repaired(stored.decode("utf-8", "replace")).split("\n")
    first, second, third, fourth = [*lines, "", "", "", ""][:4]
    if title:
        undated = first[:_LONGEST_TITLE] == title and second[:_LONGEST_TITLE] != title
    else:
        undated = bool(second and fourth) and not third
    head, body = (["", first, second], lines[2:]) if undated else ([first, second, third], lines[3:])
    paragraphs = " ".join(line if line else "\0" for line in body).split("\0")
    return Story(head[1], head[2], paragraphs)


def repaired(text: str) -> str:
    """*text*, in which what was encoded twice as UTF-8 is decoded once more, as NewsDiffs itself does."""
    return _DOUBLE_UTF8.sub(_decoded_again, text)


def _decoded_again(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
