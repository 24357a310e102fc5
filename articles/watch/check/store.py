"""The one transaction in which a check becomes the record."""

import logging
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Q

from articles import search
from articles.diff import DIFF_VERSION
from articles.facts import FACTS_VERSION
from articles.fetch import STATUSES_OF_PAGES, address_key
from articles.models import (
    Address,
    Alteration,
    Article,
    ArticleLooks,
    Boilerplate,
    CheckCount,
    DateMove,
    Event,
    FeedId,
    Host,
    Outcome,
    Proposal,
    QuarantinedText,
    ReasonCode,
    Source,
    Tombstone,
    Version,
    announce,
    text_storage,
)
from articles.models.capture import store_page
from articles.models.prepared import Plus, Prepared, PreparedInsert
from articles.models.text_storage import Text
from articles.watch.check import join
from articles.watch.check.claim import LEASE
from articles.watch.check.decision import Decision, Draft, Happening, Page, SameStory
from articles.watch.check.identity import headline_key
from articles.watch.check.learning import learn_ticking
from articles.watch.check.looks import left_out_of
from articles.watch.check.page import hash_of, text_of
from articles.watch.crawl.our_errors import count_check

log = logging.getLogger(__name__)

CONTENT_TYPE_LENGTH = 200
"""Characters that are kept of a page's content type."""

PAGE_RENEWED_EVERY = timedelta(days=1)
"""The kept page of a text that stays is replaced by a newer one no oftener."""

_HEALTH_EVERY = timedelta(minutes=1)
"""A source whose articles are seen all the time is written to no oftener."""


def store(article: Article, token: UUID, decision: Decision) -> int:
    """Store *decision*, give the article back, and return the number of its latest version.

    Nothing is stored when the claim was lost: whoever has the article now will see for himself.
    """
    with transaction.atomic():
        if not LEASE.release(article.pk, token, _columns(article, decision)):
            log_fields = {"article": article.pk, "outcome": decision.outcome.value}
            log.warning("lease lost, nothing recorded", extra=log_fields)
            return Article.objects.filter(pk=article.pk).values_list("version_count", flat=True).first() or 0
        CheckCount.add(decision.outcome, decision.seconds)
        if decision.same_story:
            count_check(article.source_id, decision.at, decision.outcome)
            return _join(article, decision.same_story, decision.at)
        if decision.duplicate_of:
            count_check(article.source_id, decision.at, decision.outcome)
            _look_again(article, decision)
            return _merge_into(decision.duplicate_of, article)
        if decision.barred and not article.version_count:
            return _bury(article)
        headline = decision.story.headline if decision.story else ""
        taken_down = NOTHING_TAKEN_DOWN
        if decision.draft or decision.happening or (headline and headline != article.headline):
            taken_down = taken_down_of(article)
            retitle(article, headline, taken_down)
        if decision.draft:
            announce(version=store_version(article, decision, decision.draft, taken_down))
        if decision.altered:
            _note_alterations(article, decision)
        if decision.moved_date:
            DateMove.objects.note(article, decision.at, *decision.moved_date)
        _store_quarantined_text(article, decision)
        if decision.happening:
            event = _event(article, decision, decision.happening, taken_down)
            event.save()
            announce(event=event)
        if decision.absorbs:
            _absorb(article, decision.absorbs)
        if decision.new_aliases:
            _store_aliases(article, decision)
        if decision.apart_at:
            _watch_apart(article, decision)
        if decision.look_again:
            _look_again(article, decision)
        if decision.proposals:
            _propose(article, decision)
        looks = decision.looks
        if decision.page and is_kept(article, decision, decision.page):
            number = article.version_count + (1 if decision.draft else 0)
            store_page(article, number, decision.page, decision.at)
            looks = replace(looks, page_fetched=decision.at) if looks else None
        if looks:
            ArticleLooks.keep(article, looks)
        count_check(article.source_id, decision.at, decision.outcome)
    _note_health(article.source, decision)
    if decision.ticking:
        learn_ticking(article, decision.ticking, decision.at)
    return article.version_count + (1 if decision.draft else 0)


class TakenDown(NamedTuple):
    """The parts of an article that are taken down, read while its row is locked."""

    article: bool
    latest: bool
    """Whether its latest version is taken down by itself: what follows may say the same, and is hidden."""


