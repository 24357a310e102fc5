"""What the search index weighs and how long searches take, on SQLite and on PostgreSQL.

    python -m benchmarks.search [--versions 50000] [--postgres postgres://user@host:5432/empty_database]

Makes articles of five versions each in a new, empty database: some 400 words, drawn as often as in real texts
from a made-up vocabulary (every second follows a word it often follows), of which each version changes one
paragraph in five by a few words. Prints the size of the index beside that of the texts, the time it takes to
index a version, and for several searches the median and the slowest of ten runs in milliseconds, with
everything the page reads to show 20 results.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

BATCH = 200  # articles
PARAGRAPHS, WORDS = 10, 40
VERSIONS = 5
VOCABULARY = 50_000
REPEAT = 10


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--versions", type=int, default=50_000)
    parser.add_argument("--postgres", metavar="ADDRESS", help="of an empty database; SQLite if not given")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"}
        if options.postgres:
            os.environ["DATABASE_URL"] = options.postgres
        measure(options.versions)


def measure(versions: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles import search
    from articles.models import Version

    call_command("migrate", verbosity=0)
    words = vocabulary()
    fill(words, versions)
    taken = seconds(search.catch_up)
    assert not search.missing().exists()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    texts, index = sizes()
    stored = Version.objects.count()
    print(f"{connection.vendor}: {stored:,} versions; texts {texts / 1e6:.0f} MB, index {index / 1e6:.0f} MB")
    print(f"indexing: {taken / stored * 1000:.2f} ms a version\n")
    print(f"{'search':34}{'found':>7}{'median':>9}{'slowest':>9}")
    for name, call in searches(words):
        times = [seconds(call) * 1000 for _ in range(REPEAT)]
        print(f"{name:34}{call():>7}{statistics.median(times):>9.1f}{max(times):>9.1f}")
    connection.close()


def searches(words: list[str]) -> Iterator[tuple[str, Callable[[], int]]]:
    """Each search by name; a call makes it and says how many it found."""
    from articles import search
    from articles.models import Version

    common, known, seldom = words[0], words[300], words[20_000]
    typed = {
        "the most common word": common,
        "a known word": known,
        "a rare word": seldom,
        "no such word": "zzzzz",
        "two common words": f"{common} {words[1]}",
        "a phrase of common words": f'"{common} {words[1]} {words[2]}"',
        "a phrase of known words": f'"{known} {words[301]}"',
        "the beginning of a word": f"{known[:3]}*",
        "a common word, not another": f"{common} -{words[1]}",
    }
    for name, text in typed.items():
        yield name, lambda text=text: search.find(text).count  # type: ignore[misc]
    for name in ("the most common word", "a known word", "a phrase of common words"):
        text = typed[name]
        yield f"{name}, added", lambda text=text: search.find(text, where="added").count  # type: ignore[misc]
        changes = Version.objects.changes().newest_first().for_lists()
        yield (
            f"{name}, list of changes",
            lambda text=text, changes=changes: len(search.restrict(changes, text)[:41]),  # type: ignore[misc]
        )


def vocabulary() -> list[str]:
    """Made-up words, the most frequent first."""
    rng = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgk"
    words = dict.fromkeys(
        "".join(rng.choices(letters, k=2 + at // 4_000 + rng.randrange(6))) for at in range(90_000)
    )
    return list(words)[:VOCABULARY]


def fill(words: list[str], versions: int) -> None:
    """Store the articles, without indexing them."""
    from django.db import transaction

    from articles.models import Article, Host, Source, Version
    from articles.models import text_storage as texts

    rng = random.Random(2)
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    drawn = iter(lambda: rng.choices(words, cum_weights=weights, k=100_000), None)
    followers = {word: rng.choices(words, cum_weights=weights, k=12) for word in words}
    source = Source.objects.create(name="The Gazette", slug="gazette")
    host = Host.objects.create(name="news.example:443")
    stream = (word for some in drawn for word in some)

    def text_of(length: int) -> str:
        text = [next(stream)]
        while len(text) < length:
            # Every second word is one that often follows the one before, as in real texts.
            text.append(rng.choice(followers[text[-1]]) if rng.random() < 0.5 else next(stream))
        return " ".join(text)

    def history(article: Article, start: datetime) -> Iterator[Version]:
        paragraphs: list[str] = []
        for number in range(1, VERSIONS + 1):
            before = paragraphs
            paragraphs = [revised(text) for text in before] or [text_of(WORDS) for _ in range(PARAGRAPHS)]
            yield Version(
                article=article,
                source=source,
                number=number,
                headline=article.headline,
                data=texts.pack(paragraphs, before if before else None),
                text_hash=str(number),
                seen=start + timedelta(hours=number),
                extractor_version=1,
            )

    def revised(text: str) -> str:
        if rng.random() > 0.2:
            return text
        parts = text.split()
        at = rng.randrange(len(parts))
        return " ".join([*parts[:at], text_of(3), *parts[at + 2 :]])

    start = datetime(2020, 1, 1, tzinfo=UTC)
    for first in range(0, versions // VERSIONS, BATCH):
        with transaction.atomic():
            made = [
                Article(
                    source=source,
                    host=host,
                    address=f"https://news.example/{number}",
                    headline=text_of(8),
                    version_count=VERSIONS,
                    next_check_at=None,
                )
                for number in range(first, min(first + BATCH, versions // VERSIONS))
            ]
            Article.objects.bulk_create(made)
            Version.objects.bulk_create(
                version
                for at, article in enumerate(made, start=first)
                for version in history(article, start + timedelta(minutes=10 * at))
            )


def sizes() -> tuple[int, int]:
    """Bytes that the versions take in the database, and those of the index."""
    from django.db import connection

    if connection.vendor == "sqlite":
        size = "SELECT sum(pgsize) FROM dbstat WHERE name LIKE %s"
        patterns = ["articles\\_version%", "articles\\_search%"]
        size += " ESCAPE '\\'"
    else:
        size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE %s"
        patterns = ["articles_version", "articles_search%"]
    with connection.cursor() as cursor:
        found = []
        for pattern in patterns:
            cursor.execute(size, [pattern])
            found.append(int(cursor.fetchone()[0]))
    return found[0], found[1]


def seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
