"""NewsEdits' files of raw versions."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from articles.archives import ArchiveError, Left, bounds, newsedits
from tests.archives.origins import NEWSEDITS, sqlite_file


def row(pk: int, entry: int, number: int, **values: object) -> dict[str, object]:
    return {
        "id": pk,
        "entry_id": entry,
        "version": number,
        "created": f"2018-05-01 0{number}:00:00",
        "title": "Bridge shut",
        "url": f"https://news.example/{entry}",
        "num_versions": 2,
        "summary": f"<p>Text {number}.</p><p>It&#39;s\nlong.</p>",
    } | values


ROWS: dict[str, Any] = {
    "entryversion": [
        row(4, 20, 0),
        row(3, 10, 1),
        row(1, 10, 0),
        row(2, 10, 2, summary=""),
        row(5, 30, 0, url=None),
    ]
}


@pytest.fixture(params=["ap.db", "ap.db.gz"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    plain: Path = sqlite_file(tmp_path / "plain", NEWSEDITS, ROWS)
    path: Path = tmp_path / request.param
    path.write_bytes(gzip.compress(plain.read_bytes()) if path.suffix == ".gz" else plain.read_bytes())
    return path


def test_it_reads_entries_with_their_versions(archive: Path, apart: Callable[..., Any]) -> None:
    articles, broken = apart(newsedits.read(archive))
    assert [article.origin_id for article in articles] == ["10", "20", "30"]
    first = articles[0]
    assert [(version.origin_id, version.permalink) for version in first.versions] == [("1", 0), ("3", 1)]
    assert first.versions[1].paragraphs == ("Text 1.", "It's long.")
    assert first.versions[1].seen == datetime(2018, 5, 1, 1, tzinfo=UTC)
    assert all(version.last_seen is None for version in first.versions)
    assert broken == [(Left.NO_TEXT, "entryversion 2")]


def test_the_time_zone_can_be_told(archive: Path, apart: Callable[..., Any]) -> None:
    articles, _ = apart(newsedits.read(archive, ZoneInfo("America/New_York")))
    assert articles[0].versions[0].seen == datetime(2018, 5, 1, 4, tzinfo=UTC)


def test_what_news_sniffer_said_around_a_text_is_taken_off(tmp_path: Path, apart: Callable[..., Any]) -> None:
    summary = (
        '<p><a href="/articles/1">Back</a></p>\n<p>Version 1 of 3</p>\n'
        "<p>The text &lt;b&gt;itself&lt;/b&gt;.</p>\n<p>Version 1 of 3 of the law passed.</p>\n"
        "<p>Currently monitoring 1,234 news articles</p>"
    )
    rows = {"entryversion": [row(1, 1, 0, summary=summary)]}
    scraped = sqlite_file(tmp_path / "newssniffer-bbc.db", NEWSEDITS, rows)
    articles, _ = apart(newsedits.read(scraped))
    assert articles[0].versions[0].paragraphs == ("The text itself.", "Version 1 of 3 of the law passed.")


def test_a_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "LEAST_ALLOWED", 1 << 20)
    path = tmp_path / "bomb.db.gz"
    path.write_bytes(gzip.compress(b"SQLite format 3\0" + bytes(64 << 20)))
    with pytest.raises(ArchiveError, match="far more"):
        list(newsedits.read(path))


def test_a_history_is_bounded(
    tmp_path: Path, apart: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.archives.records.MOST_VERSIONS", 3)
    rows = {"entryversion": [row(pk, 1, pk, created="2018-05-01 00:00:00") for pk in range(1, 8)]}
    articles, broken = apart(newsedits.read(sqlite_file(tmp_path / "a.db", NEWSEDITS, rows)))
    assert len(articles[0].versions) == 3
    assert broken == [(Left.TOO_LONG, "version 4 and later")]


def test_it_may_be_killed_in_the_middle(tmp_path: Path, survives_a_kill: Callable[..., None]) -> None:
    survives_a_kill("newsedits", sqlite_file(tmp_path / "ap.db", NEWSEDITS, ROWS))
