"""What is watched, what is due, what fails."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_q.brokers import get_broker

from articles.exports import trouble
from articles.models import Article, Event, Feed, Heartbeat, Host, Outage, Source, Version
from articles.web.wording import day_and_time


class Command(BaseCommand):
    help = "Say what is watched, what is due and what fails."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help=_("as one JSON object"))

    def handle(self, *args: Any, **options: Any) -> None:
        status = read_status()
        if options["json"]:
            self.stdout.write(json.dumps(status, ensure_ascii=False, indent=2))
            return
        beat = status["worker_seconds_ago"]
        if beat is None:
            self.stdout.write(_("Worker:   never ran"))
        else:
            self.stdout.write(_("Worker:   last ran %(seconds)s seconds ago") % {"seconds": f"{beat:.0f}"})
        self.stdout.write(_("Queue:    %(value)s waiting") % {"value": status["queued"]})
        paused = ""
        if status["sources_paused"]:
            of_them_paused = _("%(count)s paused") % {"count": status["sources_paused"]}
            paused = f" ({of_them_paused})"
        self.stdout.write(
            _("Sources:  %(sources)s%(paused)s, feeds: %(feeds)s")
            % {"sources": status["sources"], "paused": paused, "feeds": status["feeds"]}
        )
        states = ", ".join(f"{count} {state}" for state, count in status["articles"].items()) or _("none")
        self.stdout.write(_("Articles: %(states)s") % {"states": states})
        articles, feeds = status["articles_due"], status["feeds_due"]
        self.stdout.write(
            _("Due now:  %(articles)s, %(feeds)s")
            % {
                "articles": ngettext("%(count)s article", "%(count)s articles", articles)
                % {"count": articles},
                "feeds": ngettext("%(count)s feed", "%(count)s feeds", feeds) % {"count": feeds},
            }
        )
        self.stdout.write(
            _("Versions: %(value)s, events: %(value2)s")
            % {"value": status["versions"], "value2": status["events"]}
        )
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
    moving = Feed.objects.filter(moved_since__isnull=False).select_related("source").order_by("pk")[:20]
    deferring = Feed.objects.filter(deferred__gt=0).select_related("source").order_by("-deferred")[:20]
    datasets = trouble.current() if settings.DATASETS != "off" else None
    return [
        *(
            [
                _("datasets since %(since)s UTC: %(trouble)s")
                % {"since": day_and_time(datasets.since), "trouble": datasets.trouble.label}
            ]
            if datasets
            else []
        ),
        *(
            [_("our own network since %(began)s UTC: all is paused") % {"began": day_and_time(outage.began)}]
            if outage
            else []
        ),
        *(
            _("article %(address)s: %(last_reason)s")
            % {"address": article.address, "last_reason": article.last_reason}
            for article in parked
        ),
        *(
            _(
                "article %(address)s changes more often than its %(versions_per_day)s versions a day, "
                "since %(capped_since)s UTC"
            )
            % {
                "address": article.address,
                "versions_per_day": article.source.versions_per_day,
                "capped_since": day_and_time(article.capped_since),
            }
            for article in capped.order_by("capped_since")[:20]
        ),
        *(
            _(
                "feed %(address)s of %(source)s: %(deferred)s new articles wait, as the source takes "
                "%(new_articles_per_hour)s an hour"
            )
            % {
                "address": feed.address,
                "source": feed.source,
                "deferred": feed.deferred,
                "new_articles_per_hour": feed.source.new_articles_per_hour,
            }
            for feed in deferring
        ),
        *(
            _("feed %(address)s of %(source)s has moved for good to %(moved_to)s, since %(since)s UTC")
            % {
                "address": feed.address,
                "source": feed.source,
                "moved_to": feed.moved_to,
                "since": day_and_time(feed.moved_since),
            }
            for feed in moving
        ),
        *(
            _("feed %(address)s of %(source)s: %(last_error)s (%(errors_in_row)s×)")
            % {
                "address": feed.address,
                "source": feed.source,
                "last_error": feed.last_error,
                "errors_in_row": feed.errors_in_row,
            }
            for feed in feeds
        ),
        *(
            _("source %(source)s: %(last_error)s (%(errors_in_row)s× in a row)")
            % {"source": source, "last_error": source.last_error, "errors_in_row": source.errors_in_row}
            for source in sources
        ),
        *(
            _("host %(host)s is left alone until %(paused_until)s UTC")
            % {"host": host, "paused_until": day_and_time(host.paused_until)}
            for host in hosts
        ),
    ]
