"""The site's addresses, and one whose page fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("fail/", fail), path("", include("newsdiffs.urls"))]
