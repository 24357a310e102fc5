"""The tables of a dataset, their columns, and their rows: only what readers may see.

Times are RFC 3339 in UTC. A row of `changes` has both ends of its bracket: the old text was last seen at
`previous_last_seen`, the new one first at `seen`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.db.models import Max, Min, QuerySet

from articles.exports.usage_preferences import Page, WishesFor
from articles.models import Article, Event, Imported, Source, Version, text_storage

CHUNK = 500
"""Rows that are asked for, and held, at once."""

Row = dict[str, Any]
Span = tuple[datetime, datetime]
"""From one moment up to another, which is no part of it."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: Literal["text", "int", "time", "flag", "texts", "json"]
    about: str


@dataclass(frozen=True)
class Table:
    """One table. `by` is the column of its time, by whose months it is parted; '' for one that is not.

    `rows` gives its rows within a span (None: all); with the texts if that is asked for.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[Span | None, bool], Iterator[Row]]
    by: str = ""
    extent: Callable[[], Span | None] = lambda: None
    """The first and the last moment of which it has a row; None where it has none."""

    def columns_with(self, texts: bool) -> tuple[Column, ...]:
        """Its columns, without those of whole texts where these are left out."""
        return tuple(column for column in self.columns if texts or column.kind != "texts")


_WISHES = (
    Column("tdm_reservation", "flag", "whether it reserves text and data mining (TDMRep); empty: unsaid"),
    Column("tdm_policy", "text", "the address of the licence for it, as the page names it"),
    Column("content_usage", "text", "Content-Usage of the answer, or of robots.txt"),
    Column("robots", "text", "X-Robots-Tag and the page's own directives for robots"),
)
_SEEN = Column("seen", "time", "when the text was first seen")
_LAST_SEEN = Column("previous_last_seen", "time", "when the text before was last seen; empty: nobody knows")


# --- Rows


def _sources(_span: Span | None, _texts: bool) -> Iterator[Row]:
    for source in Source.objects.order_by("pk"):
        yield {
            "slug": source.slug,
            "name": source.name,
            "home_page": source.home_page,
            "language": source.language,
            "watched": source.enabled,
        }


def _articles(span: Span | None, _texts: bool) -> Iterator[Row]:
    rows = Article.objects.visible().order_by("first_seen", "pk")
    told = {
        **_same("id", "address", "headline", "language", "state", "published", "first_seen", "last_changed"),
        "source": "source__slug",
        "last_seen": "last_success",
        "versions": "version_count",
    }
    for some in _chunks(_within(rows, "first_seen", span), told):
        yield from some


def _versions(span: Span | None, texts: bool) -> Iterator[Row]:
    rows = Version.objects.visible().filter(article__hidden=False).order_by("seen", "pk")
    told = _PAGE | {
        **_same("id", "headline", "byline", "published", "seen", "previous_last_seen", "words"),
        **_same("text_hash", "extractor_version"),
        "source": "source__slug",
    }
    for some in _chunks(_within(rows, "seen", span), told):
        wishes, origins = WishesFor(map(_page, some)), _origins(row["id"] for row in some)
        found = _paragraphs([(row["article"], row["number"]) for row in some]) if texts else {}
        for row in some:
            row["imported_from"] = origins.get(row["id"], "")
            row["paragraphs"] = found.get((row["article"], row["number"]), [])
            yield row | wishes.columns(_page(row))


def _changes(span: Span | None, _texts: bool) -> Iterator[Row]:
    rows = Version.objects.changes().order_by("seen", "pk")
    told = _PAGE | {
        **_same("seen", "previous_last_seen", "headline", "headline_before", "words_added", "words_removed"),
        **_same("minor", "excerpt", "facts", "facts_version", "diff_version"),
        "version": "id",
        "source": "source__slug",
        "kinds": "badges",
    }
    for some in _chunks(_within(rows, "seen", span), told):
        wishes = WishesFor(map(_page, some))
        for row in some:
            row["kinds"] = ",".join(row["kinds"])
            yield row | wishes.columns(_page(row))


def _events(span: Span | None, _texts: bool) -> Iterator[Row]:
    rows = Event.objects.visible().order_by("at", "pk")
    told = _same("id", "article", "kind", "at", "first_sign", "previous_last_seen")
    for some in _chunks(_within(rows, "at", span), told | {"source": "source__slug"}):
        yield from some


def _withdrawn(_span: Span | None, _texts: bool) -> Iterator[Row]:
    articles = Article.objects.filter(hidden=True).order_by("pk").values_list("pk", flat=True)
    for article in articles.iterator(CHUNK):
        yield {"article": article, "version": None}
    versions = Version.objects.filter(hidden_itself=True, article__hidden=False).order_by("article", "number")
    for article, number in versions.values_list("article", "number").iterator(CHUNK):
        yield {"article": article, "version": number}


def _within(rows: "QuerySet[Any]", by: str, span: Span | None) -> "QuerySet[Any]":
    return rows.filter(**{f"{by}__gte": span[0], f"{by}__lt": span[1]}) if span else rows


_PAGE = {"article": "article", "number": "number", "host": "article__host", "address": "article__address"}
"""By which columns a row tells the page that it is of."""


def _page(row: Row) -> Page:
    return Page(row["article"], row["number"], row["host"], row["address"])


def _same(*names: str) -> dict[str, str]:
    """Columns that are called as they are in the database."""
    return {name: name for name in names}


def _chunks(rows: "QuerySet[Any]", told: Mapping[str, str]) -> Iterator[list[Row]]:
    """*rows* as dictionaries, a few at a time, of the columns *told*: by its name in a row, the one of the
    database. Models would take as long again."""
    names = tuple(told)
    some: list[Row] = []
    for values in rows.values_list(*told.values()).iterator(CHUNK):
        some.append(dict(zip(names, values, strict=True)))
        if len(some) >= CHUNK:
            yield some
            some = []
    if some:
        yield some


def _origins(versions: Iterable[int]) -> Mapping[int, str]:
    """By version: which program saw it, for those that were imported."""
    return dict(Imported.objects.filter(version__in=list(versions)).values_list("version", "origin"))


_TEXTS_AT_ONCE = 50
"""Texts that are asked for in one statement: SQLite bounds how deep a condition may go."""


def _paragraphs(keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[str]]:
    """The texts of versions, given by article and number; none where one is damaged."""
    found: dict[tuple[int, int], list[str]] = {}
    keys = sorted(keys)  # so that the versions of an article are asked for together
    for at in range(0, len(keys), _TEXTS_AT_ONCE):
        some = keys[at : at + _TEXTS_AT_ONCE]
        try:
            texts = Version.objects.texts(some)
        except text_storage.DAMAGED:
            texts = {key: text for one in some for key, text in _undamaged(one).items()}
        found |= {key: list(text) for key, text in texts.items()}
    return found


def _undamaged(key: tuple[int, int]) -> dict[tuple[int, int], tuple[str, ...]]:
    try:
        return Version.objects.texts([key])
    except text_storage.DAMAGED:
        return {}


def _extent(rows: Callable[[], "QuerySet[Any]"], by: str) -> Callable[[], Span | None]:
    def extent() -> Span | None:
        found = rows().aggregate(first=Min(by), last=Max(by))
        return (found["first"], found["last"]) if found["first"] else None

    return extent


# --- Tables

SOURCES = Table(
    "sources",
    "publications",
    (
        Column("slug", "text", "its name in addresses"),
        Column("name", "text", ""),
        Column("home_page", "text", ""),
        Column("language", "text", "BCP 47"),
        Column("watched", "flag", "false while it is paused"),
    ),
    _sources,
)
ARTICLES = Table(
    "articles",
    "stories, each at one address",
    (
        Column("id", "int", ""),
        Column("source", "text", "the slug of its source"),
        Column("address", "text", ""),
        Column("headline", "text", "as last seen"),
        Column("language", "text", "BCP 47"),
        Column("state", "text", "watched, removed, withheld, retired, paused or joined"),
        Column("published", "time", "as the page says"),
        Column("first_seen", "time", ""),
        Column("last_seen", "time", "when its text was last seen"),
        Column("last_changed", "time", "when its last change was seen"),
        Column("versions", "int", "how many there are"),
    ),
    _articles,
    by="first_seen",
    extent=_extent(Article.objects.all, "first_seen"),
)
VERSIONS = Table(
    "versions",
    "texts as they were seen",
    (
        Column("id", "int", ""),
        Column("article", "int", ""),
        Column("source", "text", "the slug of its source"),
        Column("number", "int", "from 1 in each article"),
        Column("headline", "text", ""),
        Column("byline", "text", ""),
        Column("published", "time", "as the page says"),
        _SEEN,
        _LAST_SEEN,
        Column("words", "int", ""),
        Column("text_hash", "text", "texts that differ in typography alone have the same"),
        Column("extractor_version", "int", "what read the page; 0: another program"),
        Column("imported_from", "text", "the program that saw it; empty: this one"),
        Column("paragraphs", "texts", "the text"),
        *_WISHES,
    ),
    _versions,
    by="seen",
    extent=_extent(Version.objects.all, "seen"),
)
CHANGES = Table(
    "changes",
    "versions against the one before",
    (
        Column("version", "int", "the id of the later version"),
        Column("article", "int", ""),
        Column("source", "text", "the slug of its source"),
        Column("address", "text", "of the article"),
        Column("number", "int", "of the later version"),
        _SEEN,
        _LAST_SEEN,
        Column("headline", "text", "of the later version"),
        Column("headline_before", "text", "empty where it is the same"),
        Column("words_added", "int", ""),
        Column("words_removed", "int", ""),
        Column("kinds", "text", "what kind of change it was, with commas between"),
        Column("minor", "flag", "up to three words, and of no kind"),
        Column("excerpt", "json", 'the sentence that tells most: ["=", "-" or "+", text]'),
        Column("facts", "json", "what the change did, as the documentation of facts has it"),
        Column("facts_version", "int", "of the rules of facts"),
        Column("diff_version", "int", "of the rules of comparison"),
        *_WISHES,
    ),
    _changes,
    by="seen",
    extent=_extent(Version.objects.changes, "seen"),
)
EVENTS = Table(
    "events",
    "what happened to articles themselves",
    (
        Column("id", "int", ""),
        Column("article", "int", ""),
        Column("source", "text", "the slug of its source"),
        Column("kind", "text", "removed, restored, moved or withheld"),
        Column("at", "time", "when it was seen"),
        Column("first_sign", "time", "when the article was first not found, which was then confirmed"),
        Column("previous_last_seen", "time", "when the opposite was last seen"),
    ),
    _events,
    by="at",
    extent=_extent(Event.objects.visible, "at"),
)
WITHDRAWN = Table(
    "withdrawn",
    "what was taken down: whoever has an older edition deletes its rows there",
    (
        Column("article", "int", ""),
        Column("version", "int", "its number; empty: the whole article"),
    ),
    _withdrawn,
)
TABLES = (SOURCES, ARTICLES, VERSIONS, CHANGES, EVENTS, WITHDRAWN)


def months_of(extent: Span | None) -> list[Span]:
    """The months (UTC) from the first moment to the last."""
    if extent is None:
        return []
    first, last = (moment.astimezone(UTC) for moment in extent)
    found, month = [], datetime(first.year, first.month, 1, tzinfo=UTC)
    while month <= last:
        following = _month_after(month)
        found.append((month, following))
        month = following
    return found


def _month_after(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
