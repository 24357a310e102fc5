"""From announcements to notices, and from notices to deliveries.

Both steps are transactions that take away what they were made of, so that one that is cut short is done
again, and one that is done twice finds nothing left: no notice is lost, and none is made twice.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Announcement, ArchivedCopy, Delivery, Event, Notice, Subscription, Version, Way
from articles.models.text_storage import DAMAGED, Text
from articles.notices import web_archive
from articles.notices.matching import Change, Matcher, wanted_of
from articles.notices.sentences import what_became
from articles.notices.websub import tell_hub_soon

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Announcements of which notices are made in one transaction."""

FLOOD = 10
"""Notices that wait for one subscription, from which on they are told as one digest."""

MOST_AN_HOUR = 20
"""Deliveries in an hour, from which on what waits is told as one, too."""

MOST_SUBSCRIPTIONS = 1000
"""Subscriptions that are looked at in one go."""

TEXTS_AT_ONCE = 50
"""Changes whose texts are read in one query."""

FLOOD_ENDS = timedelta(hours=1)
"""A flood that goes on is told of in a digest so often."""

MOST_IN_DIGEST = 500
"""Notices of one delivery; a message names fewer, and says how many there are."""

KEPT = timedelta(days=7)
"""How long it is known what was told: nothing is made twice by an announcement that is made twice."""


# --- From announcements to notices


def make_notices() -> int:
    """Make notices of some announcements; how many announcements there were, 0 when none is left."""
    subjects = ("version__article", "version__source", "event__article")
    rows = list(Announcement.objects.select_related(*subjects).order_by("pk")[:AT_ONCE])
    if not rows:
        return 0
    due = timezone.now() + timedelta(seconds=settings.NOTICE_DELAY)
    made = [*_by_filters(rows, due), *_of_sentences(rows, due)]
    with transaction.atomic():
        # Another worker may have done some of them meanwhile.
        still = set(_locked(Announcement.objects.filter(pk__in=[row.pk for row in rows])))
        versions = {row.version_id for row in rows if row.pk in still}
        events = {row.event_id for row in rows if row.pk in still}
        wanted = [one for one in made if (one.version_id or 0) in versions or (one.event_id or 0) in events]
        # Who has left meanwhile is told nothing.
        here = set(
            Subscription.objects.filter(pk__in={one.subscription_id for one in wanted}).values_list(
                "pk", flat=True
            )
        )
        Notice.objects.bulk_create(
            [one for one in wanted if one.subscription_id in here], ignore_conflicts=True, batch_size=500
        )
        copies = web_archive.wanted(row.version for row in rows if row.version and row.pk in still)
        ArchivedCopy.objects.bulk_create(copies, ignore_conflicts=True)
        Announcement.objects.filter(pk__in=still).delete()
    tell_hub_soon(row.version for row in rows if row.version and row.pk in still)
    return len(rows)


def _locked(rows: "QuerySet[Announcement]") -> list[int]:
    """The ids of *rows*, which nobody else takes before the transaction ends (SQLite has but one writer)."""
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return list(rows.values_list("pk", flat=True))


def _by_filters(rows: Sequence[Announcement], due: datetime) -> list[Notice]:
    """Notices of those who ask for such changes."""
    asking = Subscription.objects.active().filter(sentence__isnull=True).exclude(way=Way.FEED)
    matcher = Matcher(wanted_of(asking.values_list("pk", "query", "article")))
    versions = [row.version for row in rows if row.version and _is_change(row.version)]
    texts = _texts(versions) if matcher.looks_for_words else {}
    made = []
    for version in versions:
        both = texts.get((version.article_id, version.number))
        change = Change(version, both and (_parts(both[0]), _parts(both[1])))
        made += [_notice(pk, due, version=version) for pk in sorted(matcher.of_change(change))]
    for row in rows:
        event = row.event
        if event and not event.hidden:
            made += [_notice(pk, due, event=event) for pk in sorted(matcher.of_event(event))]
    return made


def _of_sentences(rows: Sequence[Announcement], due: datetime) -> list[Notice]:
    """Notices of those who watch a sentence of one of the articles."""
    versions = [row.version for row in rows if row.version and _is_change(row.version)]
    watching: dict[int, list[Subscription]] = defaultdict(list)
    of_articles = Subscription.objects.active().filter(article__in={one.article_id for one in versions})
    for subscription in of_articles.exclude(sentence__isnull=True):
        watching[subscription.article_id or 0].append(subscription)
    changes = [one for one in versions if one.article_id in watching]
    texts = _texts(changes)
    made = []
    for version in changes:
        both = texts.get((version.article_id, version.number))
        if both is None:
            continue
        for one in watching[version.article_id]:
            became = what_became(one.sentence or {}, both[0].paragraphs, both[1].paragraphs)
            if became is not None:
                notice = _notice(one.pk, due, version=version)
                notice.sentence = became
                made.append(notice)
    return made


