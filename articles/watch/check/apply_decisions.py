"""What follows from a decision on a quarantine: the texts that waited become versions, or go.

A decision is written down first, and carried out article by article, each under its lease and in one
transaction: what a killed worker leaves undone the next one does.
"""

import logging
import math
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction
from django.utils import timezone

from articles.extract import Story, TextBlock, fold_digits
from articles.models import (
    Alteration,
    Article,
    Boilerplate,
    Capture,
    FetchedPage,
    Outcome,
    Quarantine,
    QuarantinedText,
    ReasonCode,
    Version,
    announce,
    text_storage,
)
from articles.models.capture import store_page
from articles.models.quarantine import (
    ALIKE_WITHIN,
    ALTERATIONS_KEPT,
    LATE_VERSIONS_WITHIN,
    UNDECIDED_KEPT,
    lock,
)
from articles.models.text_storage import Text
from articles.watch.check.alterations import left_out, standing_in_one
from articles.watch.check.decide import compare_versions, quarantine_to_wait_for
from articles.watch.check.decision import Decision, Draft
from articles.watch.check.load import quarantines_holding
from articles.watch.check.looks import as_compared
from articles.watch.check.page import (
    compared_of,
    hash_of,
    read_by,
    reads_as_stored,
    reread,
    reread_text_in_force,
    text_of,
)
from articles.watch.check.store import retitle, store_version, taken_down_of

log = logging.getLogger(__name__)

State = Quarantine.State

READ_EARLIER = "read earlier"
"""In place of the hash of the rules that a waiting text was read by: these may have changed, so the next
check reads its page anew."""

DECISIONS = (State.ACCEPTED, State.DROPPED, State.REREAD)
"""The decisions that a person may make."""


def record_decision(
    quarantine: Quarantine, state: str, person: AbstractBaseUser | AnonymousUser | None, now: datetime
) -> bool:
    """Write down what was decided; False when somebody else was quicker.

    ``apply_all`` does what follows with the texts that wait.
    """
    with transaction.atomic():
        lock(quarantine.source)
        values = {"state": state, "decided": now, "decided_by": person}
        if not Quarantine.objects.open().filter(pk=quarantine.pk).update(**values):
            return False
        quarantine.refresh_from_db()
        if state == State.ACCEPTED:
            quarantine.take_back()
        if state == State.DROPPED:
            Boilerplate.bring_up_to_date(quarantine.source)
    return True


def read_again(
    quarantine: Quarantine, person: AbstractBaseUser | AnonymousUser | None, now: datetime
) -> bool:
    """Take back that its paragraphs were dropped as boilerplate: they are read again, which is no edit.

    False when they are not dropped (any more), or what followed from that is still being done.
    """
    with transaction.atomic():
        lock(quarantine.source)
        dropped = Quarantine.objects.filter(pk=quarantine.pk, state=State.DROPPED).exclude(carried_out=None)
        if not dropped.update(state=State.REREAD, decided=now, decided_by=person):
            return False
        quarantine.paragraphs.update(left_out=False)
        Boilerplate.bring_up_to_date(quarantine.source)
    return True


def closes_at(quarantine: Quarantine) -> datetime:
    """Return when it is closed if nobody decides, and the change does not go on."""
    return quarantine.went_on() + UNDECIDED_KEPT


def apply_all(seconds: float = math.inf) -> bool:
    """Do what is left of all decisions, for so many seconds; whether all is done. An undecided one is
    closed in the end."""
    now, until = timezone.now(), time.monotonic() + seconds
    Alteration.objects.filter(at__lte=now - ALTERATIONS_KEPT).delete()
    for quarantine in Quarantine.objects.open().filter(opened__gt=now - LATE_VERSIONS_WITHIN):
        # What checks recorded that had begun before it was opened.
        quarantine.set_aside_versions(quarantine.opened - ALIKE_WITHIN)
    for quarantine in Quarantine.objects.open_for_long(now):
        if closes_at(quarantine) > now:
            quarantine.forget_older_texts(now - UNDECIDED_KEPT)
        elif record_decision(quarantine, State.EXPIRED, None, now):
            log.warning("not decided in time: kept as versions out of all lists: %s", quarantine)
    done = True
    for quarantine in Quarantine.objects.not_carried_out().select_related("source"):
        done = _apply(quarantine, until) and done
    # A check that had begun before the decision may have kept a text for it afterwards.
    late = QuarantinedText.objects.exclude(quarantine__state=State.OPEN).exclude(quarantine__carried_out=None)
    for quarantine in Quarantine.objects.filter(held_texts__in=late).distinct():
        done = _apply_to_texts(quarantine, until) and done
    return done


