"""Carrying deliveries out, and what follows when that fails.

A subscription is worked on by one worker at a time, by a lease; one of its deliveries after the other, so
that a receiver that does not answer is asked for one of them only. A delivery is marked as sent once the
receiver took it: a worker that is killed between the two sends it again, with the same id. Receivers are
waited for side by side, those that failed last time in at most half of the places: none holds up the others.
"""

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Delivery, Subscription, Way
from articles.notices import chat, mail, networks, webhooks
from articles.notices.attempts import Attempt, Job, Trouble
from articles.notices.message import Message, in_language_of, message_of
from articles.pages.absolute import absolute
from articles.watch.crawl import shutdown

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Receivers that are waited for at once."""

LEASE_SECONDS = 120
"""How long a subscription is left to a worker that was killed: longer than a task may run."""

FIRST_WAIT = timedelta(minutes=1)
"""After the first failure; doubled with each that follows."""

GIVEN_UP_AFTER = timedelta(days=1)
"""A receiver that took nothing for so long is switched off."""

MOST_BOUNCES = 3
"""Mails in a row whose address the mail server does not know, after which no more are sent."""

MAIL_SERVER_TRIES = 3
"""Failures of the mail server in a row, after which it is left alone until the next minute."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """A delivery that this worker carries out."""

    subscription: Subscription
    delivery: Delivery
    token: UUID


@dataclass(frozen=True)
class Verdict:
    """What follows for a subscription from an attempt that failed."""

    failures: int
    failing_since: datetime
    next_attempt_at: datetime
    stopped: Subscription.Stopped | None = None


def judge(subscription: Subscription, attempt: Attempt, now: datetime) -> Verdict:
    """What follows from a failed *attempt*. Pure.

    The mail server's own failures are nobody's fault who reads: they switch nothing off.
    """
    failures, since = subscription.failures + 1, subscription.failing_since or now
    wait_for = min(FIRST_WAIT * 2 ** min(failures - 1, 12), GIVEN_UP_AFTER)
    if attempt.retry_after:
        wait_for = max(wait_for, min(timedelta(seconds=attempt.retry_after), GIVEN_UP_AFTER))
    stopped = None
    if attempt.trouble is Trouble.GONE:
        stopped = Subscription.Stopped.GONE
    elif attempt.trouble is Trouble.NO_SUCH_ADDRESS:
        stopped = Subscription.Stopped.BOUNCED if failures >= MOST_BOUNCES else None
    elif attempt.trouble is Trouble.MAIL_SERVER:
        wait_for = min(wait_for, timedelta(hours=1))
    elif now - since >= GIVEN_UP_AFTER:
        stopped = Subscription.Stopped.FAILED
    return Verdict(failures, since, now + wait_for, stopped)


# --- By e-mail


def send_mails(seconds: float) -> int:
    """Send the mails that are due, for so many seconds; how many the mail server took."""
    ends, taken, in_row = time.monotonic() + seconds, 0, 0
    with mail.MailServer() as server:
        taken += _send_confirmations(server, ends)
        _tell_of_stopped(server, ends)
        while time.monotonic() < ends and not shutdown.is_asked() and in_row < MAIL_SERVER_TRIES:
            claim = _claim_one(_ready().filter(way=Way.EMAIL))
            if claim is None:
                break
            message = _message_or_drop(claim)
            if message is None:
                continue
            attempt = server.send(mail.mail_of(message))
            _store(claim, attempt)
            taken += attempt.trouble is None
            in_row = in_row + 1 if attempt.trouble is Trouble.MAIL_SERVER else 0
    if in_row:
        log.error("the mail server does not take mails; they are tried again")
    return taken


def _send_confirmations(server: mail.MailServer, ends: float) -> int:
    """Ask those who subscribed whether they did. Whom the mail server does not take is asked no more."""
    waiting = Subscription.objects.filter(
        way=Way.EMAIL, state=Subscription.State.UNCONFIRMED, asked=None
    ).order_by("pk")
    taken = 0
    for subscription in waiting[:200]:
        if time.monotonic() >= ends:
            break
        attempt = server.send(mail.confirmation_of(subscription))
        if attempt.trouble is Trouble.MAIL_SERVER:
            log.error("the mail server does not take mails; they are tried again")
            break
        Subscription.objects.filter(pk=subscription.pk).update(asked=timezone.now())
        taken += attempt.trouble is None
    return taken


def _tell_of_stopped(server: mail.MailServer, ends: float) -> None:
    """Tell the owners of webhooks and bots that were switched off."""
    stopped = Subscription.objects.filter(
        state=Subscription.State.OFF,
        stopped__in=(Subscription.Stopped.GONE, Subscription.Stopped.FAILED),
        owner_told=None,
    ).select_related("owner")
    for subscription in stopped.exclude(way=Way.EMAIL).exclude(owner=None)[:100]:
        email = subscription.owner.email if subscription.owner else ""
        if email and server.send(mail.stopped_of(subscription, email)).trouble is Trouble.MAIL_SERVER:
            return
        Subscription.objects.filter(pk=subscription.pk).update(owner_told=timezone.now())
        if time.monotonic() >= ends:
            return


# --- By posting


def send_posts(seconds: float) -> int:
    """Post what is due to its receivers, for so many seconds; how many deliveries were taken."""
    ends, taken = time.monotonic() + seconds, 0
    running: dict[Future[Attempt], Claim] = {}
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="notices") as pool:
        while True:
            more = time.monotonic() < ends and not shutdown.is_asked()
            while more and len(running) < AT_ONCE and (claimed := _claim_post(running)):
                claim, job = claimed
                running[pool.submit(job.run)] = claim
            if not running:
                return taken
            done, _waiting = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                claim = running.pop(future)
                attempt = _attempt_of(future, claim)
                _store(claim, attempt)
                taken += attempt.trouble is None


def _attempt_of(future: "Future[Attempt]", claim: Claim) -> Attempt:
    try:
        return future.result()
    except Exception:
        # Whatever one receiver answers must not keep others from being told.
        log.exception("a delivery failed", extra={"delivery": str(claim.delivery.key)})
        return Attempt(Trouble.NONSENSE)


def _claim_post(running: dict["Future[Attempt]", Claim]) -> tuple[Claim, Job] | None:
    """The next delivery that is to be posted, and how."""
    rows = _ready().exclude(way=Way.EMAIL)
    if sum(claim.subscription.failures > 0 for claim in running.values()) >= AT_ONCE // 2:
        rows = rows.filter(failures=0)
    while claim := _claim_one(rows):
        message = _message_or_drop(claim)
        if message is None:
            continue
        with in_language_of(claim.subscription):
            match Way(claim.subscription.way):
                case Way.WEBHOOK:
                    return claim, webhooks.webhook_of(message)
                case Way.MASTODON:
                    return claim, networks.mastodon_of(message, claim.delivery)
                case Way.BLUESKY:
                    return claim, networks.bluesky_of(message, claim.delivery)
                case _chat:
                    return claim, chat.chat_of(message)
    return None


def test_of(subscription: Subscription) -> Job:
    """A try that tells nothing of any article."""
    with in_language_of(subscription):
        words = _("This is a test of NewsDiffs: notices will come here.")
        key = str(Delivery().key)
        page = absolute(subscription.get_absolute_url())
        match Way(subscription.way):
            case Way.WEBHOOK:
                return webhooks.test_of(subscription.receiver, subscription.secret, key, words)
            case Way.MASTODON:
                post = networks.Post(words, absolute("/"))
                return networks.MastodonPost(
                    subscription.receiver.rstrip("/"), subscription.secret, key, post
                )
            case Way.BLUESKY:
                post = networks.Post(words, absolute("/"))
                return networks.BlueskyPost(
                    subscription.receiver.rstrip("/"),
                    subscription.account,
                    subscription.secret,
                    key,
                    timezone.now(),
                    post,
                )
            case _chat:
                return chat.request_of(subscription, key, words, page, [(words, "", page)])


def send_test(subscription: Subscription) -> None:
    """Send a test, and note what came of it where the owner sees it."""
    attempt = test_of(subscription).run()
    trouble = attempt.trouble.value if attempt.trouble else ""
    Subscription.objects.filter(pk=subscription.pk).update(last_problem=trouble, tested=timezone.now())


# --- Of both


def _ready() -> "QuerySet[Subscription]":
    """Subscriptions with something to deliver now that no worker is at; those that failed come last."""
    now = timezone.now()
    waiting = Delivery.objects.filter(subscription=OuterRef("pk"), ended=None, approved=True)
    rows: QuerySet[Subscription] = Subscription.objects.active().free(now)
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    return rows.filter(due, Exists(waiting)).order_by("failures", "next_attempt_at", "pk")


def _claim_one(rows: "QuerySet[Subscription]") -> Claim | None:
    """The first delivery of the first of *rows* that nobody else takes."""
    for pk in list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        token = Subscription.objects.claim(pk, timezone.now(), LEASE_SECONDS)
        if token is None:
            continue
        subscription = Subscription.objects.select_related("article").get(pk=pk)
        waiting = Delivery.objects.filter(subscription=subscription, ended=None, approved=True)
        delivery = waiting.select_related("subscription__article").order_by("pk").first()
        if subscription.state != Subscription.State.ACTIVE or delivery is None:
            Subscription.objects.release(pk, token)
        elif _had_its_posts(subscription):
            later = timezone.now() + DAY / max(subscription.most_a_day, 1)
            Subscription.objects.release(pk, token, next_attempt_at=later)
        else:
            return Claim(subscription, delivery, token)
    return None


def _had_its_posts(subscription: Subscription) -> bool:
    """Whether a bot has posted as often in a day as it may."""
    if subscription.way not in (Way.MASTODON, Way.BLUESKY):
        return False
    since = timezone.now() - DAY
    sent = subscription.deliveries.filter(ended__gt=since, outcome=Delivery.Outcome.SENT)
    return sent.count() >= subscription.most_a_day


def _message_or_drop(claim: Claim) -> Message | None:
    """What is told; None where nothing may be told any more, or it can't be put in words: then it ends."""
    outcome = Delivery.Outcome.DROPPED
    try:
        message = message_of(claim.delivery)
    except Exception:
        # One change that can't be told must not keep its subscriber from being told of others.
        log.exception("a notice could not be written", extra={"delivery": str(claim.delivery.key)})
        message, outcome = None, Delivery.Outcome.GIVEN_UP
    if message is None:
        Delivery.objects.filter(pk=claim.delivery.pk).update(ended=timezone.now(), outcome=outcome)
        Subscription.objects.release(claim.subscription.pk, claim.token)
    return message


