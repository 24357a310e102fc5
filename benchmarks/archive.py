"""What a very large archive costs: each page's cost and queries, counting, searching, restoring.

    python -m benchmarks.archive [--articles 12800] [--versions 46000] [--postgres ADDRESS] [--times 40]
                                 [--keep DATABASE_URL] [--restore]

NewsEdits' archive, the largest known, has 1,280,000 articles and 4,600,000 versions of them; the defaults
are a hundredth. The articles are copies of some hundred made-up histories, whose changes were counted as a
check does, each with words of its own in the headline. They are written by COPY on PostgreSQL, in batches
on SQLite, their indexes last. With --keep the database of this address is filled and stays, and one that is
filled already is measured as it is.

The cost of a page is the processor time of Django's whole answer, with the clock's time of its statements in
place of the processor's: what other programs of a busy machine take is left out as far as it can be.
"queries" is the most that any took. --restore makes a backup and restores it into a database of its own.
"""

import argparse
import json
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from benchmarks.scratch import installation

SOURCES = 300
POOL = 120
"""Histories that are made up; all others are copies."""
WORDS = 400
PARAGRAPH = 40
MANY_VERSIONS = 500
LONG_PARAGRAPHS = 10_000
YEARS = 3
BATCH = 2_000
NOW = datetime.now(UTC).replace(microsecond=0)
RARE = "zymurgy"
"""A word that stands in one headline of 5,000."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=12_800)
    parser.add_argument("--versions", type=int, default=46_000, help="of all articles together, about")
    parser.add_argument("--times", type=int, default=40, help="how often each kind of page is asked for")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    parser.add_argument("--keep", metavar="ADDRESS", help="a database to fill and keep, or kept earlier")
    parser.add_argument("--pool", type=int, default=POOL, help="histories that are made up and copied")
    parser.add_argument("--many", type=int, default=MANY_VERSIONS, help="versions of the longest history")
    parser.add_argument("--long", type=int, default=LONG_PARAGRAPHS, help="paragraphs of the longest text")
    parser.add_argument("--only", default="", help="measure only pages with this in their names")
    parser.add_argument("--no-search", action="store_true", help="leave the search index empty")
    parser.add_argument("--restore", action="store_true", help="back up and restore, too")
    options = parser.parse_args()
    place = (
        kept(options.keep) if options.keep else installation(options.postgres, PAGE_LIMIT="0", API_LIMIT="0")
    )
    with place:
        measure(options)


@contextmanager
def kept(url: str) -> Iterator[None]:
    """Django on the database of this address, which is brought up to date and stays."""
    with tempfile.TemporaryDirectory(prefix="newsdiffs-benchmark-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "newsdiffs.settings",
            "DATA_DIR": folder,
            "DATABASE_URL": url,
            "LOG_LEVEL": "ERROR",
            "PAGE_LIMIT": "0",
            "API_LIMIT": "0",
            "REDIS_URL": "",
        }
        os.mkdir(os.path.join(folder, "static"))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield


def measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Article, Version

    logging.disable(logging.WARNING)  # that an address is unknown
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Article.objects.exists():
        took = seconds(lambda: fill(options))
        print(f"seeded in {took:.0f} s")
    articles, versions = Article.objects.count(), Version.objects.count()
    print(f"{connection.vendor}: {articles:,} articles, {versions:,} versions")
    sizes(versions)
    if not options.only:
        count_statistics(versions)
    print("\n| page | median ms | p95 ms | queries | KB |\n|---|--:|--:|--:|--:|")
    dice = random.Random(1)
    for name, (client, addresses) in kinds_of_page(dice, options).items():
        if options.only in name:
            print(measured(client, name, list(islice(addresses, options.times))), flush=True)
    if options.restore:
        restored(versions)


# --- Filling


def fill(options: argparse.Namespace) -> None:
    """Sources, articles with addresses, versions, events and entries of the search index."""
    from django.db import connection, transaction

    from articles import health
    from articles.backups.indexes import indexes_last
    from articles.models import Address, Article, Event, Host, Source, Version

    dice = random.Random(2)
    articles, search = options.articles, not options.no_search
    mean = options.versions / articles
    pool = [
        History(dice, options.many, WORDS, PARAGRAPH),
        History(dice, 3, 3 * options.long, 3, rewritten=True),
        *(
            History(dice, 1 + round(dice.expovariate(1 / max(mean - 1, 0.01))), WORDS, PARAGRAPH)
            for _ in range(options.pool)
        ),
    ]
    models = (Article, Address, Version, Event)
    columns = {model: [field.attname for field in model._meta.concrete_fields] for model in models}
    tables = {model._meta.db_table for model in models}
    with transaction.atomic(), _no_time_limit(), indexes_last(tables), _search_index_last():
        host = Host.objects.create(name="news.example:443")
        sources = Source.objects.bulk_create(
            Source(
                name=f"Source {number}", slug=f"source-{number}", home_page=f"https://news{number}.example/"
            )
            for number in range(SOURCES)
        )
        numbered = made(pool, articles, sources, host, dice)
        while batch := list(islice(numbered, BATCH)):
            rows: dict[Any, list[list[Any]]] = {model: [] for model in models}
            entries: list[list[Any]] = []
            for one in batch:
                for model in models:
                    rows[model] += one[model]
                entries += one["search"]
            for model in models:
                write(model._meta.db_table, [quoted(model, name) for name in columns[model]], rows[model])
            if search:
                write_entries(entries)
        if not search:
            with connection.cursor() as cursor:
                skipped = ", NULL, NULL" if connection.vendor == "postgresql" else ""
                cursor.execute(f"INSERT INTO articles_search SELECT id{skipped} FROM articles_version")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in models:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'),"
                    f" max(id)) FROM {model._meta.db_table}"
                )
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
    health.refresh()


def quoted(model: Any, attname: str) -> str:
    field = next(one for one in model._meta.concrete_fields if one.attname == attname)
    return f'"{field.column}"'


class History:
    """A made-up article: its versions as rows of their table, to be copied with other times and headlines."""

    def __init__(
        self, dice: random.Random, count: int, length: int, paragraph: int, *, rewritten: bool = False
    ) -> None:
        """*count* versions of a text of *length* words; *rewritten*: each is another text altogether."""
        from articles.models import Article, Version

        paragraphs = text_of(dice, length, paragraph)
        self.headline = " ".join(islice(words(dice), 8))
        self.times = [0.0, *accumulate(dice.uniform(0.2, 24) for _ in range(count - 1))]
        self.versions: list[list[Any]] = []
        self.tokens: list[tuple[str, str]] = []
        before: list[str] | None = None
        for n in range(1, count + 1):
            version, entry = version_of(n, self.headline, before, paragraphs)
            self.versions.append(row_of(Version, version))
            self.tokens.append(entry)
            before = paragraphs
            paragraphs = text_of(dice, length, paragraph) if rewritten else edited(dice, paragraphs)
        self.article = row_of(
            Article, Article(version_count=count, headline=self.headline, text_hash="0" * 64)
        )


def version_of(
    n: int, headline: str, before: list[str] | None, paragraphs: list[str]
) -> tuple[Any, tuple[str, str]]:
    from articles.diff import DIFF_VERSION
    from articles.diff import words as count_words
    from articles.facts import FACTS_VERSION
    from articles.models import Version, text_storage
    from articles.models.text_storage import Text
    from articles.search.entries import entry_of
    from articles.watch.check.change import change_of

    version = Version(
        number=n,
        headline=headline,
        text_hash=f"{n}",
        seen=NOW,
        extractor_version=1,
        data=text_storage.pack(paragraphs, None if text_storage.is_whole(n) or before is None else before),
        words=sum(map(count_words, paragraphs)),
        facts_version=FACTS_VERSION,
        diff_version=DIFF_VERSION,
    )
    if before is not None:
        # Every tenth changes the headline too.
        old = f"{headline} again" if n % 10 == 0 else headline
        change = change_of(
            Text(old, "", tuple(before)),
            Text(headline, "", tuple(paragraphs)),
            seen_before=False,
            language="en",
        )
        for name, value in change._asdict().items():
            setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.count_kinds()
    entry = entry_of(["", "", *paragraphs], ["", "", *before] if before is not None else None)
    return version, (tokens(entry.text), tokens(entry.changes))


def tokens(some: Sequence[str]) -> str:
    from django.db import connection

    return " ".join(some) if connection.vendor == "sqlite" else " ".join(f"'{token}'" for token in some)


def row_of(model: Any, instance: Any) -> list[Any]:
    """The values of a row as `write` takes them, by the model's fields."""
    from django.db import connection

    return [
        written(field.get_db_prep_save(getattr(instance, field.attname), connection))
        for field in model._meta.concrete_fields
    ]


