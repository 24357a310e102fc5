"""What can be asked, by address. Each reads as the pages do: only what readers may see."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from articles import search
from articles.api.gate import may_read_texts
from articles.api.paging import LARGEST, Cursor, Limit, next_page, number_of, place_of
from articles.api.problems import Problem, ProblemOut
from articles.api.schemas import (
    ArticleOut,
    Articles,
    Changes,
    DiffOut,
    EntryOut,
    EventOut,
    Events,
    FoundOut,
    LookUpOut,
    Results,
    SourceOut,
    Sources,
    StatsOut,
    VersionOut,
    Versions,
    VersionWithText,
)
from articles.diff import compare
from articles.exports.usage_preferences import WishesFor
from articles.facts import facts
from articles.models import Article, Event, Figures, Source, TakedownStep, Version
from articles.pages import words
from articles.pages.filters import Filters, FiltersForm
from articles.pages.gone import USUAL_STATUS
from articles.pages.recent import older_changes, recent_changes

router = Router()

LOOKED_AT = 5_000
"""Articles that one page looks at, where few of them may be what is asked for."""

FOUND = 20
"""Articles found, on a page."""

Number = Annotated[int, Path(ge=1, le=LARGEST)]
VersionNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
Slug = Annotated[str, Path(max_length=80, pattern="^[-a-zA-Z0-9_]+$")]
OfSource = Annotated[
    str, Query("", max_length=80, pattern="^[-a-zA-Z0-9_]*$", description="A source's slug.")
]

_REFUSALS = {400: ProblemOut, 401: ProblemOut, 422: ProblemOut, 429: ProblemOut}
_LIST = _REFUSALS | {404: ProblemOut}
_ONE = _LIST | {410: ProblemOut, 451: ProblemOut}


@router.get("/sources", response={200: Sources, **_LIST}, tags=["sources"])
def sources(request: HttpRequest, response: HttpResponse, cursor: Cursor, limit: Limit) -> Sources:
    """All sources, the first added first."""
    after = number_of(cursor)
    rows = list(Source.objects.filter(pk__gt=after or 0).order_by("pk")[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else None
    return Sources(items=[*map(SourceOut.of, rows[:limit])], next=next_page(request, response, more))


@router.get("/sources/{slug}", response={200: SourceOut, **_LIST}, tags=["sources"])
def source(request: HttpRequest, slug: Slug) -> SourceOut:
    """One source."""
    return SourceOut.of(_source(slug))


@router.get("/articles", response={200: Articles, **_LIST}, tags=["articles"])
def articles(
    request: HttpRequest,
    response: HttpResponse,
    cursor: Cursor,
    limit: Limit,
    source: OfSource,
    state: Annotated[Article.State | None, Query(None)] = None,
    changed_since: Annotated[
        datetime | None, Query(None, description="Changed since then; a time without a zone is UTC.")
    ] = None,
) -> Articles:
    """Articles with a text, those last added first."""
    every = Article.objects.visible().select_related("source").order_by("-pk")
    if source:
        every = every.filter(source=_source(source))
    if before := number_of(cursor):
        every = every.filter(pk__lt=before)
    wanted, edge = every, None
    if state or changed_since:
        edge = every.values_list("pk", flat=True)[LOOKED_AT - 1 : LOOKED_AT].first()
        if edge:
            wanted = wanted.filter(pk__gte=edge)
    if state:
        wanted = wanted.filter(state=state)
    if changed_since:
        wanted = wanted.filter(last_changed__gte=_aware(changed_since))
    rows = list(wanted[: limit + 1])
    more = rows[limit - 1].pk if len(rows) > limit else edge
    return Articles(items=[*map(ArticleOut.of, rows[:limit])], next=next_page(request, response, more))


@router.get("/articles/{article}", response={200: ArticleOut, **_ONE}, tags=["articles"])
def article(request: HttpRequest, article: Number) -> ArticleOut:
    """One article."""
    return ArticleOut.of(_article(article))


@router.get("/articles/{article}/versions", response={200: Versions, **_ONE}, tags=["versions"])
def versions(
    request: HttpRequest, response: HttpResponse, article: Number, cursor: Cursor, limit: Limit
) -> Versions:
    """An article's versions, the first one first; those that are taken down are left out."""
    whole = _article(article)
    every = whole.versions.visible().without_texts().order_by("number")
    rows = list(every.filter(number__gt=min(number_of(cursor) or 0, 2**31 - 1))[: limit + 1])
    more = rows[limit - 1].number if len(rows) > limit else None
    for row in rows:
        row.article = whole
    wishes = WishesFor.of_versions(rows[:limit])
    items = [VersionOut.of(row, wishes) for row in rows[:limit]]
    return Versions(items=items, next=next_page(request, response, more))


@router.get("/versions/{version}", response={200: VersionWithText, **_ONE}, tags=["versions"])
def version(request: HttpRequest, version: Number) -> VersionWithText:
    """One version; its words for those who may read them."""
    found = Version.objects.select_related("article").filter(pk=version).first()
    if found is None:
        raise Problem(404, _("There is no such version."))
    if found.article.hidden:
        raise _taken_down(found.article)
    if found.hidden_itself:
        raise _taken_down(found.article, found.number)
    return VersionWithText.with_text(found, texts=may_read_texts(request))


