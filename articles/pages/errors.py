"""What is answered to a request that can't be: pages that never read what was sent.

Django's own handlers look for a form's token. Where it is the form that can't be read, that fails once more,
and the answer is 500.
"""

import logging
import sys

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404

from articles.web.unavailable import RETRY_SECONDS, is_unavailable

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, with what the view had to say about it."""
    said = str(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "400.html", {"said": said}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what the view had to say about it."""
    said = "" if isinstance(exception, Resolver404) or not isinstance(exception, Http404) else str(exception)
    return render(request, "404.html", {"said": said}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """503 while the database is away or the disk is full, 500 for what else went wrong.

    Both pages ask the database nothing: they are made without the request, and so without its session.
    """
    problem = sys.exc_info()[1]
    if not is_unavailable(problem):
        return HttpResponse(render_to_string("500.html"), status=500)
    log.error("no page can be made, as the database or the disk fails: %s", str(problem).partition("\n")[0])
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
