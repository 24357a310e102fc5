"""News Sniffer's archive, as a dump of MySQL and as a SQLite file."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from articles.archives import ArchiveError, Left, news_sniffer
from tests.archives.origins import NEWS_SNIFFER, mysql_dump, sqlite_file


def article(number: int, **values: object) -> dict[str, object]:
    return {
        "id": number,
        "source": "gazette",
        "guid": f"https://news.example/{number}",
        "url": f"https://news.example/stories/{number}",
        "title": "Bridge closed",
        "created_at": "2015-03-01 10:00:00",
        "updated_at": "2015-03-01 10:00:00",
        "published_at": "2015-03-01 08:30:00",
        "hidden": 0,
    } | values


def version(pk: int, of: int, number: int, **values: object) -> dict[str, object]:
    return {
        "id": pk,
        "news_article_id": of,
        "title": "Bridge closed",
        "url": f"https://news.example/stories/{of}",
        "created_at": f"2015-03-01 1{number}:00:00",
        "version": number,
        "text_hash": "0" * 32,
    } | values


ROWS: dict[str, Any] = {
    "news_articles": [
        article(5),
        article(7, hidden=1, published_at="2015-03-01 10:00:04"),
        article(9, url="https://news.example/" + "x" * 229),
        article(11),
    ],
    "news_article_versions": [
        version(70, 7, 0),
        version(51, 5, 1, title="Bridge &amp; road closed"),
        version(50, 5, 0),
        version(52, 5, 2, created_at="0000-00-00 00:00:00"),
        version(53, 5, 3),
        version(90, 9, 0),
        version(99, 12, 0),
    ],
    "news_article_version_texts": [
        {
            "news_article_version_id": 50,
            "text": "It's “shut”; the mayor\\council said\nso (twice), <b>AT&amp;T</b> adds.\n\n",
        },
        {"news_article_version_id": 51, "text": "One\nTwo"},
        {"news_article_version_id": 52, "text": "Never"},
        {"news_article_version_id": 70, "text": "Secret"},
        {"news_article_version_id": 90, "text": "Long address"},
    ],
    "votes": [{"id": 1, "sessionid": "person"}],
}


@pytest.fixture(params=["dump.sql", "dump.sql.gz", "archive.sqlite3"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    make = sqlite_file if path.suffix == ".sqlite3" else mysql_dump
    return make(path, NEWS_SNIFFER, ROWS)


def test_it_reads_articles_with_their_versions(archive: Path, apart: Callable[..., Any]) -> None:
    articles, _ = apart(news_sniffer.read(archive))
    first = articles[0]
    assert (first.origin_id, first.source, first.address) == (
        "5",
        "gazette",
        "https://news.example/stories/5",
    )
    assert [version.permalink for version in first.versions] == [0, 1]
    assert [version.origin_id for version in first.versions] == ["50", "51"]
    assert first.versions[0].paragraphs == ("It's “shut”; the mayor\\council said", "so (twice), AT&T adds.")
    assert first.versions[1].headline == "Bridge & road closed"
    assert first.versions[0].seen == datetime(2015, 3, 1, 10, tzinfo=UTC)
    assert first.versions[0].published == datetime(2015, 3, 1, 8, 30, tzinfo=UTC)
    assert all(version.last_seen is None for version in first.versions)


def test_hidden_ones_stay_hidden_and_a_made_up_time_of_publication_is_unknown(
    archive: Path, apart: Callable[..., Any]
) -> None:
    articles, _ = apart(news_sniffer.read(archive))
    hidden = articles[1]
    assert (hidden.origin_id, hidden.hidden, hidden.published) == ("7", True, None)
    assert not articles[0].hidden


def test_an_address_of_exactly_the_columns_length_may_be_cut(
    archive: Path, apart: Callable[..., Any]
) -> None:
    articles, _ = apart(news_sniffer.read(archive))
    assert len(articles[2].address) == 250
    assert [article.address_is_whole for article in articles] == [True, True, False]


def test_broken_rows_are_told(archive: Path, apart: Callable[..., Any]) -> None:
    _, broken = apart(news_sniffer.read(archive))
    assert broken == [
        (Left.NO_TIME, "news_article_versions 52"),
        (Left.NO_TEXT, "news_article_versions 53"),
        (Left.NO_VERSION, "article 11"),
        (Left.NO_ARTICLE, "news_article_versions 99"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no archive at all",
        b"INSERT INTO `news_articles` VALUES (1,'unfinished",
        b"INSERT INTO `news_articles` (`id`) VALUES (1,2);",
        b"INSERT INTO `news_articles` VALUES (1,(2));",
        b"SQLite format 3\0" + bytes(100),
        b"\x1f\x8b broken",
    ],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "dump.sql"
    path.write_bytes(data)
    with pytest.raises(ArchiveError):
        list(news_sniffer.read(path))


def test_it_may_be_killed_in_the_middle(tmp_path: Path, survives_a_kill: Callable[..., None]) -> None:
    survives_a_kill("news-sniffer", mysql_dump(tmp_path / "dump.sql", NEWS_SNIFFER, ROWS))
