"""``manage.py subscribers export|erase ADDRESS``: what is kept of a reader's address, and its end."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Subscription
from articles.notices.subscribing import erase


class Command(BaseCommand):
    help = (
        "Say all that is kept of an e-mail address to which notices are sent, as JSON (export), or delete it "
        "with its subscriptions (erase). Backups made before keep what they have until they are deleted."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("what", choices=("export", "erase"))
        parser.add_argument(
            "address", help="the e-mail address, as it was given; upper and lower case are alike"
        )

    def handle(self, *arguments: str, **options: Any) -> None:
        address = options["address"]
        if options["what"] == "erase":
            count = erase(address)
            self.stdout.write(
                ngettext(
                    "%(count)s subscription was deleted.", "%(count)s subscriptions were deleted.", count
                )
                % {"count": count}
            )
            return
        rows = Subscription.objects.filter(email__iexact=address).order_by("pk")
        if not rows:
            self.stderr.write(_("Nothing is kept of this address."))
        kept = [
            {
                "email": row.email,
                "query": row.query,
                "article": row.article_id,
                "sentence": row.sentence,
                "frequency": row.frequency,
                "state": row.state,
                "language": row.language,
                "made": row.made.isoformat(),
                "confirmed": row.confirmed.isoformat() if row.confirmed else None,
                "told": row.notices.exclude(delivery=None).count(),
            }
            for row in rows
        ]
        self.stdout.write(json.dumps(kept, ensure_ascii=False, indent=2))
