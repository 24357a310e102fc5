"""Read a feed now, and watch the articles it names."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.fetch import normalise
from articles.models import Article, Feed, Source
from articles.watch.crawl.errors import SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import FeedResult, read_feed_now, source_for
from articles.watch.onboarding.sources import WatchedAlready, give_to_site, hold_addresses, watched_by
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.feed_report import in_short, not_taken


class Command(BaseCommand):
    help = "Read a feed now and watch the articles it names; the feed is watched from then on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help=_("RSS, Atom or JSON feed, or news sitemap"))
        parser.add_argument(
            "--source", default="", help=_("slug of its source (default: the source of its site)")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = normalise(options["address"])
            with transaction.atomic():
                hold_addresses([address])
                watched = watched_by(address)
                source, made = _source_of(address, options["source"], watched)
                feed = watched or Feed.objects.create(source=source, address=address)
        except ValueError as problem:
            raise CommandError(
                _("%(value)s can't be read: %(problem)s") % {"value": options["address"], "problem": problem}
            ) from problem
        try:
            result = _read(feed)
        except CommandError:
            # What could not be read was perhaps mistyped: nothing of it stays.
            if made:
                source.delete()
            elif not watched:
                feed.delete()
            raise
        if result.site and not watched and not options["source"]:
            source = give_to_site(feed, result.site, result.new, made=made)
        self.stdout.write(
            _("%(name)s: %(named)s articles named, %(len)s of them new")
            % {"name": source.name, "named": result.named, "len": len(result.new)}
        )
        self.stdout.write(in_short(result.tally))
        for reason, examples in not_taken(result.tally):
            self.stdout.write(f"  {reason}: {', '.join(examples)}" if examples else f"  {reason}")
        if result.moved_to:
            self.stdout.write(
                _("The feed has moved for good to %(address)s; it is read there when that has lasted a day.")
                % {"address": result.moved_to}
            )
        for article in Article.objects.filter(pk__in=result.new[:20]).order_by("pk"):
            self.stdout.write(f"  {article.address}")
        if len(result.new) > 20:
            self.stdout.write(_("  … and %(value)s more") % {"value": len(result.new) - 20})
        dispatch_soon()


def _read(feed: Feed) -> FeedResult:
    """:raises CommandError: it could not be read; says why."""
    try:
        session = HostSession.wait_for(feed.host)
        try:
            result = read_feed_now(feed, PoliteFetcher(session))
        finally:
            session.leave()
    except SessionOver as problem:
        raise CommandError(
            _("%(address)s can't be read now: %(problem)s.") % {"address": feed.address, "problem": problem}
        ) from problem
    if result is None:
        raise CommandError(_("A worker is reading this feed just now. Try again in a minute."))
    if result.problem:
        raise CommandError(f"{feed.address}: {result.problem}")
    return result


def _source_of(address: str, slug: str, watched: Feed | None) -> tuple[Source, bool]:
    """Whose feed *address* is to be, and whether that source had to be made; the one that has it already."""
    wanted = _source(slug) if slug else None
    if watched and wanted not in (None, watched.source):
        raise CommandError(
            _("%(problem)s. A feed belongs to one source.") % {"problem": WatchedAlready(watched)}
        )
    if watched:
        return watched.source, False
    return (wanted, False) if wanted else source_for(address)


def _source(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        known = ", ".join(Source.objects.values_list("slug", flat=True)[:20]) or _("none yet")
        raise CommandError(
            _("There is no source %(slug)s. There are: %(known)s.") % {"slug": f"{slug!r}", "known": known}
        )
    return source
