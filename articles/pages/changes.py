"""The lists of recent changes: the home page and ``/changes/``."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Source
from articles.pages.headers import fresh
from articles.pages.recent import Place, recent_changes

PAGE = 40
"""Rows of a list."""


@fresh
def recent(request: HttpRequest) -> HttpResponse:
    source, minor, before = asked_source(request), asked_minor(request), _asked_place(request)
    listing = recent_changes(source=source, minor=minor, before=before, size=PAGE)
    context = {
        "listing": listing,
        "source": source,
        "minor": minor,
        "newest_page": before is None,
        "watching": bool(listing.entries) or Source.objects.exists(),
    }
    return render(request, "changes.html", context)


def asked_source(request: HttpRequest) -> Source | None:
    """The source that ``?source=`` narrows a list to."""
    slug = request.GET.get("source", "")
    if not slug:
        return None
    source = Source.objects.filter(slug=slug).first()
    if source is None:
        raise Http404("There is no source of this name.")
    return source


def asked_minor(request: HttpRequest) -> bool:
    """Whether minor changes are asked for."""
    return request.GET.get("minor", "") == "1"


def _asked_place(request: HttpRequest) -> Place | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    try:
        return Place.parse(text)
    except ValueError as problem:
        raise BadRequest(str(problem)) from problem
