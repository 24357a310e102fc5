"""The lists of recent changes: the home page and ``/changes/``."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles.models import Source
from articles.pages.days import by_day
from articles.pages.filters import FiltersForm
from articles.pages.most_telling import most_telling
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
    newest_page = not before and listing.newer is None
    at_home = request.resolver_match is not None and request.resolver_match.url_name == "home"
    front_page = at_home and newest_page and not form.in_use
    context = {
        "form": form,
        "filters": filters,
        "listing": listing,
        "days": by_day(listing.entries),
        "telling": most_telling(timezone.now(), listing.entries[0]) if front_page and listing.entries else [],
        "newest_page": newest_page,
        "watching": bool(listing.entries) or Source.objects.exists(),
    }
    return render(request, "changes.html", context)
