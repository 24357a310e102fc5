"""What is answered to a request that can't be: pages that never read what was sent.

Django's own handlers look for a form's token. Where it is the form that can't be read, that fails once more,
and the answer is 500.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, whatever is wrong with the request."""
    return render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with what the view had to say about it."""
    said = "" if isinstance(exception, Resolver404) or not isinstance(exception, Http404) else str(exception)
    return render(request, "404.html", {"said": said}, status=404)
