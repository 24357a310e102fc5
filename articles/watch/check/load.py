"""What a decision needs of the database beyond the article's own row: one place, few queries."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Count, Q

from articles.extract import Story
from articles.extract.looks import Look, PlaceKey, left_alone
from articles.fetch import Answer, address_key
from articles.models import (
    IMPORTED_TEXT,
    Address,
    Alteration,
    Article,
    ArticleLooks,
    Boilerplate,
    Capture,
    Event,
    Outcome,
    QuarantinedParagraph,
    Source,
    Tombstone,
    Version,
    digest_of,
    page_storage,
    text_storage,
)
from articles.models.prepared import Prepared
from articles.models.takedown import text_key
from articles.models.text_storage import Text
from articles.watch.check.decision import Fetched, Known, Other
from articles.watch.check.gates import may_be_gated
from articles.watch.check.identity import aliases_of, headline_key
from articles.watch.check.looks import (
    LEAST_ALIKE_AT_PLACE,
    VISIT,
    at_rest,
    furniture_gone,
    marked,
    needs_page_before,
    newly_ticking,
    only_compared,
    places_apart,
    with_look,
)
from articles.watch.check.page import (
    compared_of,
    has_end,
    hash_of,
    reads_alike,
    reads_as_stored,
    reread_text_in_force,
    without_boilerplate,
)

MOST_ALIKE = 3
"""Other articles that are looked at where several have the same text, headline or redirect."""
log = logging.getLogger(__name__)

OTHERS_LOOKED_AT = 10
"""Other articles of a source that are looked at to tell whether something left one article alone."""


def load(article: Article, fetched: Fetched) -> Known:
    """Return what is known of *article* and matters to what was *fetched*. Reads; where our extractor or
    the rules are newer than the stored text, it reads the captured page again."""
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
    known = Known(
        others=others,
        twins=twins,
        same_headline=same_headline,
        maybe_same=_maybe_same(article),
        redirected_there=_redirected_there(article, answer.final_url) if redirected else 0,
        own_keys=own,
        barred=_is_barred(article, keys - own, story) if story is not None else False,
        reads_alike=reads_alike(article),
        move_is_stored=moved and _move_is_stored(article),
        seen_away=_seen_away(article),
    )
    return known if story is None else _with_texts(article, fetched, story, known)


def _with_texts(article: Article, fetched: Fetched, story: Story, known: Known) -> Known:
    """*known*, with what the article's looks tell and the texts that *story* is compared with."""
    assert fetched.answer is not None
    capture = None if has_end(fetched.answer.body) else Capture.objects.latest_of(article)
    known = replace(
        known,
        whole_before=capture is not None and has_end(capture.page),
        **_by_looks(article, story, fetched.at),
    )
    story = marked(story, known.places_left_out(article.source))
    if not article.version_count or (hash_of(story) == article.text_hash and not known.exempt):
        return known
    latest, left_out = _latest_text(article)
    latest_compared = replace(latest, paragraphs=text_storage.compared(latest.paragraphs, left_out))
    history = _history(article)
    as_stored = reads_as_stored(article, history.hashes[-1]) and not known.ticking and not known.exempt
    page_before = None
    needs = needs_page_before(latest_compared, story) or may_be_gated(latest_compared, story)
    if not as_stored or needs:
        page_before = _page_before(article, capture, latest, known)
    reextracted = compared_of(page_before) if page_before is not None and not as_stored else None
    apart = _changed_places(reextracted or latest_compared, page_before, story)
    return replace(
        known,
        latest=latest,
        latest_compared=latest_compared,
        hashes=history.hashes,
        cap_reached_since=history.cap_reached_since,
        last_figures=history.last_figures,
        latest_is_imported=history.latest_is_imported,
        page_before=page_before,
        reextracted=reextracted,
        quarantines_by_signature=quarantines_holding(article.source, Boilerplate.of(article.source).held),
        busy_places=_busy_places(article, apart, fetched.at) if apart else frozenset(),
    )


def _page_before(article: Article, capture: Capture | None, latest: Text, known: Known) -> Story | None:
    """The captured page of the text in force, read as the page of today is."""
    capture = capture or Capture.objects.latest_of(article)
    if capture is None:
        return None
    try:
        page = capture.page
    except page_storage.DAMAGED:
        log.exception("the kept page is damaged article=%s", article.pk)
        return None
    story = reread_text_in_force(article, page, capture.url, capture.content_type, latest)
    return None if story is None else marked(story, known.places_left_out(article.source))


def _by_looks(article: Article, story: Story, at: datetime) -> dict[str, Any]:
    """What the looks at the article tell, this one among them: values of `Known`."""
    learned = Boilerplate.of(article.source)
    places = learned.places
    looks = with_look(ArticleLooks.of(article), marked(story, learned.uncompared), at)
    gone = furniture_gone(looks.looks, places)
    alone = _left_alone(article, looks.looks, gone) if gone else frozenset()
    return {
        "looks": looks,
        "ticking": newly_ticking(looks.looks, places),
        "exempt": at_rest(looks.looks, places) | alone,
    }


