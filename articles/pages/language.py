"""The reader's choice of a language, kept in a cookie for a year."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language


@csrf_exempt
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Takes ``language`` and ``next`` by POST, and leads back to that page of ours.

    No token is asked for: it would be a cookie on every page, and all that another site could do by it is to
    have a reader find our words in another language.
    """
    response: HttpResponse = set_language(request)
    return response
