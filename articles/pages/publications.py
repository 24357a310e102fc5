"""The sources' pages: all of them, one, and one's articles."""

from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import OuterRef, Prefetch, Subquery, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.models import Article, ArticleQuerySet, Feed, Figures, Source, Version, with_set_aside
from articles.pages import sentences
from articles.pages.days import by_day
from articles.pages.filters import Filters
from articles.pages.plots import plots_of
from articles.pages.recent import recent_changes
from articles.web.headers import fresh

LATEST = 15
"""Articles and changes that a source's page shows of each."""

MOST_CHANGED = 5
"""Articles with the most versions that it shows."""

PAGE = 40
"""Rows of the list of a source's articles."""

SOURCES = 100
"""Rows of the list of sources."""


@fresh
def sources(request: HttpRequest) -> HttpResponse:
    """The sources by name; ``?page=`` counts from 1."""
    page = _asked_page(request)
    latest = Version.objects.changes().newest_first().filter(source=OuterRef("pk"))
    listed = (
        Source.objects.select_related("figures")
        .prefetch_related(_feeds_read())
        .annotate(latest_change=Subquery(latest.values("seen")[:1]))
        .defer("figures__counts")
    )
    rows = list(listed[SOURCES * (page - 1) : SOURCES * page + 1])
    if page > 1 and not rows:
        raise Http404(_("There is no such page."))
    context = {
        "sources": rows[:SOURCES],
        "previous_page": page - 1,
        "next_page": page + 1 if len(rows) > SOURCES else None,
    }
    return render(request, "sources.html", context)


def _asked_page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 6 and int(text)):
        raise BadRequest(_("%(text)s is no place in a list.") % {"text": f"{text!r}"})
    return int(text)


@fresh
def source(request: HttpRequest, slug: str) -> HttpResponse:
    shown = find_source(slug)
    prefetch_related_objects([shown], _feeds_read())
    listing = recent_changes(Filters(source=shown), size=LATEST)
    context = {
        "source": shown,
        "sentences": sentences.about_source(shown),
        "articles": with_set_aside(shown.articles.visible().newest_first())[:LATEST],
        "listing": listing,
        "days": by_day(listing.entries),
        "most_changed": most_changed(shown.articles.all(), MOST_CHANGED),
        "plots": plots_of(Figures.objects.readable().filter(source=shown).first()),
    }
    return render(request, "source.html", context)


@fresh
def articles(request: HttpRequest, slug: str) -> HttpResponse:
    """The source's articles, newest first; ``?before=`` is the article that the page before ended with."""
    shown = find_source(slug)
    listed = with_set_aside(shown.articles.visible().newest_first())
    before = _asked_article(request, shown)
    if before:
        listed = listed.before(before.first_seen, before.pk)
    rows = list(listed[: PAGE + 1])
    context = {
        "source": shown,
        "articles": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "newest_page": before is None,
    }
    return render(request, "source_articles.html", context)


def most_changed(articles: ArticleQuerySet, size: int) -> list[Article]:
    """Of *articles* the *size* with the most versions, but for those whose changes are all set aside."""
    return [article for article in with_set_aside(articles.most_changed())[:size] if article.change_count]


def _asked_article(request: HttpRequest, source: Source) -> Article | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest(_("%(text)s is no place in the list of articles.") % {"text": f"{text!r}"})
    found: Article | None = source.articles.filter(pk=int(text)).only("first_seen").first()
    if found is None:
        raise Http404(_("This place in the list of articles is no more: begin anew with the newest."))
    return found


def _feeds_read() -> "Prefetch[Any]":
    """For ``Source.last_feed_read``."""
    return Prefetch("feeds", Feed.objects.only("source", "last_success"))


def find_source(slug: str) -> Source:
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        raise Http404(_("There is no source of this name."))
    return found
