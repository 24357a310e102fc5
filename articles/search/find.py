"""Finding: words in the texts of all articles, in the changes, in one article."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from articles.models import Article, Version, VersionQuerySet
from articles.search import passages
from articles.search.entries import Side
from articles.search.expression import Condition, TooBroad, changes, stands
from articles.search.histories import Told, histories
from articles.search.index import backend
from articles.search.matching import Matcher, Stay
from articles.search.passages import Passage
from articles.search.query import Query, parse, phrase, too_broad

MOST_COUNTED = 201
"""Articles that are counted: more are "over 200"."""

MOST_ENTRIES = 1_000
"""Entries of the index that one page of results looks at; several may be of one article."""

ENTRIES_AT_ONCE = 200
"""Of these are asked for, until there are enough articles: each may be on a page of the disk of its own."""

CANDIDATES = (200, 1_000, 8_000)
"""Changes with a list's words that are looked at by their ids, at first and then."""

SIDES = {"added": Side.ADDED, "removed": Side.REMOVED}
"""By the value of ``in=``."""


@dataclass(frozen=True)
class Found:
    """An article and what was found in it. The passage is of ``shown``, its hits marked.

    ``stays`` are the versions in which it stands, where any text was searched; ``changed`` those in which
    it came or went (each with the one before it), newest first, where changes were.
    """

    article: Article
    shown: Told
    headline: Passage
    passage: Passage
    stays: Sequence[Stay] = ()
    changed: Sequence[tuple[Told, Told]] = ()


@dataclass(frozen=True)
class Results:
    """A page of results. ``count`` is of the articles on this page and after it, counted to MOST_COUNTED.

    There may be more than are counted if not ``counted_all``.
    ``older`` is where the next page begins, None on the last. ``problem`` says why nothing was looked for.
    """

    found: Sequence[Found] = ()
    count: int = 0
    counted_all: bool = True
    older: int | None = None
    problem: str = ""


def find(text: str, *, where: str = "", before: int | None = None, size: int = 20) -> Results:
    """Articles with the words of *text* in any version ever seen, those that stood there latest first.

    *where* "added" finds what was put in by a change, "removed" what was taken out. *before* is an earlier
    page's ``older``. Five queries at most, whatever is found, and one more for each word* in it. Articles
    taken down are never found.
    """
    query = parse(text)
    if query.problem:
        return Results(problem=query.problem)
    side = SIDES.get(where)
    table, expression = ("changes", changes(query, side)) if side else ("text", stands(query))
    try:
        condition = backend().condition(table, expression)
    except TooBroad as error:
        return Results(problem=too_broad(error.beginning))
    entries = _entries(table, condition, before, MOST_COUNTED)
    newest: dict[int, int] = {}
    for pk, article in entries:
        newest.setdefault(article, pk)
    page = list(newest)[:size]
    shown = _shown_before(table, condition, page, before)
    older = None
    if len(newest) > size:
        older = newest[page[-1]]
    elif len(entries) == MOST_ENTRIES:
        older, _ = entries[-1]
    return Results(
        found=_look_at(query, [article for article in page if article not in shown], side),
        count=min(len(newest), MOST_COUNTED),
        counted_all=len(newest) < MOST_COUNTED and len(entries) < MOST_ENTRIES,
        older=older,
    )


def restrict(versions: VersionQuerySet, text: str, where: str = "") -> VersionQuerySet:
    """*versions* narrowed to the changes that added or removed the words of *text*.

    *where* "added" or "removed" asks for one of the two. What order, place or size the queryset has it keeps:
    the condition is a subquery. Each of several words must have come or gone. A phrase of three words or
    more is also found where only one pair of its words is new to a changed paragraph that has it. A text that
    can't be looked for (`problem_with` says why) finds none.
    """
    condition, _ = _of_changes(text, where)
    return versions.none() if condition is None else _restricted(versions, condition)


def first_changes(
    versions: VersionQuerySet, text: str, kinds: Sequence[str], most: int, place: datetime | None = None
) -> Iterable[Version]:
    """The first *most* of ``restrict(versions, text)`` that are of any of the *kinds* (() for all).

    *versions* are newest or oldest first; where their list begins at some *place*, that is its moment. A list
    of a rare word costs no more than one of a common word, however many versions there are: the index says
    which changes have it, those nearest to *place* first, and the filters of the list are put to these. Only
    for words in very many changes, of which the filters leave nearly none, all the list is gone through.
    """
    condition, _ = _of_changes(text)
    if condition is None:
        return []
    newest = str(versions.query.order_by[0]).startswith("-")
    for candidates in CANDIDATES:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            near = backend().changes_around(cursor, condition, place, candidates, newest=newest)
        if near is None:
            continue
        ids, end = near
        some = versions.filter(_is_one_of(ids)) if ids else versions.none()
        if end is None:
            return some.first_of_kinds(kinds, most)
        some = some.filter(seen__gte=end) if newest else some.filter(seen__lte=end)
        if len(found := list(some.first_of_kinds(kinds, most))) == most:
            return found
    return _restricted(versions, condition).first_of_kinds(kinds, most)


