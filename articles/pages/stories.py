"""An article's pages: its history, one version, and any two compared."""

from collections.abc import Callable
from functools import wraps
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from markupsafe import Markup

from articles.diff import Comparison, html
from articles.diff import compare as compare_texts
from articles.models import Article, Version
from articles.pages import sentences
from articles.pages.headers import fresh
from articles.pages.recent import in_order
from articles.pages.words import shortened

MANY_VERSIONS = 100
"""From here on two select boxes are quicker than two columns of buttons."""

LONGEST_LINE = 1000
"""Characters of a headline or byline that a diff shows; no real one comes near."""

MOST_JUMPS = 60
"""Changes that get a link of their own at the top of a diff."""

VIEWS = ("inline", "side")


def of_article(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand *view* the article that the address names; 404 where there is none, 410 when it is taken down."""

    @fresh
    @wraps(view)
    def found(request: HttpRequest, pk: int, **parts: object) -> HttpResponse:
        article = Article.objects.select_related("source").filter(pk=pk).first()
        if article is None:
            raise Http404("There is no article of this number.")
        if article.hidden:
            return render(request, "410.html", status=410)
        return view(request, article, **parts)

    return found


@of_article
def history(request: HttpRequest, article: Article) -> HttpResponse:
    versions = list(article.versions.defer("data").order_by("-number"))
    events = list(article.events.order_by("-at", "-id"))
    earlier = dict(pairwise(versions))
    now = timezone.now()
    context = {
        "article": article,
        "sentences": sentences.about_article(article, events, now),
        "no_changes_yet": sentences.no_changes_yet(article, now) if len(versions) < 2 else "",
        "lines": [
            (entry, earlier.get(entry.version) if entry.version else None)
            for entry in in_order(versions, events)
        ],
        "versions": versions,
        "many": len(versions) > MANY_VERSIONS,
    }
    return render(request, "article.html", context)


@of_article
def version(request: HttpRequest, article: Article, n: int) -> HttpResponse:
    shown = _versions(article, n)[n]
    context = {"article": article, "version": shown, "paragraphs": shown.paragraphs}
    response = render(request, "version.html", context)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


@of_article
def compare(request: HttpRequest, article: Article) -> HttpResponse:
    """Leads from the form, ``?a=2&b=5``, to the address of that diff."""
    numbers = [request.GET.get(name, "") for name in ("a", "b")]
    if not all(number.isascii() and number.isdigit() and len(number) < 10 for number in numbers):
        raise Http404("Choose two versions to compare.")
    view = request.GET.get("view", "")
    response = redirect("diff", article.pk, *(int(number) for number in numbers))
    if view in VIEWS:
        response["Location"] += f"?view={view}"
    return response


@of_article
def diff(request: HttpRequest, article: Article, a: int, b: int) -> HttpResponse:
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    versions = _versions(article, a, b)
    before, after = versions[a], versions[b]
    comparison = compare_texts(before.paragraphs, after.paragraphs)
    change_count = html.change_count(comparison)
    context = {
        "article": article,
        "before": before,
        "after": after,
        "headline": _line(before.headline, after.headline),
        "byline": _line(before.byline, after.byline),
        "body": _body(comparison, article, view),
        "change_count": change_count,
        "jumps": range(1, min(change_count, MOST_JUMPS) + 1),
        "comparison": comparison,
        "view": view,
        "view_query": "?view=side" if view == "side" else "",
        "adjacent": a + 1 == b,
        "versions": article.versions.order_by("-number").only("article", "number", "seen"),
        "previous": (a - 1, a) if a > 1 else None,
        "next": (b, b + 1) if b < article.version_count else None,
    }
    return render(request, "diff.html", context)


def _line(before: str, after: str) -> Markup | str:
    """A headline or byline compared; '' where it is the same."""
    return (
        html.line(shortened(before, LONGEST_LINE), shortened(after, LONGEST_LINE)) if before != after else ""
    )


def _body(comparison: Comparison, article: Article, view: str) -> Markup:
    """The comparison drawn; side by side goes with the inline form, which narrow screens show instead."""
    language, direction = article.language, article.direction
    if view != "side":
        return html.inline(comparison, language=language, direction=direction)
    side = html.side_by_side(comparison, language=language, direction=direction)
    # An id may stand in a page once: the inline form's anchors are n1, n2, …
    return side + html.inline(comparison, language=language, direction=direction, anchor="n")


def _versions(article: Article, *numbers: int) -> dict[int, Version]:
    """The versions of these numbers.

    :raises Http404: there is not every one of them; the message says which there are.
    """
    found = {version.number: version for version in article.versions.filter(number__in=numbers)}
    missing = sorted(set(numbers) - set(found))
    if missing:
        raise Http404(f"This article has no version {missing[0]}: {_extent(article)}.")
    return found


def _extent(article: Article) -> str:
    if not article.version_count:
        return "no text of it has been seen yet"
    if article.version_count == 1:
        return "it has version 1 only"
    return f"its versions are 1 to {article.version_count:,}"
