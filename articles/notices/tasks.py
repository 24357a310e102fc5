"""What django-q2 calls. Each task ends by itself well within the 60 seconds after which it would be ended."""

import time
from datetime import timedelta

from django.utils import timezone
from django_q.tasks import async_task

from articles.models import ArchivedCopy, Delivery, HubSubscription, Subscription, Way
from articles.notices import hubs, outbox, sending, web_archive, websub

MATCHING_SECONDS = 20.0
"""Seconds of making notices at once; what is left then waits for the next minute."""

SENDING_SECONDS = 15.0
"""Seconds in which deliveries are begun at once: each may take a while longer."""

UNCONFIRMED_KEPT = timedelta(days=3)
"""How long an address is kept that nobody confirmed."""

OFF_KEPT = timedelta(days=30)
"""How long an address is kept to which mails could not be delivered any more."""


def notices() -> None:
    """Make notices and deliveries of what was announced, and have them sent. Runs each minute."""
    ends = time.monotonic() + MATCHING_SECONDS
    while time.monotonic() < ends and outbox.make_notices():
        pass
    outbox.make_deliveries()
    waiting = Delivery.objects.filter(
        ended=None, approved=True, subscription__state=Subscription.State.ACTIVE
    )
    unasked = Subscription.objects.filter(state=Subscription.State.UNCONFIRMED, asked=None)
    if unasked.exists() or waiting.filter(subscription__way=Way.EMAIL).exists():
        send_mails_soon()
    if waiting.exclude(subscription__way=Way.EMAIL).exists():
        async_task(f"{__name__}.send_posts", group="notices")
    if ArchivedCopy.objects.filter(next_attempt_at__lte=timezone.now()).exists():
        async_task(f"{__name__}.save_pages", group="notices")
    hubs.follow_feeds(timezone.now())
    if HubSubscription.objects.filter(next_attempt_at__lte=timezone.now()).exists():
        async_task(f"{__name__}.ask_hubs", group="notices")


def send_mails_soon() -> None:
    """Have the mails that wait sent now, not within the minute."""
    async_task(f"{__name__}.send_mails", group="notices")


def send_test_soon(subscription: Subscription) -> None:
    """Have a test sent to a receiver."""
    async_task(f"{__name__}.send_test", subscription.pk, group="notices")


def send_mails() -> int:
    """Send the mails that are due."""
    return sending.send_mails(SENDING_SECONDS)


def send_posts() -> int:
    """Post what is due to webhooks, chats and networks."""
    return sending.send_posts(SENDING_SECONDS)


def save_pages() -> int:
    """Have web.archive.org save what was seen."""
    return web_archive.save_pages(SENDING_SECONDS)


def ask_hubs() -> int:
    """Ask WebSub hubs to tell us when feeds change, or no longer."""
    return hubs.ask_hubs(SENDING_SECONDS)


def tell_hub(feeds: list[str]) -> bool:
    """Tell the WebSub hub that these feeds have something new."""
    return websub.tell_hub(feeds)


def send_test(pk: int) -> None:
    """Send a test to the receiver of subscription *pk*."""
    if subscription := Subscription.objects.filter(pk=pk).first():
        sending.send_test(subscription)


def notices_upkeep() -> None:
    """Forget addresses that nobody confirmed or that take no mail, and what was told a while ago."""
    now = timezone.now()
    Subscription.objects.filter(
        state=Subscription.State.UNCONFIRMED, made__lt=now - UNCONFIRMED_KEPT
    ).delete()
    off = Subscription.objects.filter(way=Way.EMAIL, state=Subscription.State.OFF)
    off.filter(failing_since__lt=now - OFF_KEPT).delete()
    outbox.forget()
