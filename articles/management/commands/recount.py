"""``manage.py recount``: find the kinds of stored changes once more, by the rules of this release."""

import argparse
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.watch.check.recount import Progress, outdated, recount

REPORT_SECONDS = 5.0
"""Seconds between two lines on how far it is."""


class Command(BaseCommand):
    help = (
        "Count stored changes again (their sizes, kinds, facts and excerpts) where an older release counted "
        "them, or another program: after an upgrade that says so. It may be stopped and started again, and "
        "the watch may run meanwhile."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say how many there are to count")

    def handle(self, *arguments: str, **options: Any) -> None:
        waiting = outdated().count()
        self.stdout.write(_("%(count)s changes were counted by older rules.") % {"count": f"{waiting:,}"})
        if options["check"]:
            return
        progress = Progress(0, 0)
        told = time.monotonic()
        for progress in recount():
            if time.monotonic() - told >= REPORT_SECONDS:
                self.stdout.write(
                    _("%(counted)s of %(count)s counted.")
                    % {"counted": f"{progress.counted:,}", "count": f"{waiting:,}"}
                )
                told = time.monotonic()
        self.stdout.write(_("Done: %(counted)s counted.") % {"counted": f"{progress.counted:,}"})
        if progress.unreadable:
            self.stderr.write(
                _("%(count)s can't be: their stored texts can't be read; the log names the articles.")
                % {"count": f"{progress.unreadable:,}"}
            )
