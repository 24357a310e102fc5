"""What is watched, what is due, what fails."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django_q.brokers import get_broker

from articles.models import Article, Event, Feed, Heartbeat, Host, Outage, Source, Version


class Command(BaseCommand):
    help = "Say what is watched, what is due and what fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        status = read_status()
        if options["json"]:
            self.stdout.write(json.dumps(status, ensure_ascii=False, indent=2))
            return
        beat = status["worker_seconds_ago"]
        self.stdout.write(f"Worker:   {'never ran' if beat is None else f'last ran {beat:.0f} seconds ago'}")
        self.stdout.write(f"Queue:    {status['queued']} waiting")
        paused = f" ({status['sources_paused']} paused)" if status["sources_paused"] else ""
        self.stdout.write(f"Sources:  {status['sources']}{paused}, feeds: {status['feeds']}")
        states = ", ".join(f"{count} {state}" for state, count in status["articles"].items()) or "none"
        self.stdout.write(f"Articles: {states}")
        articles, feeds = status["articles_due"], status["feeds_due"]
        self.stdout.write(
            f"Due now:  {articles} article{pluralize(articles)}, {feeds} feed{pluralize(feeds)}"
        )
        self.stdout.write(f"Versions: {status['versions']}, events: {status['events']}")
        for problem in status["problems"]:
            self.stdout.write(f"Failing:  {problem}")


def read_status() -> dict[str, Any]:
    """The figures of the whole installation."""
    now, outage = timezone.now(), Outage.current()
    by_state = Article.objects.values_list("state").annotate(Count("pk")).order_by("state")
    return {
        "worker_seconds_ago": Heartbeat.seconds_since("dispatch"),
        "queued": get_broker().queue_size(),
        "sources": Source.objects.count(),
        "sources_paused": Source.objects.filter(enabled=False).count(),
        "feeds": Feed.objects.count(),
        "feeds_due": Feed.objects.due(now).count(),
        "articles": dict(by_state),
        "articles_due": Article.objects.due(now).count(),
        "articles_parked": Article.objects.filter(parked__isnull=False).count(),
        "articles_capped": Article.objects.filter(capped_since__isnull=False).count(),
        "feeds_capped": Feed.objects.filter(deferred__gt=0).count(),
        "network_fails_since": outage.began.isoformat(timespec="seconds") if outage else None,
        "articles_failing": Article.objects.filter(errors_in_row__gt=0).count(),
        "versions": Version.objects.count(),
        "events": Event.objects.count(),
        "problems": _problems(),
    }


def _problems() -> list[str]:
    feeds = Feed.objects.filter(errors_in_row__gt=0).select_related("source").order_by("-errors_in_row")[:20]
    sources = Source.objects.filter(errors_in_row__gt=0).order_by("-errors_in_row")[:20]
    hosts = Host.objects.filter(paused_until__gt=timezone.now()).order_by("name")[:20]
    outage = Outage.current()
    parked = Article.objects.filter(parked__isnull=False).order_by("-parked")[:20]
    capped = Article.objects.filter(capped_since__isnull=False).select_related("source")
    deferring = Feed.objects.filter(deferred__gt=0).select_related("source").order_by("-deferred")[:20]
    return [
        *([f"our own network since {outage.began:%d %B, %H:%M} UTC: all is paused"] if outage else []),
        *(f"article {article.address}: {article.last_reason}" for article in parked),
        *(
            f"article {article.address} changes more often than its {article.source.versions_per_day} "
            f"versions a day, since {article.capped_since:%d %B, %H:%M} UTC"
            for article in capped.order_by("capped_since")[:20]
        ),
        *(
            f"feed {feed.address} of {feed.source}: {feed.deferred} new articles wait, as the source takes "
            f"{feed.source.new_articles_per_hour} an hour"
            for feed in deferring
        ),
        *(
            f"feed {feed.address} of {feed.source}: {feed.last_error} ({feed.errors_in_row}×)"
            for feed in feeds
        ),
        *(f"source {source}: {source.last_error} ({source.errors_in_row}× in a row)" for source in sources),
        *(f"host {host} is left alone until {host.paused_until:%d %B, %H:%M} UTC" for host in hosts),
    ]
