"""What a decision needs of the database beyond the article's own row: one place, few queries."""

import zlib
from collections.abc import Sequence
from datetime import datetime

from articles.extract import Story
from articles.fetch import Answer, address_key
from articles.models import (
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
from articles.models.text_storage import Text
from articles.watch.check.decision import Fetched, Known, Other
from articles.watch.check.identity import aliases_of
from articles.watch.check.page import (
    has_end,
    hash_of,
    reads_alike,
    reads_as_stored,
    reread_text_in_force,
    without_boilerplate,
)


def load(article: Article, fetched: Fetched) -> Known:
    """What is known of *article* that matters to what was *fetched*. Reads; where our extractor or the rules
    are newer than the stored text, it reads the captured page again."""
    answer = fetched.answer
    if answer is None:
        return Known()
    story = _readable(article, fetched)
    keys = _keys_to_look_up(article, answer, story)
    own, others = _addresses(article, keys)
    moved = fetched.judgement.outcome is Outcome.MOVED or bool(others)
    capture = latest = reextracted = None
    hashes: tuple[str, ...] = ()
    cap_reached_since = None
    holders: tuple[tuple[str, int], ...] = ()
    if story is not None and not has_end(answer.body):
        capture = _capture(article)
    whole_before = capture is not None and has_end(zlib.decompress(bytes(capture.body)))
    if story is not None and article.version_count and hash_of(story) != article.text_hash:
        latest = latest_text(article)
        hashes, cap_reached_since = _history(article)
        holders = holders_of(article.source, Boilerplate.of(article.source).held)
        if not reads_as_stored(article, hashes[-1]) and (capture := capture or _capture(article)):
            reextracted = reread_text_in_force(
                article, bytes(capture.body), capture.url, capture.content_type, latest
            )
    return Known(
        others=others,
        own_keys=own,
        barred=_is_barred(keys - own) if story is not None else False,
        latest=latest,
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


def _addresses(article: Article, keys: frozenset[str]) -> tuple[frozenset[str], dict[str, Other]]:
    """The *keys* that lead to the article, and those that lead to others."""
    own, others = {address_key(article.address)}, {}
    if keys:
        rows = Address.objects.filter(key__in=keys).values_list("key", "article", "article__headline")
        for key, pk, headline in rows:
            if pk == article.pk:
                own.add(key)
            else:
                others[key] = Other(pk, headline)
    return frozenset(own), others


def _is_barred(keys: frozenset[str]) -> bool:
    """Whether any of *keys* is of an article that was deleted for good."""
    return bool(keys) and Tombstone.objects.filter(digest__in=map(digest_of, keys)).exists()


def _capture(article: Article) -> Capture | None:
    return Capture.objects.filter(article=article).first()


def latest_text(article: Article) -> Text:
    """The latest version as it is stored, in one query. There is one at least."""
    base = text_storage.base_of(article.version_count)
    chain = article.versions.filter(number__gte=base).order_by("number")
    rows = list(chain.values_list("headline", "byline", "data"))
    headline, byline, _ = rows[-1]
    return Text(headline, byline, text_storage.unpack(bytes(data) for _, _, data in rows))


def _history(article: Article) -> tuple[tuple[str, ...], datetime | None]:
    """The text hashes of all versions, oldest first, and when the first of the last so many as are kept of 24
    hours was seen."""
    rows = list(article.versions.order_by("number").values_list("text_hash", "seen"))
    most = article.source.versions_per_day
    return tuple(text_hash for text_hash, _ in rows), rows[-most][1] if len(rows) >= most else None


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
