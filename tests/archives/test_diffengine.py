"""diffengine's database, as made before and after columns came to it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from articles.archives import ArchiveError, Left, diffengine
from tests.archives.origins import DIFFENGINE, sqlite_file

STORY = "https://news.example/story"


def version(pk: int, of: int, created: str, **values: object) -> dict[str, object]:
    return {
        "id": pk,
        "title": "Bridge shut",
        "url": STORY,
        "summary": f"<p>Text {pk} isn't long.</p><p>Two.</p>",
        "created": created,
        "archive_url": None,
        "entry_id": of,
    } | values


def entry(pk: int, checked: str, url: str = STORY) -> dict[str, object]:
    return {"id": pk, "url": url, "created": "2017-01-01 00:00:00", "checked": checked}


ROWS: dict[str, Any] = {
    "entry": [
        entry(1, "2017-01-05 12:00:00.500000"),
        entry(2, "2017-01-03 00:00:00", "https://news.example/story?from=feed2"),
        entry(3, "2017-01-01 00:00:00"),
    ],
    "entryversion": [
        version(1, 1, "2017-01-01 10:00:00.123456"),
        version(
            3, 1, "2017-01-04 10:00:00", archive_url="https://web.archive.org/web/20170104100003/" + STORY
        ),
        version(2, 2, "2017-01-02 10:00:00"),
        version(4, 3, "2017-01-02 10:00:00", url="https://news.example/other", summary="<p> </p>"),
        version(5, 9, "2017-01-02 10:00:00", url="https://news.example/orphan"),
    ],
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return sqlite_file(tmp_path / "diffengine.db", DIFFENGINE, ROWS)


def test_versions_of_one_address_are_one_article(archive: Path, apart: Callable[..., Any]) -> None:
    articles, _ = apart(diffengine.read(archive))
    story = next(article for article in articles if article.address == STORY)
    assert [version.origin_id for version in story.versions] == ["1", "2", "3"]
    assert story.versions[0].seen == datetime(2017, 1, 1, 10, 0, 0, 123_456, tzinfo=UTC)
    assert story.versions[0].paragraphs == ("Text 1 isn't long.", "Two.")
    assert story.versions[2].copy.startswith("https://web.archive.org/web/2017")


def test_a_check_is_a_sighting_of_the_newest_version_of_its_entry(
    archive: Path, apart: Callable[..., Any]
) -> None:
    articles, _ = apart(diffengine.read(archive))
    story = next(article for article in articles if article.address == STORY)
    assert [version.last_seen for version in story.versions] == [
        None,
        datetime(2017, 1, 3, tzinfo=UTC),
        datetime(2017, 1, 5, 12, 0, 0, 500_000, tzinfo=UTC),
    ]


def test_broken_rows_are_told(archive: Path, apart: Callable[..., Any]) -> None:
    articles, broken = apart(diffengine.read(archive))
    assert [article.address for article in articles] == ["https://news.example/orphan", STORY]
    assert broken == [
        (Left.NO_TEXT, "entryversion 4"),
        (Left.NO_VERSION, "article https://news.example/other"),
        (Left.NO_SIGHTING, "entryversion 5"),
    ]


def test_columns_that_came_later_are_no_hindrance_and_missing_ones_neither(
    tmp_path: Path, apart: Callable[..., Any]
) -> None:
    newer = DIFFENGINE.replace('"archive_url" VARCHAR(255)', '"archive_url" TEXT, "tweet_status_id_str" TEXT')
    articles, _ = apart(diffengine.read(sqlite_file(tmp_path / "newer.db", newer, ROWS)))
    assert len(articles) == 2
    older = DIFFENGINE.replace('"archive_url" VARCHAR(255), ', "")
    rows = {
        "entry": ROWS["entry"],
        "entryversion": [
            {name: value for name, value in row.items() if name != "archive_url"}
            for row in ROWS["entryversion"]
        ],
    }
    articles, _ = apart(diffengine.read(sqlite_file(tmp_path / "older.db", older, rows)))
    assert articles[1].versions[2].copy == ""


def test_a_table_that_computes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "hostile.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, url TEXT, checked TEXT)")
        connection.execute(
            "CREATE VIEW entryversion AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)"
            " SELECT id, '' AS title, '' AS url, '' AS summary, '' AS created, 1 AS entry_id FROM n"
        )
    with pytest.raises(ArchiveError, match="no table entryversion"):
        list(diffengine.read(path))


def test_a_damaged_database_is_refused(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[4096 : len(data) - 100] = b"\xff" * (len(data) - 4196)
    archive.write_bytes(data)
    with pytest.raises(ArchiveError):
        list(diffengine.read(archive))


def test_it_may_be_killed_in_the_middle(archive: Path, survives_a_kill: Callable[..., None]) -> None:
    survives_a_kill("diffengine", archive)
