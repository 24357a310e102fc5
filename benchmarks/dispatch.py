"""What it costs to find out who is due, with many articles watched.

    python -m benchmarks.dispatch [--articles N] [--hosts N] [--postgres ADDRESS]

The articles are spread over hosts as sites are in life: a few have most. Measured are, with none of them due,
with 1 in 100, with all of them, and with all of them while every source but one is paused: *dispatch* (find
whether hosts have something due, and queue rounds for the workers), *look* (what each worker asks once a
second: which hosts are next), *next* (what a visit asks: the feed and the article due first at its host, here
the host that has most), *claim* (taking that article), and */metrics*. Milliseconds, the median of several.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from benchmarks.scratch import installation

TIMES = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    asked = parser.parse_args()
    with installation(asked.postgres):
        fill(asked.articles, asked.hosts)
        print(f"{'PostgreSQL' if asked.postgres else 'SQLite'}, {asked.articles:,} articles\n")
        print("| due | dispatch | look | next | claim | /metrics |")
        print("|---|--:|--:|--:|--:|--:|")
        for name, every in (("none", 0), ("1 in 100", 100), ("all", 1), ("all, paused", 1)):
            make_due(every)
            if "paused" in name:
                pause_all_but_one()
            cells = (median(dispatch), median(look), median(next_), median(claim), median(metrics))
            print(f"| {name} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |", flush=True)


def fill(articles: int, hosts: int) -> None:
    """Rows made by the database itself, from one that Django made."""
    from django.db import connection
    from django.utils import timezone

    from articles.models import Article, Feed, Host, Source
    from articles.watch.queue import upkeep

    Source.objects.bulk_create(
        Source(name=f"Source {number}", slug=f"source-{number}") for number in range(hosts // 10)
    )
    Host.objects.bulk_create(Host(name=f"news{number}.example:443") for number in range(hosts))
    sources, all_hosts = list(Source.objects.all()), list(Host.objects.order_by("pk"))
    Feed.objects.bulk_create(
        Feed(source=sources[place % len(sources)], host=host, address=f"https://{host.name}/feed")
        for place, host in enumerate(all_hosts)
    )
    first = Article.objects.create(source=sources[0], host=all_hosts[0], address="https://news.example/0")
    columns = [str(field.column) for field in Article._meta.concrete_fields if not field.primary_key]
    host, source = all_hosts[0].pk, sources[0].pk
    # The square of a number spread evenly: the first host has one article in 45, the last hardly any.
    share = f"((n % 1000) * (n % 1000) * {hosts} / 1000000)"
    told = {
        "host_id": f"{host} + {share}",
        "source_id": f"{source} + {share} % {len(sources)}",
        "address": "'https://news.example/' || n",
    }
    chosen = ", ".join(told.get(column, f"a.{column}") for column in columns)
    if connection.vendor == "sqlite":
        numbers = f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {articles - 1})"
        numbers += " SELECT n FROM s) AS s"
    else:
        numbers = f"generate_series(1, {articles - 1}) AS s(n)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO articles_article ({', '.join(columns)}) "
            f"SELECT {chosen} FROM articles_article a, {numbers} WHERE a.id = {first.pk}"
        )
    Feed.objects.update(next_check_at=timezone.now() + timedelta(days=1))
    upkeep.analyze()


def make_due(every: int) -> None:
    """One article of *every* so many is due now, the others tomorrow; 0: none is."""
    from django.db import connection
    from django.db.models import F
    from django.utils import timezone
    from django_q.brokers import get_broker

    from articles.models import Article, Host

    now = timezone.now()
    Host.objects.update(lease_token=None, lease_until=None)
    Article.objects.update(next_check_at=now + timedelta(days=1), lease_token=None, lease_until=None)
    if every:
        due = Article.objects.annotate(rest=F("pk") % every).filter(rest=0)
        due.update(next_check_at=now - timedelta(minutes=1))
    get_broker().purge_queue()
    if connection.vendor == "postgresql":  # what autovacuum would have done by and by
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE articles_article")


def pause_all_but_one() -> None:
    from articles.models import Source

    last = Source.objects.order_by("pk").last()
    assert last
    Source.objects.exclude(pk=last.pk).update(enabled=False)


def median(action: Callable[[], object]) -> float:
    """Milliseconds."""
    durations = []
    for _ in range(TIMES):
        began = time.perf_counter()
        action()
        durations.append(time.perf_counter() - began)
    return 1000 * statistics.median(durations)


def dispatch() -> None:
    from django_q.brokers import get_broker

    from articles.watch.queue import tasks

    get_broker().purge_queue()
    tasks.dispatch()


def look() -> None:
    from articles.watch.queue.frontier import Frontier

    Frontier().look()


def next_() -> None:
    from django.utils import timezone

    from articles.models import Host
    from articles.watch.queue import visits

    visits.first_due(Host.objects.order_by("pk")[0], timezone.now())


def claim() -> None:
    from django.utils import timezone

    from articles.models import Article

    token = Article.objects.claim(1, timezone.now(), 60)
    assert token
    Article.objects.release(1, token)


def metrics() -> None:
    from django.test import Client

    answer = Client().get("/metrics", headers={"Host": "localhost"})
    assert answer.status_code == 200


if __name__ == "__main__":
    main()
