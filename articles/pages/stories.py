"""An article's pages: its history, one version, and any two compared."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db.models import Max, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from articles.diff import Comparison, html
from articles.diff import compare as compare_texts
from articles.models import Article, Event, Join, Version
from articles.pages import citations, sentences
from articles.pages.banner import banner
from articles.pages.disclosure_ledger import ledger_of, ledger_of_change, lines
from articles.pages.gone import TakenDown, taken_down
from articles.pages.live import with_runs
from articles.pages.machines import reserve
from articles.pages.memento import mark_memento
from articles.pages.minimap import minimap
from articles.pages.origins import origin_of, with_origins
from articles.pages.phrases import asked_phrase
from articles.pages.recent import in_order
from articles.pages.sharing import card_answer, preview_of_article, preview_of_change, text_answer
from articles.pages.steps import neighbours, steps
from articles.pages.story_so_far import so_far
from articles.pages.strip import strip
from articles.pages.words import shortened
from articles.web.diff_phrases import TRANSLATED
from articles.web.headers import fresh
from articles.web.language import in_site_language
from articles.web.limits import costly, costly_with
from articles.web.wording import number

PAGE = 50
"""Versions of a history on a page. Each takes half a millisecond to write."""

MOST_CHOICES = 100
"""Versions that can be chosen on the page of a diff: those around the two compared."""

MOST_READ = 300
"""The newest versions, of which the story so far is told, and what the page told of its changes."""

MOST_EVENTS = 200
"""Events of an article that are shown, the newest."""

LONGEST_LINE = 1000
"""Characters of a headline or byline that a diff shows; no real one comes near."""

MOST_JUMPS = 60
"""Changes that get a link of their own at the top of a diff."""

MOST_TOLD = 50
"""Rows of the table of what a page told of its changes, and of that of its claimed dates."""

VIEWS = ("inline", "side")

REWRITTEN = 0.3
"""Of a text that kept less than this share of its words both forms are easier to read side by side."""


def of_article(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand *view* the article that the address names; 404 where there is none.

    When it is taken down, or a version that the view asks for, the answer is 451 or 410, and says why.
    """

    @fresh
    @wraps(view)
    def found(request: HttpRequest, pk: int, **parts: object) -> HttpResponse:
        article = Article.objects.select_related("source", "joined_to").filter(pk=pk).first()
        if article is None:
            raise Http404(_("No article %(number)s here.") % {"number": pk})
        if article.hidden:
            return taken_down(request, article)
        if not article.version_count:
            if article.joined_to_id:
                return _leads_to(article, parts)
            if not request.user.has_perm("articles.view_article"):
                raise Http404(_("No text has been seen yet at this address."))
        try:
            response = view(request, article, **parts)
            if not article.version_count:
                response.headers["Cache-Control"] = "private"  # only those who run this see it
            return response
        except TakenDown as problem:
            return taken_down(request, article, *problem.numbers)
        except Http404:
            if article.joined_to_id and _taken_over(article):
                return _leads_to(article, parts)
            raise

    return found


def _taken_over(article: Article) -> Join | None:
    """The join by which versions of *article* became another's."""
    joins = Join.objects.filter(younger=article, undone=None, taken_from__isnull=False)
    return joins.order_by("-pk").first()


def _leads_to(article: Article, parts: Mapping[str, object]) -> HttpResponse:
    """To the article that *article* was joined to; where a version of it was asked for, to that one there.

    For some minutes only, as a join can be undone.
    """
    assert article.joined_to_id is not None
    made = _taken_over(article)
    names = {"n": "version", "a": "diff"}
    shift = made.taken_to - made.taken_from if made and made.taken_to and made.taken_from else 0
    numbers = [number + shift for number in parts.values() if isinstance(number, int)]
    name = next((names[part] for part in parts if part in names), "article")
    response = redirect(name, article.joined_to_id, *numbers)
    response.headers["Cache-Control"] = "max-age=300"
    return response