def _apply(quarantine: Quarantine, until: float) -> bool:
    """Apply it to the waiting texts, then let what was quarantined count again; False when articles are
    busy, or the time is over."""
    if not _apply_to_texts(quarantine, until):
        return False
    with transaction.atomic():
        lock(quarantine.source)
        if quarantine.state != State.DROPPED:
            quarantine.paragraphs.update(left_out=False)
            Boilerplate.bring_up_to_date(quarantine.source)
        Quarantine.objects.filter(pk=quarantine.pk).update(carried_out=timezone.now())
    return True


def _apply_to_texts(quarantine: Quarantine, until: float) -> bool:
    waiting = quarantine.held_texts.order_by("article").values_list("article", flat=True).distinct()
    done = True
    for pk in list(waiting):
        if time.monotonic() >= until:
            return False
        done = _apply_to_article(pk, quarantine) and done
    return done


def _apply_to_article(article_id: int, quarantine: Quarantine) -> bool:
    """Make versions of the waiting texts of one article; False when that has to wait for the next time."""
    token = Article.objects.claim(article_id, timezone.now(), settings.LEASE_SECONDS)
    if token is None:
        return False
    try:
        return _store(article_id, token, quarantine)
    except Exception:
        # One that could not be made versions keeps no other from it, and stays until it can.
        log.exception("the waiting texts of article %s could not be made versions", article_id)
        Article.objects.release(article_id, token)
        return False


def _store(article_id: int, token: UUID, quarantine: Quarantine) -> bool:
    article = Article.objects.select_related("source__boilerplate").get(pk=article_id)
    waiting = list(quarantine.held_texts.filter(article=article).order_by("id"))
    latest = article.versions.order_by("-number").first()
    assert latest is not None, "texts wait only of what has a version"
    # If they were not read alike, all is read anew, or each would be a change.
    anew = quarantine.state == State.REREAD or not reads_as_stored(article, latest.text_hash)
    found = list(_versions(article, latest, waiting, quarantine, anew=anew))
    dropped = quarantine.state == State.DROPPED
    made = [] if dropped else [(one, one.draft) for one in found if one.draft]
    # What waits for another decision besides goes on waiting.
    goes_on = found[-1] if found and found[-1].apart else None
    done = [row for row in waiting if not (goes_on and row is goes_on.row)]
    with transaction.atomic():
        if not Article.objects.release(article_id, token, **_article_after(article, made, done, anew=anew)):
            return False
        if made:
            taken_down = taken_down_of(article)
            retitle(article, made[-1][1].headline, taken_down)
        first, stored = article.version_count + 1, latest.text
        for one, draft in made:
            version = store_version(article, replace(one.decision, stored_before=stored), draft, taken_down)
            if quarantine.state == State.ACCEPTED:
                announce(version=version)
            article.version_count += 1
            stored = Text(draft.headline, draft.byline, draft.paragraphs)
        if quarantine.state == State.EXPIRED:
            quarantine.set_aside({(article.pk, number) for number in range(first, article.version_count + 1)})
        if made and (row := made[-1][0].row).body:
            page = FetchedPage(zlib.decompress(bytes(row.body)), row.url, row.content_type)
            store_page(article, article.version_count, page, row.seen)
        if goes_on:
            other = quarantine_to_wait_for(
                quarantines_holding(article.source, sorted(goes_on.apart)), goes_on.apart
            )
            QuarantinedText.objects.filter(pk=goes_on.row.pk).update(quarantine=other)
        QuarantinedText.objects.filter(pk__in=[row.pk for row in done]).delete()
    return True


@dataclass(frozen=True)
class _Found:
    """What a waiting text came to."""

    row: QuarantinedText
    decision: Decision
    draft: Draft | None
    """The version to be stored of it; None where it says nothing new."""
    apart: frozenset[str]
    """The signatures of what of it waits for another decision."""


