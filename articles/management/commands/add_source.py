"""Watch a new publication: its home page or a feed of it is enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.utils.translation import gettext as _

from articles.models import Source
from articles.models.source import free_slug
from articles.models.validators import check_language
from articles.watch.onboarding.results import Findings
from articles.watch.onboarding.sources import (
    NothingFound,
    WatchedAlready,
    add_source,
    feeds_of,
    look_at,
)
from articles.watch.queue.enqueue import dispatch_soon


class Command(BaseCommand):
    help = "Add a source by the address of its home page or of a feed. It is watched from then on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help=_("home page or feed, such as https://news.example/"))
        parser.add_argument(
            "--name", default="", help=_("what to call it (default: what the page or feed says)")
        )
        parser.add_argument("--slug", default="", help="its name in addresses, /sources/<slug>/")
        parser.add_argument(
            "--language", default="", help=_("such as en or pt-BR, where pages do not say theirs")
        )
        parser.add_argument(
            "--all-feeds", action="store_true", help=_("watch every feed found, not the first alone")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        try:
            if slug:
                validate_slug(slug)
            if options["language"]:
                check_language(options["language"])
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        if slug and Source.objects.filter(slug=slug).exists():
            raise CommandError(
                _("A source with the slug %(slug)s exists already. Choose another with --slug.")
                % {"slug": f"{slug!r}"}
            )
        try:
            found = look_at(options["address"], all_feeds=options["all_feeds"])
            feeds = feeds_of(found) if options["all_feeds"] else feeds_of(found)[:1]
            source = add_source(self._source(found, options), feeds)
        except (NothingFound, WatchedAlready) as problem:
            raise CommandError(str(problem)) from problem
        dispatch_soon()
        self.stdout.write(
            _("Added %(name)s (%(slug)s), %(home_page)s")
            % {"name": source.name, "slug": source.slug, "home_page": source.home_page}
        )
        for feed in feeds:
            self.stdout.write(_("  watching %(address)s") % {"address": feed.address})
        for tried in found.tried:
            self.stdout.write(
                _("  looked at %(address)s: %(said)s") % {"address": tried.address, "said": tried.said}
            )

    def _source(self, found: Findings, options: dict[str, Any]) -> Source:
        name = (options["name"] or found.name)[:200]
        return Source(
            name=name,
            slug=options["slug"] or free_slug(name),
            home_page=found.home_page,
            language=options["language"],
        )
