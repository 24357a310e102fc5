"""Being told by WebSub hubs (W3C Recommendation) that a feed changed: asking them to, lease after lease.

A ping makes the feed's next reading earlier, and nothing else: what a hub sends is never read. Hubs are asked
only while the site's own address is one that they can reach.
"""

import time
from datetime import datetime, timedelta
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils import timezone

from articles.fetch import Answer, is_public_address, parse_endpoints
from articles.models import Feed, HubSubscription
from articles.models.quota import Quota
from articles.notices.attempts import Request, Trouble, attempt_of
from articles.pages.absolute import absolute
from articles.watch.crawl import shutdown
from articles.watch.feeds.pings import note_ping

LEASE = timedelta(days=10)
"""What a hub is asked for; it may give less or more."""

LONGEST_LEASE = timedelta(days=90)
"""So long a lease is believed at most."""

FIRST_WAIT = timedelta(hours=1)
"""In which a hub must have verified what it was asked for; doubled each time that it has not."""

LONGEST_WAIT = timedelta(days=7)

MOST_GOODBYES = 3
"""Times that a hub is asked to end a subscription; after that its pings are answered 410."""

MOST_REDIRECTS = 3

MOST_AT_ONCE = 500
"""Subscriptions that one call makes, or asks for."""

HUBS_OF_FEED = Quota("hubs of a feed", most=3, seconds=24 * 3600)
"""How often a feed may name another hub: each is asked, wherever it is."""

_State = HubSubscription.State


def hubs_can_reach_us() -> bool:
    """Whether the site's address is one of the public internet, as far as it tells by itself."""
    return is_public_address(settings.SITE_URL, parse_endpoints(settings.FETCH_ALLOW_ENDPOINTS))


def follow_feeds(now: datetime) -> None:
    """Have hubs asked that feeds name now, and those told that none names any more."""
    if not hubs_can_reach_us():
        HubSubscription.objects.all().delete()  # no hub could verify anything
        return
    wanted = Feed.objects.filter(source__enabled=True).exclude(hub="")
    same = wanted.filter(pk=OuterRef("feed"), hub=OuterRef("hub"), topic=OuterRef("topic"))
    left = HubSubscription.objects.exclude(state=_State.LEAVING).exclude(Exists(same))
    left.filter(asked=None).delete()
    left.update(feed=None, state=_State.LEAVING, next_attempt_at=now, failures=0, last_problem="")
    for feed in wanted.filter(hub_subscription=None).order_by("pk")[:MOST_AT_ONCE]:
        if not HUBS_OF_FEED.use(str(feed.pk)):
            HubSubscription.objects.get_or_create(
                feed=feed, defaults={"hub": feed.hub, "topic": feed.topic, "next_attempt_at": now}
            )


def ask_hubs(seconds: float) -> int:
    """Ask the hubs that are due, for so many seconds; how many took it. They verify it by themselves."""
    ends, taken = time.monotonic() + seconds, 0
    silent: set[str] = set()
    due = HubSubscription.objects.filter(next_attempt_at__lte=timezone.now())
    for row in due.order_by("failures", "next_attempt_at", "pk")[:MOST_AT_ONCE]:
        if time.monotonic() >= ends or shutdown.is_asked():
            break
        host = urlsplit(row.hub).netloc
        if host in silent or not _claim(row, timezone.now()):
            continue
        answer = _ask(row)
        attempt = attempt_of(answer)
        if attempt.status is None:
            silent.add(host)  # its other subscriptions wait for the next minute
        taken += attempt.trouble is None
        rows = HubSubscription.objects.filter(pk=row.pk, failures__gt=0)  # not verified meanwhile
        rows.update(last_problem=attempt.trouble.value if attempt.trouble else "")
        if attempt.retry_after:
            later = timezone.now() + timedelta(seconds=attempt.retry_after)
            rows.filter(next_attempt_at__lt=later).update(next_attempt_at=later)
    return taken


def _claim(row: HubSubscription, now: datetime) -> bool:
    """Take it: whoever does so first has it. That counts as a failure until the hub verified it."""
    rows = HubSubscription.objects.filter(pk=row.pk, next_attempt_at=row.next_attempt_at)
    if row.state == _State.LEAVING and row.failures >= MOST_GOODBYES:
        rows.delete()
        return False
    wait = min(FIRST_WAIT * 2 ** min(row.failures, 10), LONGEST_WAIT)
    return bool(rows.update(next_attempt_at=now + wait, asked=now, failures=F("failures") + 1))


def _ask(row: HubSubscription) -> Answer:
    """Ask the hub, and whom it names in its place for the time being or for good."""
    form = {
        "hub.mode": "unsubscribe" if row.state == _State.LEAVING else "subscribe",
        "hub.topic": row.topic,
        "hub.callback": absolute(reverse("hub-callback", args=[row.token])),
    }
    if row.state != _State.LEAVING:
        form |= {"hub.secret": row.secret, "hub.lease_seconds": str(int(LEASE.total_seconds()))}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url, body = row.hub, urlencode(form).encode()
    for _ in range(MOST_REDIRECTS):
        answer = Request(url, body, headers).answer()
        found = [value for name, value in answer.response_headers if name.lower() == "location"]
        if answer.status not in (307, 308) or not found:
            break
        try:
            url = urljoin(url, found[0])
        except ValueError:
            break  # the redirect is noted as what went wrong
    return answer


# --- What hubs say to us


def verify(row: HubSubscription, mode: str, topic: str, lease: str, now: datetime) -> bool:
    """Whether we want what a hub asks us to verify; if so it holds from now on."""
    if topic != row.topic or row.asked is None:
        return False
    rows = HubSubscription.objects.filter(pk=row.pk)
    is_leaving = row.state == _State.LEAVING
    if mode == "unsubscribe" and is_leaving:
        rows.delete()
        return True
    if mode != "subscribe" or is_leaving:
        return False
    given = timedelta(seconds=min(int(lease), LONGEST_LEASE.total_seconds())) if _is_number(lease) else LEASE
    rows.update(
        state=_State.ACTIVE,
        lease_ends=now + given,
        next_attempt_at=now + max(given * 0.8, FIRST_WAIT),
        failures=0,
        last_problem="",
    )
    return True


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def note_denied(row: HubSubscription, topic: str, now: datetime) -> None:
    """Note that the hub does not tell us, or no longer; it is asked again in a week."""
    if topic != row.topic or row.asked is None or row.state == _State.LEAVING:
        return
    rows = HubSubscription.objects.filter(pk=row.pk)
    rows.update(
        state=_State.WANTED,
        lease_ends=None,
        next_attempt_at=now + LONGEST_WAIT,
        last_problem=Trouble.REFUSED,
    )


def take_ping(row: HubSubscription, now: datetime) -> bool:
    """Make the feed due of which a signed ping came; whether it is due now."""
    HubSubscription.objects.filter(pk=row.pk).update(last_ping=now, pings=F("pings") + 1)
    return row.feed_id is not None and note_ping(row.feed_id, now)
