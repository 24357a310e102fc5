"""Pages by cursor: where the page before ended. Nothing is told twice or left out as the list grows."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query

from articles.api.problems import Problem
from articles.pages.absolute import absolute
from articles.pages.recent import Place

LARGEST = 10**18 - 1
"""Of a number in an address: what every database takes."""

Cursor = Annotated[str, Query("", max_length=60, description="Where the page before ended: see `next`.")]
Limit = Annotated[int, Query(50, ge=1, le=200, description="Rows of a page, at most.")]


def number_of(cursor: str) -> int | None:
    """The row that *cursor* names; None for ''.

    :raises Problem: it is no cursor of ours.
    """
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and int(cursor) <= LARGEST):
        raise Problem(400, _("This is no cursor."))
    return int(cursor)


def place_of(cursor: str) -> Place | None:
    """The same, of a list by time."""
    if not cursor:
        return None
    try:
        return Place.parse(cursor)
    except (ValueError, OverflowError) as trouble:
        raise Problem(400, _("This is no cursor.")) from trouble


def next_page(request: HttpRequest, response: HttpResponse, cursor: object | None) -> str | None:
    """The address of the next page, told in the header Link too; None where there is none."""
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = str(cursor)
    address = absolute(f"{request.path}?{query.urlencode()}")
    response.headers["Link"] = f'<{address}>; rel="next"'
    return address
