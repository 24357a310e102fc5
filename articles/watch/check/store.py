"""The one transaction in which a check becomes the record."""

import logging
import random
import zlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from articles import search
from articles.extract import EXTRACTOR_VERSION, Story
from articles.fetch import address_key
from articles.models import (
    Address,
    Alteration,
    Article,
    Boilerplate,
    Capture,
    CheckCount,
    Event,
    Outcome,
    QuarantinedText,
    Source,
    Tombstone,
    Version,
    text_storage,
)
from articles.models.text_storage import Text
from articles.watch.check.decide import Decision, Draft, pace_of
from articles.watch.check.page import hash_of
from articles.watch.crawl.failures import count_check
from articles.watch.crawl.schedule import LONGEST_BACK_OFF, Pace, back_off

log = logging.getLogger(__name__)

_SEEN = {Outcome.UNCHANGED, Outcome.NEW_VERSION}
LAST_CHECK_GRACE = timedelta(days=7)
"""A last check that settled nothing is repeated this long: a failure retires no article, and yet a site
that is gone for good is not asked for ever."""

_HEALTH_EVERY = timedelta(minutes=1)


def record(article: Article, token: UUID, decision: Decision) -> int:
    """Store *decision*, give the lease back, and return the number of the article's latest version.

    Nothing is stored when the lease was lost: whoever has it now will see for himself.
    """
    with transaction.atomic():
        if not Article.objects.release(article.pk, token, **_article_after(article, decision)):
            lost = {"article": article.pk, "outcome": decision.outcome.value}
            log.warning("lease lost, nothing recorded", extra=lost)
            return Article.objects.filter(pk=article.pk).values_list("version_count", flat=True).first() or 0
        CheckCount.add(decision.outcome, decision.seconds)
        if decision.duplicate_of:
            count_check(article.source_id, decision.at, decision.outcome)
            return _merge_into(decision.duplicate_of, article)
        if decision.barred and not article.version_count:
            return _bury(article)
        article.refresh_from_db(fields=["hidden"])  # it may have been taken down meanwhile
        if decision.story:
            retitle(article, decision.story.headline)
        if decision.draft:
            store_version(article, decision, decision.draft)
            _note_alterations(article, decision)
        _store_quarantined_text(article, decision)
        if event := _event(article, decision):
            event.save()
        if decision.story:
            _store_aliases(article, decision)
        _store_capture(article, decision)
        count_check(article.source_id, decision.at, decision.outcome)
    _note_health(article.source, decision)
    return article.version_count + (1 if decision.draft else 0)


def _article_after(article: Article, decision: Decision) -> dict[str, Any]:
    """The article's columns after the check."""
    now, outcome = decision.at, decision.outcome
    values: dict[str, Any] = {
        "checks_made": F("checks_made") + 1,
        "last_checked": now,
        "last_outcome": outcome.value,
        "last_reason": decision.reason,
        "errors_in_row": article.errors_in_row + 1 if outcome.is_failure else 0,
        "unfinished": 0,
        "parked": None,
        "pending_hops": [],
    }
    if not outcome.is_failure:
        values["capped_since"] = (article.capped_since or now) if decision.capped else None
        values |= {"pending_hash": decision.pending_hash, "pending_since": _pending_since(article, decision)}
    if decision.last_unconditional_at and decision.status == 200:
        values["last_unconditional_at"] = now
    if decision.validators is not None:
        values |= {"etag": decision.validators.etag, "last_modified": decision.validators.last_modified}
    if decision.missing:
        values |= {"missing_count": article.missing_count + 1, "missing_since": article.missing_since or now}
    elif not outcome.is_failure:
        values |= {"missing_count": 0, "missing_since": None}
    if _is_seen(decision):
        values |= _seen(article, decision)
    elif outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        values["state"] = Article.State.REMOVED if outcome is Outcome.REMOVED else Article.State.WITHHELD
    changed = decision.seen if decision.draft and article.version_count else article.last_changed
    values["next_check_at"] = _next_check(article, decision, changed or article.first_seen)
    state = values.get("state", article.state)
    if values["next_check_at"] is None and state == Article.State.WATCHED:
        values["state"] = Article.State.RETIRED
    return values


def _pending_since(article: Article, decision: Decision) -> datetime | None:
    """Since when a text waits, doubtful or kept out by the cap; None when there is none."""
    if not decision.pending_hash:
        return None
    return (article.pending_since if decision.pending_hash == article.pending_hash else None) or decision.at


def _is_seen(decision: Decision) -> bool:
    """Whether the article was there, with its text or with one that waits for a decision on many articles."""
    return decision.outcome in _SEEN or (
        decision.outcome is Outcome.HELD and decision.quarantined_text is not None
    )


