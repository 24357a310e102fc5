"""`manage.py import_archive KIND PATH`; see `articles.archives`."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.archives import (
    ArchiveError,
    Left,
    Record,
    changedetection,
    diffengine,
    news_sniffer,
    newsdiffs,
    newsedits,
    store,
    warc,
)
from articles.archives.store import Options, Report
from articles.models import Imported
from articles.watch.check.page_reading import asks_no_archive

_TELL_EVERY = 2.0
"""Seconds between two lines that tell how far it is."""

_LONGEST_MAP = 1 << 20

_ONE_OF_A_KIND = {Imported.Origin.NEWS_SNIFFER, Imported.Origin.NEWSDIFFS, Imported.Origin.WARC}
"""Whose ids are the same in every archive: there was one such site, or the ids are unique by themselves."""

REASONS = {
    Left.DAMAGED: gettext_lazy("damaged: it can't be read"),
    Left.NO_ADDRESS: gettext_lazy("no web address"),
    Left.BAD_ADDRESS: gettext_lazy("an address that is none"),
    Left.NO_TIME: gettext_lazy("no time, or one that can't be true"),
    Left.NO_TEXT: gettext_lazy("no text"),
    Left.TOO_LONG: gettext_lazy("too long"),
    Left.NO_ARTICLE: gettext_lazy("a version whose article is not in the archive"),
    Left.NO_SIGHTING: gettext_lazy("imported, but when it was last seen is not in the archive"),
    Left.NO_VERSION: gettext_lazy("an article without a version that could be read"),
    Left.OUTSIDE: gettext_lazy("a file outside of the archive"),
    Left.NO_STORY: gettext_lazy("a page without a story"),
    Left.NOT_A_PAGE: gettext_lazy("no page: another status than 200, or no HTML"),
    Left.NO_PAGE: gettext_lazy("a sighting of a page that is not in the archive"),
    Left.NO_ARCHIVE: gettext_lazy("a page that asks not to be archived"),
    Left.FILTERED: gettext_lazy("made by the archive's own program for itself"),
    Left.BARRED: gettext_lazy("deleted for good here"),
    Left.TAKEN_DOWN: gettext_lazy("after a version that is taken down here"),
    Left.OUT_OF_ORDER: gettext_lazy("older than the latest version here"),
    Left.WATCHED_SINCE: gettext_lazy("of an article that has versions of our own by now"),
    Left.ADDRESS_TAKEN: gettext_lazy(
        "imported without its address, which leads to another article or is cut off"
    ),
}


class Command(BaseCommand):
    help = (
        "Takes in what another program saw of articles. What is there already stays as it is, so it can be "
        "run again, also after it was stopped in the middle."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", choices=Imported.Origin.values, help="%(choices)s")
        parser.add_argument("path", metavar="PATH", type=Path, help="the file or folder of the archive")
        parser.add_argument(
            "--repositories",
            metavar="FOLDER",
            type=Path,
            help="newsdiffs: the folder of the git repositories, if PATH is its database",
        )
        parser.add_argument(
            "--source-map",
            metavar="FILE",
            type=Path,
            help="JSON: what the archive calls a publication, or a host, to the slug of a source here; "
            '"*" for all others. Those not named get the source of their site, made if need be.',
        )
        parser.add_argument(
            "--archive", default="", help="a name for this archive, if there are several of its kind"
        )
        parser.add_argument("--time-zone", default="UTC", help="newsedits: of its times (default: UTC)")
        parser.add_argument(
            "--watch", action="store_true", help="check the articles from now on; without it they are retired"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell what would be done, and do nothing")
        parser.add_argument(
            "--count-later", action="store_true", help="leave counting what changed to the next import"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        origin, path = Imported.Origin(options["kind"]), options["path"]
        if not path.exists():
            raise CommandError(_("There is no %(path)s.") % {"path": path})
        wanted = Options(
            origin=origin,
            archive=options["archive"] or ("" if origin in _ONE_OF_A_KIND else _name(path)),
            sources=_source_map(options["source_map"]),
            retired=not options["watch"],
            dry_run=options["dry_run"],
        )
        try:
            report = store.import_records(_records(origin, path, options), wanted, tell=_Progress(self).tell)
        except store.UnknownSource as problem:
            raise CommandError(_("There is no source %(slug)s.") % {"slug": problem}) from problem
        except ArchiveError as problem:
            raise CommandError(str(problem)) from problem
        self._tell(report, dry_run=wanted.dry_run)
        if not wanted.dry_run and not options["count_later"]:
            counted = store.count_changes()
            self.stdout.write(_("%(count)s versions counted anew.") % {"count": f"{counted:,}"})

    def _tell(self, report: Report, *, dry_run: bool) -> None:
        told = {
            "articles": f"{report.articles:,}",
            "versions": f"{report.versions:,}",
            "known": f"{report.known:,}",
            "sightings": f"{report.sightings:,}",
            "hidden": f"{report.hidden:,}",
        }
        self.stdout.write(
            _("Nothing was stored. There would be new: %(articles)s articles, %(versions)s versions.") % told
            if dry_run
            else _("New: %(articles)s articles, %(versions)s versions.") % told
        )
        self.stdout.write(
            _("There already: %(known)s. The same text again: %(sightings)s. Hidden articles: %(hidden)s.")
            % told
        )
        if report.new_sources:
            self.stdout.write(_("New sources: %(sources)s") % {"sources": ", ".join(report.new_sources)})
        for why, count in report.left.most_common():
            self.stdout.write(f"{count:>9,}  {REASONS[why]}")
            for broken in report.examples[why]:
                self.stdout.write(f"           {broken.where[:200]}  {broken.detail[:200]}".rstrip())


class _Progress:
    """Says now and then how far it is."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._began = self._told = time.monotonic()

    def tell(self, report: Report) -> None:
        now = time.monotonic()
        if now - self._told < _TELL_EVERY:
            return
        self._told = now
        done = report.versions + report.known
        told = {"done": f"{done:,}", "pace": f"{done / (now - self._began):,.0f}"}
        self._command.stderr.write(_("%(done)s versions, %(pace)s a second") % told)


def _records(origin: Imported.Origin, path: Path, options: dict[str, Any]) -> Iterator[Record]:
    if origin == Imported.Origin.NEWS_SNIFFER:
        return news_sniffer.read(path)
    if origin == Imported.Origin.NEWSDIFFS:
        return newsdiffs.read(path, options["repositories"])
    if origin == Imported.Origin.DIFFENGINE:
        return diffengine.read(path)
    if origin == Imported.Origin.NEWSEDITS:
        return newsedits.read(path, _zone(options["time_zone"]))
    if origin == Imported.Origin.CHANGEDETECTION:
        return changedetection.read(path)
    return warc.read(path, asks_no_archive)


def _name(path: Path) -> str:
    """What an archive is called if nobody says: its file, without what tells how it is packed."""
    return path.name.removesuffix(".gz").removesuffix(".db")[:100]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        raise CommandError(_("There is no time zone %(name)s.") % {"name": name}) from problem


def _source_map(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    problem = _("%(path)s is no JSON object of names and slugs.") % {"path": path}
    try:
        with path.open(encoding="utf-8") as file:
            told = json.loads(file.read(_LONGEST_MAP))
    except (OSError, ValueError, RecursionError) as error:
        raise CommandError(problem) from error
    if not isinstance(told, dict) or not all(isinstance(slug, str) for slug in told.values()):
        raise CommandError(problem)
    return told
