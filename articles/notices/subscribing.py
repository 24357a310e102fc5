"""Making, confirming and ending subscriptions, and the limits that keep them from troubling strangers.

Whoever subscribes an address is told the same, whatever is known of that address: neither whether it is
subscribed already, nor whether a mail was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from articles.models import Article, Subscription, Way
from articles.models.notice import new_token
from articles.models.quota import Quota
from articles.notices.webhooks import new_secret

BY_VISITOR = Quota("subscriptions", most=10, seconds=3600)
"""Subscriptions that one visitor makes."""

OF_ADDRESS = Quota("confirmations", most=3, seconds=24 * 3600)
"""Mails that ask one address for its confirmation."""

OF_ALL = Quota("confirmations of all", most=500, seconds=24 * 3600)
"""Mails of the whole site that ask for one."""

MOST_OF_ADDRESS = 200
"""Subscriptions of one address."""

MOST_OF_ACCOUNT = 50
"""Subscriptions of one account."""

MOST_FEEDS = 100_000
"""Feeds of their own of all visitors: nobody has to confirm them."""

MOST_ARTICLES = 100
"""Articles in one list of addresses."""


class TooMany(Exception):
    """There are as many subscriptions as there may be."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. *articles*: none for all that the filters take; several make a list, which is
    confirmed and ended as one."""

    way: Way
    query: str = ""
    articles: Sequence[Article] = ()
    frequency: str = Subscription.Frequency.AT_ONCE
    email: str = ""
    receiver: str = ""
    account: str = ""
    secret: str = ""
    sentence: dict[str, str] | None = None
    watch_until: datetime | None = None
    name: str = ""


def subscribe(asked: Asked, owner: User | None) -> Subscription | None:
    """Store what is asked for; the first of its subscriptions, None where an address's limits are reached.

    By e-mail it waits for its confirmation, which is asked for by a worker; all else is active at once.

    :raises TooMany: the account, or the site, has as many as it may have.
    """
    if owner is not None and _count(Q(owner=owner)) >= MOST_OF_ACCOUNT:
        raise TooMany
    if asked.way == Way.EMAIL and _refused(asked.email):
        return None
    if asked.way == Way.FEED and _count(Q(way=Way.FEED)) >= MOST_FEEDS:
        raise TooMany
    now = timezone.now()
    group = new_token() if len(asked.articles) > 1 else ""
    rows = [_row(asked, owner, article, group) for article in asked.articles or (None,)]
    for row in rows[1:]:
        row.asked = now  # one mail asks for all of a list
    with transaction.atomic():
        for row in rows:
            row.save()
            if asked.way != Way.EMAIL:
                row.confirm(now)
    return rows[0]


def confirm(subscription: Subscription, now: datetime) -> None:
    """Begin to tell: the subscription, and all of the list that it was given with."""
    with transaction.atomic():
        for row in _with_list(subscription):
            if row.state != Subscription.State.ACTIVE:
                row.confirm(now)


def end(subscription: Subscription) -> None:
    """Delete it, and all of the list that it was given with: nothing of the reader stays."""
    Subscription.objects.filter(pk__in=[row.pk for row in _with_list(subscription)]).delete()


def erase(email: str) -> int:
    """Delete all that is known of an address; how many subscriptions there were."""
    rows = Subscription.objects.filter(email__iexact=email)
    count = rows.count()
    rows.delete()
    return count


def _with_list(subscription: Subscription) -> Sequence[Subscription]:
    if not subscription.group:
        return [subscription]
    return list(Subscription.objects.filter(group=subscription.group, email=subscription.email))


def _row(asked: Asked, owner: User | None, article: Article | None, group: str) -> Subscription:
    return Subscription(
        way=asked.way,
        state=Subscription.State.UNCONFIRMED,
        frequency=asked.frequency,
        name=asked.name,
        query="" if article else asked.query,
        article=article,
        sentence=asked.sentence,
        watch_until=asked.watch_until,
        owner=owner,
        email=asked.email,
        receiver=asked.receiver,
        account=asked.account,
        secret=new_secret() if asked.way == Way.WEBHOOK else asked.secret,
        language=get_language() or "",
        group=group,
    )


def _refused(email: str) -> bool:
    """Whether an address gets no mail now. Counts one use of each limit."""
    mailbox = mailbox_of(email)
    if OF_ADDRESS.use(mailbox) or OF_ALL.use("anybody"):
        return True
    return _count(Q(email__iexact=email)) >= MOST_OF_ADDRESS


def mailbox_of(email: str) -> str:
    """What is likely one mailbox, however its address is written: ``me+news@example.org`` is me."""
    name, _, domain = email.lower().rpartition("@")
    bare = name.split("+", 1)[0] or name
    if domain in ("gmail.com", "googlemail.com"):
        bare, domain = bare.replace(".", ""), "gmail.com"
    return f"{bare}@{domain}"


def _count(which: Q) -> int:
    return Subscription.objects.filter(which).count()
