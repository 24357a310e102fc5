"""Read a feed now, and watch the articles it names."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.fetch import normalise
from articles.models import Article, Feed, Source
from articles.watch.discover import FeedResult, read_feed_now, source_for
from articles.watch.hosts import Turn, TurnOver
from articles.watch.tasks import dispatch_soon


class Command(BaseCommand):
    help = "Read a feed now and watch the articles it names; the feed is watched from then on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="RSS, Atom or JSON feed, or news sitemap")
        parser.add_argument(
            "--source", default="", help="slug of its source (default: the source of its site)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = normalise(options["address"])
            source, made = (_source(options["source"]), False) if options["source"] else source_for(address)
        except ValueError as problem:
            raise CommandError(f"{options['address']} can't be read: {problem}") from problem
        feed, new = Feed.objects.get_or_create(source=source, address=address)
        try:
            result = _read(feed)
        except CommandError:
            # What could not be read was perhaps mistyped: nothing of it stays.
            if made:
                source.delete()
            elif new:
                feed.delete()
            raise
        self.stdout.write(f"{source.name}: {result.named} articles named, {len(result.new)} of them new")
        for article in Article.objects.filter(pk__in=result.new[:20]).order_by("pk"):
            self.stdout.write(f"  {article.address}")
        if len(result.new) > 20:
            self.stdout.write(f"  … and {len(result.new) - 20} more")
        dispatch_soon()


def _read(feed: Feed) -> FeedResult:
    """:raises CommandError: it could not be read; says why."""
    try:
        turn = Turn.wait_for(feed.host)
        try:
            result = read_feed_now(feed, turn)
        finally:
            turn.leave()
    except TurnOver as problem:
        raise CommandError(f"{feed.address} can't be read now: {problem}.") from problem
    if result is None:
        raise CommandError("A worker is reading this feed just now. Try again in a minute.")
    if result.problem:
        raise CommandError(f"{feed.address}: {result.problem}")
    return result


def _source(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        known = ", ".join(Source.objects.values_list("slug", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no source {slug!r}. There are: {known}.")
    return source
