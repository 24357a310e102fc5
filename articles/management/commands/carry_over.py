"""`manage.py carry_over`; see `articles.backups.carry_over`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from articles.backups import BackupError
from articles.backups.carry_over import carry_over
from newsdiffs.runner import lock, startup


class Command(BaseCommand):
    help = (
        "Brings a database from the form it had before version 0.1.0 to today's, with all that "
        "is in it. Stop the site and the workers first. A backup is written into DATA_DIR before "
        "anything is changed."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (the tables are not yet those of the models)

    def handle(self, **_options: Any) -> None:
        try:
            startup.check_data_dir()
            startup.check_database()
            carried = carry_over(self.stdout.write)
        except (BackupError, lock.Running, startup.CannotStart) as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})
        self.stdout.write(
            _("Everything was carried over. Start NewsDiffs as usual.")
            if carried
            else _("The database has today's form already. Nothing was changed.")
        )
