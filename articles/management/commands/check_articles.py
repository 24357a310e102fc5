"""`manage.py check_articles ADDRESS...`: checks articles now, as scheduled checks go."""

import logging
import time
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from articles.fetch import address_key
from articles.models import Address, Article, Host, Outcome
from articles.watch.check.check import check_now
from articles.watch.check.claim import Busy
from articles.watch.check.result import CheckResult
from articles.watch.feeds.poll import add_article, source_for
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.wording import day_and_time

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Check articles now, the way scheduled checks go, and say what was fetched, extracted "
        "and decided. An address that is not watched yet is added to the source of its site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help=_("address of an article"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object a line for each article"))

    def handle(self, *, addresses: list[str], json: bool, **_options: Any) -> None:
        for address in addresses:
            result = check_address(address)
            if json:
                self.stdout.write(dumps(result.as_json(), ensure_ascii=False))
            else:
                self._tell(result)
        dispatch_soon()  # a worker that found the hosts taken by us would look again only in a minute

    def _tell(self, result: CheckResult) -> None:
        self.stdout.write(f"{result.url}\n  {result.outcome}: {result.reason}")
        self.stdout.write(
            _("  fetched: HTTP status %(value)s in %(seconds)s s")
            % {"value": result.status or "–", "seconds": f"{result.seconds:.2f}"}
        )
        article = _article_at(result.url)
        if article is None:
            return
        version = article.versions.order_by("-number").first()
        if version is not None:
            lines = version.paragraphs
            self.stdout.write(
                _("  version %(number)s, seen %(seen)s UTC")
                % {"number": version.number, "seen": day_and_time(version.seen)}
            )
            self.stdout.write(
                _("  headline: %(value)s\n  byline: %(value2)s")
                % {"value": version.headline or "–", "value2": version.byline or "–"}
            )
            self.stdout.write(
                _("  text: %(len)s paragraphs, %(words)s words") % {"len": len(lines), "words": version.words}
            )
            if version.number > 1:
                self.stdout.write(
                    _("  change: +%(words_added)s −%(words_removed)s words")
                    % {"words_added": version.words_added, "words_removed": version.words_removed}
                )
        when = article.next_check_at
        self.stdout.write(
            _("  next check: %(when)s UTC") % {"when": day_and_time(when)}
            if when
            else _("  no next check: ") + article.state
        )


def check_address(address: str) -> CheckResult:
    """Check the article at *address* now; one not watched yet is added.

    Nothing stays of an address that may not be fetched, nor of one on an unknown site that can't be reached.
    """
    started = time.monotonic()
    # What the shell hands on of bytes that are no text could not be said again.
    address = address.encode("utf-8", "backslashreplace").decode()
    try:
        source, made = source_for(address)
        article, new = add_article(address, source)
    except ValueError as problem:
        return CheckResult(address, Outcome.REFUSED, str(problem), None, 0, time.monotonic() - started)
    try:
        result = check_now(article)
    except Busy as problem:
        result = CheckResult(
            article.address,
            Outcome.UNREACHABLE,
            _("not asked: %(problem)s") % {"problem": problem},
            None,
            article.version_count,
            time.monotonic() - started,
        )
    mistyped = result.outcome is Outcome.REFUSED or (made and result.outcome is Outcome.UNREACHABLE)
    if new and mistyped:
        # The log spoke of its number, which may become another's.
        log.info("not kept", extra={"article": article.pk, "address": article.address})
        article.delete()
        if made:
            source.delete()
        Host.objects.filter(pk=article.host_id, articles=None, feeds=None).delete()
    return result


def _article_at(address: str) -> Article | None:
    try:
        known = Address.objects.filter(key=address_key(address)).select_related("article").first()
    except ValueError:
        return None
    return known.article if known else None
