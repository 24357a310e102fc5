"""The page that shows the API: Swagger UI, from the files that django-ninja brings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.web.headers import POLICY

_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI styles its parts one by one; scripts and other sites are as forbidden as ever."""


@require_safe
@cache_control(public=True, max_age=3600)
def documentation(request: HttpRequest) -> HttpResponse:
    response = render(request, "api.html")
    response.headers["Content-Security-Policy"] = _POLICY
    return response
