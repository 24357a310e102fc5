"""``manage.py note_bounce < REPORT``: a mail came back; see ``articles.notices.bounces``."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.notices.bounces import LARGEST_REPORT, note_bounce


class Command(BaseCommand):
    help = (
        "Reads a mail server's report of a mail that came back (a delivery status notification) from "
        "standard input, and stops the subscription of an address that there is not."
    )

    def handle(self, *arguments: str, **options: Any) -> None:
        report = sys.stdin.buffer.read(LARGEST_REPORT)
        if note_bounce(report, timezone.now()):
            self.stdout.write(_("The subscription was stopped."))
        else:
            self.stdout.write(_("This is no report of a notice that reached nobody: nothing was changed."))