def _is_one_of(ids: Iterable[int]) -> RawSQL:
    """The condition that a version is one of these. No parameters: SQLite takes 32,766 of them."""
    listed = ", ".join(map(str, ids))
    return RawSQL(f"articles_version.id IN ({listed})", [], output_field=BooleanField())  # noqa: S611


def problem_with(text: str) -> str:
    """Why no list of changes can be narrowed to the words of *text*, for a person; empty where it can.

    One query for each word* in it.
    """
    return _of_changes(text)[1]


def _of_changes(text: str, where: str = "") -> tuple[Condition | None, str]:
    """The index's condition on changes; or None, and why *text* can't be looked for."""
    query = parse(text)
    if query.problem:
        return None, query.problem
    sides = [SIDES[where]] if where in SIDES else list(Side)
    try:
        return backend().condition("changes", changes(query, *sides)), ""
    except TooBroad as error:
        return None, too_broad(error.beginning)


def _restricted(versions: VersionQuerySet, condition: Condition) -> VersionQuerySet:
    sql = backend().is_among_changes(condition)
    found = RawSQL(sql, condition.parameters, output_field=BooleanField())  # noqa: S611 (of numbers)
    return versions.filter(found)


def articles_with(text: str) -> list[int]:
    """Ids of articles in whose index the words of *text* stand, latest first; for who may see all of them.

    One query, of MOST_ENTRIES entries at most; nothing is read, so a phrase may find a little too much.
    """
    query = parse(text)
    if query.problem:
        return []
    try:
        condition = backend().condition("text", stands(query))
    except TooBroad:
        return []
    return list(dict.fromkeys(article for _, article in _entries("text", condition, None, MOST_ENTRIES)))


@dataclass(frozen=True)
class Appearances:
    """In which versions of an article a phrase stood, oldest first, or why it was not looked for."""

    stays: Sequence[Stay] = ()
    problem: str = ""


def appearances(article: Article, text: str) -> Appearances:
    """When *text*, taken as one phrase, stood in *article*. One query; reads every version."""
    query = phrase(text)
    if query.problem:
        return Appearances(problem=query.problem)
    history = _visible(histories([article.pk]).get(article.pk, []))
    return Appearances(Matcher(query).stays(history))


def _entries(table: str, condition: Condition, before: int | None, articles: int) -> list[tuple[int, int]]:
    """The newest entries that meet *condition* (version's id, article's id), until they are of *articles*."""
    index = backend()
    entries: list[tuple[int, int]] = []
    of: set[int] = set()
    with transaction.atomic(savepoint=False), connection.chunked_cursor() as cursor:
        index.newest(cursor, table, condition, before, MOST_ENTRIES)
        while len(of) < articles and (some := cursor.fetchmany(ENTRIES_AT_ONCE)):
            entries += some
            of.update(article for _, article in some)
    return entries


def _shown_before(table: str, condition: Condition, articles: Sequence[int], before: int | None) -> set[int]:
    """Those of *articles* that an earlier page had, for a newer entry."""
    if before is None or not articles:
        return set()
    index = backend()
    key = index.key(table)
    sql = (
        f"SELECT DISTINCT version.article_id FROM {index.table(table)}"  # noqa: S608
        f" CROSS JOIN articles_version version WHERE version.id = {key} AND {condition.sql}"
        f" AND {index.shown(table)} AND {key} >= %s"
        f" AND version.article_id IN ({', '.join(['%s'] * len(articles))})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*condition.parameters, before, *articles])
        return {article for (article,) in cursor.fetchall()}


def _look_at(query: Query, ids: Sequence[int], side: Side | None) -> list[Found]:
    """What the texts of these articles say; one in which it does not quite stand is left out.

    A phrase may have all its pairs of words in an article, and yet not stand there.
    """
    articles = Article.objects.visible().select_related("source").in_bulk(list(ids))
    told = histories(articles)
    matcher = Matcher(query)
    found = []
    for article in (articles[pk] for pk in ids if pk in articles):
        look = _in_changes if side else _in_texts
        if one := look(article, _visible(told.get(article.pk, [])), matcher, side):
            found.append(one)
    return found


def _visible(history: list[Told]) -> list[Told]:
    """What readers may see of it."""
    return [told for told in history if not told.hidden]


def _in_texts(article: Article, history: list[Told], matcher: Matcher, side: Side | None) -> Found | None:
    stays = matcher.stays(history)
    return _found(article, stays[-1].last, (), matcher, stays=stays) if stays else None


def _in_changes(article: Article, history: list[Told], matcher: Matcher, side: Side | None) -> Found | None:
    places = matcher.changes(history, side) if side else []
    if not places:
        return None
    changed = [(history[at - 1], history[at]) for at in reversed(places)]
    other, shown = changed[0] if side is Side.ADDED else reversed(changed[0])
    return _found(article, shown, other.parts, matcher, changed=changed)


def _found(
    article: Article,
    shown: Told,
    others: Sequence[str],
    matcher: Matcher,
    stays: Sequence[Stay] = (),
    changed: Sequence[tuple[Told, Told]] = (),
) -> Found:
    headline = passages.marked(shown.headline, matcher)
    passage = passages.telling(shown.parts[1:], others, matcher)
    return Found(article, shown, headline, passage, stays, changed)
