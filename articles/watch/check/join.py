"""Two articles that are one story: the older stays, the younger one's pages lead to it; and undoing that.

What the younger says is taken over as versions only where all of it was first seen after the older one's last
version: then it is how the story went on. Else both histories stay as they were seen. Nothing is deleted.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles import search
from articles.extract import Story
from articles.fetch import address_key
from articles.models import (
    Address,
    Announcement,
    Article,
    Capture,
    DateMove,
    Event,
    Evidence,
    FeedId,
    Host,
    Join,
    Notice,
    Proposal,
    QuarantinedText,
    Subscription,
    Version,
    announce,
    text_storage,
)
from articles.models.text_storage import Text
from articles.watch.check.decide import compare_versions
from articles.watch.check.identity import headline_key

log = logging.getLogger(__name__)

_OF_THE_PAGE = ("text_hash", "body_hash", "extractor_version", "rules_hash", "etag", "last_modified")
"""What an article's row says of the page that its latest version was read from."""

_OF_THE_CHANGE = (
    *("words_added", "words_removed", "badges", "minor"),
    *("headline_before", "excerpt", "more_excerpts", "facts", "follows_hidden"),
)

_OF_THE_ROW = (
    *_OF_THE_PAGE,
    "address",
    "host_id",
    "state",
    "headline",
    "version_count",
    "hidden",
)


class CantJoin(Exception):
    """These two are not joined; the message says why."""


class CantUndo(Exception):
    """This join is not undone; the message says why."""


@dataclass(frozen=True)
class Plan:
    """The effects that a join would have. take_from: the number of the younger's first version that is
    taken over; None where its history stays its own."""

    older: Article
    younger: Article
    evidence: Evidence
    address: str
    take_from: int | None

    @property
    def taken(self) -> int:
        """Return how many versions are taken over."""
        return self.younger.version_count - self.take_from + 1 if self.take_from else 0


def plan_join(one: Article, other: Article, evidence: Evidence, address: str = "") -> Plan:
    """Return the effects of joining two articles; nothing is written.

    address: the one that is checked from then on, of either of them; the older one's if not given.

    :raises CantJoin: they are one already, or one of them was purged, or they are of two sources.
    """
    older, younger = sorted((one, other), key=lambda article: (article.first_seen, article.pk))
    if older.pk == younger.pk:
        raise CantJoin("it is one article")
    if older.purged or younger.purged:
        raise CantJoin("one of them was taken down for good")
    if older.joined_to_id or younger.joined_to_id:
        raise CantJoin("one of them is joined to another article already")
    if older.source_id != younger.source_id:
        raise CantJoin("they are of two sources")
    return Plan(older, younger, evidence, address or older.address, _take_from(older, younger))


def _take_from(older: Article, younger: Article) -> int | None:
    last = older.versions.order_by("-number").values_list("seen", "text_hash").first()
    rows = list(younger.versions.order_by("number").values_list("number", "seen", "text_hash"))
    if not rows:
        return None
    if last is None:
        return 1
    if any(seen <= last[0] for _, seen, _ in rows):
        return None
    # What the older one says already is no version of its own.
    return next((number for number, _, text_hash in rows if text_hash != last[1]), None)


def join(plan: Plan, at: datetime, by: AbstractBaseUser | None = None) -> Join:
    """Carry out *plan*, in one transaction. Whoever calls it holds both articles' leases, or their rows."""
    with transaction.atomic():
        older, younger = _locked(plan.older.pk, plan.younger.pk)
        if older.joined_to_id or younger.joined_to_id or older.purged or younger.purged:
            raise CantJoin("one of them was changed meanwhile")
        before: dict[str, Any] = {
            "older": _row(older),
            "younger": _row(younger) | {"next_check_at": _iso(younger.next_check_at)},
            "addresses": list(younger.addresses.values_list("pk", flat=True)),
            "ids": list(FeedId.objects.filter(article=younger).values_list("pk", flat=True)),
            "subscriptions": list(Subscription.objects.filter(article=younger).values_list("pk", flat=True)),
        }
        events = list(younger.events.values_list("pk", flat=True)) if plan.take_from else []
        moved_from = older.address
        made = Join(older=older, younger=younger, at=at, evidence=plan.evidence, by_id=by.pk if by else None)
        if plan.take_from:
            made.taken_from, made.taken_to = plan.take_from, older.version_count + 1
            before["changed"] = _take_over(older, younger, plan.take_from)
            _swap_pages(older, younger)
            if plan.evidence is not Evidence.PERSON:  # who joins by hand joins what is long past
                _announce_first(older, made.taken_to)
        made.before = before | {"events": events}
        made.save()
        Address.objects.filter(article=younger).update(article=older)
        FeedId.objects.filter(article=younger).update(article=older)
        Event.objects.filter(pk__in=events).update(article=older)
        Article.objects.filter(joined_to=younger).update(joined_to=older)
        _tell_of(older, younger)
        _hide_both(older, younger)
        if address_key(plan.address) != address_key(moved_from):
            older.address, older.host = plan.address, Host.objects.for_address(plan.address)
            moved = Event.objects.create(
                article=older,
                source_id=older.source_id,
                kind=Event.Kind.MOVED,
                at=at,
                previous_last_seen=older.last_success,
                detail=f"{moved_from} → {plan.address}",
                address_before=moved_from,
                address_after=plan.address,
                hidden=older.hidden,
            )
            announce(event=moved)
        _end(older, younger, at)
        Proposal.objects.filter(older=older, younger=younger).update(state=Proposal.State.JOINED, decided=at)
    log.info("joined", extra={"older": older.pk, "younger": younger.pk, "evidence": str(plan.evidence)})
    return made


