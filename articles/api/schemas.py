"""The shapes of the answers, and how they are made of what is stored. Times are RFC 3339, in UTC."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, Self

from ninja import Field, Schema

from articles.diff import DIFF_VERSION, Comparison, Row, words
from articles.exports.usage_preferences import WishesFor, page_of
from articles.facts import FACTS_VERSION, Fact
from articles.fetch import Wishes
from articles.models import Article, Event, Figures, Source, Version
from articles.pages.absolute import absolute
from articles.pages.recent import Entry
from articles.search import Found, LookUp
from articles.statistics import Counts

LAST_SEEN = "When the old state was last seen: the change came after that. Null where nobody knows."


class SourceOut(Schema):
    """A publication that is watched."""

    slug: str
    name: str
    home_page: str
    language: str
    watched: bool = Field(description="False while it is paused.")
    url: str = Field(description="Its page for readers.")

    @classmethod
    def of(cls, source: Source) -> Self:
        return cls(
            slug=source.slug,
            name=source.name,
            home_page=source.home_page,
            language=source.language,
            watched=source.enabled,
            url=absolute(source.get_absolute_url()),
        )


class ArticleOut(Schema):
    """One story at one address."""

    id: int
    source: str = Field(description="Its source's slug.")
    address: str
    headline: str = Field(description="As last seen.")
    language: str
    state: Article.State
    published: datetime | None = Field(description="As the page says.")
    first_seen: datetime
    last_seen: datetime | None = Field(description="When its text was last seen.")
    last_changed: datetime | None
    versions: int
    url: str

    @classmethod
    def of(cls, article: Article, source: Source | None = None) -> Self:
        """source: the article's, where it was read with something else than the article."""
        return cls(
            id=article.pk,
            source=(source or article.source).slug,
            address=article.address,
            headline=article.headline,
            language=article.language,
            state=Article.State(article.state),
            published=article.published,
            first_seen=article.first_seen,
            last_seen=article.last_success,
            last_changed=article.last_changed,
            versions=article.version_count,
            url=absolute(article.get_absolute_url()),
        )


class ChangeOut(Schema):
    """What a version changed of the one before it."""

    words_added: int
    words_removed: int
    badges: list[str]
    minor: bool
    headline_before: str = Field(description="Empty where the headline is the same.")
    excerpt: list[tuple[Literal["=", "-", "+"], str]] = Field(description="The sentence that tells most.")
    url: str

    @classmethod
    def of(cls, version: Version) -> Self:
        return cls(
            words_added=version.words_added,
            words_removed=version.words_removed,
            badges=version.badges,
            minor=version.minor,
            headline_before=version.headline_before,
            excerpt=[(tag, text) for tag, text in version.excerpt],
            url=absolute(version.diff_url),
        )


class WishesOut(Schema):
    """What the site wishes of those who use its text by machine, as it says it: to be heeded."""

    tdm_reservation: bool | None = Field(
        description="Whether text and data mining is reserved. Null: unsaid."
    )
    tdm_policy: str = Field(description="The address of a licence for it.")
    content_usage: str = Field(description="Content-Usage of the answer, or of robots.txt.")
    robots: str = Field(description="X-Robots-Tag, and the page's own directives.")

    @classmethod
    def of(cls, wishes: Wishes) -> Self:
        return cls(**asdict(wishes))


class VersionOut(Schema):
    """A text as it was seen."""

    id: int
    article: int
    number: int
    headline: str
    byline: str
    published: datetime | None
    seen: datetime = Field(description="When it was first seen.")
    previous_last_seen: datetime | None = Field(description=LAST_SEEN)
    words: int
    text_hash: str = Field(description="Texts that differ in typography alone have the same.")
    extractor_version: int = Field(description="What read the page; 0: another program, it was imported.")
    change: ChangeOut | None = Field(
        description="Null of the first version, and after one that is taken down."
    )
    wishes: WishesOut
    url: str

    @classmethod
    def of(cls, version: Version, wishes: WishesFor) -> Self:
        return cls(**_version(version, wishes))


class VersionWithText(VersionOut):
    """A text as it was seen, with its words for those who may read them."""

    paragraphs: list[str] | None = Field(description="Null without a key that may read texts.")

    @classmethod
    def with_text(cls, version: Version, *, texts: bool) -> Self:
        wishes = WishesFor.of_versions([version])
        return cls(paragraphs=list(version.paragraphs) if texts else None, **_version(version, wishes))


def _version(version: Version, wishes: WishesFor) -> dict[str, Any]:
    changed = version.number > 1 and not version.follows_hidden
    return {
        "id": version.pk,
        "article": version.article_id,
        "number": version.number,
        "headline": version.headline,
        "byline": version.byline,
        "published": version.published,
        "seen": version.seen,
        "previous_last_seen": version.previous_last_seen,
        "words": version.words,
        "text_hash": version.text_hash,
        "extractor_version": version.extractor_version,
        "change": ChangeOut.of(version) if changed else None,
        "wishes": WishesOut.of(wishes.of(page_of(version))),
        "url": absolute(version.get_absolute_url()),
    }


class EventOut(Schema):
    """Something that happened to the article itself."""

    id: int
    article: int
    source: str
    kind: Event.Kind
    at: datetime = Field(description="When it was seen.")
    first_sign: datetime | None = Field(description="When it was first not found, which was then confirmed.")
    previous_last_seen: datetime | None = Field(description=LAST_SEEN)

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            id=event.pk,
            article=event.article_id,
            source=event.source.slug,
            kind=Event.Kind(event.kind),
            at=event.at,
            first_sign=event.first_sign,
            previous_last_seen=event.previous_last_seen,
        )


