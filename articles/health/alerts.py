"""E-mails to the admin when a source stops giving anything, and when it is well again.

A problem is a row from when it is found; one e-mail tells of all that are due to be told. A row is marked
once the mail server took the e-mail: one that could not be sent is sent the next time, and a worker that is
killed between the two may tell twice, never nothing.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.health.judge import ALERTING, Judged
from articles.models import Alert, Outage, Source
from articles.models.quota import Quota

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(days=7)
"""A problem that lasts is told of again so long after."""

_SENDING = Quota("send alerts", most=1, seconds=120)
"""While one worker sends, no other does: longer than a task may run."""

MOST_TOLD = 100
"""Sources named in each part of one e-mail."""


def note(found: Mapping[int, Judged], now: datetime) -> None:
    """Open a row for each new problem worth an e-mail, and close those that are seen to be over.

    What can't be told stays as it was: a worker that was off, or a feed that died after its yield
    collapsed, make nothing well. Nothing is noted while our own network fails: what fails then tells
    nothing about sources.
    """
    if Outage.current():
        return
    wanted = {
        (source_id, problem.kind): Alert(
            source_id=source_id, kind=problem.kind, words=problem.words, usual=judged.usual, began=now
        )
        for source_id, judged in found.items()
        for problem in judged.problems
        if problem.kind in ALERTING
    }
    with transaction.atomic():
        # What is paused by hand is neither wrong nor well: nobody has to be told. So it is with feeds that
        # were taken away.
        Alert.objects.filter(source__enabled=False).delete()
        Alert.objects.filter(source__feeds=None, kind__in=("feeds", "yield")).delete()
        for alert in Alert.objects.all():
            seen = wanted.pop((alert.source_id, alert.kind), None)
            if seen:
                alert.words, alert.usual, alert.ended = seen.words, seen.usual, None
                alert.save(update_fields=["words", "usual", "ended"])
            elif alert.ended is None and _is_over(alert, found):
                _end(alert, now)
        Alert.objects.bulk_create(wanted.values(), ignore_conflicts=True)


def _is_over(alert: Alert, found: Mapping[int, Judged]) -> bool:
    judged = found.get(alert.source_id)
    return judged is not None and alert.kind in judged.well


def _end(alert: Alert, now: datetime) -> None:
    """What nobody was told of ends without a word."""
    if alert.told is None:
        alert.delete()
    else:
        alert.ended = now
        alert.save(update_fields=["ended"])


def tell() -> int:
    """Send one e-mail about all that is to be told; how many problems it tells of, 0 when none was sent."""
    now = timezone.now()
    if not settings.ALERT_EMAILS or Outage.current():
        return 0
    alerts = Alert.objects.select_related("source").order_by("source__name", "kind")
    new = list(alerts.filter(told=None, ended=None))
    lasting = list(alerts.filter(told__lte=now - AGAIN_AFTER, ended=None))
    over = list(alerts.exclude(ended=None))
    told = [*new, *lasting, *over]
    if not told or _SENDING.use("anybody"):
        return 0
    try:
        _message(new, lasting, over).send()
    except (OSError, SMTPException) as problem:
        log.error(
            "the e-mail about sources could not be sent; it is tried again", extra={"reason": str(problem)}
        )
        return 0
    Alert.objects.filter(pk__in=[alert.pk for alert in (*new, *lasting)]).update(told=now)
    Alert.objects.filter(pk__in=[alert.pk for alert in over]).delete()
    return len(told)


def _message(new: list[Alert], lasting: list[Alert], over: list[Alert]) -> EmailMessage:
    every = f"{settings.SITE_URL}{reverse('admin:articles_source_changelist')}?health=problems"
    parts = [
        _part(_("New"), new),
        _part(_("Still so"), lasting),
        _part(_("Over"), over),
        _("All sources with problems: %(every)s") % {"every": every},
    ]
    return EmailMessage(
        subject=" ".join(_subject(new, lasting, over).split())[:200],
        body="\n\n".join(filter(None, parts)) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=settings.ALERT_EMAILS,
        headers={"Auto-Submitted": "auto-generated"},
    )


def _subject(new: list[Alert], lasting: list[Alert], over: list[Alert]) -> str:
    wrong = [*new, *lasting]
    if not wrong:
        still = set(Alert.objects.filter(ended=None).values_list("source", flat=True))
        if well := [alert for alert in over if alert.source_id not in still]:
            return _("NewsDiffs: %(named)s well again") % {"named": _named(well)}
        return _("NewsDiffs: %(name)s: no longer: %(words)s") % {
            "name": over[0].source.name,
            "words": over[0].words,
        }
    if len(wrong) == 1:
        return _("NewsDiffs: %(name)s: %(words)s") % {"name": wrong[0].source.name, "words": wrong[0].words}
    sources = len({alert.source_id for alert in wrong})
    told = ngettext(
        "NewsDiffs: %(count)s source needs a look", "NewsDiffs: %(count)s sources need a look", sources
    )
    return told % {"count": sources}


def _named(alerts: list[Alert]) -> str:
    sources = {alert.source_id: alert.source.name for alert in alerts}
    return next(iter(sources.values())) if len(sources) == 1 else _("%(len)s sources") % {"len": len(sources)}


def _part(title: str, alerts: list[Alert]) -> str:
    if not alerts:
        return ""
    lines = [title]
    for alert in alerts[:MOST_TOLD]:
        words = alert.words if alert.ended is None else _("no longer: %(words)s") % {"words": alert.words}
        lines.append(f"\n{alert.source.name}: {words}\n{_address(alert.source)}")
    if len(alerts) > MOST_TOLD:
        lines.append("\n" + _("… and %(count)s more") % {"count": len(alerts) - MOST_TOLD})
    return "\n".join(lines)


def _address(source: Source) -> str:
    return f"{settings.SITE_URL}{reverse('admin:articles_source_change', args=[source.pk])}"
