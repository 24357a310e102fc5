"""The page of all plots, and the numbers of each as CSV."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.csv import line
from articles.models import Article, Figures, Source
from articles.pages.plots import KINDS_COMPARED, NUMBERS, Numbers, plots_of, rate_of, rates
from articles.pages.publications import find_source, most_changed
from articles.statistics import Counts
from articles.web.headers import fresh
from articles.web.language import in_site_language

MOST_CHANGED = 10
"""Articles with the most versions that the page shows."""

SOURCES_SHOWN = 50
"""Sources whose rates the page shows, those with the most articles; the CSV has all."""


@fresh
def stats(request: HttpRequest) -> HttpResponse:
    figures = Figures.objects.of_all()
    known = Figures.objects.of_sources().select_related("source").order_by("-articles", "source__name")
    compared = list(known[: SOURCES_SHOWN + 1])
    context = {
        "plots": plots_of(figures),
        "watching": bool(compared) or Source.objects.exists(),
        "csv_at": reverse("stats"),
        "kinds_compared": KINDS_COMPARED,
        "rates": [rate_of(one) for one in compared[:SOURCES_SHOWN]],
        "more_sources": len(compared) > SOURCES_SHOWN,
        "most_changed": most_changed(Article.objects.select_related("source"), MOST_CHANGED),
    }
    return render(request, "stats.html", context)


@fresh
def source_stats(request: HttpRequest, slug: str) -> HttpResponse:
    """The plots of one source, beside all sources where there are several."""
    shown = find_source(slug)
    figures = {one.source_id: one for one in Figures.objects.of_source_and_all(shown)}
    compared = (shown.pk, None) if Figures.objects.of_sources().count() > 1 else (shown.pk,)
    context = {
        "source": shown,
        "plots": plots_of(figures.get(shown.pk)),
        "csv_at": shown.get_absolute_url(),
        "kinds_compared": KINDS_COMPARED,
        "rates": [rate_of(figures[key]) for key in compared if key in figures],
    }
    return render(request, "source_stats.html", context)


@in_site_language
@fresh
def numbers(request: HttpRequest, plot: str, slug: str = "") -> HttpResponse:
    """The numbers of one plot as CSV, of the source *slug* or of all."""
    source = find_source(slug) if slug else None
    if plot == "sources" and source is None:
        every = Figures.objects.of_sources().select_related("source").order_by("source__name")
        return _csv("sources", rates(every))
    if plot not in NUMBERS:
        raise Http404(_("There is no plot of this name."))
    figures = Figures.objects.readable().filter(source=source).first()
    counts = Counts.from_json(figures.counts) if figures else Counts()
    return _csv(f"{slug}-{plot}" if slug else plot, NUMBERS[plot](counts))


def _csv(name: str, numbers: Numbers) -> HttpResponse:
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="newsdiffs-{name}.csv"'},
    )
    for row in (numbers.header, *numbers.rows):
        response.write(line(row))
    return response
