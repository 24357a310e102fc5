"""The lists of recent changes: the home page and ``/changes/``."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Source
from articles.pages.filters import FiltersForm
from articles.pages.recent import Listing, asked_place, newer_changes, recent_changes
from articles.web.headers import fresh
from articles.web.limits import costly_with

PAGE = 40
"""Rows of a list."""


@costly_with("q")
@fresh
def recent(request: HttpRequest) -> HttpResponse:
    form = FiltersForm(request.GET)
    filters = form.filters()
    if filters is None:
        return render(request, "changes.html", {"form": form, "listing": Listing([])}, status=400)
    before, after = asked_place(request, "before"), asked_place(request, "after")
    if after:
        listing = newer_changes(filters, after=after, size=PAGE)
    else:
        listing = recent_changes(filters, before=before, size=PAGE)
    context = {
        "form": form,
        "filters": filters,
        "listing": listing,
        "newest_page": not before and listing.newer is None,
        "watching": bool(listing.entries) or Source.objects.exists(),
    }
    return render(request, "changes.html", context)
