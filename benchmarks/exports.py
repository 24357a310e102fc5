"""What data costs that others take away: logging, exporting, the API and the evidence of a change.

    python -m benchmarks.exports [--articles 2000] [--versions 10000] [--times 40] [--postgres ADDRESS]

Fills an empty database with made-up articles (as `benchmarks.pages` does), then tells versions logged and
exported a second of processor time (every table, in every form, without and with texts), the most memory of
the process before and after that, and the median and 95th percentile of each kind of answer, in milliseconds
of Django's whole answer in one process, by the clock and of processor time (which others can't lengthen).
ADDRESS is that of a PostgreSQL server on which a database may be made.
"""

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.scratch import installation


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--versions", type=int, default=10_000, help="of all articles together")
    parser.add_argument("--times", type=int, default=40, help="how often each kind of answer is asked for")
    parser.add_argument("--postgres", metavar="ADDRESS", help="of a server; SQLite if not given")
    options = parser.parse_args()
    with installation(options.postgres, API_LIMIT="0", PAGE_LIMIT="0", OPEN_EVIDENCE="1"):
        from benchmarks.pages import fill

        fill(options.articles, options.versions)
        name_addresses()
        measure_log()
        measure_export()
        measure_answers(options.times)


def name_addresses() -> None:
    """Have the articles be found at their addresses."""
    from articles.fetch import address_key
    from articles.models import Address, Article

    told = Article.objects.values_list("pk", "address").iterator()
    rows = (Address(article_id=pk, address=address, key=address_key(address)) for pk, address in told)
    Address.objects.bulk_create(rows, batch_size=1000)


def measure_log() -> None:
    from django.utils import timezone

    from articles.exports import log

    count, seconds = timed(lambda: log.append(seconds=1e9))
    log.publish(timezone.now())
    print(f"logged        {count:>9,} versions, {count / seconds:,.0f} a second")


def measure_export() -> None:
    from articles.exports import datasets
    from articles.models import Version

    count = Version.objects.count()
    for texts in (False, True):
        before = most_memory()
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            manifest, seconds = timed(partial(datasets.export, place, texts=texts))
            size = sum(entry["bytes"] for entry in manifest["files"])
        kind = "with texts" if texts else "exported"
        print(
            f"{kind:<13} {count:>9,} versions, {count / seconds:,.0f} a second; {size / 1e6:,.1f} MB; "
            f"most memory {before} MB before, {most_memory()} MB after"
        )


def measure_answers(times: int) -> None:
    from django.test import Client

    from articles.models import Article, Version

    dice = random.Random(1)
    changed = list(Version.objects.filter(number__gt=1).values_list("article", "number", "pk")[:20_000])
    addresses = dict(Article.objects.values_list("pk", "address")[:20_000])
    client = Client(headers={"accept-encoding": "gzip"}, SERVER_NAME="localhost")
    walker = Client(SERVER_NAME="localhost")

    def of_change(pattern: str) -> str:
        article, number, version = dice.choice(changed)
        return pattern.format(a=article, before=number - 1, after=number, v=version)

    def deep(path: str) -> str:
        address = path
        for _ in range(dice.randrange(6)):
            onwards = walker.get(address).json()["next"]
            if not onwards:
                break
            address = "/" + onwards.split("/", 3)[3]
        return address

    kinds: dict[str, Callable[[], str]] = {
        "/sources": lambda: "/api/v1/sources",
        "/articles": lambda: deep("/api/v1/articles"),
        "/articles/…": lambda: of_change("/api/v1/articles/{a}"),
        "…/versions": lambda: of_change("/api/v1/articles/{a}/versions"),
        "/versions/…": lambda: of_change("/api/v1/versions/{v}"),
        "…/diff/…": lambda: of_change("/api/v1/articles/{a}/diff/{before}/{after}"),
        "/changes": lambda: deep("/api/v1/changes"),
        "/changes?kind=": lambda: "/api/v1/changes?kind=headline",
        "/events": lambda: "/api/v1/events",
        "/lookup": lambda: f"/api/v1/lookup?address={dice.choice(list(addresses.values()))}",
        "/stats": lambda: "/api/v1/stats",
        "TimeGate": lambda: f"/timegate/{dice.choice(list(addresses.values()))}",
        "TimeMap": lambda: f"/timemap/link/{dice.choice(list(addresses.values()))}",
        "evidence.zip": lambda: of_change("/articles/{a}/diff/{before}/{after}/evidence.zip"),
    }
    print("\n| answer | median, ms | p95, ms | p95 of processor time, ms |\n|---|--:|--:|--:|")
    for name, make in kinds.items():
        taken, worked = [], []
        for address in [make() for _ in range(times)]:
            began, began_work = time.perf_counter(), time.process_time()
            response = client.get(address)
            taken.append(1000 * (time.perf_counter() - began))
            worked.append(1000 * (time.process_time() - began_work))
            if response.status_code not in (200, 302):
                raise SystemExit(f"{address} was answered with {response.status_code}")
        print(f"| {name} | {statistics.median(taken):.1f} | {p95(taken):.1f} | {p95(worked):.1f} |")


def p95(times: list[float]) -> float:
    """What 95 of a hundred stay below."""
    return sorted(times)[int(0.95 * len(times))]


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What *work* brings back, and how many seconds of processor time it took."""
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def most_memory() -> int:
    """The most memory that this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
