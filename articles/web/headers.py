"""Headers that every answer of the site carries."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; connect-src 'self'"
)


PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope"),
        *("idle-detection", "magnetometer", "microphone", "midi", "payment", "usb"),
    )
)
"""What no page of ours asks a browser for."""


class SecurityHeaders:
    """Nothing from elsewhere, nothing inline: an escape once missed still runs no script.

    Django's own middleware adds the others (settings, "Security").
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response


class FormsInUTF8:
    """Refuses a form in another encoding with 400: Django would fail at it wherever it is read first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if request.content_type in FORMS and charset.lower() != "utf-8":
            words = "Forms are read in the encoding UTF-8 only.\n"
            return HttpResponse(words, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""The types of what a form sends."""

FRESH_SECONDS = 30
"""How long a shared cache may keep a page: an article taken down is gone everywhere within a minute."""


Answer = TypeVar("Answer", bound=HttpResponseBase)


def fresh(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """For views: a reader's own browser asks each time (and is mostly told 304), as pages follow the watch.

    What a view itself calls private, or not to be stored, stays out of shared caches, and what it says of its
    age stands.
    """

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> Answer:
        response = view(request, *arguments, **named)
        said = response.headers.get("Cache-Control", "")
        if not any(word in said for word in ("private", "no-store", "max-age")):
            patch_cache_control(response, public=True, max_age=0, s_maxage=FRESH_SECONDS)
        return response

    return answer
