"""What keeps the published edition from being written, noted for those who run the site.

It stands among the heartbeats, so that every process and machine sees it: "datasets" beats whenever the task
did its work, and "datasets-refused" (or another code) is there from when that began to fail until it goes.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from articles.exports.shelf import Trouble
from articles.models import Heartbeat

_WELL = "datasets"
NAMES = tuple(f"{_WELL}-{trouble}" for trouble in Trouble)
"""The heartbeats that are none, but tell of a trouble."""


class Current(NamedTuple):
    """A trouble, and since when there is one."""

    trouble: Trouble
    since: datetime


def note(trouble: Trouble) -> None:
    """Note that the task failed by *trouble*; since when it fails is kept."""
    before = current()
    if before and before.trouble == trouble:
        return
    since = before.since if before else timezone.now()
    _all().delete()
    Heartbeat.objects.update_or_create(name=f"{_WELL}-{trouble}", defaults={"at": since})


def clear() -> None:
    """Note that the task did its work."""
    _all().delete()
    Heartbeat.beat(_WELL)


def current() -> Current | None:
    """What the task fails by; None while all is well."""
    row = _all().order_by("at").first()
    return Current(Trouble(row.name.removeprefix(f"{_WELL}-")), row.at) if row else None


def _all() -> "QuerySet[Heartbeat]":
    return Heartbeat.objects.filter(name__in=NAMES)
