"""The language of a page: the reader's, of those that are offered; of feeds and files the site's one.

A reader's language is the one he chose (a cookie), else the one his browser asks for. Shared caches are told
so (``Vary``). What other programs read and keep is in one language for all: SITE_LANGUAGE.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

_VARIES_WITH = ("Accept-Language", "Cookie")


class ReadersLanguage(LocaleMiddleware):
    """Django's own, which tells caches of the browser's language and not of the one that was chosen."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        in_site_language = getattr(response, "in_site_language", False)
        language = settings.LANGUAGE_CODE if in_site_language else translation.get_language()
        response.headers.setdefault("Content-Language", language)
        if len(settings.LANGUAGES) > 1 and not in_site_language:
            patch_vary_headers(response, _VARIES_WITH)
        return response


def in_site_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views whose answer is the same whoever asks: feeds, files, pictures."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = view(request, *arguments, **named)
        response.in_site_language = True  # type: ignore[attr-defined]
        return response

    return answer
