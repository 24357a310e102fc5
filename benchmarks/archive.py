"""What a very large archive costs: filling it, each page's cost and queries, counting, searching, moving.

    python -m benchmarks.archive [--articles 12800] [--versions 46000] [--postgres ADDRESS] [--times 40]
                                 [--keep DATABASE_URL] [--no-search] [--no-pages] [--move]

NewsEdits' archive, the largest known, has 1,280,000 articles and 4,600,000 versions of them; the defaults
are a hundredth. Where there are more than --pool articles, the texts of some stand in others, too
(`benchmarks.archive_seeding` tells how it is filled). How far that is, is printed, and what the search index
takes of it. With --keep the database of this address is filled and stays, and one that is filled already is
measured as it is.

The cost of a page is the processor time of Django's whole answer, with the clock's time of its statements in
place of the processor's: what other programs of a busy machine take is left out as far as it can be.
"queries" is the most that any took. --move makes a backup by its command, restores it and moves everything,
each into a database of its own; 28,000 articles and 102,000 versions are enough for it.
"""

import argparse
import gc
import logging
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.archive_seeding import NOW, RARE, WORDS, YEARS, fill
from benchmarks.scratch import database, installation

POOL = 20_000
"""Histories that are made up; all others are copies."""
PROJECT = Path(__file__).resolve().parent.parent
MANY_VERSIONS = 500
LONG_PARAGRAPHS = 10_000


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
    parser.add_argument("--no-pages", action="store_true", help="measure no pages")
    parser.add_argument("--move", action="store_true", help="back up, restore and move everything, too")
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
    if not Article.objects.exists():
        fill(options)
    articles, versions = Article.objects.count(), Version.objects.count()
    print(f"{connection.vendor}: {articles:,} articles, {versions:,} versions")
    sizes(versions)
    if not options.only:
        count_statistics(versions)
    if not options.no_pages:
        call_command("collectstatic", interactive=False, verbosity=0)
        measure_pages(options)
    if options.move:
        move_everything(versions)


# --- Measuring


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def measure_pages(options: argparse.Namespace) -> None:
    """Print the table of pages. Each is asked for once before, and what is loaded then is frozen.

    The site freezes what it loads at its start (`newsdiffs.runner.serving`): without it, a page now and then
    pays 80 ms for the collector, which looks through all modules.
    """
    print("\n| page | median ms | p95 ms | queries | KB |\n|---|--:|--:|--:|--:|")
    for name, (client, addresses) in kinds_of_page(random.Random(1), options).items():
        if options.only in name:
            print(measured(client, name, list(islice(addresses, options.times))), flush=True)


def sizes(versions: int) -> None:
    """Bytes a version of the tables and of the index."""
    from django.db import connection

    if connection.vendor == "sqlite":
        size = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name LIKE %s"
        patterns = ["articles_version%", "articles_search%"]
    else:
        size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE %s"
        patterns = ["articles_version", "articles_search%"]
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
    from benchmarks.search import vocabulary

    return vocabulary()


def measured(client: Any, name: str, addresses: Sequence[str]) -> str:
    """A row of the table."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    costs, size, queries = [], 0, 0
    client.get(addresses[0])
    gc.freeze()
    for address in addresses:
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
    costs.sort()
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


def move_everything(versions: int) -> None:
    """A backup, restoring it, and moving it all, each into a database of its own, by the commands for it."""
    from django.conf import settings
    from django.db import connection

    connection.close()  # nobody may use the database that is moved
    server = None if settings.SQLITE else os.environ["DATABASE_URL"]
    with tempfile.TemporaryDirectory(prefix="newsdiffs-benchmark-") as folder:
        file = Path(folder, "backup.zip")
        print("\n| command | s | versions a second |\n|---|--:|--:|")
        _print_pace("backup", versions, manage("backup", str(file)))
        with database(server, _folder(folder, "restored")) as url:
            there = {"DATABASE_URL": url, "DATA_DIR": str(Path(folder, "restored"))}
            _print_pace("restore", versions, manage("restore", str(file), **there))
        with database(server, _folder(folder, "moved")) as url:
            _print_pace("move_database", versions, manage("move_database", url))
        print(f"\nbackup: {file.stat().st_size / versions:,.0f} bytes a version")


def _folder(within: str, name: str) -> str:
    """A new data folder."""
    folder = Path(within, name)
    (folder / "static").mkdir(parents=True)
    return str(folder)


def _print_pace(name: str, versions: int, took: float) -> None:
    print(f"| {name} | {took:.0f} | {versions / took:,.0f} |", flush=True)


def manage(*arguments: str, **environment: str) -> float:
    """The seconds that a command of `manage.py` takes."""
    command = [sys.executable, "manage.py", *arguments]
    quiet = subprocess.DEVNULL
    return seconds(
        lambda: subprocess.run(command, env=os.environ | environment, check=True, stdout=quiet, cwd=PROJECT)
    )


if __name__ == "__main__":
    main()
