"""`manage.py reindex`; see `articles.search`."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles import search


class Command(BaseCommand):
    help = "Takes into the search index what is missing there, as the worker does bit by bit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help=_("Empty the index first, and make it anew."))

    def handle(self, *, all: bool, **_options: object) -> None:
        if all:
            search.clear()
        search.catch_up()
        left = search.missing().count()
        self.stdout.write(
            _("Every version is in the index.")
            if not left
            else _("%(left)s versions could not be.") % {"left": left}
        )
