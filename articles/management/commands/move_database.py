"""`manage.py move_database TO_URL`; see `articles.backups.move`."""

import sys
from argparse import ArgumentParser
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.backups import BackupError, move
from articles.backups.move import checked_url, shown
from newsdiffs.runner import lock, startup


class Command(BaseCommand):
    help = (
        "Copies everything into another database, from SQLite to PostgreSQL or back, and "
        "compares the two. Stop the site and the worker first. The database in use stays as it "
        "is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "to_url",
            metavar="TO_URL",
            help=_("postgres://user:password@host/name, or sqlite:////folder/file"),
        )
        parser.add_argument(
            "--force", action="store_true", help=_("Replace the data there are in the other.")
        )

    def handle(self, *, to_url: str, force: bool, **_options: object) -> None:
        try:
            startup.check_data_dir()
            startup.check_database()
            startup.check_migrations()
            manifest = move(to_url, force=force, say=self.stdout.write)
            to_url = checked_url(to_url)
        except (BackupError, lock.Running, startup.CannotStart) as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})
        rows = sum(table.rows for table in manifest.tables)
        articles, versions = manifest.rows("articles.article"), manifest.rows("articles.version")
        self.stdout.write(
            _(
                "%(articles)s articles and %(versions)s versions are there, %(rows)s rows in all, and "
                "all the same.\nTo use them, %(next_step)s and start again. This database is as it was: "
                "keep it until you are content."
            )
            % {"articles": articles, "versions": versions, "rows": rows, "next_step": _next_step(to_url)}
        )


def _next_step(to_url: str) -> str:
    usual = f"sqlite:///{quote(str(settings.DATA_DIR / 'newsdiffs.sqlite3'))}"
    return (
        _("unset DATABASE_URL")
        if to_url == usual
        else _("set DATABASE_URL=%(shown)s") % {"shown": shown(to_url)}
    )