def _seen(article: Article, decision: Decision) -> dict[str, Any]:
    """The columns after its text was seen, changed or not."""
    goes_on = article.flip_flopping and not decision.draft
    values: dict[str, Any] = {"flip_flopping": decision.flip_flopping or goes_on}
    if article.state != Article.State.PAUSED:
        values["state"] = Article.State.WATCHED
    if not decision.flip_flopping:
        values["last_success"] = decision.at
    if story := decision.story:
        values |= {
            "published": story.published or article.published,
            "modified": story.modified or article.modified,
            "language": story.language or article.source.language,
            "direction": story.direction,
        }
        if not decision.flip_flopping:
            values |= {
                "text_hash": decision.text_hash,
                "extractor_version": decision.extractor_version,
                "rules_hash": decision.rules_hash,
            }
    if decision.body_hash:
        values["body_hash"] = decision.body_hash
    if decision.draft:
        values["version_count"] = article.version_count + 1
        if article.version_count:
            values["last_changed"] = decision.seen
    return values


def retitle(article: Article, headline: str) -> None:
    """Give the article, its row locked, the headline it has now, unless that may be what is taken down."""
    if headline and headline != article.headline and not _latest_is_hidden(article):
        Article.objects.filter(pk=article.pk).update(headline=headline)


def _latest_is_hidden(article: Article) -> bool:
    """Whether its latest version is taken down by itself: what follows may say the same, and is hidden."""
    latest = article.versions.filter(number=article.version_count, hidden_itself=True)
    return article.version_count > 0 and latest.exists()


def _next_check(article: Article, decision: Decision, changed: datetime) -> datetime | None:
    """When it is checked next; None when it is retired or paused."""
    if article.state == Article.State.PAUSED:
        return None
    now, source = decision.at, article.source
    pace = pace_of(source)
    at = pace.next_check(now, changed, random.random())  # noqa: S311 (spreads load, hides nothing)
    if at is None and _was_away(article, now, pace):
        at = now + pace.ceiling
    elif at is None:
        unsettled = decision.outcome.is_failure or decision.outcome is Outcome.HELD
        given_up = now >= changed + pace.retire_after + LAST_CHECK_GRACE
        if article.state == Article.State.RETIRED or given_up or not unsettled:
            return None
        at = now + pace.ceiling
    if decision.outcome.is_failure:
        wait = back_off(article.errors_in_row + 1, random.random())  # noqa: S311
        at = max(at, now + min(wait, timedelta(seconds=source.ceiling_seconds)))
    if decision.outcome is Outcome.HELD and not decision.capped and not decision.quarantined_text:
        confirm = source.confirm_removal_seconds / 2 if decision.missing else source.confirm_text_seconds
        soon = now + timedelta(seconds=max(confirm, 1))
        if decision.missing:
            at = min(at, soon)
        else:
            # A doubtful text that is another each time is never confirmed, however soon it is asked for.
            other_before = article.pending_hash and article.pending_hash != decision.pending_hash
            at = max(at, soon) if other_before else soon
    if decision.retry_after:
        at = max(at, now + timedelta(seconds=decision.retry_after))
    return at


def _was_away(article: Article, now: datetime, pace: Pace) -> bool:
    """Whether it was not checked for longer than any wait: the machine was off, or its clock is wrong.

    What would be retired is checked once more a while later: one glance at a wrong clock retires nothing.
    """
    longest = 2 * max(pace.ceiling, LONGEST_BACK_OFF)
    return article.last_checked is not None and now - article.last_checked > longest


def store_version(article: Article, decision: Decision, draft: Draft) -> None:
    """Store *draft* as the article's next version."""
    number = article.version_count + 1
    previous = article.versions.get(number=number - 1).paragraphs if number > 1 else ()
    hidden = _latest_is_hidden(article) or None
    version = Version.objects.create(
        article=article,
        source_id=article.source_id,
        number=number,
        headline=draft.headline,
        byline=draft.byline,
        published=draft.published,
        data=text_storage.pack(draft.paragraphs, None if text_storage.is_whole(number) else previous),
        previous_reextracted=text_storage.pack_text(draft.previous_reextracted, previous)
        if draft.previous_reextracted
        else None,
        text_hash=decision.text_hash,
        seen=decision.seen,
        previous_last_seen=decision.previous_last_seen or article.last_success,
        extractor_version=decision.extractor_version,
        words=draft.words,
        words_added=draft.words_added,
        words_removed=draft.words_removed,
        badges=list(draft.badges),
        minor=draft.minor,
        headline_before=draft.headline_before,
        excerpt=[list(span) for span in draft.excerpt],
        hidden=article.hidden or hidden is True,
        hidden_itself=hidden,
        follows_hidden=hidden,
    )
    search.add(version)


def _note_alterations(article: Article, decision: Decision) -> None:
    """What other articles' changes are compared with, for an hour."""
    Alteration.objects.bulk_create(
        Alteration(
            source_id=article.source_id,
            article=article,
            number=article.version_count + 1,
            signature=name,
            came=paragraph.came,
            at=decision.at,
        )
        for name, paragraph in decision.altered.items()
    )


