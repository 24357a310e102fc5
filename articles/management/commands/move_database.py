"""`manage.py move_database TO_URL`; see `articles.backups.move`."""

import sys
from argparse import ArgumentParser
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand

from articles.backups import BackupError, move
from articles.backups.move import checked_url, shown
from newsdiffs.runner import lock, startup


class Command(BaseCommand):
    help = (
        "Copies everything into another database, from SQLite to PostgreSQL or back, and compares the two. "
        "Stop the site and the worker first. The database in use stays as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "to_url", metavar="TO_URL", help="postgres://user:password@host/name, or sqlite:////folder/file"
        )
        parser.add_argument("--force", action="store_true", help="Replace the data there are in the other.")

    def handle(self, *, to_url: str, force: bool, **_options: object) -> None:
        try:
            startup.check_data_dir()
            startup.check_database()
            startup.check_migrations()
            manifest = move(to_url, force=force, say=self.stdout.write)
            to_url = checked_url(to_url)
        except (BackupError, lock.Running, startup.CannotStart) as problem:
            sys.exit(f"newsdiffs: {problem}")
        rows = sum(table.rows for table in manifest.tables)
        articles, versions = manifest.rows("articles.article"), manifest.rows("articles.version")
        self.stdout.write(
            f"{articles} articles and {versions} versions are there, {rows} rows in all, and all the same.\n"
            f"To use them, {_next_step(to_url)} and start again. This database is as it was: keep it until "
            "you are content."
        )


def _next_step(to_url: str) -> str:
    usual = f"sqlite:///{quote(str(settings.DATA_DIR / 'newsdiffs.sqlite3'))}"
    return "unset DATABASE_URL" if to_url == usual else f"set DATABASE_URL={shown(to_url)}"
