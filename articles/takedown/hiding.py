"""Hiding articles and versions from readers, and showing them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from articles import statistics
from articles.models import (
    Address,
    Article,
    Event,
    Reason,
    Source,
    Takedown,
    TakedownStep,
    Version,
    digest_of,
)
from articles.takedown import journal
from articles.takedown.notice import answer_soon

AT_ONCE = 500
"""Articles hidden in one transaction: writers wait that long on SQLite."""

COUNTED_AT_ONCE = 5
"""Sources whose plots are counted anew while somebody waits; those of others are in their turn."""

_What = TakedownStep.What


@dataclass(frozen=True)
class Grounds:
    """Why something is taken down, the HTTP status that says so, and who asked for it, if anybody did."""

    reason: Reason
    status: int = 410
    takedown: Takedown | None = None


def hide(articles: Iterable[int], grounds: Grounds) -> list[Article]:
    """Hide the articles of these ids, and those joined with them, from all readers at once; those that were
    not hidden before."""
    return _set_hidden(articles, True, _What.HIDDEN, grounds)


def show_again(articles: Iterable[int], takedown: Takedown | None = None) -> list[Article]:
    """Undo `hide`; those that were hidden. What was purged stays so, and a version hidden by itself too."""
    return _set_hidden(articles, False, _What.SHOWN, Grounds(Reason.OTHER, takedown=takedown))


def _set_hidden(articles: Iterable[int], hidden: bool, what: _What, grounds: Grounds) -> list[Article]:
    ids, changed = _with_joined(articles), []
    for at in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            some = Article.objects.filter(pk__in=ids[at : at + AT_ONCE], hidden=not hidden, purged=None)
            found = list(some.select_for_update().order_by("pk"))
            keys = [article.pk for article in found]
            # First the articles: a check that is just storing a version waits here, or we for it.
            Article.objects.filter(pk__in=keys).update(hidden=hidden)
            Event.objects.filter(article__in=keys).update(hidden=hidden)
            of_versions = Version.objects.filter(article__in=keys)
            if not hidden:  # what is held for a decision is in no list for that reason
                of_versions = of_versions.filter(hidden_itself=None, setaside=None)
            of_versions.update(hidden=hidden)
            TakedownStep.objects.bulk_create(step_of(article, what, grounds) for article in found)
            _count_anew({article.source_id for article in found})
            _write_down(found, grounds if hidden else None)
        for article in found:
            article.hidden = hidden
        changed += found
    return changed


def _with_joined(articles: Iterable[int]) -> list[int]:
    """These articles, and all that are the same story: what is hidden of one would be read at the other."""
    ids = set(articles)
    ids.update(Article.objects.filter(pk__in=ids).exclude(joined_to=None).values_list("joined_to", flat=True))
    return sorted(ids.union(Article.objects.filter(joined_to__in=ids).values_list("pk", flat=True)))


def hide_versions(article: Article, numbers: Iterable[int], grounds: Grounds) -> list[int]:
    """Hide these versions of *article*, and the changes that show their text; those that were not hidden.

    As long as the latest version is among them, those that follow are hidden too: they may say the same.
    """
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        chosen = article.versions.filter(number__in=list(numbers), hidden_itself=None)
        found = sorted(chosen.values_list("number", flat=True))
        if not found:
            return []
        article.versions.filter(number__in=found).update(hidden_itself=True, hidden=True)
        article.versions.filter(number__in=[number + 1 for number in found]).update(follows_hidden=True)
        _retitle(article)
        step_of(article, _What.PARTLY, grounds, found).save()
        _count_anew({article.source_id})
        _write_down([article], grounds, found)
    return found


def show_versions(article: Article, numbers: Iterable[int], takedown: Takedown | None = None) -> list[int]:
    """Undo `hide_versions`; those that were hidden. They stay hidden as long as their article is."""
    with transaction.atomic():
        hidden = Article.objects.select_for_update().get(pk=article.pk).hidden
        chosen = article.versions.filter(number__in=list(numbers), hidden_itself=True)
        found = sorted(chosen.values_list("number", flat=True))
        if not found:
            return []
        article.versions.filter(number__in=found).update(hidden_itself=None)
        article.versions.filter(number__in=found, setaside=None).update(hidden=hidden)
        article.versions.filter(number__in=[number + 1 for number in found]).update(follows_hidden=None)
        _retitle(article)
        step_of(article, _What.SHOWN, Grounds(Reason.OTHER, takedown=takedown), found).save()
        _count_anew({article.source_id})
        _write_down([article], None, found)
    return found


def hide_again(since: datetime) -> int:
    """Hide, or show, what a backup brought back otherwise: as the journal says was done *since* it was made.

    How many articles it were.
    """
    fates = journal.fates(since)
    found: dict[int, journal.Fate] = {}
    for pk, key in Address.objects.values_list("article", "key").iterator() if fates else ():
        if fate := fates.get(digest_of(key)):
            found[pk] = fate
    return sum(_bring_back(Article.objects.get(pk=pk), fate) for pk, fate in found.items())


def _bring_back(article: Article, fate: journal.Fate) -> bool:
    """Do with *article* what was done before; whether anything was left to do."""
    known = range(1, article.version_count + 1)
    hidden = {number: why for number, why in fate.versions.items() if why}
    # What a version said that the backup does not have comes back under any number, or none: all is hidden.
    lost = next((why for number, why in hidden.items() if number not in known), None)
    whole = fate.whole or lost
    if whole:
        changed = bool(hide([article.pk], Grounds(whole.reason, whole.status)))
    else:
        changed = fate.is_about_whole and bool(show_again([article.pk]))
    for number in known:
        if why := hidden.get(number):
            changed |= bool(hide_versions(article, [number], Grounds(why.reason, why.status)))
        elif number in fate.versions:
            changed |= bool(show_versions(article, [number]))
    return changed


def refuse(takedown: Takedown, answer: str) -> None:
    """Say no to a request; the public log says that one was refused, and of what kind it was."""
    with transaction.atomic():
        decide_takedown(takedown, Takedown.State.REFUSED, answer)
        source = takedown.article.source if takedown.article else None
        TakedownStep.objects.create(
            what=_What.REFUSED,
            reason=takedown.reason,
            source=source,
            article=takedown.article,
            takedown=takedown,
        )


def decide_takedown(takedown: Takedown, state: Takedown.State, answer: str = "") -> None:
    """Note what was decided on a request, and what whoever asked is told."""
    takedown.state, takedown.decided, takedown.answer = state, timezone.now(), answer
    takedown.save(update_fields=["state", "decided", "answer"])
    # It is decided even where the queue can't be reached.
    transaction.on_commit(lambda: answer_soon(takedown), robust=True)


def step_of(article: Article, what: _What, grounds: Grounds, numbers: Iterable[int] = ()) -> TakedownStep:
    """Return the step of the public log by which *what* is done to *article*; it is not saved yet."""
    return TakedownStep(
        what=what,
        reason=grounds.reason,
        status=grounds.status,
        source_id=article.source_id,
        article=article,
        takedown=grounds.takedown,
        versions=list(numbers),
    )


def _write_down(articles: list[Article], grounds: Grounds | None, numbers: Iterable[int] = ()) -> None:
    """Have the journal tell of it, once it is done."""
    why = journal.Why(Reason(grounds.reason), grounds.status) if grounds else None
    transaction.on_commit(partial(journal.write_down, articles, why, numbers))


def _retitle(article: Article) -> None:
    """Give the article the headline of the latest version that is not hidden by itself."""
    shown = article.versions.filter(hidden_itself=None).order_by("-number")
    headline = shown.values_list("headline", flat=True).first() or ""
    Article.objects.filter(pk=article.pk).update(headline=headline)


def _count_anew(sources: set[int]) -> None:
    """Have the plots of these sources counted without what is hidden now; large ones wait for their turn."""
    for source in Source.objects.filter(pk__in=sources)[:COUNTED_AT_ONCE]:
        transaction.on_commit(partial(statistics.refresh_soon, source))