@router.get("/articles/{article}/diff/{before}/{after}", response={200: DiffOut, **_ONE}, tags=["changes"])
def diff(request: HttpRequest, article: Number, before: VersionNumber, after: VersionNumber) -> DiffOut:
    """Two versions compared, by their numbers, and what the change did."""
    whole = _article(article)
    found = {version.number: version for version in whole.versions.filter(number__in=(before, after))}
    if not {before, after} <= set(found):
        raise Problem(404, _("This article has no such version."))
    if hidden := [number for number, version in found.items() if version.hidden_itself]:
        raise _taken_down(whole, *hidden)
    old, new = found[before], found[after]
    old.article = new.article = whole
    text = new.text_before(old) if after == before + 1 else old.text
    comparison = compare(text.paragraphs, new.paragraphs)
    did = facts(
        text.paragraphs,
        new.paragraphs,
        headline_before=text.headline,
        headline_after=new.headline,
        language=whole.language,
        comparison=comparison,
    )
    return DiffOut.of(old, new, comparison, did, texts=may_read_texts(request))


@router.get("/changes", response={200: Changes, **_LIST}, tags=["changes"])
def changes(
    request: HttpRequest,
    response: HttpResponse,
    cursor: Cursor,
    limit: Limit,
    source: OfSource,
    q: Annotated[str, Query("", max_length=500, description="Words added or removed.")] = "",
    kind: Annotated[
        list[str] | None, Query(None, description="Kinds of changes, as the page has them, or of events.")
    ] = None,
    min: Annotated[int, Query(0, ge=0, le=1_000_000, description="Words changed, at least.")] = 0,
    from_: Annotated[date | None, Query(None, alias="from", description="The first day (UTC).")] = None,
    to: Annotated[date | None, Query(None, description="The last day (UTC).")] = None,
    minor: Annotated[bool, Query(False, description="Minor changes too.")] = False,
) -> Changes:
    """Changes and events, newest first; the filters are those of the page /changes/."""
    filters = _filters(request)
    listing = recent_changes(filters, before=place_of(cursor), size=limit)
    more = next_page(request, response, listing.older)
    wishes = WishesFor.of_versions(entry.version for entry in listing.entries if entry.version)
    return Changes(items=[EntryOut.of(entry, wishes) for entry in listing.entries], next=more)


@router.get("/events", response={200: Events, **_LIST}, tags=["changes"])
def events(
    request: HttpRequest,
    response: HttpResponse,
    cursor: Cursor,
    limit: Limit,
    source: OfSource,
    kind: Annotated[Event.Kind | None, Query(None)] = None,
) -> Events:
    """What happened to articles themselves, newest first."""
    filters = Filters(source=_source(source) if source else None, kinds=(kind,) if kind else ())
    listing = older_changes(Version.objects.none(), filters.events(), before=place_of(cursor), size=limit)
    items = [EventOut.of(entry.event) for entry in listing.entries if entry.event]
    return Events(items=items, next=next_page(request, response, listing.older))


@router.get("/lookup", response={200: LookUpOut, **_ONE}, tags=["search"])
def lookup(request: HttpRequest, address: Annotated[str, Query(min_length=1, max_length=4000)]) -> LookUpOut:
    """The article at an address, in whatever spelling; fetches nothing."""
    addresses = search.as_addresses(words.typed(address))
    if not addresses:
        raise Problem(400, _("This is no web address."))
    found = search.look_up(addresses)
    if found.problem:
        raise Problem(400, found.problem)
    return LookUpOut.of(found, _article(found.article) if found.article else None)


@router.get("/search", response={200: Results, **_LIST}, tags=["search"])
def find(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(min_length=1, max_length=500, description="As /find/ reads it.")],
    cursor: Cursor,
    where: Annotated[
        Literal["added", "removed"] | None, Query(None, alias="in", description="Only in changes.")
    ] = None,
) -> Results:
    """Articles with these words in any text ever seen."""
    results = search.find(words.typed(q), where=where or "", before=number_of(cursor), size=FOUND)
    if results.problem:
        raise Problem(400, str(results.problem))
    items = [*map(FoundOut.of, results.found)]
    return Results(items=items, next=next_page(request, response, results.older))


@router.get("/stats", response={200: StatsOut, **_LIST}, tags=["stats"])
def stats(request: HttpRequest, source: OfSource) -> StatsOut:
    """What is counted: of one source, or of all."""
    of = _source(source) if source else None
    return StatsOut.of(of, Figures.objects.readable().filter(source=of).first())


def _source(slug: str) -> Source:
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        raise Problem(404, _("There is no source of this name."))
    return found


def _article(pk: int) -> Article:
    """The article of this number, with a text.

    :raises Problem: there is none, or it is taken down.
    """
    found: Article | None = Article.objects.select_related("source").filter(pk=pk).first()
    if found is None:
        raise Problem(404, _("There is no article of this number."))
    if found.hidden:
        raise _taken_down(found)
    if not found.version_count:
        if found.joined_to_id:
            told = _("It is the same story as article %(other)s.") % {"other": found.joined_to_id}
            raise Problem(404, told)
        raise Problem(404, _("No text has been seen yet at this address."))
    return found


def _taken_down(article: Article, *numbers: int) -> Problem:
    step = TakedownStep.objects.why_hidden(article, *numbers)
    detail = str(step.get_reason_display()) if step else _("It was taken down.")
    return Problem(step.status if step else USUAL_STATUS, detail)


def _filters(request: HttpRequest) -> Filters:
    """:raises Problem: a filter can't be read; or there is no such source."""
    asked = QueryDict(mutable=True)
    for name in FiltersForm.field_order:
        asked.setlist(name, request.GET.getlist(name) if name == "kind" else [request.GET.get(name, "")])
    if asked.get("source"):
        _source(str(asked["source"]))
    form = FiltersForm(asked)
    filters = form.filters()
    if filters is None:
        told = "; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        raise Problem(400, told)
    return filters


def _aware(moment: datetime) -> datetime:
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
