"""Claiming an article for one check, and giving it back where the check comes to nothing."""

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Host, Outcome, ReasonCode
from articles.models.lease import PreparedLease
from articles.models.prepared import Plus, Prepared
from articles.watch.crawl.decaying_schedule import JITTER
from articles.watch.crawl.errors import PutOff, SessionOver
from articles.watch.crawl.our_errors import put_off_article

log = logging.getLogger(__name__)

LEAST_APART = timedelta(seconds=10)
"""The checks that wait for one host are spread over so much at least."""

SOON = timedelta(minutes=1)
"""A check that is put off for no longer is gone on with as soon as the host has time."""

MOST_UNFINISHED = 5
"""Checks of one article that were begun and never ended, whatever ended the worker in them: then it is put
aside, and tried again once a day or when the admin says so."""

PARKED_FOR = timedelta(days=1)
"""The time for which an article that was put aside is left alone."""


LEASE = PreparedLease(Article, Prepared(lambda pk, now: Article.objects.free(now).filter(pk=pk)))
_WITH_SOURCE = Prepared(
    lambda pk: Article.objects.select_related("source__boilerplate", "looks").filter(pk=pk)
)


class Busy(Exception):
    """Somebody else is checking the article, or its host is taken."""


def claim(article_id: int, *, by_hand: bool = False) -> tuple[Article, UUID]:
    """The article, and the token under which it is ours to check. Until it is given back, the check counts as
    one that never ended: whatever kills the worker, the page may be what does.

    by_hand: whether a person asked for the check; then an article that was put aside is taken up again.

    :raises Busy: another worker has it, or it is put aside.
    """
    now = timezone.now()
    token = LEASE.claim(article_id, now, settings.LEASE_SECONDS, {"unfinished": Plus(1)})
    if token is None:
        raise Busy(f"article {article_id} is being checked by another worker")
    [article] = _WITH_SOURCE.rows(pk=article_id)
    article.unfinished -= 1  # as it was before this check
    if article.unfinished >= MOST_UNFINISHED and not by_hand:
        _park(article, token)
    return article, token


def _park(article: Article, token: UUID) -> None:
    """Put aside an article whose checks never end; one more is made after a while.

    :raises Busy: always.
    """
    now = timezone.now()
    reason = f"{MOST_UNFINISHED} checks of it were begun and never ended; “Check now” tries again"
    log.error("put aside article=%s reason=%s url=%s", article.pk, reason, article.address)
    Article.objects.release(
        article.pk,
        token,
        parked=now,
        unfinished=MOST_UNFINISHED - 1,
        next_check_at=now + PARKED_FOR,
        last_outcome=Outcome.FAILED.value,
        last_reason_code=ReasonCode.PARKED.value,
        last_reason=reason,
    )
    raise Busy(f"article {article.pk} is put aside: {reason}")


@contextmanager
def given_back_on_error(article: Article, token: UUID) -> Iterator[None]:
    """Give *article* back where what is done inside raises; the exception goes on."""
    try:
        yield
    except PutOff as reason:
        _put_off(article, token, reason)
        raise
    except SessionOver:
        Article.objects.release(article.pk, token, unfinished=article.unfinished)
        raise
    except Exception as error:
        put_off_article(article, token, error)
        raise


def _put_off(article: Article, token: UUID, reason: PutOff) -> None:
    """Go on from where the redirects have led to, as what is due at that host since this article is due here.

    Where the host has no time for long, that is told, and not all that wait for it go on at once.
    """
    now = timezone.now()
    values: dict[str, object] = {
        "host": Host.objects.for_address(reason.url),
        "pending_hops": [*reason.hops, reason.url],
        "unfinished": article.unfinished,
    }
    if reason.until - now > SOON:
        apart = max(JITTER * (reason.until - now), LEAST_APART) * random.random()  # noqa: S311 (spreads load)
        values |= {
            "next_check_at": reason.until + apart,
            "last_checked": now,
            "last_outcome": Outcome.UNREACHABLE.value,
            "last_reason_code": ReasonCode.PUT_OFF.value,
            "last_reason": f"put off: {reason}",
        }
    Article.objects.release(article.pk, token, **values)
