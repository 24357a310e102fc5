"""The time of an article's next check, set after each check by what it came to. Pure.

The waits themselves are those of ``articles.watch.crawl``: ``decaying_schedule``'s by the story's age, and
``back_off``'s after failures such as a 503, whose Retry-After is kept here too.
"""

from datetime import datetime, timedelta

from articles.models import Article, Outcome, Source
from articles.watch.check.decision import Decision
from articles.watch.crawl.back_off import LONGEST_BACK_OFF, back_off
from articles.watch.crawl.decaying_schedule import Pace

LAST_CHECK_GRACE = timedelta(days=7)
"""A last check that found nothing out is repeated this long: a failure retires no article, and yet a site
that is gone for good is not asked for ever."""


def pace_of(source: Source) -> Pace:
    """A source's schedule."""
    return Pace(
        floor=timedelta(seconds=source.floor_seconds),
        ceiling=timedelta(seconds=source.ceiling_seconds),
        divisor=source.age_divisor,
        retire_after=timedelta(days=source.retire_after_days),
    )


def next_check(article: Article, decision: Decision, chance: float) -> datetime | None:
    """Return the time of its next check; None when it is retired or paused.

    chance: a random number in 0…1, which spreads the checks.
    """
    if article.state == Article.State.PAUSED:
        return None
    now, source = decision.at, article.source
    pace = pace_of(source)
    changed = _last_changed(article, decision)
    at = pace.next_check(now, changed, chance)
    wanted = article.watch_until is not None and now < article.watch_until
    if at is None and (wanted or _was_away(article, now, pace)):
        at = now + pace.ceiling
    elif at is None:
        open_question = decision.outcome.is_failure or decision.outcome is Outcome.PENDING
        given_up = now >= changed + pace.retire_after + LAST_CHECK_GRACE
        if article.state == Article.State.RETIRED or given_up or not open_question:
            return None
        at = now + pace.ceiling
    if decision.outcome.is_failure:
        wait = back_off(article.errors_in_row + 1, chance)
        at = max(at, now + min(wait, pace.ceiling))
    if decision.outcome is Outcome.PENDING and not decision.in_no_doubt:
        at = _to_confirm(article, decision, at)
    if decision.retry_after:
        at = max(at, now + timedelta(seconds=decision.retry_after))
    return at


def _last_changed(article: Article, decision: Decision) -> datetime:
    if decision.draft and article.version_count:
        return decision.seen
    return article.last_changed or article.first_seen


def _to_confirm(article: Article, decision: Decision, usual: datetime) -> datetime:
    """When what has to be seen again is looked for, instead of *usual*."""
    source = article.source
    confirm = source.confirm_removal_seconds / 2 if decision.missing else source.confirm_text_seconds
    soon = decision.at + timedelta(seconds=max(confirm, 1))
    if decision.missing:
        return min(usual, soon)
    # A doubtful text that is another each time is never confirmed, however soon it is asked for.
    other_before = article.pending_hash and article.pending_hash != decision.pending_hash
    return max(usual, soon) if other_before else soon


def _was_away(article: Article, now: datetime, pace: Pace) -> bool:
    """Whether it was not checked for longer than any wait: the machine was off, or its clock is wrong.

    What would be retired is checked once more a while later: one glance at a wrong clock retires nothing.
    """
    longest = 2 * max(pace.ceiling, LONGEST_BACK_OFF)
    return article.last_checked is not None and now - article.last_checked > longest
