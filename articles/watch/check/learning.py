"""What is learned of a source's pages over many looks, and undone by an admin.

Nothing that is learned touches a stored text: it is left out of comparisons, on both sides. What ticks is
learned at the check that shows it; what stands on many articles, or shows another story's words, once an hour
from the looks of a day. What an admin has decided is never learned anew.
"""

import logging
import math
import random
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils import timezone

from articles.extract.looks import Look, is_kept_for_good, lying_signatures, standing_on_many
from articles.models import Article, ArticleLooks, Boilerplate, LearnedPlace, Source
from articles.models.learned_places import known_places
from articles.models.looks import digest
from articles.models.quarantine import lock
from articles.watch.check.looks import SeenTicking

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
"""The time over which looks are compared to find what stands on many articles."""

MOST_ARTICLES = 500
"""Articles of a source, those looked at last, from which is learned."""

MOST_LEARNED = 200
"""Places that are learned, or suggested, of one source."""

MOST_NAMED = 20
"""Articles that the evidence of a place names."""

Kind, State = LearnedPlace.Kind, LearnedPlace.State


def learn_ticking(article: Article, ticking: Mapping[str, SeenTicking], at: datetime) -> None:
    """Learn of the source of *article* the places that tick on it."""
    found = [
        LearnedPlace(
            source_id=article.source_id,
            place=place,
            kind=Kind.TICKING,
            state=State.LEARNED,
            text=seen[-1],
            articles=[article.pk],
            evidence={"looks": len(seen), "values": list(seen)},
            learned=at,
        )
        for place, seen in ticking.items()
        if not is_kept_for_good(seen[-1])
    ]
    _learn(article.source, found)


def learn_from_looks(now: datetime | None = None, *, seconds: float = math.inf) -> int:
    """Learn what stands on many articles of each source looked at within a day, in so many *seconds*.

    Returns how much was learned or suggested. Where the time is over, others may come first the next time.
    """
    now, until = now or timezone.now(), time.monotonic() + seconds
    recent = ArticleLooks.objects.filter(seen__gt=now - DAY)
    sources = list(Source.objects.filter(pk__in=recent.values("source")))
    random.shuffle(sources)
    learned = 0
    for source in sources:
        if time.monotonic() >= until:
            break
        learned += _learn(source, _found_on(source, now))
    return learned


def _found_on(source: Source, now: datetime) -> list[LearnedPlace]:
    rows = ArticleLooks.objects.filter(source=source, seen__gt=now - DAY).order_by("-seen")[:MOST_ARTICLES]
    looks = {str(row.article_id): row.remembered.looks for row in rows}
    looks = {article: some for article, some in looks.items() if some}
    return [*_standing(source, looks, now), *_of_others(source, looks, now)]


def _standing(source: Source, looks: Mapping[str, Sequence[Look]], now: datetime) -> list[LearnedPlace]:
    return [
        LearnedPlace(
            source=source,
            place=f"{standing.key.signature}:{digest(standing.key.words)}",
            kind=Kind.FURNITURE,
            state=State.LEARNED if standing.learned else State.SUGGESTED,
            text=standing.text,
            articles=[int(article) for article in standing.articles[:MOST_NAMED]],
            evidence={"articles": len(standing.articles), "of": standing.of},
            learned=now,
        )
        for standing in standing_on_many({article: some[-1] for article, some in looks.items()})
    ]


def _of_others(source: Source, looks: Mapping[str, Sequence[Look]], now: datetime) -> list[LearnedPlace]:
    found = []
    for signature in sorted(lying_signatures(looks)):
        seen = {
            article: [block.text for look in some for block in look.blocks if block.signature == signature]
            for article, some in looks.items()
        }
        seen = {article: texts for article, texts in seen.items() if texts}
        values = [text for texts in seen.values() for text in texts]
        found.append(
            LearnedPlace(
                source=source,
                place=f"{signature}:",
                kind=Kind.OTHERS,
                state=State.LEARNED,
                text=values[-1],
                articles=[int(article) for article in list(seen)[:MOST_NAMED]],
                evidence={"articles": len(seen), "looks": len(values), "values": values[-MOST_NAMED:]},
                learned=now,
            )
        )
    return found


def _learn(source: Source, found: Sequence[LearnedPlace]) -> int:
    """Write down what is not known of *source* yet; how much that was."""
    if not found:
        return 0
    with transaction.atomic():
        lock(source)
        states = dict(LearnedPlace.objects.filter(source=source).values_list("place", "state"))
        fresh = [one for one in found if one.place not in states][: max(MOST_LEARNED - len(states), 0)]
        # What was only suggested while it stood in some article's column may stand apart on all of them now.
        surer = {
            one.place for one in found if one.state == State.LEARNED and states.get(one.place) == "suggested"
        }
        LearnedPlace.objects.bulk_create(fresh)
        if surer:
            LearnedPlace.objects.filter(source=source, place__in=surer).update(state=State.LEARNED)
        if surer or any(one.is_left_out for one in fresh):
            _bring_up_to_date(source)
    if fresh:
        log.info("learned", extra={"source": source.slug, "places": len(fresh)})
    return len(fresh) + len(surer)


def decide_on_place(
    learned: LearnedPlace, *, leave_out: bool, person: AbstractBaseUser | AnonymousUser, now: datetime
) -> bool:
    """Do what an admin decided of a place: leave it out of comparisons, or compare it; whether that changed
    anything. No stored text is touched, and no version made of it: kept pages are read anew."""
    state = State.CONFIRMED if leave_out else State.UNDONE
    with transaction.atomic():
        lock(learned.source)
        rows = LearnedPlace.objects.filter(pk=learned.pk).exclude(state=state)
        values: dict[str, Any] = {"state": state, "decided": now, "decided_by": person}
        if not rows.update(**values):
            return False
        _bring_up_to_date(learned.source)
    learned.refresh_from_db()
    return True


def _bring_up_to_date(source: Source) -> None:
    """Write down what each check of the source's articles leaves out. The source is locked (`lock`)."""
    Boilerplate.objects.update_or_create(source=source, defaults={"places": known_places(source)})