def _left_alone(
    article: Article, looks: Sequence[Look], gone: Mapping[str, tuple[PlaceKey, datetime]]
) -> frozenset[str]:
    """Those of what is *gone* from the article that stand on most other articles looked at since then."""
    since = min(first for _, first in gone.values())
    rows = ArticleLooks.objects.filter(source=article.source_id, seen__gt=since).exclude(article=article)
    others = [row.remembered.looks[-1] for row in rows.order_by("-seen")[:OTHERS_LOOKED_AT]]
    found = set()
    for place, (key, first) in gone.items():
        before = next(look for look in reversed(looks) if look.texts(key))
        if left_alone(key, before, looks[-1], [look for look in others if look.seen > first]):
            found.add(place)
    return frozenset(found)


def _changed_places(before: Text, page_before: Story | None, story: Story) -> frozenset[str]:
    """The places apart from the plain paragraphs where *story* differs from the text before."""
    apart = places_apart(page_before and only_compared(page_before), only_compared(story))
    if not apart:
        return frozenset()
    changed = set(before.paragraphs).symmetric_difference(compared_of(story).paragraphs)
    return frozenset(apart[text] for text in changed if text in apart)


def _busy_places(article: Article, places: frozenset[str], at: datetime) -> frozenset[str]:
    """Those of *places* that changed on enough other articles of the source within one visit."""
    rows = Alteration.objects.filter(source=article.source_id, place__in=places, at__gt=at - VISIT)
    counts = rows.exclude(article=article).values("place").annotate(count=Count("article", distinct=True))
    busy = counts.filter(count__gte=LEAST_ALIKE_AT_PLACE - 1)
    return frozenset(busy.values_list("place", flat=True))


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
    same = _TWINS.rows(source=article.source_id, article=article.pk, text_hash=text_hash)
    return tuple(_other(one, with_text=False) for one in same)


_TWINS = Prepared(
    # That it is not empty, too: SQLite takes an index of those that are not only where this is said.
    lambda source, article, text_hash: Article.objects.filter(
        ~Q(pk=article) & ~Q(text_hash=""), source=source, text_hash=text_hash, purged=None, joined_to=None
    ).order_by("-last_success")[:MOST_ALIKE]
)


def _same_headline(article: Article, story: Story) -> tuple[Other, ...]:
    """Other articles of the source with this headline, with their texts."""
    said = headline_key(story.headline)
    if not said:
        return ()
    same = _others_of_source(article).filter(~Q(headline_key=""), headline_key=said, version_count__gt=0)
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
    others = Article.objects.filter(~Q(away_to=""), away_to=address_key(address)).exclude(pk=article.pk)
    return len(others.values("pk")[:MOST_ALIKE])


def _is_barred(article: Article, keys: frozenset[str], story: Story) -> bool:
    """Whether any of *keys*, or a text that the article has not had yet, is of what was deleted for good."""
    barred = set(keys)
    if hash_of(story) != article.text_hash:
        barred.add(text_key(article.source_id, hash_of(story)))
    return Tombstone.any_of(map(digest_of, barred))


def latest_text(article: Article) -> Text:
    """The latest version as it is stored, in one query. There is one at least."""
    return _latest_text(article)[0]


def _latest_text(article: Article) -> tuple[Text, list[tuple[int, str]]]:
    """The same, and what of it is not compared."""
    rows = _CHAIN.rows(article=article.pk, number=text_storage.base_of(article.version_count))
    headline, byline, _, left_out = rows[-1]
    paragraphs = text_storage.unpack(bytes(data) for _, _, data, _ in rows)
    return Text(headline, byline, paragraphs), [(number, kept) for number, kept in left_out]


_CHAIN = Prepared(
    lambda article, number: (
        Version.objects.filter(article=article, number__gte=number)
        .order_by("number")
        .values_list("headline", "byline", "data", "left_out")
    )
)


class _History(NamedTuple):
    """Of all versions: their text hashes, oldest first; when the first of the last so many as are kept of 24
    hours was seen, those that only brought entries of a live blog, or are set aside, not counted; when the
    last made of live figures was; and whether the text in force is one that another program extracted."""

    hashes: tuple[str, ...]
    cap_reached_since: datetime | None
    last_figures: datetime | None
    latest_is_imported: bool


def _history(article: Article) -> _History:
    rows = _VERSIONS.rows(article=article.pk)
    counted = [
        seen for _, seen, made_of, _, aside in rows if made_of != Version.MadeOf.ENTRIES and aside is None
    ]
    figures = [seen for _, seen, made_of, _, _ in rows if made_of == Version.MadeOf.FIGURES]
    most = article.source.versions_per_day
    return _History(
        tuple(text_hash for text_hash, _, _, _, _ in rows),
        counted[-most] if len(counted) >= most else None,
        figures[-1] if figures else None,
        rows[-1][3] == article.extractor_version == IMPORTED_TEXT,
    )


_VERSIONS = Prepared(
    lambda article: (
        Version.objects.filter(article=article)
        .order_by("number")
        .values_list("text_hash", "seen", "made_of", "extractor_version", "setaside")
    )
)


def quarantines_holding(source: Source, signatures: Sequence[str]) -> tuple[tuple[str, int], ...]:
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
