"""The sources' pages: all of them, and one."""

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from articles.models import Source, Version
from articles.pages import sentences
from articles.pages.headers import fresh
from articles.pages.recent import recent_changes

LATEST = 15
"""Articles and changes that a source's page shows of each."""


@fresh
def sources(request: HttpRequest) -> HttpResponse:
    latest = Version.objects.changes().newest_first().filter(source=OuterRef("pk"))
    listed = Source.objects.annotate(latest_change=Subquery(latest.values("seen")[:1]))
    return render(request, "sources.html", {"sources": listed})


@fresh
def source(request: HttpRequest, slug: str) -> HttpResponse:
    shown = find_source(slug)
    context = {
        "source": shown,
        "sentences": sentences.about_source(shown),
        "articles": shown.articles.visible().order_by("-first_seen", "-id")[:LATEST],
        "listing": recent_changes(source=shown, size=LATEST),
    }
    return render(request, "source.html", context)


def find_source(slug: str) -> Source:
    found = Source.objects.filter(slug=slug).first()
    if found is None:
        raise Http404("There is no source of this name.")
    return found
