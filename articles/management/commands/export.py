"""`manage.py export [DIRECTORY]`; see `articles.exports.datasets` and `articles.exports.editions`."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles.exports import datasets, editions
from articles.exports.datasets import Part
from articles.exports.shelf import ShelfError
from articles.exports.shelf import folder as folder_of_editions


class Command(BaseCommand):
    help = (
        "Writes all that readers may see into a folder, as JSON lines, CSV and (with pyarrow) Parquet, with "
        "a manifest. What is taken down leaves the folder when it is written anew. Without a folder it "
        "writes the edition that the site offers at /data/ (DATASETS, DATASETS_BUCKET)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory", metavar="DIRECTORY", nargs="?", type=Path, help="made if it is not there"
        )
        parser.add_argument("--texts", action="store_true", help="with the whole text of each version")
        parser.add_argument("--pages", action="store_true", help="with the kept pages, as WARC files")
        parser.add_argument(
            "--since",
            metavar="DATE",
            type=_date,
            help="only the months from this day on (2026-11-01); older files that are there already stay",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["directory"]
        manifest = self._write(folder, options) if folder else self._publish(options)
        rows = sum(entry["rows"] for entry in manifest["files"] if entry["form"] == "csv.gz")
        place = folder or settings.DATASETS_BUCKET or folder_of_editions()
        told = {"rows": f"{rows:,}", "files": f"{len(manifest['files']):,}", "path": place}
        self.stdout.write(_("%(rows)s rows in %(files)s files: %(path)s") % told)

    def _write(self, folder: Path, options: dict[str, Any]) -> dict[str, Any]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise CommandError(
                _("%(path)s can’t be made: %(problem)s") % {"path": folder, "problem": problem.strerror}
            ) from problem
        if foreign := datasets.foreign_in(folder):
            refused = _("%(path)s holds something else (%(name)s): name an empty folder, or an export’s.")
            raise CommandError(refused % {"path": folder, "name": foreign})
        return datasets.export(
            folder,
            texts=options["texts"],
            pages=options["pages"],
            since=options["since"],
            tell=self._tell,
        )

    def _publish(self, options: dict[str, Any]) -> dict[str, Any]:
        """Write the edition that the site offers."""
        if settings.DATASETS == "off":
            raise CommandError(_("Name a folder, or set DATASETS: this site publishes no datasets."))
        if options["texts"] or options["pages"]:
            raise CommandError(_("What is published says DATASETS: --texts and --pages need a folder."))
        try:
            return editions.publish(options["since"], self._tell)
        except editions.Busy as problem:
            raise CommandError(_("The worker is writing the edition just now: try again.")) from problem
        except editions.Overtaken as problem:
            refused = _("Something was taken down, or published, meanwhile: try again in a minute.")
            raise CommandError(refused) from problem
        except ShelfError as problem:
            told = {"trouble": problem.trouble.label, "said": problem}
            raise CommandError(_("Not published: %(trouble)s (%(said)s)") % told) from problem

    def _tell(self, part: Part, done: int, of: int) -> None:
        self.stderr.write(f"{done / of:4.0%}  {part.name}")


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(_("%(text)s is no date such as 2026-11-01") % {"text": text}) from problem
