"""`manage.py check`: Django's own; with addresses it is `check_articles`, which scripts know by this name."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import check as django_check
from django.utils.translation import gettext as _


class Command(django_check.Command):
    help = (
        "Check the project's settings (Django's own check). With addresses of articles: check "
        "those now, as check_articles does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        # Django's positional app labels give way to addresses; its options stay.
        super().add_arguments(parser)
        for action in parser._actions:
            if action.dest == "args":
                action.metavar = "ADDRESS"
                action.help = _("address of an article (or, for Django's check, an app label)")
        parser.add_argument("--json", action="store_true", help=_("one JSON object a line for each article"))

    def handle(self, *labels: Any, **options: Any) -> None:
        addresses = [label for label in labels if "/" in label or ":" in label]
        if addresses:
            call_command("check_articles", *addresses, json=options["json"], stdout=self.stdout)
            return
        try:
            super().handle(*labels, **options)
        except LookupError as problem:
            raise CommandError(
                _("%(problem)s An article's address begins with https://.") % {"problem": problem}
            ) from problem
