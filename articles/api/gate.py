"""Before and after every answer of the API: keys, limits, scripts of other sites, what caches may keep."""

import logging
from collections.abc import Callable
from math import ceil

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from articles.api.problems import MEDIA_TYPE, problem
from articles.models import ApiKey
from articles.models.quota import Quota
from articles.pages.machines import reserve
from articles.web.headers import FRESH_SECONDS
from articles.web.keys import NoKey, key_of
from articles.web.unavailable import RETRY_SECONDS
from articles.web.visitors import visitor_key

log = logging.getLogger(__name__)

ROOT = "/api/v1/"

_MINUTE = 60
_METHODS = "GET, HEAD, OPTIONS"
_EXPOSED = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After"
_PREFLIGHT_SECONDS = 86_400


class ApiGate:
    """Middleware that looks at addresses of the API alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return self._get_response(request)
        response = self._answer(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        response.headers["X-Robots-Tag"] = "noindex"
        reserve(response)
        patch_vary_headers(response, ["Authorization"])
        response.headers.setdefault("Cache-Control", _caching(request, response))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return _preflight()
        if request.method not in ("GET", "HEAD"):
            return problem(405, _("The API can only be read."), {"Allow": _METHODS})
        try:
            key, refusal = _key_of(request)
        except DatabaseError as trouble:
            log.error("no key can be looked up: %s", trouble)
            return _unavailable()
        limit, who = _limit(request, key)
        wait, headers = _use(limit, who)
        if wait:
            headers["Retry-After"] = str(ceil(wait))
            return problem(429, _("You have had your answers of this minute."), headers)
        if refusal is not None:
            response = refusal
        else:
            request.api_key = key  # type: ignore[attr-defined]
            if request.method == "HEAD":
                request.method = "GET"  # the server sends no body
                response = self._get_response(request)
                request.method = "HEAD"
            else:
                response = self._get_response(request)
        for name, value in headers.items():
            response.headers[name] = value
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            if response.status_code == 503:
                return _unavailable(headers)
            if response.status_code >= 500:
                return problem(response.status_code, _("The fault is ours, and has been logged."), headers)
            return problem(response.status_code, _("There is nothing at this address."), headers)
        return response


def _unavailable(headers: dict[str, str] | None = None) -> HttpResponse:
    """What is said while the database is away or the disk is full."""
    told = _("The data can't be reached just now. Try again in a minute.")
    return problem(503, told, {**(headers or {}), "Retry-After": str(RETRY_SECONDS)})


def may_read_texts(request: HttpRequest) -> bool:
    """Whether whole texts may stand in the answer."""
    key: ApiKey | None = getattr(request, "api_key", None)
    return bool(settings.API_OPEN_TEXTS or (key and key.texts))


def _key_of(request: HttpRequest) -> tuple[ApiKey | None, HttpResponse | None]:
    """The key that came with *request*; or the answer to one that is none. Neither where none came."""
    try:
        return key_of(request), None
    except NoKey:
        told = {"WWW-Authenticate": 'Bearer realm="newsdiffs", error="invalid_token"'}
        return None, problem(401, _("This is no key that opens anything here, or it has ended."), told)


def _limit(request: HttpRequest, key: ApiKey | None) -> tuple[Quota | None, str]:
    if key:
        return Quota("api key", key.per_minute, _MINUTE), key.name
    limit = Quota("api", settings.API_LIMIT, _MINUTE) if settings.API_LIMIT else None
    return limit, visitor_key(request)


def _use(limit: Quota | None, who: str) -> tuple[float, dict[str, str]]:
    """Count one answer: the seconds to wait (0.0: none), and the headers that tell what is left."""
    if limit is None:
        return 0.0, {}
    try:
        wait = limit.use(who)
        left = limit.left(who)
    except DatabaseError as trouble:
        log.warning("no limit is kept, as the database can't be written: %s", trouble)
        return 0.0, {}
    step = ceil(limit.seconds / limit.most)
    return wait, {
        "RateLimit-Policy": f'"minute";q={limit.most};w={_MINUTE}',
        "RateLimit": f'"minute";r={left};t={ceil(wait) or step}',
    }


def _preflight() -> HttpResponse:
    told = {
        "Allow": _METHODS,
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": "Authorization, If-None-Match",
        "Access-Control-Max-Age": str(_PREFLIGHT_SECONDS),
    }
    return HttpResponse(status=204, headers=told)


def _caching(request: HttpRequest, response: HttpResponse) -> str:
    if response.status_code in (401, 429) or response.status_code >= 500:
        return "no-store"
    if "Authorization" in request.headers:
        return "private, max-age=0"
    return f"public, max-age=0, s-maxage={FRESH_SECONDS}"
