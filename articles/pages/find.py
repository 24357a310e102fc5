"""``/find/``: words in every text ever seen, or an article's address, which leads to its history."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import search
from articles.models import Source
from articles.pages import words
from articles.pages.absolute import absolute
from articles.pages.sentences import archived
from articles.web.headers import fresh
from articles.web.limits import costly

PAGE = 20
"""Articles found, on a page."""

PLACES = {
    "": gettext_lazy("anywhere"),
    "added": gettext_lazy("added by a change"),
    "removed": gettext_lazy("removed by a change"),
}
"""Where to look, by the value of ``in=``."""

_OWN_PAGES = frozenset({"article", "version", "diff"})


@costly
@fresh
def find(request: HttpRequest) -> HttpResponse:
    typed = words.typed(request.GET.get("q", ""))
    if addresses := search.as_addresses(typed):
        return _article_at(request, typed, addresses)
    where, before = request.GET.get("in", ""), _asked_place(request)
    where = where if where in PLACES else ""
    context = {
        "typed": typed,
        "where": where,
        "places": PLACES,
        "results": search.find(typed, where=where, before=before, size=PAGE) if typed else None,
        "first_page": before is None,
        "most_counted": search.MOST_COUNTED,
    }
    return render(request, "find.html", context)


def bookmarklet() -> str:
    """A bookmark that opens the history of the page in the window."""
    return f"javascript:location.href='{absolute('/find/?q=')}'+encodeURIComponent(location.href)"


def _article_at(request: HttpRequest, typed: str, addresses: list[str]) -> HttpResponse:
    """Leads to the history of the article at one of *addresses*, or says why there is none."""
    if own := next(filter(None, map(_own_page, addresses)), ""):
        return redirect(own)
    found = search.look_up(addresses)
    if found.article:
        return redirect("article", found.article)
    if found.source and urlsplit(found.address).path == "/":
        return redirect(found.source)
    context = {
        "typed": typed,
        "found": found,
        "sources": [] if found.source else Source.objects.all(),
        "archived": archived(found.address),
        "contact": settings.CONTACT_EMAIL,
    }
    response = render(request, "unknown_address.html", context, status=400 if found.problem else 404)
    if request.user.is_authenticated:  # it may offer more than it does to others
        patch_cache_control(response, private=True, max_age=0)
    return response


def _own_page(address: str) -> str:
    """The path of an article's, a version's or a diff's page where *address* is one on this site, else ''."""
    host, path = _place(address)
    if host != _place(settings.SITE_URL)[0]:
        return ""
    try:
        match = resolve(f"{path.rstrip('/')}/")
    except Resolver404:
        return ""
    # Made anew from the numbers in it, so that no address can lead to another site.
    return reverse(match.url_name, kwargs=match.kwargs) if match.url_name in _OWN_PAGES else ""


def _place(address: str) -> tuple[str, str]:
    """Host and port, and the path."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    host = parts.netloc.lower()
    return host.removesuffix(":443" if parts.scheme == "https" else ":80"), parts.path


def _asked_place(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest(_("%(text)s is no place in a list.") % {"text": f"{text!r}"})
    return int(text)