def _store_quarantined_text(article: Article, decision: Decision) -> None:
    """Keep what waits for a decision on many articles at once: each text in turn, and that it went again."""
    if not (article.pending_hash or decision.quarantined_text or Boilerplate.of(article.source).held):
        return  # nothing of the source waits
    held = QuarantinedText.objects.filter(article=article)
    before = held.order_by("-id").first()
    previous_last_seen = article.last_success
    if decision.draft and before:
        held.delete()  # the version tells of what else they hold, and comes after them
        if before.text_hash != article.text_hash:
            previous_last_seen = before.previous_last_seen  # what is held came then, and not with the version
        before = None
    text, held_for = decision.quarantined_text, decision.held_for
    if before and decision.shows_text_in_force and decision.story:
        text, held_for = _text_of(decision.story), before.quarantine_id
    if text is None or held_for is None:
        return
    if before is not None and before.text_hash == hash_of(text):
        return
    QuarantinedText.objects.create(
        quarantine_id=held_for,
        article=article,
        headline=text.headline,
        byline=text.byline,
        published=article.published,
        data=text_storage.pack(text.paragraphs, None),
        text_hash=hash_of(text),
        extractor_version=EXTRACTOR_VERSION,
        seen=decision.at,
        previous_last_seen=previous_last_seen,
        url=decision.body_url,
        content_type=decision.content_type[:200],
        body=zlib.compress(decision.body, 6) if decision.body else b"",
    )


def _text_of(story: Story) -> Text:
    return Text(story.headline, story.byline, story.paragraphs)


def _event(article: Article, decision: Decision) -> Event | None:
    """What happened to the article itself, if anything did."""
    State, Kind = Article.State, Event.Kind
    away = article.state in (State.REMOVED, State.WITHHELD)
    if _is_seen(decision) and away:
        kind, detail = Kind.RESTORED, ""
    elif decision.outcome is Outcome.REMOVED and article.state != State.REMOVED:
        kind, detail = Kind.REMOVED, decision.reason
    elif decision.outcome is Outcome.WITHHELD and article.state != State.WITHHELD:
        kind, detail = Kind.WITHHELD, decision.reason
    elif decision.outcome is Outcome.MOVED and not _is_known_to_have_moved(article):
        kind, detail = Kind.MOVED, decision.reason
    else:
        return None
    return Event(
        article=article,
        source_id=article.source_id,
        kind=kind,
        at=decision.at,
        previous_last_seen=_last_seen_away(article) if kind == Kind.RESTORED else article.last_success,
        first_sign=article.missing_since if kind == Kind.REMOVED else None,
        detail=detail,
        hidden=article.hidden,
    )


def _last_seen_away(article: Article) -> datetime | None:
    """When an article that is away was last seen to be: a check that failed since tells nothing."""
    if article.last_outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        return article.last_checked
    away = article.events.filter(kind__in=(Event.Kind.REMOVED, Event.Kind.WITHHELD)).newest_first().first()
    return away.at if away else None


def _is_known_to_have_moved(article: Article) -> bool:
    """Whether that was told already since its text was last seen."""
    since = article.last_success or article.first_seen
    return article.events.filter(kind=Event.Kind.MOVED, at__gte=since).exists()


def _store_aliases(article: Article, decision: Decision) -> None:
    """Note the other addresses that lead to the article; one that leads to another already stays there."""
    Address.objects.bulk_create(
        [Address(article=article, address=address, key=address_key(address)) for address in decision.aliases],
        ignore_conflicts=True,
    )


def _store_capture(article: Article, decision: Decision) -> None:
    if not decision.body_hash or decision.body_hash == article.body_hash:
        return
    Capture.objects.update_or_create(
        article=article,
        defaults={
            "url": decision.body_url,
            "content_type": decision.content_type[:200],
            "body": zlib.compress(decision.body, 6),
            "fetched": decision.at,
        },
    )


def _merge_into(other: int, article: Article) -> int:
    """*article* has no version and is the same story as article *other*: its addresses lead there."""
    Address.objects.filter(article=article).update(article=other)
    article.delete()
    return Article.objects.values_list("version_count", flat=True).get(pk=other)


def _bury(article: Article) -> int:
    """*article* has no version and is one that was deleted for good: its addresses are barred as well."""
    Tombstone.put(article.addresses.values_list("key", flat=True), None)
    article.delete()
    return 0


def _note_health(source: Source, decision: Decision) -> None:
    """The source's health, written seldom: all its checks would queue for this one row."""
    if decision.outcome.is_failure:
        Source.objects.filter(pk=source.pk).update(
            errors_in_row=F("errors_in_row") + 1, last_error=decision.reason[:1000]
        )
    else:
        stale = (
            Q(last_success=None) | Q(last_success__lt=decision.at - _HEALTH_EVERY) | Q(errors_in_row__gt=0)
        )
        Source.objects.filter(stale, pk=source.pk).update(last_success=decision.at, errors_in_row=0)