def _announce_first(article: Article, number: int) -> None:
    """Have it told that version *number* changed the one before: alone it was a first one, and no change."""
    version = article.versions.get(number=number)
    if not Announcement.objects.filter(version=version).exists():
        announce(version=version)


def _tell_of(article: Article, other: Article) -> None:
    """Who asked to be told of *other* is told of *article*, which is watched as long as that was to be."""
    Subscription.objects.filter(article=other).update(article=article)
    until = max(filter(None, (article.watch_until, other.watch_until)), default=None)
    if until != article.watch_until:
        article.watch_until = until
        Article.objects.filter(pk=article.pk).update(watch_until=until)


def _locked(*keys: int) -> list[Article]:
    rows = {row.pk: row for row in Article.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    if len(rows) != len(keys):
        raise CantJoin("one of them is gone")
    return [rows[key] for key in keys]


def _row(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _OF_THE_ROW} | {
        "last_changed": _iso(article.last_changed),
        "last_success": _iso(article.last_success),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _take_over(older: Article, younger: Article, first: int) -> dict[str, Any]:
    """Make the younger one's versions from *first* on the older one's next ones.

    Returns what the first of them said of its change before.
    """
    rows = list(younger.versions.filter(number__gte=first).order_by("number"))
    texts = [row.text for row in rows]
    compared = _compared(younger, rows)
    last = older.versions.order_by("-number").first()
    changed = {name: getattr(rows[0], name) for name in _OF_THE_CHANGE} | {
        "previous_last_seen": _iso(rows[0].previous_last_seen)
    }
    if last is not None:
        known = set(older.versions.values_list("text_hash", flat=True))
        first_text = texts[0]
        story = Story(
            first_text.headline,
            first_text.byline,
            published=rows[0].published,
            paragraphs=first_text.paragraphs,
        )
        draft = compare_versions(
            last.text, story, seen_before=rows[0].text_hash in known, language=older.language
        )
        for name in _OF_THE_CHANGE[:-1]:
            value = getattr(draft, name)
            setattr(rows[0], name, _listed(value) if isinstance(value, tuple) else value)
        rows[0].follows_hidden = last.hidden_itself
        if last.hidden_itself:  # as what is seen after it would be: it may say the same
            for row in rows:
                row.hidden_itself = row.hidden = True
        rows[0].previous_last_seen = older.last_success or last.seen
    compared[0] = None
    _renumber(rows, texts, compared, older, older.version_count + 1, last.text if last else None)
    return changed


def _listed(value: Sequence[Any]) -> list[Any]:
    return [list(one) if isinstance(one, tuple) else one for one in value]


def _compared(article: Article, rows: Sequence[Version]) -> list[Text | None]:
    """With what each was compared where that is not the version before as it is stored."""
    found: list[Text | None] = []
    for row in rows:
        if row.previous_reextracted is None:
            found.append(None)
        else:
            found.append(row.text_before(article.versions.get(number=row.number - 1)))
    return found


def _renumber(
    rows: Sequence[Version],
    texts: Sequence[Text],
    compared: Sequence[Text | None],
    article: Article,
    first: int,
    before: Text | None,
) -> None:
    """Store *rows*, with their *texts*, as versions of *article* from number *first* on, after *before*."""
    for row in reversed(rows):
        search.remove(row)  # which needs the one before, as it was
    for number, (row, text, anew) in enumerate(zip(rows, texts, compared, strict=True), first):
        previous = before.paragraphs if before else ()
        page = Capture.objects.filter(article=row.article_id, number=row.number)
        page.update(article=article, source=article.source_id, number=number)
        moves = DateMove.objects.filter(article=row.article_id, version=row.number)
        moves.update(article=article, version=number)
        untold = Notice.objects.filter(Q(delivery=None) | Q(delivery__ended=None), version=row)
        untold.update(article=article, number=number)
        row.article, row.number = article, number
        row.data = text_storage.pack(text.paragraphs, None if text_storage.is_whole(number) else previous)
        row.previous_reextracted = text_storage.pack_text(anew, previous) if anew else None
        row.save()
        search.add(row, text=text, before=before, compared=anew or before)
        before = text


def _swap_pages(one: Article, other: Article) -> None:
    """Each row says of its page what the other's did: the kept pages go with their versions."""
    for name in _OF_THE_PAGE:
        mine, yours = getattr(one, name), getattr(other, name)
        setattr(one, name, yours)
        setattr(other, name, mine)
    QuarantinedText.objects.filter(article=other).update(article=one)


def _hide_both(older: Article, younger: Article) -> None:
    """Hidden on either side hides both: what is taken down never comes back by a join.

    So does a latest version of the younger one that is hidden by itself and was not taken over: the next one
    of the older may say the same.
    """
    latest = younger.versions.order_by("-number").first()
    if not (older.hidden or younger.hidden or (latest and latest.hidden_itself)):
        return
    for article in (older, younger):
        article.hidden = True
        Version.objects.filter(article=article).update(hidden=True)
        Event.objects.filter(article=article).update(hidden=True)


def _end(older: Article, younger: Article, at: datetime) -> None:
    """Write both rows: the older one is due at once, the younger is never checked again."""
    count = older.versions.count()
    latest = older.versions.order_by("-number").first()
    older.version_count = count
    if latest is not None:
        _retitle(older, latest)
        older.last_changed = latest.seen if count > 1 else None
        older.last_success = max(filter(None, (older.last_success, younger.last_success)), default=None)
    if older.state in (Article.State.REMOVED, Article.State.RETIRED):
        older.state = Article.State.WATCHED
    older.next_check_at = None if older.state == Article.State.PAUSED else at
    older.pending_hops, older.pending_hash, older.pending_since = [], "", None
    older.missing_count, older.missing_since, older.away_to = 0, None, ""
    older.maybe_same = None
    # Who is checking one of them finds his lease gone, and stores nothing.
    older.lease_until = older.lease_token = younger.lease_until = younger.lease_token = None
    older.save()
    younger.version_count = younger.versions.count()
    younger.joined_to, younger.state = older, Article.State.JOINED
    younger.next_check_at, younger.maybe_same, younger.pending_hops = None, None, []
    younger.save()


def _retitle(article: Article, latest: Version) -> None:
    """Give *article* the headline of its latest version, unless that is what is taken down."""
    article.headline_key = headline_key(latest.headline)
    if not latest.hidden_itself:
        article.headline = latest.headline


def absorb(older: Article, younger: Article) -> None:
    """*younger*, which has no version and which no reader has seen, leads to *older* from now on."""
    if younger.hidden:
        _hide_both(older, younger)
        Article.objects.filter(pk=older.pk).update(hidden=True)
    Address.objects.filter(article=younger).update(article=older, learned=Address.Learned.JOIN)
    FeedId.objects.filter(article=younger).update(article=older)
    Article.objects.filter(maybe_same=younger).update(maybe_same=None)
    _tell_of(older, younger)
    younger.delete()


def undo(made: Join, at: datetime | None = None) -> None:
    """Part two articles that were joined. Versions seen since stay with those that were taken over.

    :raises CantUndo: it was undone before, or one of them was purged or joined again.
    """
    at = at or timezone.now()
    with transaction.atomic():
        made = Join.objects.select_for_update().get(pk=made.pk)
        older, younger = _locked(made.older_id, made.younger_id)
        if made.undone:
            raise CantUndo("it was undone before")
        if older.purged or younger.purged:
            raise CantUndo("one of them was taken down for good")
        if younger.joined_to_id != older.pk or older.joined_to_id:
            raise CantUndo("one of them was joined to another article since")
        before = made.before
        if made.taken_from and made.taken_to:
            rows = list(older.versions.filter(number__gte=made.taken_to).order_by("number"))
            texts, compared = [row.text for row in rows], _compared(older, rows)
            kept = younger.versions.order_by("-number").first()
            changed = before["changed"]
            for name in _OF_THE_CHANGE:
                setattr(rows[0], name, changed[name])
            seen = changed["previous_last_seen"]
            rows[0].previous_last_seen = datetime.fromisoformat(seen) if seen else None
            _renumber(rows, texts, compared, younger, made.taken_from, kept.text if kept else None)
            _swap_pages(older, younger)
        Address.objects.filter(pk__in=before["addresses"]).update(article=younger)
        FeedId.objects.filter(pk__in=before["ids"]).update(article=younger)
        Event.objects.filter(pk__in=before["events"]).update(article=younger)
        # A join that was made before this was kept has none.
        Subscription.objects.filter(pk__in=before.get("subscriptions", [])).update(article=younger)
        _part(older, before["older"], at)
        _part(younger, before["younger"], at)
        Join.objects.filter(pk=made.pk).update(undone=at)


def _part(article: Article, before: dict[str, Any], at: datetime) -> None:
    """Give *article* back what it was before the join; hidden since, it stays hidden."""
    article.address, article.host_id = before["address"], before["host_id"]
    article.state, article.headline = before["state"], before["headline"]
    article.version_count = article.versions.count()
    latest = article.versions.order_by("-number").first()
    article.last_changed = latest.seen if latest and latest.number > 1 else None
    if latest:
        article.text_hash = latest.text_hash
        _retitle(article, latest)
    success = before["last_success"]
    article.last_success = datetime.fromisoformat(success) if success else None
    article.joined_to = None
    watched = article.state in (Article.State.WATCHED, Article.State.REMOVED, Article.State.WITHHELD)
    article.next_check_at = at if watched else None
    article.save()
