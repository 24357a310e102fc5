"""News Sniffer: its MySQL database, as a dump or turned into a SQLite file.

Schema of johnl/news-sniffer of 2020 (db/schema.rb). Times are UTC; versions are numbered from 0; the texts
stand in a table of their own, a paragraph a line, and may hold HTML.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from articles.archives.databases import Database, database, text, whole_number
from articles.archives.markup import line_of_html, paragraphs_of_lines
from articles.archives.records import (
    FALSE_TIME,
    ArchivedArticle,
    Broken,
    History,
    Left,
    Record,
    records_of,
    version_of,
)
from articles.archives.times import aware

TABLES = {
    "news_articles": ["id", "source", "url", "title", "created_at", "published_at", "hidden"],
    "news_article_versions": ["id", "news_article_id", "title", "created_at", "version"],
    "news_article_version_texts": ["news_article_version_id", "text"],
}

_CUT_AT = 250
"""Characters at which MySQL cut addresses: one of exactly so many may be the beginning of a longer one."""

_ARTICLES = """
    SELECT article.id, article.source, article.url, article.created_at, article.published_at, {hidden},
           version.id, version.version, version.title, version.created_at, kept.text
    FROM news_articles AS article
    LEFT JOIN news_article_versions AS version ON version.news_article_id = article.id
    LEFT JOIN news_article_version_texts AS kept ON kept.news_article_version_id = version.id
    ORDER BY article.id, version.version, version.id
"""
_ORPHANS = """
    SELECT id, news_article_id FROM news_article_versions
    WHERE news_article_id IS NULL OR news_article_id NOT IN (SELECT id FROM news_articles)
    ORDER BY id
"""


def read(path: Path) -> Iterator[Record]:
    """The articles of a dump or SQLite file of News Sniffer, by id.

    :raises ArchiveError: the file can't be read.
    """
    with database(path, TABLES) as archive:
        hidden = "article.hidden" if "hidden" in archive.columns["news_articles"] else "0"
        for _, rows in groupby(archive.rows(_ARTICLES.format(hidden=hidden)), key=itemgetter(0)):
            yield from _article(rows)
        yield from _orphans(archive)


def _article(rows: Iterator[tuple[object, ...]]) -> Iterator[Record]:
    history = History()
    article_id: object = None
    source = url = ""
    hidden, published = False, None
    for row in rows:
        article_id, source, url, hidden = row[0], text(row[1]), text(row[2]), bool(whole_number(row[5]))
        published = _claimed(aware(row[4]), aware(row[3]))
        version_id, number, title, created, kept = row[6:]
        if version_id is None:
            continue
        found = version_of(
            f"news_article_versions {version_id}",
            str(version_id),
            aware(created),
            line_of_html(text(title)),
            paragraphs_of_lines(text(kept)),
            permalink=whole_number(number),
            published=published,
        )
        history.add(found)
    article = ArchivedArticle(
        origin_id=str(article_id),
        address=url,
        versions=history.in_order(),
        source=source,
        hidden=hidden,
        published=published,
        address_is_whole=len(url) < _CUT_AT,
    )
    yield from records_of(article, history)


def _claimed(published: datetime | None, created: datetime | None) -> datetime | None:
    """When the article says it was published; set to the time of reading where the feed did not say."""
    if published and created and abs(published - created) <= FALSE_TIME:
        return None
    return published


def _orphans(archive: Database) -> Iterator[Record]:
    for version_id, article_id in archive.rows(_ORPHANS):
        yield Broken(f"news_article_versions {version_id}", Left.NO_ARTICLE, f"article {article_id}")
