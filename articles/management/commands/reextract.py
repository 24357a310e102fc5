"""`manage.py reextract`; see `articles.watch.check.reextract`."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.watch.check.reextract import kept_pages, read_anew

PROGRESS_EVERY = 100
"""Pages between two lines of progress."""


class Command(BaseCommand):
    help = (
        "Reads the kept pages anew by today's extractor and rules, and tells what would differ from the "
        "stored texts. No version is made or changed; the texts in force are noted as they read today, as "
        "the next check of each would do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="", help=_("Only those of this source: its slug."))
        parser.add_argument("--article", type=int, help=_("Only those of the article of this number."))
        parser.add_argument("--json", action="store_true", help=_("A JSON object for each page."))
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Tell what would differ, and note nothing.")
        )

    def handle(self, **options: Any) -> None:
        pages = kept_pages(options["source"], options["article"])
        count = pages.count()
        if not count and (options["source"] or options["article"]):
            raise CommandError(_("No pages are kept of it."))
        differing = unread = 0
        for done, one in enumerate(read_anew(pages, note=not options["dry_run"]), start=1):
            differing += one.differs
            unread += bool(one.problem)
            if options["json"]:
                self.stdout.write(json.dumps(asdict(one)))
            elif one.problem or one.differs:
                self.stdout.write(
                    _("article %(article)s, version %(number)s: %(told)s")
                    % {"article": one.article, "number": one.number, "told": one.problem or _told(one)}
                )
            if done % PROGRESS_EVERY == 0:
                self.stderr.write(_("%(done)s of %(count)s pages") % {"done": done, "count": count})
        self.stderr.write(
            _("%(count)s pages read anew: %(differing)s differ, %(unread)s can't be read")
            % {"count": count, "differing": differing, "unread": unread}
        )


def _told(one: Any) -> str:
    told = [f"+{one.words_added} −{one.words_removed}"]
    told += [_("headline")] if one.headline_differs else []
    told += [_("byline")] if one.byline_differs else []
    return ", ".join(told)