NOTHING_TAKEN_DOWN = TakenDown(False, False)


def taken_down_of(article: Article) -> TakenDown:
    """Return the parts of *article*, whose row is locked, that are taken down now."""
    return TakenDown(*_TAKEN_DOWN.first(article=article.pk, number=article.version_count))


_TAKEN_DOWN = Prepared(
    lambda article, number: Article.objects.filter(pk=article).values_list(
        "hidden", Exists(Version.objects.filter(article=article, number=number, hidden_itself=True))
    )
)


def _columns(article: Article, decision: Decision) -> dict[str, Any]:
    """The article's columns after the check."""
    now, outcome = decision.at, decision.outcome
    values: dict[str, Any] = {
        "checks_made": Plus(1),
        "last_checked": now,
        "last_outcome": outcome.value,
        "last_reason_code": decision.code.value,
        "last_reason": decision.reason,
        "errors_in_row": article.errors_in_row + 1 if outcome.is_failure else 0,
        "unfinished": 0,
        "parked": None,
        "host": article.host_id,
        "pending_hops": [],
        "next_check_at": decision.next_check_at,
        "away_to": decision.away_to,
    }
    if decision.new_address:
        values |= {"address": decision.new_address, "host": Host.objects.for_address(decision.new_address)}
    if decision.is_seen and article.maybe_same_id and not decision.look_again:
        values["maybe_same"] = None
    if not outcome.is_failure:
        values["capped_since"] = (article.capped_since or now) if decision.capped else None
        values |= {"pending_hash": decision.pending_hash, "pending_since": _pending_since(article, decision)}
    if not decision.conditional and decision.status in STATUSES_OF_PAGES:
        values["last_unconditional_at"] = now
    if decision.validators is not None:
        values |= {"etag": decision.validators.etag, "last_modified": decision.validators.last_modified}
    if decision.missing:
        values |= {"missing_count": article.missing_count + 1, "missing_since": article.missing_since or now}
    elif not outcome.is_failure and decision.code is not ReasonCode.NOT_THE_STORY:
        values |= {"missing_count": 0, "missing_since": None}
    if decision.is_seen:
        values |= _seen(article, decision)
    elif outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        values["state"] = Article.State.REMOVED if outcome is Outcome.REMOVED else Article.State.WITHHELD
    state = values.get("state", article.state)
    if decision.next_check_at is None and state == Article.State.WATCHED:
        values["state"] = Article.State.RETIRED
    return values


def _pending_since(article: Article, decision: Decision) -> datetime | None:
    """Since when a text waits, doubtful or kept out by the cap; None when there is none."""
    if not decision.pending_hash:
        return None
    return (article.pending_since if decision.pending_hash == article.pending_hash else None) or decision.at


def _seen(article: Article, decision: Decision) -> dict[str, Any]:
    """The columns after its text was seen, changed or not."""
    goes_on = article.flip_flopping and not decision.draft
    values: dict[str, Any] = {"flip_flopping": decision.flip_flopping or goes_on}
    if decision.alternating_headlines or decision.draft:
        values["alternating_headlines"] = list(decision.alternating_headlines)
    if article.state != Article.State.PAUSED:
        values["state"] = Article.State.WATCHED
    if not decision.flip_flopping and not decision.alternating_headlines:
        values["last_success"] = decision.at
    if story := decision.story:
        values |= {
            "published": story.published or article.published,
            "modified": story.modified or article.modified,
            "language": story.language or article.source.language,
            "direction": story.direction,
            "headline_key": headline_key(story.headline),
        }
        if decision.shows_text_in_force:
            values |= {
                "text_hash": decision.text_hash,
                "extractor_version": decision.extractor_version,
                "rules_hash": decision.rules_hash,
            }
    if decision.page and decision.page.hash:
        values["body_hash"] = decision.page.hash
    if decision.draft:
        values["version_count"] = article.version_count + 1
        if article.version_count:
            values["last_changed"] = decision.seen
    return values


def retitle(article: Article, headline: str, taken_down: TakenDown) -> None:
    """Give the article, its row locked, the headline it has now, unless that may be what is taken down."""
    if headline and headline != article.headline and not taken_down.latest:
        Article.objects.filter(pk=article.pk).update(headline=headline)


