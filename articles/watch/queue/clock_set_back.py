"""Mending the stored times after the computer's clock was set back: else all would wait until they come.

The dispatcher notes each minute that it ran. When that is in the future, the clock has been set back by as
much or a little more, and all that was to happen is brought back by it. A clock that is set forward makes
everything due once, no more (``crawl.decaying_schedule``, ``dispatch``) and retires nothing at once.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone
from django_q.models import Schedule

from articles.models import Article, Feed, Heartbeat, Host, Outage

log = logging.getLogger(__name__)

DISPATCH = "dispatch"
"""The name of the heartbeat that tells when the dispatcher last ran."""

TOLERANCE = timedelta(minutes=2)
"""Times ahead by less are no sign of a clock set back: the clocks of two machines may differ so much."""


def seconds_set_back() -> float:
    """Return by how many seconds the clock was set back since the dispatcher last ran; 0 when it was not."""
    silent = Heartbeat.seconds_since(DISPATCH)
    return -silent if silent is not None and -silent > TOLERANCE.total_seconds() else 0.0


def bring_back() -> None:
    """If the clock was set back, bring all times in the future back by as much: once, and all or none."""
    last = Heartbeat.objects.filter(name=DISPATCH).first()
    now = timezone.now()
    if last is None or last.at - now <= TOLERANCE:
        return
    with transaction.atomic():
        # Whoever takes the heartbeat out of the future does the rest; a second one finds another there.
        if not Heartbeat.objects.filter(name=DISPATCH, at=last.at).update(at=now):
            return
        log.error("The clock was set back by %s: bringing back what was to happen.", last.at - now)
        _bring_all_back(now, last.at - now)


def _bring_all_back(now: datetime, jump: timedelta) -> None:
    _shift(Host, now, jump, "next_allowed", "paused_until", "reserved_until")
    _shift(Feed, now, jump, "next_check_at")
    _shift(Article, now, jump, "next_check_at")
    _shift(Schedule, now, jump, "next_run")
    _shift(Outage, now, jump, "began", "next_probe")
    for model in (Host, Feed, Article):
        model.objects.filter(lease_until__gt=now).update(lease_until=F("lease_until") - jump)
    # What a wrong clock retired is watched on, and what it first saw is not new for ever.
    Article.objects.filter(state=Article.State.RETIRED, last_checked__gt=now + TOLERANCE).update(
        state=Article.State.WATCHED, next_check_at=now
    )
    for name in (
        "first_seen",
        "last_changed",
        "last_checked",
        "last_success",
        "missing_since",
        "pending_since",
    ):
        _cut(Article, now, name)
    for name in ("last_visited", "last_answered", "last_unanswered"):
        _cut(Host, now, name)


def _shift(model: type[Model], now: datetime, jump: timedelta, *names: str) -> None:
    """Bring the times of *names* that lie ahead back by *jump*."""
    for name in names:
        rows = model._default_manager.filter(**{f"{name}__gt": now})
        rows.update(**{name: F(name) - jump})


def _cut(model: type[Model], now: datetime, name: str) -> None:
    """No time of *name* lies ahead."""
    model._default_manager.filter(Q(**{f"{name}__gt": now + TOLERANCE})).update(**{name: now})
