"""*Most telling today*: the changes of the last 24 hours that a reader would want to know of first."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache

from articles.diff import line_likeness
from articles.facts import How, Kind
from articles.models import Version
from articles.pages.headlines import REWRITTEN
from articles.pages.recent import Entry

MOST = 5
"""Changes shown."""

HOURS = 24
"""How far back they reach."""

MOST_RANKED = 1000
"""The newest changes that are ranked; older ones of a day with more are not."""

_EXCHANGED = (Kind.NUMBER, Kind.NAME, Kind.DATE, Kind.QUOTE)
_KEPT_SECONDS = 60


def most_telling(now: datetime, newest: Entry) -> list[Version]:
    """The changes to show *now*, the most telling first; *newest* is the first entry of the list of all.

    They are ranked once a minute, and when a change came; what was taken down meanwhile is not shown.
    """
    key = f"telling-{newest.place}"
    numbers = cache.get_or_set(key, lambda: _ranked(now), _KEPT_SECONDS) or []
    shown = {version.pk: version for version in Version.objects.changes().for_lists().filter(pk__in=numbers)}
    return [shown[number] for number in numbers if number in shown]


def _ranked(now: datetime) -> list[int]:
    changes = Version.objects.changes().filter(minor=False, seen__gt=now - timedelta(hours=HOURS))
    some = changes.newest_first().defer("data", "previous_reextracted", "excerpt")[:MOST_RANKED]
    return [version.pk for version in rank(some)[:MOST]]


def rank(versions: Iterable[Version]) -> list[Version]:
    """Those of *versions* that tell anything, the most telling first and the newest of equals."""
    scored = [(score(version), version.seen, version.pk, version) for version in versions]
    scored.sort(key=lambda one: one[:3], reverse=True)
    return [version for points, _, _, version in scored if points]


def score(version: Version) -> float:
    """How much a change tells, in points; the rule stands on the page about the site.

    3 for a claim turned round, 2 for each number, name, date or quotation exchanged or removed, 2 for a
    headline written anew, 1 for each 100 words changed up to 3; half of it where a note came with the change.
    """
    facts = [stored.fact for stored in version.stored_facts]
    points = 3 * any(fact.kind is Kind.NEGATION for fact in facts)
    points += 2 * sum(fact.kind in _EXCHANGED and fact.change is not How.ADDED for fact in facts)
    points += 2 * _headline_rewritten(version)
    points += min((version.words_added + version.words_removed) // 100, 3)
    noted = any(fact.kind is Kind.NOTE and fact.change is not How.REMOVED for fact in facts)
    return points / 2 if noted else float(points)


def _headline_rewritten(version: Version) -> bool:
    before, now = version.headline_before, version.headline
    return bool(before and now) and line_likeness(before, now) < REWRITTEN
