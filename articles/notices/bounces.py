"""Mails that come back (RFC 3464): some mail servers take a mail, and find only later that nobody is there.

A report is believed because it names the mail: its Message-ID is known to nobody but whom it was sent to.
"""

import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

from django.db import transaction

from articles.models import Delivery, Subscription, Way
from articles.notices.attempts import Trouble

LARGEST_REPORT = 1 << 20
"""Bytes of a report that are read."""

_NOBODY_THERE = re.compile(r"5\.(?:1\.\d{1,3}|2\.1)(?!\d)")
"""Status codes (RFC 3463) that speak of the address: it is none, or its mailbox takes no mail any more."""

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
"""The Message-ID of a delivery."""


def delivery_of(report: bytes) -> UUID | None:
    """The key of the delivery that *report* says has reached nobody; None where it says no such thing."""
    parts = list(message_from_bytes(report[:LARGEST_REPORT], policy=policy.compat32).walk())
    failed = any(_has_failed(part) for part in parts)
    named = [found for part in parts[1:] if (found := _OURS.search(_message_id(part)))]
    return UUID(named[0][1]) if failed and named else None


def _has_failed(part: Message) -> bool:
    """Whether a part of a report tells of one recipient that the mail failed for good."""
    action, status = (str(part.get(name, "")).strip().lower() for name in ("Action", "Status"))
    return action == "failed" and _NOBODY_THERE.match(status) is not None


def _message_id(part: Message) -> str:
    """The Message-ID in a part: of a mail that was sent back, or of its headers alone."""
    if part.get_content_type() == "text/rfc822-headers":
        headers = part.get_payload(decode=True)
        part = message_from_bytes(headers if isinstance(headers, bytes) else b"")
    return str(part.get("Message-ID", ""))


def note_bounce(report: bytes, now: datetime) -> bool:
    """Stop the subscription whose mail came back; whether *report* tells of any."""
    key = delivery_of(report)
    delivery = Delivery.objects.filter(key=key, subscription__way=Way.EMAIL).first() if key else None
    if delivery is None:
        return False
    with transaction.atomic():
        Subscription.objects.filter(pk=delivery.subscription_id).update(
            state=Subscription.State.OFF,
            stopped=Subscription.Stopped.BOUNCED,
            failing_since=now,
            last_problem=Trouble.NO_SUCH_ADDRESS,
        )
        waiting = Delivery.objects.filter(subscription=delivery.subscription_id, ended=None)
        waiting.update(ended=now, outcome=Delivery.Outcome.GIVEN_UP)
    return True
