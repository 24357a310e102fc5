"""How often one visitor may ask for a page that costs much to make."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.models.quota import Quota
from articles.web.visitors import slow_down, visitor_key

log = logging.getLogger(__name__)

MINUTE = 60.0


View = Callable[..., HttpResponse]


def costly(view: View) -> View:
    """Let each visitor have ``PAGE_LIMIT`` of all the pages so marked in a minute; 429 beyond that.

    Stands above all other decorators of a view: what it refuses must be kept in no cache. A database that
    can't be written, its disk being full, say, keeps nobody from reading.
    """
    return _limited(view, lambda request: True)


def costly_with(parameter: str) -> Callable[[View], View]:
    """As `costly`, of a view that costs much only when the query string says what to look for."""
    return lambda view: _limited(view, lambda request: bool(request.GET.get(parameter, "").strip()))


def _limited(view: View, costs: Callable[[HttpRequest], bool]) -> View:
    @wraps(view)
    def limited(request: HttpRequest, *args: object, **parts: object) -> HttpResponse:
        wait = _wait_of(request) if costs(request) else 0.0
        if wait:
            return slow_down(
                request,
                wait,
                _(
                    "Pages that compare or search take some work, and so each visitor gets %(page_limit)s of "
                    "them a minute. You have had those: perhaps a program of yours asks for many at once."
                )
                % {"page_limit": settings.PAGE_LIMIT},
            )
        return view(request, *args, **parts)

    return limited


def _wait_of(request: HttpRequest) -> float:
    """Seconds the visitor has to wait; 0.0 when the page may be had now."""
    if not settings.PAGE_LIMIT:
        return 0.0
    try:
        return Quota("costly pages", settings.PAGE_LIMIT, MINUTE).use(visitor_key(request))
    except DatabaseError as problem:
        log.warning("no limit is kept, as the database can't be written: %s", problem)
        return 0.0
