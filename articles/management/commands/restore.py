"""`manage.py restore FILE`; see `articles.backups`."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.backups import BackupError, restore
from articles.web.wording import day_and_time
from newsdiffs.runner import lock, startup


class Command(BaseCommand):
    help = (
        "Brings back what backup wrote. Stop the site and the worker first. All of it comes back, or nothing."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (there may be no tables yet)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help=_("Replace the data there are."))

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def handle(self, *, file: Path, force: bool, **_options: object) -> None:
        try:
            startup.check_data_dir()
            if not settings.SQLITE:
                startup.check_database()
            manifest = restore(file, force=force, say=self._say)
        except (BackupError, lock.Running, startup.CannotStart) as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})
        made = datetime.fromisoformat(manifest.made).astimezone(UTC)
        articles, versions = manifest.rows("articles.article"), manifest.rows("articles.version")
        self.stdout.write(
            _("%(articles)s articles and %(versions)s versions are back, as of %(made)s UTC.")
            % {"articles": articles, "versions": versions, "made": day_and_time(made)}
        )
