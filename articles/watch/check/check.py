"""One check of one article, from its claim to what is stored: ``check`` tells the story, top to bottom.

Nothing of the article is locked while the network is talked to; the token of the claim tells at the end
whether the article is still ours.
"""

import logging
import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from articles.fetch import Validators
from articles.models import Article, Host, Outcome, ReasonCode, host_name
from articles.watch.check.claim import Busy, claim, given_back_on_error
from articles.watch.check.classify import Judgement, classify
from articles.watch.check.decide import decide
from articles.watch.check.decision import Decision, Fetched
from articles.watch.check.load import load
from articles.watch.check.page import read_page, reads_alike
from articles.watch.check.result import CheckResult
from articles.watch.check.store import store
from articles.watch.check.widespread import open_if_widespread
from articles.watch.crawl.bounds import of_pages
from articles.watch.crawl.errors import NAMED_BY_FEED, Barred, Forbidden, RobotsUnread, SessionOver
from articles.watch.crawl.host_session import PATIENCE, HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher

log = logging.getLogger(__name__)

UNCONDITIONAL_EVERY = 10
"""Every tenth check asks without conditions: a site may go on with the ETag of a page that has changed."""
UNCONDITIONAL_AFTER = timedelta(days=7)
"""The time after a check without conditions when the next one asks without them again."""


def check(article_id: int, fetcher: PoliteFetcher, *, by_hand: bool = False) -> CheckResult:
    """Check one article now, by the *fetcher* of a session at its host.

    by_hand: whether a person asked for it; then an article that was put aside is checked too.

    :raises Busy: another worker has it, or its checks never end and it is put aside.
    :raises PutOff: it redirects to where nobody may be asked now; the next check goes on from there.
    :raises SessionOver: the session ran out before the page was asked for.
    """
    article, token = claim(article_id, by_hand=by_hand)
    if fetcher.host.name != host_name(article.address):
        article.host = Host.objects.for_address(article.address)  # where its next check begins
    began = _seconds(fetcher)
    with given_back_on_error(article, token):
        fetched = _read(article, _classify(article, _fetch(article, fetcher)))
        decision = _decide(article, fetched)
        if open_if_widespread(article, decision.altered, fetched.at):
            decision = _decide(article, fetched)  # now it leaves out what waits for a person's decision
        decision = replace(decision, seconds=_seconds(fetcher) - began)
        version = store(article, token, decision)
    log.info("checked", extra=log_fields(article, fetcher, decision, version))
    return CheckResult.of(article.address, decision, version)


def _fetch(article: Article, fetcher: PoliteFetcher) -> Fetched:
    """Ask for the page; where that is not allowed, the judgement says so."""
    conditions = _conditions(article, timezone.now())
    # A redirect that had to wait is gone on from.
    *hops, address = _pending(article) or [article.address]
    if hops and hops[0][0] == NAMED_BY_FEED:
        conditions = None  # what the page at the old address said of itself
    in_outage = fetcher.outage is not None
    try:
        answer = fetcher.ask(
            address, validators=conditions, bounds=of_pages(article.source), hops=tuple(hops)
        )
    except Barred as problem:
        judgement = Judgement(Outcome.REFUSED, ReasonCode.TAKEN_DOWN, str(problem))
        return Fetched(timezone.now(), judgement, barred=True)
    except Forbidden as problem:
        elsewhere = "" if problem.url == article.address else f": {problem.url}"
        unread = isinstance(problem, RobotsUnread)
        code = ReasonCode.ROBOTS_UNREAD if unread else ReasonCode.ROBOTS_TXT
        judgement = Judgement(Outcome.ROBOTS, code, f"{problem}{elsewhere}")
        return Fetched(timezone.now(), judgement)
    return Fetched(timezone.now(), answer=answer, conditional=conditions is not None, in_outage=in_outage)


def _pending(article: Article) -> list[Any]:
    """The redirects followed so far, each (status, address), and the address to go on from; or nothing."""
    return [*map(tuple, article.pending_hops[:-1]), *article.pending_hops[-1:]]


def _conditions(article: Article, now: datetime) -> Validators | None:
    """The validators to ask with, or None when it is time to ask without conditions."""
    validators = Validators(article.etag, article.last_modified)
    lately = (
        article.last_unconditional_at is not None
        and now - article.last_unconditional_at < UNCONDITIONAL_AFTER
    )
    if not validators or not article.version_count or not lately or not reads_alike(article):
        return None
    if article.state != Article.State.WATCHED or article.pending_hash or article.missing_count:
        return None
    return None if (article.checks_made + 1) % UNCONDITIONAL_EVERY == 0 else validators


def _classify(article: Article, fetched: Fetched) -> Fetched:
    if fetched.answer is None:
        return fetched
    return replace(fetched, judgement=classify(article, fetched.answer))


def _read(article: Article, fetched: Fetched) -> Fetched:
    """Read the page's story, where the answer does not say enough without it."""
    answer = fetched.answer
    if answer is None or fetched.judgement.outcome is not None:
        return fetched
    reading = read_page(
        answer.body,
        answer.final_url,
        answer.content_type,
        article.source.extraction_rules,
        is_elsewhere=bool(answer.hops),
    )
    return replace(fetched, reading=reading)


def _decide(article: Article, fetched: Fetched) -> Decision:
    chance = random.random()  # noqa: S311 (spreads load, hides nothing)
    return decide(article, fetched, load(article, fetched), chance)


def _seconds(fetcher: PoliteFetcher) -> float:
    """Of the clock, without what the *fetcher* has spent waiting for hosts."""
    return time.monotonic() - fetcher.seconds_waited


def log_fields(
    article: Article, fetcher: PoliteFetcher, decision: Decision, version: int
) -> dict[str, object]:
    """Return the fields that the log has of a check."""
    return {
        "article": article.pk,
        "address": article.address,
        "host": fetcher.host.name,
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "decision": decision.what_is_done,
        "status": decision.status,
        "version": version,
        "seconds": round(decision.seconds, 3),
    }


def check_now(article: Article, *, patience: float = PATIENCE) -> CheckResult:
    """Check *article* at once, waiting up to *patience* seconds for its host; for commands.

    :raises Busy: the host or the article stayed taken, or the host wants to be left alone.
    """
    try:
        session = HostSession.wait_for(article.host, patience=patience)
        try:
            return check(article.pk, PoliteFetcher(session), by_hand=True)
        finally:
            session.leave()
    except SessionOver as problem:
        raise Busy(str(problem)) from problem
