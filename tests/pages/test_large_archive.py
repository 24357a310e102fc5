"""No page of a large archive reads much more than it shows, however much there is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.facts import ChangeKind
from articles.models import Address, Article, Event, Source, Version, text_storage
from articles.models.version import KIND_BITS
from articles.pages.changes import PAGE
from articles.search.find import MOST_ENTRIES
from articles.statistics import refresh
from tests.factories import MORNING, make_article

pytestmark = pytest.mark.django_db

SOURCES, ARTICLES, VERSIONS = 150, 300, 10
MOST = 20 * PAGE
"""Rows that a page may read: twenty for each that it shows. All versions are several times as many."""

PLACE = "20160725T000000.000000v2000"

PAGES = [
    "/",
    f"/changes/?before={PLACE}",
    f"/changes/?after={PLACE}",
    f"/changes/?minor=1&before={PLACE}",
    f"/changes/?source=source-7&before={PLACE}",
    "/changes/?kind=number",
    "/changes/?kind=reverted",
    "/changes/?kind=reverted&kind=negation",
    "/changes/?source=source-7&kind=reverted",
    "/changes/?min=500",
    "/changes/?min=501",
    "/changes/?min=150&kind=reverted",
    "/changes/?source=source-7&min=500",
    "/changes/?kind=withheld",
    "/changes/?from=2016-07-20&to=2016-07-20",
    "/changes/?q=bridge",
    f"/changes/?q=nowhere&before={PLACE}",
    f"/changes/?q=nowhere&source=source-7&after={PLACE}",
    "/changes/feed.rss",
    "/changes/feed.atom?kind=reverted",
    "/sources/",
    "/sources/?page=2",
    "/sources/source-7/",
    "/sources/source-7/articles/",
    "/sources/source-7/feed.json",
    "/stats/",
    "/find/?q=https://elsewhere.example/story",
    "/find/?q=https://news.example/unknown",
    "/feeds/",
    "/metrics",
    "/find/?q=hurt",
    "/articles/{article}/",
    "/articles/{article}/5/",
    "/articles/{article}/diff/4/5/",
    "/articles/{article}/feed.rss",
    "/sources/source-7/stats/",
    "/data/",
    "/data/log/",
    "/timemap/link/https://news.example/story/7",
    "/timegate/https://news.example/story/7",
    f"/api/v1/changes?cursor={PLACE}",
    "/api/v1/changes?kind=reverted",
    "/api/v1/articles?state=removed",
    "/api/v1/articles/{article}",
    "/api/v1/articles/{article}/versions",
    "/api/v1/articles/{article}/diff/4/5",
    "/api/v1/events?kind=withheld",
    "/api/v1/sources",
    "/api/v1/lookup?address=https://news.example/unknown",
    "/api/v1/stats",
    "/admin/articles/article/?state__exact=removed",
]


@pytest.fixture
def archive() -> None:
    """Sources with two articles of ten versions each, of which few are of a rare kind, large or removed."""
    sources = Source.objects.bulk_create(
        Source(name=f"Source {number:03}", slug=f"source-{number}", home_page=f"https://n{number}.example/")
        for number in range(SOURCES)
    )
    host = make_article(sources[0], version_count=0).host
    articles = Article.objects.bulk_create(
        Article(
            source=sources[number % SOURCES],
            host=host,
            address=f"https://news.example/story/{number}",
            headline="Bridge closed",
            first_seen=MORNING + timedelta(hours=number),
            version_count=VERSIONS,
            state="removed" if number % 100 == 0 else "watched",
            next_check_at=MORNING,
            last_changed=MORNING,
            last_checked=MORNING,
            last_success=MORNING,
        )
        for number in range(ARTICLES)
    )
    Address.objects.bulk_create(
        Address(article=article, address=article.address, key=article.address) for article in articles
    )
    whole = text_storage.pack(["Four people were hurt."], None)
    same = text_storage.pack(["Four people were hurt."], ["Four people were hurt."])
    rare = KIND_BITS[ChangeKind.REVERTED] | KIND_BITS[ChangeKind.NEGATION]
    Version.objects.bulk_create(
        Version(
            article=article,
            source_id=article.source_id,
            number=number,
            headline="Bridge closed",
            data=whole if text_storage.is_whole(number) else same,
            seen=article.first_seen + timedelta(minutes=number),
            extractor_version=1,
            words_added=600 if (place + number) % 97 == 0 else 4,
            kind_bits=rare if (place + number) % 89 == 0 else KIND_BITS[ChangeKind.NUMBER],
        )
        for place, article in enumerate(articles)
        for number in range(1, VERSIONS + 1)
    )
    Event.objects.bulk_create(
        Event(
            article=article,
            source_id=article.source_id,
            kind="withheld" if place == 7 else "removed",
            at=article.first_seen,
        )
        for place, article in enumerate(articles)
        for _ in range(4)
    )
    search.build()
    refresh()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def rows_read() -> Iterator[list[int]]:
    """How many rows, or entries of an index, the statements inside went through."""
    count: list[int] = []
    if connection.vendor == "sqlite":
        with _instructions() as steps:
            yield count
        # Going on to the next row and looking at a column of it are five instructions at the least.
        count.append(steps[0] // 5)
    else:
        with CaptureQueriesContext(connection) as queries:
            yield count
        count.append(sum(_rows_of(query["sql"]) for query in queries.captured_queries))


@contextmanager
def _instructions() -> Iterator[list[int]]:
    """How many instructions SQLite's machine carries out inside, to the next hundred."""
    steps = [0]

    def step() -> int:
        steps[0] += 100
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 100)
    try:
        yield steps
    finally:
        connection.connection.set_progress_handler(None, 0)


def _rows_of(sql: str) -> int:
    if not sql.startswith(("SELECT", "WITH", "(")):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        ((plan,),) = cursor.fetchall()
    return _scanned(json.loads(plan)[0]["Plan"] if isinstance(plan, str) else plan[0]["Plan"])


def _scanned(node: dict) -> int:
    here = 0
    if "Relation Name" in node and "Bitmap Index" not in node["Node Type"]:
        each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        here = int((each + node.get("Rows Removed by Index Recheck", 0)) * node["Actual Loops"])
    return here + sum(map(_scanned, node.get("Plans", ())))


@pytest.mark.usefixtures("archive")
def test_no_page_reads_more_than_twenty_rows_for_each_it_shows(admin_client: Client) -> None:
    costly = {}
    article = Article.objects.get(address__endswith="/story/7").pk
    for address in (page.format(article=article) for page in PAGES):
        cache.clear()
        admin_client.get(address)
        with rows_read() as count:
            response = admin_client.get(address)
            assert response.status_code in (200, 302, 404), address
        if count[0] > allowed(address):
            costly[address] = count[0]
    assert costly == {}


def allowed(address: str) -> int:
    """SQLite's instructions are more than those that find a row: some hundred write its columns."""
    per_source = 40 * SOURCES if connection.vendor == "sqlite" else 8 * SOURCES
    # A search looks at so many entries of the index, each with its version, however much there is.
    counted = 2 * MOST_ENTRIES if "/find/?q=hurt" in address else 0
    return (4 if connection.vendor == "sqlite" else 1) * (MOST + counted) + per_source
