"""The same change on many articles of a source at once: a template's, and no edit of each of them.

A check whose change makes a version notes which paragraphs came and went. When one of them did so on many of
the articles checked within the hour, it is quarantined: from then on it is left out of what is compared, as
long as it stands in one of two texts and not in the other. A page that differs in nothing else makes no
version; its text waits, with the page, for a decision (``settle``). A real edit besides makes its version at
once, with what is quarantined left out on both sides.
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from articles.diff import key
from articles.extract import Story
from articles.models import (
    Alteration,
    Article,
    Boilerplate,
    Quarantine,
    QuarantinedParagraph,
    Source,
    Version,
)
from articles.models.quarantine import (
    ENOUGH,
    LEAST_ALIKE,
    LEAST_ALIKE_OF_FEW,
    SHARE,
    SHARE_OF_FEW,
    WITHIN,
    WITHIN_FEW,
    nearly_the_same,
    signature,
    without,
)
from articles.models.text_storage import Text
from articles.watch.check.decide import Altered

log = logging.getLogger(__name__)

MOST_NOTED = 100
"""Paragraphs noted of one change; a template has fewer, and a text written anew needs no comparing."""

T = TypeVar("T", Text, Story)


def altered(before: Text, after: Text | Story) -> dict[str, Altered]:
    """The paragraphs that came or went, by signature; ``Alteration.BESIDES`` if there is more to the change.

    A paragraph that moved, or changed in its typography only, did neither.
    """
    went = _by_signature(Counter(before.paragraphs) - Counter(after.paragraphs))
    came = _by_signature(Counter(after.paragraphs) - Counter(before.paragraphs))
    found = {name: Altered(text, False) for name, text in went.items() if name not in came}
    found |= {name: Altered(text, True) for name, text in came.items() if name not in went}
    same_lines = (key(before.headline), key(before.byline)) == (key(after.headline), key(after.byline))
    if not same_lines or len(found) > MOST_NOTED:
        found = dict(list(found.items())[:MOST_NOTED])
        found[Alteration.BESIDES] = Altered("", True)
    return found


def _by_signature(paragraphs: Counter[str]) -> dict[str, str]:
    return {signature(text): text for text in paragraphs}


def begins(article: Article, change: Mapping[str, Altered], now: datetime) -> bool:
    """Whether *change* holds what came to many articles of the source alike, which is quarantined now.

    This is a transaction of its own: it holds whatever becomes of this check, and rests on what other checks
    have recorded. The article's source knows of it afterwards.
    """
    named = {name: paragraph for name, paragraph in change.items() if name != Alteration.BESIDES}
    came = {name: one.came for name, one in named.items()}
    others = Alteration.others_alike(article, came, now - WITHIN_FEW)
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
            {name: named[name] for name in names},
            articles=set().union(*(where[name] for name in names)),
            alike=alike,
            checked=looked_at.checked,
            since=looked_at.since,
            now=now,
        )
        told = {
            "source": article.source.slug,
            "alike": alike,
            "checked": looked_at.checked,
            "paragraphs": len(names),
        }
        log.warning("the same change on many articles, held until it is decided", extra=told)
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
    most = max(LEAST_ALIKE, int(alike / SHARE) + 1)
    checked = len(others.filter(last_checked__gt=now - WITHIN).values("pk")[:most]) + 1
    if checked >= LEAST_ALIKE:
        return _LookedAt(now - WITHIN, checked, LEAST_ALIKE, SHARE)
    last = others.filter(last_checked__gt=now - WITHIN_FEW).order_by("-last_checked")
    times = list(last.values_list("last_checked", flat=True)[: ENOUGH - 1])
    since = now - WITHIN_FEW
    if len(times) == ENOUGH - 1:
        since = max(since, min(times) - timedelta(seconds=1))
    return _LookedAt(since, len(times) + 1, LEAST_ALIKE_OF_FEW, SHARE_OF_FEW)


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


def differing(before: Text, after: Story, source: Source) -> frozenset[str]:
    """The signatures of held paragraphs that stand in one of the texts only."""
    return standing_in_one(before, after, Boilerplate.of(source).held)


def standing_in_one(before: Text, after: Story, signatures: Collection[str]) -> frozenset[str]:
    """Those of *signatures* whose paragraphs stand in one of the texts only."""
    if not signatures:
        return frozenset()
    return frozenset(_held_in(before.paragraphs, signatures) ^ _held_in(after.paragraphs, signatures))


def still_held_apart(page: Text, latest: Version, source: Source) -> Text:
    """The page of the text in force, read anew, without the held paragraphs that were left out of that."""
    held = Boilerplate.of(source).held
    if not held:
        return page
    return left_out(page, _held_in(page.paragraphs, held) - _held_in(latest.paragraphs, held))


def _held_in(paragraphs: Sequence[str], held: Collection[str]) -> set[str]:
    return set(map(signature, paragraphs)).intersection(held)


def holder(source: Source, signatures: Collection[str]) -> int:
    """The quarantine (its id) that what these paragraphs keep from being a version waits for."""
    rows = QuarantinedParagraph.objects.filter(source=source, signature__in=signatures)
    return rows.order_by("-left_out", "-quarantine").values_list("quarantine", flat=True)[0]


def left_out(text: T, signatures: Collection[str]) -> T:
    """*text* without the paragraphs of these signatures."""
    if not signatures:
        return text
    return replace(text, paragraphs=without(text.paragraphs, signatures))