def store_version(article: Article, decision: Decision, draft: Draft, taken_down: TakenDown) -> Version:
    """Store *draft* as the article's next version, and give that back.

    decision.stored_before: the version before it as it is stored; None when it is the first.
    """
    number = article.version_count + 1
    previous = decision.stored_before.paragraphs if decision.stored_before else ()
    hidden = taken_down.latest or None
    version = Version(
        article=article,
        source_id=article.source_id,
        number=number,
        headline=draft.headline,
        byline=draft.byline,
        published=draft.published,
        modified=draft.modified,
        data=text_storage.pack(draft.paragraphs, None if text_storage.is_whole(number) else previous),
        previous_reextracted=text_storage.pack_text(draft.previous_reextracted, previous)
        if draft.previous_reextracted
        else None,
        left_out=[list(one) for one in draft.left_out],
        made_of=draft.made_of,
        entries_added=draft.entries_added,
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
        more_excerpts=[[list(span) for span in one] for one in draft.more_excerpts],
        facts=list(draft.facts),
        facts_version=FACTS_VERSION,
        diff_version=DIFF_VERSION,
        hidden=taken_down.article or taken_down.latest,
        hidden_itself=hidden,
        follows_hidden=hidden,
    )
    version.count_kinds()
    _VERSION.insert(version)
    search.add(
        version,
        text=Text(draft.headline, draft.byline, draft.paragraphs),
        before=decision.stored_before,
        compared=draft.previous_reextracted or decision.stored_before,
    )
    return version


_VERSION = PreparedInsert(Version)


def _note_alterations(article: Article, decision: Decision) -> None:
    """What other articles' changes are compared with, for an hour."""
    rows = [
        Alteration(
            source_id=article.source_id,
            article=article,
            number=article.version_count + 1,
            signature=name,
            place=paragraph.place,
            came=paragraph.came,
            at=decision.at,
        )
        for name, paragraph in decision.altered.items()
    ]
    # What waits to be seen twice notes the same again at each look.
    Alteration.objects.bulk_create(rows, ignore_conflicts=decision.draft is None)


def _store_quarantined_text(article: Article, decision: Decision) -> None:
    """Keep what waits for a decision on many articles at once: each text in turn, and that it went again."""
    if not (article.pending_hash or decision.quarantined_text or Boilerplate.of(article.source).held):
        return  # nothing of the source waits
    waiting = QuarantinedText.objects.filter(article=article)
    before = waiting.order_by("-id").first()
    previous_last_seen = article.last_success
    if decision.draft and before:
        waiting.delete()  # the version tells of what else they say, and comes after them
        if before.text_hash != article.text_hash:
            previous_last_seen = before.previous_last_seen  # what waits came then, and not with the version
        before = None
    text, quarantine = decision.quarantined_text, decision.waits_for
    left_out, text_hash = decision.quarantined_left_out, decision.quarantined_hash
    if before and decision.shows_text_in_force and (story := decision.story):
        text, quarantine = text_of(story), before.quarantine_id
        left_out, text_hash = left_out_of(story), hash_of(story)
    if text is None or quarantine is None:
        return
    if before is not None and before.text_hash == text_hash:
        return
    page = decision.page or Page(b"", "")
    QuarantinedText.objects.create(
        quarantine_id=quarantine,
        article=article,
        headline=text.headline,
        byline=text.byline,
        published=article.published,
        data=text_storage.pack(text.paragraphs, None),
        left_out=[list(one) for one in left_out],
        text_hash=text_hash,
        extractor_version=decision.extractor_version,
        seen=decision.at,
        previous_last_seen=previous_last_seen,
        url=page.url,
        content_type=page.content_type[:CONTENT_TYPE_LENGTH],
        body=zlib.compress(page.body, 6) if page.body else b"",
    )


def _event(article: Article, decision: Decision, happening: Happening, taken_down: TakenDown) -> Event:
    return Event(
        article=article,
        source_id=article.source_id,
        kind=happening.kind,
        at=decision.at,
        previous_last_seen=happening.previous_last_seen,
        first_sign=happening.first_sign,
        detail=happening.detail,
        address_before=happening.addresses[0],
        address_after=happening.addresses[1],
        hidden=taken_down.article,
    )


