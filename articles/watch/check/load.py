"""What a decision needs of the database beyond the article's own row: one place, few queries."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from django.db import models

from articles.extract import Story
from articles.fetch import Answer, address_key
from articles.models import (
    IMPORTED_TEXT,
    Address,
    Article,
    Boilerplate,
    Capture,
    Event,
    Outcome,
    QuarantinedParagraph,
    Source,
    Tombstone,
    digest_of,
    text_storage,
)
from articles.models.takedown import text_key
from articles.models.text_storage import Text
from articles.watch.check.decision import Fetched, Known, Other
from articles.watch.check.identity import aliases_of, headline_key
from articles.watch.check.page import (
    has_end,
    hash_of,
    reads_alike,
    reads_as_stored,
    reread_text_in_force,
    without_boilerplate,
)

MOST_ALIKE = 3
"""Other articles that are looked at where several have the same text, headline or redirect."""


def load(article: Article, fetched: Fetched) -> Known:
    """What is known of *article* that matters to what was *fetched*. Reads; where our extractor or the rules
    are newer than the stored text, it reads the captured page again."""
    answer = fetched.answer
    if answer is None:
        return Known()
    story = _readable(article, fetched)
    keys = _keys_to_look_up(article, answer, story)
    own, others = _addresses(article, keys, with_texts=story is not None)
    redirected = bool(answer.hops) and not own.issuperset({address_key(answer.final_url)})
    moved = fetched.judgement.outcome is Outcome.MOVED or redirected
    twins: tuple[Other, ...] = ()
    same_headline: tuple[Other, ...] = ()
    if story is not None and hash_of(story) != article.text_hash:
        twins = _twins(article, hash_of(story))
        if not article.version_count:
            same_headline = _same_headline(article, story)
    capture = latest = reextracted = None
    is_imported = False
    hashes: tuple[str, ...] = ()
    cap_reached_since = None
    holders: tuple[tuple[str, int], ...] = ()
    if story is not None and not has_end(answer.body):
        capture = _capture(article)
    whole_before = capture is not None and has_end(zlib.decompress(bytes(capture.body)))
    if story is not None and article.version_count and hash_of(story) != article.text_hash:
        latest = latest_text(article)
        hashes, cap_reached_since, is_imported = _history(article)
        holders = holders_of(article.source, Boilerplate.of(article.source).held)
        if not reads_as_stored(article, hashes[-1]) and (capture := capture or _capture(article)):
            reextracted = reread_text_in_force(
                article, bytes(capture.body), capture.url, capture.content_type, latest
            )
    return Known(
        others=others,
        twins=twins,
        same_headline=same_headline,
        maybe_same=_maybe_same(article),
        redirected_there=_redirected_there(article, answer.final_url) if redirected else 0,
        own_keys=own,
        barred=_is_barred(article, keys - own, story) if story is not None else False,
        latest=latest,
        latest_is_imported=is_imported,
        hashes=hashes,
        cap_reached_since=cap_reached_since,
        reextracted=reextracted,
        reads_alike=reads_alike(article),
        whole_before=whole_before,
        holders=holders,
        move_is_stored=moved and _move_is_stored(article),
        seen_away=_seen_away(article),
    )


def _readable(article: Article, fetched: Fetched) -> Story | None:
    """The story of the page without boilerplate; None where there is none to be compared."""
    reading = fetched.reading
    if reading is None or reading.story.problem or (reading.noarchive and article.source.obey_noarchive):
        return None
    return without_boilerplate(reading.story, article.source)


def _keys_to_look_up(article: Article, answer: Answer, story: Story | None) -> frozenset[str]:
    """Keys of the addresses that the answer names, but for the article's own, which was looked up before the
    request."""
    addresses = [answer.final_url] if answer.hops else []
    if story is not None:
        addresses += aliases_of(answer, story)
    return frozenset(map(address_key, addresses)) - {address_key(article.address)}


def _addresses(
    article: Article, keys: frozenset[str], *, with_texts: bool
) -> tuple[frozenset[str], dict[str, Other]]:
    """The *keys* that lead to the article, and those that lead to others of its source."""
    own, others = {address_key(article.address)}, {}
    if keys:
        for row in Address.objects.filter(key__in=keys).select_related("article"):
            if row.article_id == article.pk:
                own.add(row.key)
            elif row.article.source_id == article.source_id:
                others[row.key] = _other(row.article, with_text=with_texts)
    return frozenset(own), others


def _other(article: Article, *, with_text: bool) -> Other:
    return Other(
        article.pk,
        article.headline,
        article.first_seen,
        article.version_count,
        article.text_hash,
        article.last_success,
        latest_text(article) if with_text and article.version_count else None,
    )


def _twins(article: Article, text_hash: str) -> tuple[Other, ...]:
    """Other articles of the source with this very text."""
    same = _others_of_source(article).filter(text_hash=text_hash)
    return tuple(_other(one, with_text=False) for one in same.order_by("-last_success")[:MOST_ALIKE])


def _same_headline(article: Article, story: Story) -> tuple[Other, ...]:
    """Other articles of the source with this headline, with their texts."""
    said = headline_key(story.headline)
    if not said:
        return ()
    same = _others_of_source(article).filter(headline_key=said, version_count__gt=0)
    return tuple(_other(one, with_text=True) for one in same.order_by("-pk")[:MOST_ALIKE])


def _others_of_source(article: Article) -> "models.QuerySet[Article]":
    others = Article.objects.filter(source=article.source_id, purged=None, joined_to=None)
    return others.exclude(pk=article.pk)


def _maybe_same(article: Article) -> Other | None:
    if article.maybe_same_id is None:
        return None
    other = _others_of_source(article).filter(pk=article.maybe_same_id).first()
    return _other(other, with_text=not article.version_count) if other else None


def _redirected_there(article: Article, address: str) -> int:
    """How many other articles redirect to *address*, as far as it takes to tell."""
    others = Article.objects.filter(away_to=address_key(address)).exclude(pk=article.pk)
    return len(others.values("pk")[:MOST_ALIKE])


def _is_barred(article: Article, keys: frozenset[str], story: Story) -> bool:
    """Whether any of *keys*, or a text that the article has not had yet, is of what was deleted for good."""
    barred = set(keys)
    if hash_of(story) != article.text_hash:
        barred.add(text_key(article.source_id, hash_of(story)))
    return bool(barred) and Tombstone.objects.filter(digest__in=map(digest_of, barred)).exists()


def _capture(article: Article) -> Capture | None:
    return Capture.objects.filter(article=article).first()


def latest_text(article: Article) -> Text:
    """The latest version as it is stored, in one query. There is one at least."""
    base = text_storage.base_of(article.version_count)
    chain = article.versions.filter(number__gte=base).order_by("number")
    rows = list(chain.values_list("headline", "byline", "data"))
    headline, byline, _ = rows[-1]
    return Text(headline, byline, text_storage.unpack(bytes(data) for _, _, data in rows))


def _history(article: Article) -> tuple[tuple[str, ...], datetime | None, bool]:
    """The text hashes of all versions, oldest first; when the first of the last so many as are kept of 24
    hours was seen; and whether the text in force is one that another program extracted."""
    rows = list(article.versions.order_by("number").values_list("text_hash", "seen", "extractor_version"))
    most = article.source.versions_per_day
    return (
        tuple(text_hash for text_hash, _, _ in rows),
        rows[-most][1] if len(rows) >= most else None,
        rows[-1][2] == article.extractor_version == IMPORTED_TEXT,
    )


def holders_of(source: Source, signatures: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """(signature, quarantine id) of these paragraphs of *source*; the one to wait for comes first."""
    if not signatures:
        return ()
    rows = QuarantinedParagraph.objects.filter(source=source, signature__in=signatures)
    return tuple(rows.order_by("-left_out", "-quarantine").values_list("signature", "quarantine"))


def _move_is_stored(article: Article) -> bool:
    since = article.last_success or article.first_seen
    return article.events.filter(kind=Event.Kind.MOVED, at__gte=since).exists()


def _seen_away(article: Article) -> datetime | None:
    """When an article that is away was last seen to be, where its last check does not say."""
    State, Kind = Article.State, Event.Kind
    away = article.state in (State.REMOVED, State.WITHHELD)
    if not away or article.last_outcome in (Outcome.REMOVED, Outcome.WITHHELD):
        return None
    event = article.events.filter(kind__in=(Kind.REMOVED, Kind.WITHHELD)).newest_first().first()
    return event.at if event else None
