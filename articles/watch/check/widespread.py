"""The same change on many articles of a source at once: a template's, and no edit of each of them.

A check whose change makes a version notes which paragraphs came and went. When one of them did so on many of
the articles checked within the hour, it is quarantined: from then on it is left out of what is compared, as
long as it stands in one of two texts and not in the other. A page that differs in nothing else makes no
version; its text waits, with the page, for a decision (``apply_decisions``). A real edit besides makes its
version at once, with what is quarantined left out on both sides.
"""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from articles.models import Alteration, Article, Quarantine, Source
from articles.models.quarantine import (
    ALIKE_WITHIN,
    ALIKE_WITHIN_OF_FEW,
    ARTICLES_OF_FEW,
    LEAST_ALIKE,
    LEAST_ALIKE_OF_FEW,
    LEAST_SHARE,
    LEAST_SHARE_OF_FEW,
    nearly_the_same,
)
from articles.watch.check.alterations import Altered

log = logging.getLogger(__name__)


def open_if_widespread(article: Article, change: Mapping[str, Altered], now: datetime) -> bool:
    """Quarantine what of *change* came to many articles of the source alike; whether anything did.

    This is a transaction of its own: it holds whatever becomes of this check, and rests on what other checks
    have recorded. ``article.source`` is loaded anew afterwards, with the paragraphs that are now undecided.
    """
    named = {name: paragraph for name, paragraph in change.items() if name != Alteration.BESIDES}
    came = {name: one.came for name, one in named.items()}
    others = Alteration.others_alike(article, came, now - ALIKE_WITHIN_OF_FEW) if came else {}
    if not others:
        return False
    looked_at = _looked_at(article, max(others.values()) + 1, now)
    others = Alteration.others_alike(article, {name: came[name] for name in others}, looked_at.since)
    many = {name: count + 1 for name, count in others.items() if looked_at.is_many(count + 1)}
    if not many:
        return False
    where = Alteration.articles_of(article.source, many, looked_at.since)
    for names in _that_came_together(where):
        alike = max(many[name] for name in names)
        Quarantine.open_for(
            article.source,
            {name: (named[name].text, named[name].came) for name in names},
            articles=set().union(*(where[name] for name in names)),
            alike=alike,
            checked=looked_at.checked,
            since=looked_at.since,
            now=now,
        )
        log_fields = {
            "source": article.source.slug,
            "alike": alike,
            "checked": looked_at.checked,
            "paragraphs": len(names),
        }
        log.warning("the same change on many articles, held until it is decided", extra=log_fields)
    article.source = Source.objects.select_related("boilerplate").get(pk=article.source_id)
    return True


class _LookedAt(NamedTuple):
    """The articles among which those altered alike may be many."""

    since: datetime
    checked: int
    """So many of the source were checked since then; a lower bound where those alike are no share of it."""
    least: int
    share: float

    def is_many(self, alike: int) -> bool:
        return alike >= max(self.least, self.share * self.checked)


def _looked_at(article: Article, alike: int, now: datetime) -> _LookedAt:
    """Those checked within the hour; of a source where these are few, as many as make up for it.

    No more are counted than show that *alike* are too few.
    """
    others = Article.objects.filter(source=article.source_id).exclude(pk=article.pk)
    most = max(LEAST_ALIKE, int(alike / LEAST_SHARE) + 1)
    checked = len(others.filter(last_checked__gt=now - ALIKE_WITHIN).values("pk")[:most]) + 1
    if checked >= LEAST_ALIKE:
        return _LookedAt(now - ALIKE_WITHIN, checked, LEAST_ALIKE, LEAST_SHARE)
    last = others.filter(last_checked__gt=now - ALIKE_WITHIN_OF_FEW).order_by("-last_checked")
    times = list(last.values_list("last_checked", flat=True)[: ARTICLES_OF_FEW - 1])
    since = now - ALIKE_WITHIN_OF_FEW
    if len(times) == ARTICLES_OF_FEW - 1:
        since = max(since, min(times) - timedelta(seconds=1))
    return _LookedAt(since, len(times) + 1, LEAST_ALIKE_OF_FEW, LEAST_SHARE_OF_FEW)


def _that_came_together(where: Mapping[str, Collection[int]]) -> list[list[str]]:
    """The signatures, those on nearly the same articles together: what is apart is decided apart."""
    groups: list[list[str]] = []
    for name, articles in where.items():
        for group in groups:
            if nearly_the_same(where[group[0]], articles):
                group.append(name)
                break
        else:
            groups.append([name])
    return groups
