"""What a ping of a WebSub hub does: it makes the next reading of a feed earlier, and nothing else."""

from datetime import datetime, timedelta

from django.db.models import Case, DateTimeField, Value, When

from articles.models import Feed

PING_GAP = timedelta(minutes=1)
"""The least time between two readings of a feed, however often its hub pings."""


def note_ping(feed_id: int, now: datetime) -> bool:
    """Make the feed due, unless its readings fail: then it is left alone as long as it would be.

    Whether it is due now.
    """
    rows = Feed.objects.filter(pk=feed_id)
    rows.update(pinged=now)
    last_checked = rows.values_list("last_checked", flat=True).first()
    soonest = max(now, last_checked + PING_GAP) if last_checked else now
    is_earlier = rows.filter(errors_in_row=0, next_check_at__gt=soonest).update(next_check_at=soonest)
    return bool(is_earlier) and soonest == now


def next_reading(began: datetime, now: datetime, wait: timedelta) -> Case:
    """When a feed is read next, whose reading *began* then: a ping that came meanwhile may be of something
    newer than what was read."""
    soon, later = (Value(now + time, output_field=DateTimeField()) for time in (min(wait, PING_GAP), wait))
    return Case(When(pinged__gte=began, then=soon), default=later)