def _store_aliases(article: Article, decision: Decision) -> None:
    """Note the other addresses that lead to the article; one that leads to another already stays there."""
    Address.objects.bulk_create(
        [
            Address(article=article, address=address, key=address_key(address), learned=decision.learned)
            for address in decision.new_aliases
        ],
        ignore_conflicts=True,
    )


def is_kept(article: Article, decision: Decision, page: Page) -> bool:
    """Return whether *page* is to be kept: that of a version, of what has none yet, or that of the text in
    force where the one kept is a day old or was read differently. An upgrade of our extractor compares
    pages of one template."""
    if not page.hash or page.hash == article.body_hash:
        return False
    if decision.draft or not article.version_count:
        return True
    fetched = decision.looks.page_fetched if decision.looks else None
    read_alike = (decision.extractor_version, decision.rules_hash) == (
        article.extractor_version,
        article.rules_hash,
    )
    return fetched is None or not read_alike or decision.at - fetched >= PAGE_RENEWED_EVERY


def _merge_into(other: int, article: Article) -> int:
    """*article* has no version and is the same story as article *other*: its addresses lead there."""
    older = Article.objects.select_for_update().filter(pk=other).first()
    if older is None:  # it was joined or taken down just now: the next check sees where
        return 0
    join.absorb(older, article)
    versions: int = older.version_count
    return versions


def _absorb(article: Article, other: int) -> None:
    """Article *other* has no version, and its address turned out to be that of *article*."""
    unread = Article.objects.select_for_update().filter(pk=other, version_count=0, purged=None).first()
    if unread is not None:
        join.absorb(article, unread)


def _join(article: Article, same: SameStory, at: datetime) -> int:
    """Join *article* with another; the number of the latest version of both together."""
    article = Article.objects.get(pk=article.pk)
    other = Article.objects.filter(pk=same.pk).first()
    try:
        if other is None:
            raise join.CantJoin("the other article is gone")
        made = join.join(join.plan_join(article, other, same.evidence, same.address), at)
    except join.CantJoin as problem:
        log.warning("not joined", extra={"article": article.pk, "other": same.pk, "problem": str(problem)})
        return article.version_count
    return int(made.older.version_count)


def _look_again(article: Article, decision: Decision) -> None:
    """Have other articles checked at once; where both have versions, to see whether they are one story."""
    others = Article.objects.filter(pk__in=decision.look_again, next_check_at__isnull=False)
    others.filter(next_check_at__gt=decision.at).update(next_check_at=decision.at)
    if not decision.duplicate_of:
        others.update(maybe_same=article.pk)


def _watch_apart(article: Article, decision: Decision) -> None:
    """Watch by itself what a feed named as the address of *article*, and which shows another story."""
    address, host = decision.apart_at, Host.objects.for_address(decision.apart_at)
    key = address_key(address)
    if Address.objects.filter(key=key).exists():
        return
    other = Article.objects.create(
        source_id=article.source_id,
        host=host,
        address=address,
        first_seen=decision.at,
        next_check_at=decision.at,
    )
    Address.objects.create(article=other, address=address, key=key, learned=Address.Learned.FEED)
    FeedId.objects.filter(article=article, key=key).update(article=other)


def _propose(article: Article, decision: Decision) -> None:
    """Put pairs that may be one story before a person."""
    firsts = dict(
        Article.objects.filter(pk__in=[one.pk for one in decision.proposals]).values_list("pk", "first_seen")
    )
    Proposal.objects.bulk_create(
        [
            Proposal(
                older_id=min((firsts[one.pk], one.pk), (article.first_seen, article.pk))[1],
                younger_id=max((firsts[one.pk], one.pk), (article.first_seen, article.pk))[1],
                evidence=one.evidence,
                share=one.share,
                at=decision.at,
            )
            for one in decision.proposals
            if one.pk in firsts
        ],
        ignore_conflicts=True,
    )


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
    elif _health_is_stale(source, decision):
        stale = (
            Q(last_success=None) | Q(last_success__lt=decision.at - _HEALTH_EVERY) | Q(errors_in_row__gt=0)
        )
        Source.objects.filter(stale, pk=source.pk).update(last_success=decision.at, errors_in_row=0)


def _health_is_stale(source: Source, decision: Decision) -> bool:
    """Whether the source, as it was when the check began, has to be updated."""
    last = source.last_success
    return source.errors_in_row > 0 or last is None or last < decision.at - _HEALTH_EVERY