def written(value: Any) -> Any:
    """A value of a row: for SQLite as it is, for PostgreSQL as COPY has it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return value.isoformat(" ") if isinstance(value, datetime) else value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | memoryview):
        return f"\\\\x{bytes(value).hex()}"
    if hasattr(value, "obj"):  # as psycopg wraps what is binary, and JSON
        value = value.obj
        return written(value if isinstance(value, bytes) else json.dumps(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


_WORDS: list[str] = []
_WEIGHTS: list[float] = []


def words(dice: random.Random) -> Iterator[str]:
    """Made-up words, as often as in real texts."""
    from benchmarks.search import vocabulary

    if not _WORDS:
        _WORDS.extend(vocabulary())
        _WEIGHTS.extend(accumulate(1 / (rank + 2.7) for rank in range(len(_WORDS))))
    while True:
        yield from dice.choices(_WORDS, cum_weights=_WEIGHTS, k=1_000)


def text_of(dice: random.Random, length: int, paragraph: int) -> list[str]:
    stream = words(dice)
    return [sentence(dice, stream, paragraph) for _ in range(max(length // paragraph, 1))]


def sentence(dice: random.Random, stream: Iterator[str], length: int) -> str:
    """Some words, now and then with a number, a quotation or a name."""
    parts = list(islice(stream, length))
    match dice.randrange(8):
        case 0:
            parts[0] = f"{dice.randrange(2, 900)} people"
        case 1:
            parts[-1] = f"“{' '.join(islice(stream, 5))}”, said {next(stream).title()} {next(stream).title()}"
        case 2:
            parts[0] = "It may"
    return " ".join(parts).capitalize() + "."


def edited(dice: random.Random, paragraphs: list[str]) -> list[str]:
    """The text after an edit: small ones are common, large ones rare."""
    stream = words(dice)
    after = list(paragraphs)
    at = dice.randrange(len(after))
    roll = dice.random()
    if roll < 0.2:
        after.insert(at, sentence(dice, stream, PARAGRAPH))
    elif roll < 0.3 and len(after) > 4:
        del after[at]
    elif roll < 0.35:
        after = [sentence(dice, stream, PARAGRAPH) if dice.random() < 0.5 else text for text in after]
    elif roll < 0.5:
        after[at] = f"{after[at][:-1]} {next(stream)}."
    else:
        parts = after[at].split()
        place = dice.randrange(len(parts))
        parts[place : place + dice.randrange(1, 6)] = islice(stream, dice.randrange(1, 6))
        after[at] = " ".join(parts)
    return after


def made(
    pool: Sequence[History], articles: int, sources: Sequence[Any], host: Any, dice: random.Random
) -> Iterator[dict[Any, list[list[Any]]]]:
    """The rows of one article after the other, the oldest first: by model, and those of the index."""
    from articles.models import Address, Article, Event, Version

    place = {
        model: {field.attname: number for number, field in enumerate(model._meta.concrete_fields)}
        for model in (Article, Version)
    }
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(sources))))
    chosen = (one for _ in iter(int, 1) for one in dice.choices(sources, cum_weights=weights, k=10_000))
    stream = words(dice)
    address_of = row_of(Address, Address(article_id=0, address="", key="", first_seen=NOW))
    event_of = row_of(Event, Event(article_id=0, source_id=0, kind="removed", at=NOW))
    span = timedelta(days=365 * YEARS).total_seconds()
    version_id = event_id = 0
    for number in range(1, articles + 1):
        # The two unusual ones stand in the middle.
        unusual = number - articles // 2
        history = pool[unusual] if unusual in (0, 1) else pool[2 + number % (len(pool) - 2)]
        source = next(chosen)
        mine = next(stream) if number % 5_000 else RARE
        headline = f"{history.headline} {mine}"
        first = NOW - timedelta(seconds=span * (articles - number + 1) / articles)
        seen = [min(first + timedelta(hours=hours), NOW) for hours in history.times]
        removed = number % 50 == 0
        state = "removed" if removed else "watched" if (NOW - seen[-1]).days < 40 else "retired"
        article = list(history.article)
        for name, value in (
            ("id", number),
            ("source_id", source.pk),
            ("host_id", host.pk),
            ("address", f"https://news{source.pk}.example/story/{number}"),
            ("headline", headline),
            ("first_seen", first),
            ("state", state),
            ("last_changed", seen[-1] if len(seen) > 1 else None),
            ("last_success", NOW if state == "watched" else seen[-1]),
            (
                "next_check_at",
                NOW + timedelta(seconds=dice.randrange(-3600, 3600)) if state == "watched" else None,
            ),
        ):
            article[place[Article][name]] = written(value)
        rows: dict[Any, list[list[Any]]] = {Article: [article], Version: [], Event: [], "search": []}
        address = list(address_of)
        address[:4] = [
            written(value)
            for value in (number, number, article[place[Article]["address"]], f"news.example/{number}")
        ]
        rows[Address] = [address]
        for at, (version, entry) in enumerate(zip(history.versions, history.tokens, strict=True)):
            version_id += 1
            version = list(version)
            for name, value in (
                ("id", version_id),
                ("article_id", number),
                ("source_id", source.pk),
                ("headline", headline),
                ("seen", seen[at]),
                ("previous_last_seen", seen[at] - timedelta(minutes=15) if at else None),
            ):
                version[place[Version][name]] = written(value)
            rows[Version].append(version)
            rows["search"].append([version_id, f"{entry[0]} {tokens([mine])}", entry[1]])
        if removed:
            event_id += 1
            event = list(event_of)
            event[:5] = [written(one) for one in (event_id, number, source.pk, "removed", seen[-1])]
            rows[Event] = [event]
        yield rows


def write(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from django.db import connection

    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        else:
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows).encode())


def write_entries(entries: Sequence[Sequence[Any]]) -> None:
    from django.db import connection

    if connection.vendor == "sqlite":
        write("articles_search", ["version_id"], [entry[:1] for entry in entries])
        for name, at in (("text", 1), ("changes", 2)):
            write(
                f"articles_search_{name}",
                ["rowid", "tokens"],
                [[one[0], one[at]] for one in entries if one[at]],
            )
    else:
        from articles.search.postgresql import blocks

        write(
            "articles_search",
            ["version_id", "text", "changes"],
            [
                [pk, f"{text} {tokens(blocks(pk))}", f"{changes} {tokens(blocks(pk))}" if changes else ""]
                for pk, text, changes in entries
            ],
        )


@contextmanager
def _no_time_limit() -> Iterator[None]:
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    yield


def _search_index_last() -> Any:
    from django.db import connection

    from articles.backups.indexes import indexes_last

    return indexes_last({"articles_search"}) if connection.vendor == "postgresql" else nullcontext()


# --- Measuring


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def sizes(versions: int) -> None:
    """Bytes a version of the tables and of the index."""
    from django.db import connection

    if connection.vendor == "sqlite":
        size = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE %s"
        patterns = ["articles_version%", "articles_search%"]
    else:
        size = "SELECT pg_total_relation_size(%s::regclass)"
        patterns = ["articles_version", "articles_search"]
    with connection.cursor() as cursor:
        for name, pattern in zip(("versions", "search index"), patterns, strict=True):
            cursor.execute(size, [pattern])
            ((taken,),) = cursor.fetchall()
            print(f"{name}: {int(taken) / versions:,.0f} bytes a version")


def count_statistics(versions: int) -> None:
    from articles.statistics import refresh

    began = time.process_time()
    took = seconds(lambda: refresh(seconds=36_000))
    print(
        f"statistics of all sources in {took:.1f} s ({time.process_time() - began:.1f} s of the processor),"
        f" {1e6 * took / versions:.0f} µs a version"
    )


def kinds_of_page(dice: random.Random, options: argparse.Namespace) -> dict[str, tuple[Any, Iterator[str]]]:
    """Endless addresses of each kind of page, and who asks."""
    from django.contrib.auth.models import User
    from django.db.models import Max
    from django.test import Client

    from articles.models import Article, Version

    highest = Version.objects.aggregate(highest=Max("pk"))["highest"]
    sample = Version.objects.filter(pk__in=dice.sample(range(1, highest + 1), min(4_000, highest)))
    sample = sample.filter(words__lt=2 * WORDS)
    rows = list(sample.values_list("article", "number", "seen", "pk", "source__slug"))
    changed = [row for row in rows if row[1] > 1]
    many, long = Article.objects.filter(pk__gte=Article.objects.count() // 2).order_by("pk")[:2]

    def of_change(pattern: str) -> Iterator[str]:
        while True:
            article, number, *_ = dice.choice(changed)
            yield pattern.format(article, number - 1, number)

    def listed(query: str, path: str = "/changes/") -> Iterator[str]:
        """The list from its newest, and from places all over the years."""
        while True:
            _, _, seen, pk, slug = dice.choice(rows)
            before = f"&before={seen.astimezone(UTC):%Y%m%dT%H%M%S.%f}v{pk}" if dice.random() < 0.7 else ""
            yield f"{path.format(slug=slug)}?{query.format(slug=slug)}{before}"

    def cursors(path: str) -> Iterator[str]:
        """A list of the API from its newest, and from places all over the years."""
        while True:
            _, _, seen, pk, _ = dice.choice(rows)
            cursor = f"cursor={seen.astimezone(UTC):%Y%m%dT%H%M%S.%f}v{pk}" if dice.random() < 0.7 else ""
            yield f"{path}{'&' if '?' in path else '?'}{cursor}"

    def of_address(pattern: str) -> Iterator[str]:
        while True:
            article = dice.choice(rows)[0]
            yield pattern.format(Article.objects.values_list("address", flat=True).get(pk=article))

    def newer() -> Iterator[str]:
        while True:
            _, _, seen, pk, _ = dice.choice(rows)
            yield f"/changes/?after={seen.astimezone(UTC):%Y%m%dT%H%M%S.%f}v{pk}"

    def of_source(pattern: str) -> Iterator[str]:
        while True:
            article, _, _, _, slug = dice.choice(rows)
            yield pattern.format(slug, article)

    def same(address: str) -> Iterator[str]:
        while True:
            yield address

    def weeks() -> Iterator[str]:
        while True:
            day = NOW - timedelta(days=dice.randrange(7, 365 * YEARS))
            yield f"/changes/?from={day:%Y-%m-%d}&to={day + timedelta(days=6):%Y-%m-%d}"

    common = _common_words()
    reader = Client(headers={"accept-encoding": "gzip"}, SERVER_NAME="localhost")
    admin = Client(SERVER_NAME="localhost")
    admin.force_login(
        User.objects.filter(username="benchmark").first() or User.objects.create_superuser("benchmark")
    )
    public = {
        "recent changes": listed(""),
        "recent changes, newer": newer(),
        "minor ones too": listed("minor=1"),
        "of a source": listed("source={slug}"),
        "a common kind": listed("kind=number"),
        "a rare kind": listed("kind=reverted"),
        "several kinds": listed("kind=headline&kind=quote&kind=negation"),
        "a kind of a source": listed("source={slug}&kind=headline"),
        "a rare kind of a source": listed("source={slug}&kind=reverted"),
        "large changes": listed("min=150"),
        "very large changes": listed("min=2000"),
        "odd size": listed("min=170"),
        "large changes of a source": listed("source={slug}&min=150"),
        "large changes of a kind": listed("kind=quote&min=150"),
        "removed articles": listed("kind=removed"),
        "of a week": weeks(),
        "list of a common word": listed(f"q={common[0]}"),
        "list of a rare word": listed(f"q={RARE}"),
        "sources": same("/sources/"),
        "a source": of_source("/sources/{0}/"),
        "articles of a source, older": of_source("/sources/{0}/articles/?before={1}"),
        "statistics": same("/stats/"),
        "numbers of a plot": of_source("/sources/{0}/week.csv"),
        "an article": of_change("/articles/{0}/"),
        f"an article of {options.many} versions": same(many.get_absolute_url()),
        "a version": of_change("/articles/{0}/{2}/"),
        "a diff": of_change("/articles/{0}/diff/{1}/{2}/"),
        "a diff, side by side": of_change("/articles/{0}/diff/{1}/{2}/?view=side"),
        "an unknown address": of_source("/find/?q=https://unknown.example/{1}"),
        "a known site, unknown address": of_source("/find/?q=https://news1.example/nothing/{1}"),
        "find the commonest word": same(f"/find/?q={common[0]}"),
        "find a common word": same(f"/find/?q={common[20]}"),
        "find a known word": same(f"/find/?q={common[300]}"),
        "find a seldom word": same(f"/find/?q={common[8_000]}"),
        "find a rare word": same(f"/find/?q={RARE}"),
        "find two common words": same(f"/find/?q={common[0]}+{common[1]}"),
        "find a common word, added": same(f"/find/?in=added&q={common[0]}"),
        "feed of all changes": listed("", "/changes/feed.rss"),
        "feed of a source": listed("", "/sources/{slug}/feed.rss"),
        "feed of a kind": listed("kind=number", "/changes/feed.atom"),
        "feed of an article": of_change("/articles/{0}/feed.rss"),
        f"feed of an article of {options.long} paragraphs": same(f"{long.get_absolute_url()}feed.rss"),
        "feeds": same("/feeds/"),
        "metrics": same("/metrics"),
        "API: changes": cursors("/api/v1/changes"),
        "API: changes of a kind": cursors("/api/v1/changes?kind=headline"),
        "API: articles": same("/api/v1/articles"),
        "API: removed articles": same("/api/v1/articles?state=removed"),
        "API: an article": of_change("/api/v1/articles/{0}"),
        "API: versions": of_change("/api/v1/articles/{0}/versions"),
        "API: a diff": of_change("/api/v1/articles/{0}/diff/{1}/{2}"),
        "API: events": cursors("/api/v1/events"),
        "API: sources": same("/api/v1/sources"),
        "API: a common word": same(f"/api/v1/search?q={common[20]}"),
        "API: an address": of_source("/api/v1/lookup?address=https://news1.example/nothing/{1}"),
        "API: counts": same("/api/v1/stats"),
        "TimeMap": of_address("/timemap/link/{}"),
    }
    articles, versions = "/admin/articles/article/", "/admin/articles/version/"
    staff = {
        "admin": same("/admin/"),
        "admin, articles": same(articles),
        "admin, removed articles": same(f"{articles}?state__exact=removed"),
        "admin, articles of a source": same(f"{articles}?source__id__exact=7"),
        "admin, articles by headline": same(f"{articles}?q={RARE}"),
        "admin, an article": of_change(f"{articles}{{0}}/change/"),
        "admin, versions": same(versions),
        "admin, minor versions": same(f"{versions}?minor__exact=1"),
        "admin, sources": same("/admin/articles/source/"),
        "admin, events": same("/admin/articles/event/"),
    }
    return {name: (reader, addresses) for name, addresses in public.items()} | {
        name: (admin, addresses) for name, addresses in staff.items()
    }


def _common_words() -> list[str]:
    next(words(random.Random(0)))
    return _WORDS


def measured(client: Any, name: str, addresses: Sequence[str]) -> str:
    """A row of the table."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs, size, queries = [], 0, 0
    for address in (addresses[0], *addresses):
        in_sql = Statements()
        began = time.process_time()
        with connection.execute_wrapper(in_sql):
            response = client.get(address)
            content = response.getvalue() if response.streaming else response.content
        costs.append(1000 * (time.process_time() - began + in_sql.waited))
        if response.status_code not in (200, 404):
            raise SystemExit(f"{address} was answered with {response.status_code}")
        size = max(size, len(content))
    for address in addresses[:5]:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = max(queries, len(asked))
    costs = sorted(costs[1:])
    return (
        f"| {name} | {statistics.median(costs):.1f} | {costs[int(0.95 * len(costs))]:.1f} "
        f"| {queries} | {size / 1024:.0f} |"
    )


