"""`manage.py backup FILE`; see `articles.backups`."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.backups import BackupError, back_up
from newsdiffs.runner import startup


class Command(BaseCommand):
    help = (
        "Writes everything to one file, while the site and the worker run. A file of that name is replaced."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            startup.check_database()
            startup.check_migrations()
            manifest = back_up(file)
        except (BackupError, startup.CannotStart) as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})
        size = file.stat().st_size / 1e6
        articles, versions = manifest.rows("articles.article"), manifest.rows("articles.version")
        self.stdout.write(
            _("%(file)s: %(articles)s articles, %(versions)s versions, %(size)s MB.")
            % {"file": file, "articles": articles, "versions": versions, "size": f"{size:.1f}"}
        )
