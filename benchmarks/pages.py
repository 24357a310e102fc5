"""What the reader's pages cost on a full site: server time, queries and size of each.

    DATA_DIR=$(mktemp -d) python -m benchmarks.pages [--articles 10000] [--versions 50000] [--times 60]
    DATABASE_URL=postgres://… DATA_DIR=$(mktemp -d) python -m benchmarks.pages

Fills an empty database with made-up articles (400 words each, a tenth of the paragraphs edited from version
to version), then asks for each kind of page many times, each time another one where there is a choice. Times
are those of Django's whole answer, compressed, in one process; "queries" is the most that any of them took.
"""

import argparse
import gzip
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdiffs.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("PAGE_LIMIT", "0")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.diff import DIFF_VERSION, words
from articles.facts import FACTS_VERSION
from articles.models import Article, Host, Source, Version, text_storage
from articles.models.text_storage import Text
from articles.statistics import refresh
from articles.watch.check.change import change_of
from benchmarks.diff import edited, made_up

SOURCES = 20
WORDS = 400
LONG_WORDS, MANY_VERSIONS = 20_000, 150
BATCH = 500
NOW = datetime.now(UTC).replace(microsecond=0)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--versions", type=int, default=50_000, help="of all articles together")
    parser.add_argument("--times", type=int, default=60, help="how often each kind of page is asked for")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Article.objects.exists():
        start = time.perf_counter()
        fill(options.articles, options.versions)
        print(f"filled in {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    print(f"counted {refresh(seconds=3600)} sources in {time.perf_counter() - start:.1f} s")
    print(
        f"{Article.objects.count():,} articles, {Version.objects.count():,} versions, {connection.vendor}\n"
        "\n| page | median, ms | p95, ms | queries | KB | KB compressed |\n|---|--:|--:|--:|--:|--:|"
    )
    client = Client(headers={"accept-encoding": "gzip"}, SERVER_NAME="localhost")
    for name, addresses in kinds_of_page(random.Random(1)).items():
        print(measured(client, name, list(islice(addresses, options.times))), flush=True)


def fill(articles: int, versions: int) -> None:
    """Sources, articles and their versions; the last article is long, the one before it has many versions."""
    dice = random.Random(1)
    sources = [
        Source.objects.create(
            name=f"Source {number}", slug=f"source-{number}", home_page="https://news.example/"
        )
        for number in range(SOURCES)
    ]
    host = Host.objects.create(name="news.example:443")
    counts = [1 + round(dice.expovariate(articles / max(versions - articles, 1))) for _ in range(articles)]
    shapes = [*((count, WORDS) for count in counts), (MANY_VERSIONS, WORDS), (3, LONG_WORDS)]
    for start in range(0, len(shapes), BATCH):
        with transaction.atomic():
            made = [
                history(Article(source=dice.choice(sources), host=host), start + number, shape, dice)
                for number, shape in enumerate(shapes[start : start + BATCH])
            ]
            Article.objects.bulk_create(article for article, _ in made)
            Version.objects.bulk_create(version for _, chain in made for version in chain)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def history(
    article: Article, number: int, shape: tuple[int, int], dice: random.Random
) -> tuple[Article, list[Version]]:
    count, length = shape
    article.address = f"https://news.example/story/{number}"
    article.headline = headline(dice)
    article.first_seen = seen = NOW - timedelta(days=dice.uniform(1, 365))
    paragraphs, chain = made_up(length, dice), []
    previous: list[str] | None = None
    for n in range(1, count + 1):
        version = Version(
            article=article,
            source=article.source,
            number=n,
            headline=article.headline,
            text_hash=f"{number}-{n}",
            seen=seen,
            extractor_version=1,
            data=text_storage.pack(paragraphs, None if text_storage.is_whole(n) else previous),
            words=sum(map(words, paragraphs)),
        )
        if previous is not None:
            describe(version, previous, paragraphs, dice)
        chain.append(version)
        previous, paragraphs = paragraphs, edited(paragraphs, dice)
        seen += timedelta(hours=dice.uniform(0.2, 12))
    article.headline = chain[-1].headline
    article.version_count = count
    article.last_changed = chain[-1].seen if count > 1 else None
    article.last_checked = article.last_success = NOW
    article.next_check_at = NOW + timedelta(hours=1)
    return article, chain


def describe(version: Version, previous: list[str], paragraphs: list[str], dice: random.Random) -> None:
    before = version.headline
    if dice.random() < 0.1:
        version.headline = headline(dice)
    change = change_of(
        Text(before, "", tuple(previous)),
        Text(version.headline, "", tuple(paragraphs)),
        seen_before=False,
        language="en",
    )
    for name, value in change._asdict().items():
        setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.count_kinds()
    version.facts_version, version.diff_version = FACTS_VERSION, DIFF_VERSION
    version.previous_last_seen = version.seen - timedelta(minutes=10)


def headline(dice: random.Random) -> str:
    return " ".join(made_up(9, dice)).rstrip(".")


def kinds_of_page(dice: random.Random) -> dict[str, Iterator[str]]:
    """Endless addresses of each kind of page."""
    changed = list(
        Version.objects.filter(number__gt=1, words__lt=2 * WORDS).values_list("article", "number")[:20_000]
    )
    long, many = Article.objects.order_by("-id")[:2]
    first = list(Article.objects.order_by("?").values_list("source__slug", "pk")[:1000])
    places = list(Version.objects.changes().newest_first().values_list("seen", "pk"))

    def some(make: Callable[[], str]) -> Iterator[str]:
        while True:
            yield make()

    def of_version(pattern: str) -> Iterator[str]:
        return some(lambda: pattern.format(*(lambda v: (v[0], v[1] - 1, v[1]))(dice.choice(changed))))

    def place() -> str:
        seen, pk = dice.choice(places)
        return f"{seen.astimezone(UTC):%Y%m%dT%H%M%S.%f}v{pk}"

    def week() -> tuple[datetime, datetime]:
        first = NOW - timedelta(days=dice.randrange(7, 300))
        return first, first + timedelta(days=6)

    def slug() -> str:
        return f"source-{dice.randrange(SOURCES)}"

    return {
        "recent changes": some(lambda: "/changes/"),
        "recent changes, older": some(lambda: f"/changes/?before={place()}"),
        "recent changes, newer": some(lambda: f"/changes/?after={place()}"),
        "changes of a source": some(lambda: f"/changes/?source={slug()}&before={place()}"),
        "changes of headlines": some(lambda: f"/changes/?kind=headline&before={place()}"),
        "changes of a rare kind": some(lambda: "/changes/?kind=reverted"),
        "large changes": some(lambda: f"/changes/?min=150&before={place()}"),
        "changes of a week": some(lambda: "/changes/?from={:%Y-%m-%d}&to={:%Y-%m-%d}".format(*week())),
        "sources": some(lambda: "/sources/"),
        "a source": some(lambda: f"/sources/{slug()}/"),
        "articles of a source, older": some(
            lambda: "/sources/{}/articles/?before={}".format(*dice.choice(first))
        ),
        "statistics": some(lambda: "/stats/"),
        "numbers of a plot": some(lambda: f"/sources/{slug()}/week.csv"),
        "an article": of_version("/articles/{0}/"),
        f"an article of {MANY_VERSIONS} versions": some(lambda: many.get_absolute_url()),
        "a version": of_version("/articles/{0}/{2}/"),
        "a diff": of_version("/articles/{0}/diff/{1}/{2}/"),
        "a diff, side by side": of_version("/articles/{0}/diff/{1}/{2}/?view=side"),
        f"a diff of {LONG_WORDS:,} words": some(lambda: f"/articles/{long.pk}/diff/1/2/"),
        "card of a change": of_version("/articles/{0}/diff/{1}/{2}/card.png"),
        "oEmbed": of_version(f"/oembed?url={settings.SITE_URL}/articles/{{0}}/diff/{{1}}/{{2}}/"),
        "feed of all changes": some(lambda: "/changes/feed.rss"),
        "feed of a source": some(lambda: f"/sources/{slug()}/feed.rss"),
        "feed of an article": of_version("/articles/{0}/feed.rss"),
    }  # fmt: skip


def measured(client: Client, name: str, addresses: list[str]) -> str:
    client.get(addresses[0])
    times, sizes, packed, queries = [], [], [], 0
    for address in addresses:
        start = time.perf_counter()
        response = client.get(address)
        times.append(1000 * (time.perf_counter() - start))
        if response.status_code != 200:
            raise SystemExit(f"{address} was answered with {response.status_code}")
        packed.append(len(response.content))
        encoded = response.headers.get("Content-Encoding") == "gzip"
        sizes.append(len(gzip.decompress(response.content)) if encoded else len(response.content))
    for address in addresses[:10]:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        queries = max(queries, len(asked))
    times.sort()
    return (
        f"| {name} | {statistics.median(times):.1f} | {times[int(0.95 * len(times))]:.1f} | {queries} "
        f"| {statistics.median(sizes) / 1024:.0f} | {statistics.median(packed) / 1024:.1f} |"
    )


if __name__ == "__main__":
    main()