class Statements:
    """How much longer the clock ran than our processor while statements were executed."""

    def __init__(self) -> None:
        self.waited = 0.0

    def __call__(self, execute: Callable[..., Any], *rest: Any) -> Any:
        clock, processor = time.perf_counter(), time.process_time()
        try:
            return execute(*rest)
        finally:
            self.waited += time.perf_counter() - clock - (time.process_time() - processor)


def restored(versions: int) -> None:
    """A backup, and restoring it into a database of its own."""
    from django.conf import settings

    from articles.backups.backup import back_up
    from benchmarks.scratch import _database

    server = os.environ["DATABASE_URL"] if not settings.SQLITE else None
    with tempfile.TemporaryDirectory(prefix="newsdiffs-benchmark-") as folder:
        file = Path(folder, "backup.zip")
        took = seconds(lambda: back_up(file))
        print(f"\nbackup in {took:.0f} s, {file.stat().st_size / versions:,.0f} bytes a version")
        os.mkdir(Path(folder, "static"))
        with _database(server, folder) as url:
            environment = os.environ | {"DATABASE_URL": url, "DATA_DIR": folder}
            command = [sys.executable, "-m", "articles.backups", "restore", str(file)]
            took = seconds(lambda: subprocess.run(command, env=environment, check=True))
    print(f"restored in {took:.0f} s, {1000 * took / versions:.2f} ms a version, its search index with it")


if __name__ == "__main__":
    main()
