"""When an article that is missing at its address counts as removed, or as moved away. Pure.

It has to be seen missing often and long enough. ``decide_missing`` is for 404 and 410, ``decide_away`` for
redirects to what is not the article.
"""

from datetime import datetime, timedelta

from articles.models import Article, Outcome, ReasonCode
from articles.watch.check.classify import Judgement
from articles.watch.check.decision import Decision, Known

SIGHTINGS_TO_REMOVE = 3
"""404s before an article counts as removed."""

GONE_SHARE = 24
"""410 says it for good: it needs a 24th of the time that 404 needs (1 hour against 24)."""


def decide_away(
    article: Article, code: ReasonCode, detail: str, now: datetime, known: Known, away_to: str = ""
) -> Decision:
    """It is redirected to what is not the article: moved away when that was seen often and long enough, as a
    removal is; pending until then."""
    if not article.version_count or known.move_is_stored or _is_confirmed(article, now):
        return Decision(Outcome.MOVED, code, detail, missing=True, away_to=away_to)
    detail = f"{detail}; it counts as moved once confirmed"
    return Decision(Outcome.PENDING, code, detail, missing=True, away_to=away_to)


def _is_confirmed(article: Article, now: datetime) -> bool:
    """Whether it was missing at its address often and long enough."""
    lasted = now - (article.missing_since or now)
    needed = timedelta(seconds=article.source.confirm_removal_seconds)
    return article.missing_count + 1 >= SIGHTINGS_TO_REMOVE and lasted >= needed


def decide_missing(article: Article, judgement: Judgement, now: datetime) -> Decision:
    """404 or 410: removed when it was seen often and long enough, pending until then."""
    gone = judgement.code is ReasonCode.GONE
    assert judgement.code is not None
    removed = Decision(Outcome.REMOVED, judgement.code, missing=True)
    if article.state == Article.State.REMOVED:
        return removed
    needed = timedelta(seconds=article.source.confirm_removal_seconds) / (GONE_SHARE if gone else 1)
    sightings = article.missing_count + 1
    lasted = now - (article.missing_since or now)
    if sightings >= (2 if gone else SIGHTINGS_TO_REMOVE) and lasted >= needed:
        return removed
    so_far = "once" if sightings == 1 else f"{sightings} times"
    detail = f"{judgement.reason}, seen {so_far}; it counts as removed once confirmed"
    return Decision(Outcome.PENDING, ReasonCode.UNCONFIRMED, detail, missing=True)
