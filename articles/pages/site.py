"""Pages about the site itself, and what machines ask it for."""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control, never_cache

from articles.models import Heartbeat, Outage, Source
from articles.pages import most_telling
from articles.pages.durations import exactly_in_words
from articles.pages.feed_formats import FORMATS
from articles.pages.find import bookmarklet
from articles.pages.labels import LABELS
from articles.pages.measured_precision import measured
from articles.web.language import in_site_language

log = logging.getLogger(__name__)

WORKER_LATE_SECONDS = 300
"""The dispatcher runs each minute; five missed in a row are no accident."""


@cache_control(public=True, max_age=3600)
def about(request: HttpRequest) -> HttpResponse:
    usual = Source()
    context = {
        "user_agent": settings.USER_AGENT,
        "contact": settings.CONTACT_EMAIL,
        "labels": LABELS.values(),
        "measured": measured(),
        "telling": {"MOST": most_telling.MOST, "HOURS": most_telling.HOURS},
        "floor": exactly_in_words(usual.floor_seconds),
        "ceiling": exactly_in_words(usual.ceiling_seconds),
        "usual": usual,
    }
    return render(request, "about.html", context)


@cache_control(public=True, max_age=60)
def feeds(request: HttpRequest) -> HttpResponse:
    context = {
        "sources": Source.objects.all(),
        "bookmarklet": bookmarklet(),
        "forms": [(end, form.name) for end, form in FORMATS.items()],
    }
    return render(request, "feeds.html", context)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether the database answers and a worker runs: 200 when both, else 503.

    Whether our own network fails is told beside that: it is no reason to start anything again.
    """
    try:
        silent = Heartbeat.seconds_since("dispatch")
        outage = Outage.current()
        database = True
    except DatabaseError:
        log.exception("The database does not answer.")
        silent, outage, database = None, None, False
    worker = silent is not None and silent <= WORKER_LATE_SECONDS
    well = database and worker
    answer = {
        "status": "ok" if well else "failing",
        "database": database,
        "worker": worker,
        "network": outage is None,
        "seconds_since_dispatch": None if silent is None else round(silent, 1),
    }
    return JsonResponse(answer, status=200 if well else 503)


@in_site_language
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("favicon.svg"))
