"""`manage.py setup`: makes ready what the site and the worker need; see `newsdiffs.runner.startup`."""

import sys

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from newsdiffs.runner import startup


class Command(BaseCommand):
    help = (
        "Makes or updates the database, the first administrator, the schedules and the static "
        "files. It may be run again at any time; ./run does so at each start."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (it must work before all else does)

    def handle(self, **_options: object) -> None:
        try:
            password = startup.prepare()
        except DatabaseError as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": startup.unusable(problem)})
        except startup.CannotStart as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})
        if password:
            kept = startup.admin_password_path()
            self.stdout.write(
                _("Administrator: %(admin)s, password %(password)s (kept in %(kept)s)")
                % {"admin": startup.ADMIN, "password": password, "kept": kept}
            )
