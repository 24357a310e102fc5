"""What the admin's pages cost with many sources and articles: server time and queries of each.

    python -m benchmarks.admin [--articles 1000000] [--sources 1000] [--times 9] [--postgres ADDRESS]

Fills an empty database with that many made-up articles, as many addresses and versions, and a tenth of them
events; then opens each list as it is, filtered, searched and at its far end, and each form, as a superuser.
Milliseconds of Django's whole answer in one process (median and worst of *times*, after one that does not
count), the most queries that any took, and the size of the page.
"""

import argparse
import statistics
import time
from typing import Any

from benchmarks import dispatch
from benchmarks.scratch import installation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--sources", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    asked = parser.parse_args()
    with installation(asked.postgres):
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        dispatch.fill(asked.articles, asked.sources * 10)
        fill()
        database = "PostgreSQL" if asked.postgres else "SQLite"
        print(f"{database}, {asked.sources:,} sources, {asked.articles:,} articles\n")
        print("| page | median ms | worst ms | queries | KB |")
        print("|---|--:|--:|--:|--:|")
        client = signed_in()
        for name, address in pages().items():
            print(f"| {name} | {measured(client, address, asked.times)} |", flush=True)


def fill() -> None:
    """An address and a version for each article, an event for each tenth; made by the database itself."""
    from django.db import connection
    from django.utils import timezone

    from articles import health
    from articles.models import Address, Article, Event, Version, text_storage
    from articles.watch.queue import upkeep

    Article.objects.update(headline="Lime trees in the square", version_count=1)
    first = Article.objects.order_by("pk")[0]
    text = text_storage.Text("Lime trees in the square", "", ("The council met on Tuesday.",) * 8)
    Version.objects.create(
        article=first,
        source=first.source,
        number=1,
        headline=text.headline,
        data=text_storage.pack(text.paragraphs, None),
        text_hash="0" * 64,
        seen=timezone.now(),
        extractor_version=1,
    )
    Address.objects.create(article=first, address=first.address, key="news.example/0")
    Event.objects.create(article=first, source=first.source, kind="removed", at=timezone.now())
    told = {"article_id": "a.id", "source_id": "a.source_id", "address": "a.address", "key": "a.address"}
    for model, every in ((Version, 1), (Address, 1), (Event, 10)):
        columns = [str(field.column) for field in model._meta.concrete_fields if not field.primary_key]
        chosen = ", ".join(told.get(column, f"m.{column}") for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {chosen} FROM articles_article a, {model._meta.db_table} m "
                f"WHERE a.id > {first.pk} AND a.id % {every} = 0"
            )
    health.refresh()
    upkeep.analyze()


def signed_in() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"Host": "localhost"})
    client.force_login(User.objects.create_superuser("benchmark"))
    return client


def pages() -> dict[str, str]:
    """Name and address of each page."""
    from django.urls import reverse

    from articles.models import Article, Source, Version

    def of(model: str, page: str, *args: int) -> str:
        return reverse(f"admin:articles_{model}_{page}", args=args)

    source, article = Source.objects.order_by("pk")[0], Article.objects.order_by("-pk")[0]
    version = Version.objects.order_by("-pk")[0]
    articles, sources, versions = (of(model, "changelist") for model in ("article", "source", "version"))
    autocomplete = "?app_label=articles&model_name=article&field_name=source"
    return {
        "index": reverse("admin:index"),
        "sources": sources,
        "sources, last page": f"{sources}?p={-(-Source.objects.count() // 50)}",
        "sources, searched": f"{sources}?q=source+77",
        "sources, paused": f"{sources}?enabled__exact=0",
        "sources with problems": f"{sources}?health=problems&o=-2",
        "adding a source": of("source", "add"),
        "the catalogue": of("source", "catalogue"),
        "a source": of("source", "change", source.pk),
        "its rules and preview": of("source", "rules", source.pk),
        "its history": of("source", "history", source.pk),
        "deleting it": of("source", "delete", source.pk),
        "articles": articles,
        "articles, last page that is counted": f"{articles}?p=200",
        "articles of a source": f"{articles}?source__id__exact={source.pk}",
        "articles watched": f"{articles}?state__exact=watched",
        "articles removed": f"{articles}?state__exact=removed",
        "articles by address": f"{articles}?q={article.address}",
        "articles by headline": f"{articles}?q=Lime+trees",
        "articles by no headline": f"{articles}?q=Oyster+beds",
        "an article": of("article", "change", article.pk),
        "versions": versions,
        "versions of a source": f"{versions}?source__id__exact={source.pk}",
        "versions, minor": f"{versions}?minor__exact=1",
        "a version": of("version", "change", version.pk),
        "events": of("event", "changelist"),
        "events of a kind": of("event", "changelist") + "?kind__exact=restored",
        "hosts": of("host", "changelist"),
        "hosts, searched": of("host", "changelist") + "?q=news77",
        "a host": of("host", "change", article.host_id),
        "held changes": of("quarantine", "changelist"),
        "takedown requests": of("takedown", "changelist"),
        "adding articles": of("article", "add"),
        "batches of addresses": of("batch", "changelist"),
        "audit log": reverse("admin:admin_logentry_changelist"),
        "users": reverse("admin:auth_user_changelist"),
        "sources to choose from": reverse("admin:autocomplete") + f"{autocomplete}&term=77",
    }


def measured(client: Any, address: str, times: int) -> str:
    """Cells of the table."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    durations, queries, size = [], 0, 0
    for turn in range(times + 1):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            answer = client.get(address)
            duration = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 200, f"{address} answered {answer.status_code}"
        if turn:
            durations.append(duration)
        queries, size = max(queries, len(asked)), len(answer.content)
    return f"{statistics.median(durations):.0f} | {max(durations):.0f} | {queries} | {size / 1024:.0f}"


if __name__ == "__main__":
    main()