class EntryOut(Schema):
    """A row of the list of changes: a version that changed the one before, or an event."""

    article: ArticleOut
    version: VersionOut | None
    event: EventOut | None

    @classmethod
    def of(cls, entry: Entry, wishes: WishesFor) -> Self:
        subject = entry.version or entry.event
        return cls(
            article=ArticleOut.of(entry.article, subject.source if subject else None),
            version=VersionOut.of(entry.version, wishes) if entry.version else None,
            event=EventOut.of(entry.event) if entry.event else None,
        )


class RowOut(Schema):
    """Paragraphs that belong together, by their indexes in both texts.

    A span is `[tag, text]`, or `["=", [before, after]]` where typography differs. Of a row that did not
    change, without a key that may read texts, the spans are null: `words` counts them.
    """

    kind: Literal["same", "edited", "added", "removed", "moved", "split", "merged"]
    before: list[int]
    after: list[int]
    words: int = Field(description="Of the text after, or of what was removed.")
    spans: list[tuple[Literal["=", "-", "+"], str | list[str]]] | None


def _words(row: Row) -> int:
    return sum(words(span.after if row.after else span.before) for span in row.spans)


class FactOut(Schema):
    """One thing that the change did, with the words of both texts."""

    kind: str
    change: Literal["changed", "added", "removed"]
    before: str
    after: str
    row: int | None = Field(description="Of the rows; null: the headline.")
    span: int
    about: str


class DiffOut(Schema):
    """Two versions of one article compared."""

    article: int
    before: VersionOut
    after: VersionOut
    words_added: int
    words_removed: int
    rows: list[RowOut]
    facts: list[FactOut]
    diff_version: int = Field(description="Of the rules of comparison.")
    facts_version: int = Field(description="Of the rules of facts.")
    url: str

    @classmethod
    def of(
        cls, before: Version, after: Version, comparison: Comparison, found: Sequence[Fact], *, texts: bool
    ) -> Self:
        plain: Any = comparison.to_dict()["rows"]
        rows = [
            RowOut(
                kind=row.kind,
                before=told["before"],
                after=told["after"],
                words=_words(row),
                spans=told["spans"] if texts or row.kind != "same" else None,
            )
            for row, told in zip(comparison.rows, plain, strict=True)
        ]
        wishes = WishesFor.of_versions([before, after])
        return cls(
            article=after.article_id,
            before=VersionOut.of(before, wishes),
            after=VersionOut.of(after, wishes),
            words_added=comparison.words_added,
            words_removed=comparison.words_removed,
            rows=rows,
            facts=[FactOut.model_validate(fact.to_dict()) for fact in found],
            diff_version=DIFF_VERSION,
            facts_version=FACTS_VERSION,
            url=absolute(f"/articles/{after.article_id}/diff/{before.number}/{after.number}/"),
        )


class LookUpOut(Schema):
    """What an address leads to."""

    address: str = Field(description="As we write it.")
    article: ArticleOut | None
    source: str | None = Field(description="The slug of the source that watches its site.")

    @classmethod
    def of(cls, found: LookUp, article: Article | None) -> Self:
        source = article.source if article else found.source
        return cls(
            address=found.address,
            article=ArticleOut.of(article) if article else None,
            source=source.slug if source else None,
        )


class PieceOut(Schema):
    """Some text, and whether it is what was looked for."""

    text: str
    hit: bool


class FoundOut(Schema):
    """An article in which the words stand, or stood."""

    article: ArticleOut
    version: int = Field(description="The number of the version that is shown.")
    headline: list[PieceOut]
    passage: list[PieceOut]

    @classmethod
    def of(cls, found: Found) -> Self:
        return cls(
            article=ArticleOut.of(found.article),
            version=found.shown.number,
            headline=[PieceOut(text=piece.text, hit=piece.hit) for piece in found.headline],
            passage=[PieceOut(text=piece.text, hit=piece.hit) for piece in found.passage],
        )


class StatsOut(Schema):
    """What is counted of the articles of a source, or of all; null before it was first counted."""

    source: str | None
    computed: datetime | None
    articles: int
    changed: int
    headlines_changed: int
    changes_by_hour: list[list[int]] = Field(description="By weekday, Monday first, and hour (UTC).")

    @classmethod
    def of(cls, source: Source | None, figures: Figures | None) -> Self:
        counts = Counts.from_json(figures.counts) if figures else Counts()
        return cls(
            source=source.slug if source else None,
            computed=figures.computed if figures else None,
            articles=counts.articles,
            changed=counts.changed,
            headlines_changed=counts.headlines_changed,
            changes_by_hour=counts.week,
        )


class Sources(Schema):
    """A page of sources."""

    items: list[SourceOut]
    next: str | None


class Articles(Schema):
    """A page of articles. It may have fewer than asked for, or none, and yet a next one."""

    items: list[ArticleOut]
    next: str | None


class Versions(Schema):
    """A page of versions."""

    items: list[VersionOut]
    next: str | None


class Changes(Schema):
    """A page of changes and events, newest first."""

    items: list[EntryOut]
    next: str | None


class Events(Schema):
    """A page of events, newest first."""

    items: list[EventOut]
    next: str | None


class Results(Schema):
    """A page of articles found, those first in which the words stood last."""

    items: list[FoundOut]
    next: str | None