@costly_with("phrase")
@of_article
def history(request: HttpRequest, article: Article) -> HttpResponse:
    before = _asked_number(request)
    told = article.versions.without_texts().defer("more_excerpts", "left_out")
    newest_first = told.select_related("setaside").order_by("-number")
    asked = newest_first.filter(number__lt=before) if before else newest_first
    read = list(asked[: PAGE + 1 if before else max(MOST_READ, PAGE + 1)])
    every, older = read[:PAGE], len(read) > PAGE
    if before and not every:
        raise Http404(_("There is nothing older."))
    versions = [version for version in every if not version.hidden_itself]
    events = list(article.events.order_by("-at", "-id")[:MOST_EVENTS])
    earlier = dict(pairwise(read))
    drawn = strip(versions[::-1])
    ends = _ends(article, versions, is_whole=not before and not older)
    now = timezone.now()
    article.set_aside = sum(version.is_set_aside for version in every)
    context = {
        "article": article,
        "banner": banner(article, events, versions[0].number if versions else None),
        "sentences": sentences.about_article(article, events, now),
        "no_changes_yet": sentences.no_changes_yet(article, now) if article.version_count < 2 else "",
        "lines": list(
            with_runs(
                (entry, earlier.get(entry.version) if entry.version else None)
                for entry in in_order(
                    every, _events_among(events, every, is_newest=not before, is_oldest=not older)
                )
            )
        ),
        "versions": versions,
        "older": every[-1].number if older else None,
        "newest_page": not before,
        "pair": (versions[1].number, versions[0].number) if len(versions) > 1 else None,
        "first": ends[0] if ends else None,
        "latest": ends[1] if ends else None,
        # From the last but one version, what changed since is what the latest version's row leads to.
        "summed_below": before or (versions[1].number if len(versions) > 1 else 0),
        "so_far": so_far(article, read[::-1]) if not before else None,
        "told": lines(article, ledger_of(article, read[::-1]))[::-1][:MOST_TOLD] if not before else [],
        "date_moves": article.date_moves.order_by("-version")[:MOST_TOLD] if not before else [],
        "strip": drawn if drawn.most else None,  # without a word added or removed it would be empty
        "phrase": asked_phrase(request, article),
        "joined": list(article.joined.visible().order_by("first_seen")),
        "preview": preview_of_change(article, versions[1], versions[0])
        if len(versions) > 1
        else preview_of_article(article),
    }
    return render(request, "article.html", context)


def _asked_number(request: HttpRequest) -> int | None:
    """The version that the page before ended with, as the query string gives it."""
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadRequest(_("%(text)s is no place in a list.") % {"text": f"{text!r}"})
    return int(text)


def _ends(article: Article, versions: Sequence[Version], *, is_whole: bool) -> tuple[int, int] | None:
    """The numbers of the first and the latest version that readers may see; None for none."""
    if is_whole:
        return (versions[-1].number, versions[0].number) if versions else None
    numbers = article.versions.visible().aggregate(first=Min("number"), latest=Max("number"))
    return (numbers["first"], numbers["latest"]) if numbers["first"] is not None else None


def _events_among(
    events: Sequence[Event], versions: Sequence[Version], *, is_newest: bool, is_oldest: bool
) -> list[Event]:
    """Those of the *events* that stand on the page of these *versions*, newest first."""
    if not versions:
        return [*events]
    first, last = versions[-1].seen, versions[0].seen
    return [event for event in events if (is_oldest or event.at >= first) and (is_newest or event.at < last)]


@of_article
def version(request: HttpRequest, article: Article, n: int) -> HttpResponse:
    shown = find_versions(article, n)[n]
    context = {
        "article": article,
        "version": shown,
        "paragraphs": shown.paragraphs,
        "left_out": shown.paragraphs_left_out,
        "shown": [shown],
        "origins": [origin for origin in [origin_of(shown)] if origin],
        "citation": citations.of_version(article, shown, timezone.now()),
    }
    response = render(request, "version.html", context)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    reserve(response)
    mark_memento(response, article, shown)
    return response


@in_site_language
@of_article
def text(request: HttpRequest, article: Article, n: int) -> HttpResponse:
    response = text_answer(find_versions(article, n)[n])
    reserve(response)
    return response


@in_site_language
@costly
@of_article
def card(request: HttpRequest, article: Article, a: int, b: int) -> HttpResponse:
    versions = find_versions(article, a, b)
    return card_answer(request, article, versions[a], versions[b])


@of_article
def compare(request: HttpRequest, article: Article) -> HttpResponse:
    """Leads from the form, ``?a=2&b=5``, to the address of that diff."""
    numbers = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers):
        raise Http404(_("Choose two versions to compare."))
    view = request.GET.get("view", "")
    response = redirect("diff", article.pk, *(int(number) for number in numbers))
    if view in VIEWS:
        response["Location"] += f"?view={view}"
    return response


