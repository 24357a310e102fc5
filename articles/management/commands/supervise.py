"""`manage.py supervise`: runs the site and the worker as one; see `newsdiffs.runner.supervisor`."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.translation import gettext as _

from newsdiffs.runner import processes
from newsdiffs.runner.lock import Running
from newsdiffs.runner.startup import CannotStart, unusable


class Command(BaseCommand):
    help = (
        "Runs the site and the worker until Ctrl-C. Before, it makes ready what is missing (as "
        "setup does). With --only it runs one of them and makes nothing: that is for containers."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  (they would be run at each start)

    def add_arguments(self, parser: ArgumentParser) -> None:
        part = parser.add_mutually_exclusive_group()
        part.add_argument("--only", choices=["site", "worker"], help=_("Run this part alone."))
        part.add_argument("--demo", action="store_true", help=_("Run a small newsroom too, and watch it."))
        parser.add_argument(
            "--check",
            action="store_true",
            help=_("Run nothing: exit with 0 when what runs is well, else with 1."),
        )

    def handle(self, *, only: str | None, demo: bool, check: bool, **_options: object) -> None:
        try:
            self._run(only, demo, check)
        except DatabaseError as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": unusable(problem)})
        except (CannotStart, Running) as problem:
            sys.exit(_("newsdiffs: %(problem)s") % {"problem": problem})

    def _run(self, only: str | None, demo: bool, check: bool) -> None:
        if check:
            processes.check(only)
        elif only:
            processes.run_part(only)
        elif demo:
            processes.run_demo()
        else:
            processes.run()