def _store(claim: Claim, attempt: Attempt) -> None:
    """Note what came of an attempt, and give the subscription back."""
    now = timezone.now()
    subscription, delivery = claim.subscription, Delivery.objects.filter(pk=claim.delivery.pk)
    log_fields = {
        "subscription": subscription.pk,
        "way": subscription.way,
        "delivery": str(claim.delivery.key),
    }
    with transaction.atomic():
        if attempt.trouble is None:
            delivery.update(ended=now, outcome=Delivery.Outcome.SENT, posted_as=attempt.posted_as)
            Subscription.objects.release(
                subscription.pk,
                claim.token,
                failures=0,
                failing_since=None,
                next_attempt_at=None,
                last_problem="",
            )
        else:
            verdict = judge(subscription, attempt, now)
            values = {
                "failures": verdict.failures,
                "failing_since": verdict.failing_since,
                "next_attempt_at": verdict.next_attempt_at,
                "last_problem": attempt.trouble.value,
            }
            if verdict.stopped:
                values |= {"state": Subscription.State.OFF, "stopped": verdict.stopped, "owner_told": None}
                waiting = Delivery.objects.filter(subscription=subscription, ended=None)
                waiting.update(ended=now, outcome=Delivery.Outcome.GIVEN_UP)
            elif attempt.trouble is Trouble.NO_SUCH_ADDRESS:
                delivery.update(ended=now, outcome=Delivery.Outcome.GIVEN_UP)
            Subscription.objects.release(subscription.pk, claim.token, **values)
    if attempt.trouble is None:
        log.info("told", extra=log_fields)
    else:
        log.warning(
            "not told", extra=log_fields | {"trouble": attempt.trouble.value, "status": attempt.status}
        )