def _is_change(version: Version) -> bool:
    """Whether it changed one before, and readers may see both."""
    return version.number > 1 and not version.hidden and version.follows_hidden is None


def _texts(versions: Iterable[Version]) -> dict[tuple[int, int], tuple[Text, Text]]:
    """What was compared, by article and number. A text that is damaged has no words to look for."""
    found: dict[tuple[int, int], tuple[Text, Text]] = {}
    keys = [(version.article_id, version.number) for version in versions]
    for start in range(0, len(keys), TEXTS_AT_ONCE):
        some = keys[start : start + TEXTS_AT_ONCE]
        try:
            found |= Version.objects.compared_texts(some)
        except (*DAMAGED, KeyError):
            log.exception("a stored text can't be read: nobody who looks for words is told of these changes")
    return found


def _parts(text: Text) -> tuple[str, ...]:
    return (text.headline, text.byline, *text.paragraphs)


def _notice(
    subscription: int, due: datetime, *, version: Version | None = None, event: Event | None = None
) -> Notice:
    subject = version or event
    assert subject
    return Notice(
        subscription_id=subscription,
        version=version,
        event=event,
        article_id=subject.article_id,
        number=version.number if version else None,
        due=due,
    )


# --- From notices to deliveries


class Told(Enum):
    """How what waits for a subscription is told."""

    LATER = "later"
    ONE_BY_ONE = "one by one"
    AS_ONE = "as one"


@dataclass(frozen=True)
class Waiting:
    """When each waiting notice is due; *told_lately*: the subscription's deliveries of the last hour."""

    due: Sequence[datetime]
    told_lately: int = 0
    digest_at: datetime | None = None


def decide(waiting: Waiting, now: datetime) -> Told:
    """How it is told now. Pure.

    Those who get digests are told when the next is due. All others are told of each change by itself, unless
    it is a flood: then once it is over (nothing came for the delay of a notice), or has gone on for an hour.
    """
    ready = [due for due in waiting.due if due <= now]
    if not ready:
        return Told.LATER
    if waiting.digest_at is not None:
        return Told.AS_ONE if waiting.digest_at <= now else Told.LATER
    if len(waiting.due) <= FLOOD and waiting.told_lately < MOST_AN_HOUR:
        return Told.ONE_BY_ONE
    is_over = max(waiting.due) <= now or min(ready) <= now - FLOOD_ENDS
    return Told.AS_ONE if is_over else Told.LATER


def make_deliveries() -> int:
    """Make deliveries of the notices that are due; how many were made."""
    now = timezone.now()
    due = Notice.objects.filter(delivery=None, due__lte=now).order_by("subscription")
    subscriptions = list(due.values_list("subscription", flat=True).distinct()[:MOST_SUBSCRIPTIONS])
    return sum(_deliver_to(pk, now) for pk in subscriptions)


def _deliver_to(subscription_id: int, now: datetime) -> int:
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
        if subscription is None:
            return 0
        waiting = Notice.objects.filter(subscription=subscription, delivery=None).order_by("due", "pk")
        if subscription.state != Subscription.State.ACTIVE:
            waiting.delete()
            return 0
        rows = list(waiting.values_list("pk", "due")[:MOST_IN_DIGEST])
        lately = subscription.deliveries.filter(made__gt=now - FLOOD_ENDS).count()
        how = decide(Waiting([at for _, at in rows], lately, subscription.digest_at), now)
        ready = [pk for pk, at in rows if at <= now]
        groups = {Told.LATER: [], Told.AS_ONE: [ready], Told.ONE_BY_ONE: [[pk] for pk in ready]}[how]
        for keys in groups:
            delivery = Delivery.objects.create(
                subscription=subscription, digest=len(keys) > 1, approved=not subscription.approve, made=now
            )
            Notice.objects.filter(pk__in=keys, delivery=None).update(delivery=delivery)
        if how is Told.AS_ONE and subscription.period:
            later = max(subscription.digest_at or now, now - subscription.period) + subscription.period
            Subscription.objects.filter(pk=subscription.pk).update(digest_at=later)
    return len(groups)


def forget() -> None:
    """Delete what was told a while ago."""
    told = Delivery.objects.filter(ended__lt=timezone.now() - KEPT)
    told.filter(posted_as="").delete()  # posts are replied to by later ones
