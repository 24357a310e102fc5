"""`manage.py check_articles ADDRESS...`: checks articles now, as scheduled checks go."""

import logging
import time
from json import dumps
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.fetch import address_key
from articles.models import Address, Article, Host, Outcome
from articles.watch.check.check import check_now
from articles.watch.check.claim import Busy
from articles.watch.check.result import CheckResult
from articles.watch.feeds.read import add_article, source_for
from articles.watch.queue.enqueue import dispatch_soon

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Check articles now, the way scheduled checks go, and say what was fetched, extracted and decided. "
        "An address that is not watched yet is added to the source of its site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="address of an article")
        parser.add_argument("--json", action="store_true", help="one JSON object a line for each article")

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
        self.stdout.write(f"  fetched: HTTP status {result.status or '–'} in {result.seconds:.2f} s")
        article = _article_at(result.url)
        if article is None:
            return
        version = article.versions.order_by("-number").first()
        if version is not None:
            lines = version.paragraphs
            self.stdout.write(f"  version {version.number}, seen {version.seen:%d %B %Y, %H:%M} UTC")
            self.stdout.write(f"  headline: {version.headline or '–'}\n  byline: {version.byline or '–'}")
            self.stdout.write(f"  text: {len(lines)} paragraphs, {version.words} words")
            if version.number > 1:
                self.stdout.write(f"  change: +{version.words_added} −{version.words_removed} words")
        when = article.next_check_at
        self.stdout.write(
            f"  next check: {when:%d %B %Y, %H:%M} UTC" if when else "  no next check: " + article.state
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
            f"not asked: {problem}",
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