def _versions(
    article: Article, latest: Version, waiting: list[QuarantinedText], quarantine: Quarantine, *, anew: bool
) -> Iterator[_Found]:
    """What is stored of the waiting texts, each compared with the one before."""
    boilerplate, today = Boilerplate.of(article.source), read_by(article.source)
    before = left_out(_text_before(article, latest, anew=anew), boilerplate.dropped)
    whole = latest.text
    hashes = set(article.versions.values_list("text_hash", flat=True))
    own = quarantine.paragraphs.values_list("signature", flat=True)
    others = set(boilerplate.held).difference(own)
    since: datetime | None = None
    for row in waiting:
        if row.seen < latest.seen:
            # A version that was seen later is stored already: this text is no news any more.
            since = since or row.previous_last_seen
            continue
        story = _read_anew(article, row, latest) if anew else _story(row)
        if story is None and (quarantine.state == State.REREAD or not row.body):
            continue
        story = story or _story(row)
        story = left_out(story, boilerplate.dropped)
        apart = standing_in_one(before, compared_of(story), others)
        compared, story = left_out(before, apart), left_out(story, apart)
        text = compared_of(story)
        found = hash_of(text)
        draft = None
        if found != hash_of(compared):
            draft = compare_versions(
                compared,
                story,
                seen_before=found in hashes,
                language=story.language or article.source.language,
            )
            compared_with = as_compared(compared, story)
            if hash_of(compared_with) != hash_of(whole):
                draft = replace(draft, previous_reextracted=compared_with)
        decision = Decision(
            Outcome.NEW_VERSION,
            ReasonCode.TEXT_CHANGED,
            at=row.seen,
            text_hash=found,
            previous_last_seen=since or row.previous_last_seen,
            draft=draft,
            story=story,
            extractor_version=today.extractor_version if anew else row.extractor_version,
        )
        yield _Found(row, decision, draft, apart)
        if draft:
            before, whole, since = text, text_of(story), None
            hashes.add(found)


def _story(row: QuarantinedText) -> Story:
    paragraphs = text_storage.unpack([bytes(row.data)])
    kept = dict(row.left_out)
    blocks = tuple(
        TextBlock("", fold_digits(text), "", True, False, "", kept.get(number, text), False)
        for number, text in enumerate(paragraphs)
    )
    return Story(
        row.headline,
        row.byline,
        published=row.published,
        paragraphs=paragraphs,
        blocks=blocks if kept else (),
    )


def _read_anew(article: Article, row: QuarantinedText, latest: Version) -> Story | None:
    """The waiting page by the rules of today; None when it has no story by them."""
    if not row.body:
        return None
    return reread(article, zlib.decompress(bytes(row.body)), row.url, row.content_type, latest)


def _text_before(article: Article, latest: Version, *, anew: bool) -> Text:
    """What the first waiting text is compared with: of the text in force what is compared, as pages are read
    today."""
    paragraphs = text_storage.compared(latest.paragraphs, latest.left_out)
    stored = replace(latest.text, paragraphs=paragraphs)
    if not anew and article.text_hash == latest.text_hash:
        return stored
    capture = Capture.objects.latest_of(article)
    if capture is None:
        return stored
    story = reread_text_in_force(article, capture.page, capture.url, capture.content_type, latest.text)
    return compared_of(story) if story is not None else stored


def _article_after(
    article: Article, made: list[tuple[_Found, Draft]], done: list[QuarantinedText], *, anew: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if article.pending_hash in {row.text_hash for row in done}:  # else it is a doubtful text, or waits on
        values |= {"pending_hash": "", "pending_since": None}
    if article.next_check_at is not None:
        values["next_check_at"] = timezone.now()
    if made:
        last = made[-1][0]
        values |= {
            "version_count": article.version_count + len(made),
            "last_changed": last.decision.seen,
            "text_hash": last.decision.text_hash,
            "extractor_version": last.decision.extractor_version,
            "rules_hash": read_by(article.source).rules_hash if anew else READ_EARLIER,
            # The page stored now is another than the validators speak of.
            "body_hash": "",
            "etag": "",
            "last_modified": "",
        }
        values["last_success"] = max(filter(None, (article.last_success, last.decision.seen)))
    return values