@costly
@of_article
def diff(request: HttpRequest, article: Article, a: int, b: int) -> HttpResponse:
    versions = find_versions(article, a, b)
    before, after = versions[a], versions[b]
    adjacent = a + 1 == b
    old = after.text_before(before) if adjacent else before.text
    comparison = compare_texts(old.paragraphs, after.paragraphs)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "side" if comparison.kept < REWRITTEN else "inline"
    change_count = html.change_count(comparison)
    choices = list(_choices(article, a, b))
    numbers = [one.number for one in reversed(choices)]
    previous, following = neighbours(numbers, a, b)
    context = {
        "article": article,
        "before": before,
        "after": after,
        "headline": _line(old.headline, after.headline),
        "byline": _line(old.byline, after.byline),
        "body": _body(comparison, article, view),
        "change_count": change_count,
        "jumps": range(1, min(change_count, MOST_JUMPS) + 1),
        "comparison": comparison,
        "told": ledger_of_change(article, after) if adjacent else [],
        "view": view,
        "view_query": f"?view={asked}" if asked in VIEWS else "",
        "adjacent": adjacent,
        "left_out": after.paragraphs_left_out if adjacent else (),
        "reading_changed": after.previous_reextracted is not None and not after.left_out
        if adjacent
        else _reading_changed(article, a, b),
        "versions": choices,
        "between": _count_between(article, a, b),
        "steps": steps(numbers, b),
        "minimap": minimap(comparison),
        "previous": previous,
        "next": following,
        "evidence": a < b and (settings.OPEN_EVIDENCE or request.user.is_authenticated),
        "preview": preview_of_change(article, before, after, comparison) if a != b else None,
        "shown": [before, after] if a != b else [after],
        "origins": [origin for origin in map(origin_of, [before, after] if a != b else [after]) if origin],
        "citation": citations.of_change(article, before, after, request.path, timezone.now()),
    }
    response = render(request, "diff.html", context)
    reserve(response)
    return response


def _count_between(article: Article, a: int, b: int) -> int:
    """The number of versions that stand between two and that readers may see."""
    if abs(a - b) < 2:
        return 0
    return article.versions.visible().filter(number__gt=min(a, b), number__lt=max(a, b)).count()


def _choices(article: Article, a: int, b: int) -> QuerySet[Version]:
    """The versions to choose from: all, or of very many the ends and those around the two shown."""
    versions = article.versions.visible().order_by("-number").only("article", "number", "seen")
    if article.version_count <= MOST_CHOICES:
        return versions
    around = MOST_CHOICES // 4
    near = Q(number__in=(1, article.version_count))
    for shown in (a, b):
        near |= Q(number__range=(shown - around, shown + around))
    return versions.filter(near)


def _reading_changed(article: Article, a: int, b: int) -> bool:
    """Whether our own reading of the page changed between two versions."""
    between = article.versions.filter(number__gt=min(a, b), number__lte=max(a, b))
    return between.filter(previous_reextracted__isnull=False).exists()


def _line(before: str, after: str) -> Markup | str:
    """A headline or byline compared; '' where it is the same."""
    return (
        html.line(shortened(before, LONGEST_LINE), shortened(after, LONGEST_LINE), phrases=TRANSLATED)
        if before != after
        else ""
    )


def _body(comparison: Comparison, article: Article, view: str) -> Markup:
    draw = html.side_by_side if view == "side" else html.inline
    return draw(comparison, language=article.language, direction=article.direction, phrases=TRANSLATED)


def find_versions(article: Article, *numbers: int) -> dict[int, Version]:
    """The versions of these numbers.

    :raises Http404: there is not every one of them; the message says which there are.
    :raises TakenDown: readers may not see every one of them.
    """
    chosen = with_origins(article.versions.filter(number__in=numbers).select_related("setaside"))
    found = {version.number: version for version in chosen}
    missing = sorted(set(numbers) - set(found))
    if missing:
        raise Http404(
            _("This article has no version %(value)s: %(extent)s.")
            % {"value": missing[0], "extent": _extent(article)}
        )
    if hidden := [number for number, version in found.items() if version.hidden_itself]:
        raise TakenDown(*hidden)
    return found


def _extent(article: Article) -> str:
    if not article.version_count:
        return _("no text of it has been seen yet")
    if article.version_count == 1:
        return _("it has version 1 only")
    return _("its versions are 1 to %(version_count)s") % {"version_count": number(article.version_count)}
