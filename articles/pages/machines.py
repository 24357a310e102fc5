"""What this site asks of machines: which crawlers it refuses, and what its texts may be used for.

The texts are their publishers'. So crawlers that gather texts for machines to learn from are refused pages
with texts of versions, and every answer with such a text says what is reserved; the operator may allow it
(AI_CRAWLERS).
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control

from articles.pages.absolute import absolute
from articles.web.language import in_site_language

AI_CRAWLERS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot"),
    *("cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot"),
    *("ImagesiftBot", "img2dataset", "meta-externalagent", "omgili", "PanguBot", "PerplexityBot"),
    *("Timpibot", "Webzio-Extended", "YouBot"),
)
"""Names by which crawlers that gather texts for learning machines say that they look in robots.txt."""

TEXTS = ("/articles/", "/timegate/", "/data/files/")
"""Where texts of versions are."""

USAGE = "train-ai=n"
"""As Content-Usage says it (the IETF's AI preferences)."""


def reserve(response: HttpResponseBase) -> None:
    """Have an answer with the text of a version say what is reserved."""
    if settings.AI_CRAWLERS == "refuse":
        response.headers["Content-Usage"] = USAGE
        response.headers["tdm-reservation"] = "1"
        response.headers["tdm-policy"] = absolute(reverse("machines"))


@in_site_language
@cache_control(public=True, max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    refused = settings.AI_CRAWLERS == "refuse"
    context = {"crawlers": AI_CRAWLERS if refused else (), "texts": TEXTS, "usage": USAGE}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=86400)
def tdmrep(request: HttpRequest) -> HttpResponse:
    """The same for those who look for it where W3C's TDM Reservation Protocol has it."""
    reserved = int(settings.AI_CRAWLERS == "refuse")
    told = [
        {"location": f"{where}*", "tdm-reservation": reserved, "tdm-policy": absolute(reverse("machines"))}
        for where in TEXTS
    ]
    return JsonResponse(told, safe=False)


@cache_control(public=True, max_age=3600)
def machines(request: HttpRequest) -> HttpResponse:
    """All of this on one page, with what the operator has set."""
    context = {
        "refused": settings.AI_CRAWLERS == "refuse",
        "crawlers": AI_CRAWLERS,
        "usage": USAGE,
        "open_texts": settings.API_OPEN_TEXTS,
        "open_evidence": settings.OPEN_EVIDENCE,
        "datasets": _DATASETS[settings.DATASETS],
        "limit": settings.API_LIMIT,
    }
    return render(request, "machines.html", context)


_DATASETS = {
    "off": gettext_lazy("not published"),
    "metadata": gettext_lazy("published without whole texts"),
    "texts": gettext_lazy("published with whole texts"),
}
