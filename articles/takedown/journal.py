"""What was hidden and shown, in a file beside the database: a restored backup is older than some of it.

It names articles by the digests of their addresses alone, and versions by their numbers.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from articles.fetch import address_key
from articles.models import Address, Article, Reason, digest_of
from articles.takedown import kept_lines

log = logging.getLogger(__name__)

CLOCKS = timedelta(minutes=5)
"""By so much may the clocks of two machines differ."""


@dataclass(frozen=True)
class Why:
    """Why something was hidden, and the status that says so."""

    reason: Reason
    status: int


@dataclass
class Fate:
    """What became of an article: None, of it as a whole or of a version, is shown again."""

    whole: Why | None = None
    is_about_whole: bool = False
    versions: dict[int, Why | None] = field(default_factory=dict)


def journal() -> Path:
    return Path(settings.DATA_DIR) / "hidden-articles.jsonl"


def write_down(articles: Iterable[Article], why: Why | None, numbers: Iterable[int] = ()) -> None:
    """Add that these articles, or the versions of these *numbers*, were hidden, or (*why* is None) shown.

    A file that can't be written keeps nothing from being hidden: the log says so.
    """
    told: dict[str, object] = {"at": timezone.now().isoformat(timespec="seconds"), "versions": list(numbers)}
    if why:
        told |= {"reason": why.reason.value, "status": why.status}
    try:
        kept_lines.append(
            journal(), ({**told, "digests": sorted(of_one)} for of_one in _digests(articles).values())
        )
    except OSError:
        log.exception("what was hidden could not be written down: a restored backup may show it again")


def _digests(articles: Iterable[Article]) -> Mapping[int, set[str]]:
    found = {article.pk: {digest_of(address_key(article.address))} for article in articles if article.address}
    for pk, key in Address.objects.filter(article__in=found).values_list("article", "key"):
        found[pk].add(digest_of(key))
    return found


def fates(since: datetime) -> dict[str, Fate]:
    """By digest of an address: what became, *since* then, of the article there.

    What was done earlier is in the backup that was made then: the file may be an old copy, and not know of
    what was done after it. A line that broke off is passed over.
    """
    found: dict[str, Fate] = {}
    row: Any
    for row in kept_lines.read(journal()):
        try:
            is_old = datetime.fromisoformat(row["at"]) < since - CLOCKS
            why = Why(Reason(row["reason"]), row["status"]) if "reason" in row else None
            digests, numbers = row["digests"], row["versions"]
        except (ValueError, KeyError, TypeError):
            log.warning("a line of %s can't be understood", journal())
            continue
        if is_old:
            continue
        for digest in digests:
            fate = found.setdefault(digest, Fate())
            if numbers:
                fate.versions |= dict.fromkeys(numbers, why)
            else:
                fate.whole, fate.is_about_whole = why, True
    return found
