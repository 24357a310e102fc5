"""Where the addresses of the old sites lead to: those of News Sniffer and NewsDiffs, whose archives are here.

Who runs one of these sites' names sets OLD_PERMALINKS to what it was, and its links go on working:

    /articles/12            /articles/12.rss     /articles/12/diff/0/1      News Sniffer
    /versions               /versions/34         /versions/search?q=…
    /article-history/…      /diff/5/6/…          /browse/…                  NewsDiffs

News Sniffer's addresses of articles differ from ours by the slash at the end alone: without one they are
looked up here first, and lead to our article of that number only where there is none of News Sniffer's.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import path, re_path, reverse
from django.urls.resolvers import URLPattern

from articles.fetch import address_key
from articles.models import Address, Imported, Source

_LONGEST_NUMBER = 18
"""Digits, so that it fits into every database."""


def of_article(origin: str, origin_article: str) -> int | None:
    """Our article that an article of the archive became; None where it was not imported."""
    found = Imported.objects.filter(origin=origin, origin_article=origin_article)
    return found.values_list("article", flat=True).first()


def of_address(origin: str, bare: str) -> int | None:
    """Our article of an address of the archive, given without its scheme."""
    addresses = [f"{scheme}://{bare}" for scheme in ("https", "http")]
    found = Imported.objects.filter(origin=origin, origin_article__in=addresses)
    article = found.values_list("article", flat=True).first()
    if article is not None:
        return article
    try:
        key = address_key(addresses[0])
    except ValueError:
        return None
    at = Address.objects.filter(key=key, article__imported__origin=origin)
    return at.values_list("article", flat=True).first()


def of_version(origin: str, permalink: int, article: int | None = None) -> tuple[int, int] | None:
    """The article and the number of the version that the old site called *permalink*.

    Where it counted versions by the article, that is *article*, one of ours.
    """
    found = Imported.objects.filter(origin=origin, permalink=permalink)
    if article is not None:
        found = found.filter(article=article)
    return found.values_list("article", "version__number").first()


def news_sniffer_article(_request: HttpRequest, number: str) -> HttpResponse:
    article = of_article(Imported.Origin.NEWS_SNIFFER, number)
    if article is None:
        return HttpResponseRedirect(reverse("article", args=[int(number)]))  # one of ours, without the slash
    return _to("article", article)


def news_sniffer_feed(_request: HttpRequest, number: str) -> HttpResponse:
    return _to("article-feed", _found(of_article(Imported.Origin.NEWS_SNIFFER, number)), "rss")


def news_sniffer_diff(_request: HttpRequest, number: str, one: str, other: str) -> HttpResponse:
    article = _found(of_article(Imported.Origin.NEWS_SNIFFER, number))
    origin = Imported.Origin.NEWS_SNIFFER
    versions = (of_version(origin, int(one), article), of_version(origin, int(other), article))
    return _to_diff(article, *versions)


def news_sniffer_version(_request: HttpRequest, number: str) -> HttpResponse:
    found = Imported.objects.filter(origin=Imported.Origin.NEWS_SNIFFER, origin_version=number)
    version = found.values_list("article", "version__number").first()
    if version is None:
        raise Http404
    return _to("version", *version)


def news_sniffer_search(request: HttpRequest) -> HttpResponse:
    query = urlencode({"q": request.GET.get("q", "")})
    return HttpResponsePermanentRedirect(f"{reverse('find')}?{query}")


def newsdiffs_history(request: HttpRequest, bare: str) -> HttpResponse:
    bare = bare or request.GET.get("url", "")
    for scheme in ("https://", "http://"):
        bare = bare.removeprefix(scheme)
    return _to("article", _found(of_address(Imported.Origin.NEWSDIFFS, bare)))


def newsdiffs_diff(_request: HttpRequest, one: str, other: str) -> HttpResponse:
    origin = Imported.Origin.NEWSDIFFS
    first, second = of_version(origin, int(one)), of_version(origin, int(other))
    return _to_diff(_found(first[0] if first else None), first, second)


def newsdiffs_browse(_request: HttpRequest, site: str) -> HttpResponse:
    bare = site.strip("/").lower().removeprefix("www.")
    hosts = [f"{prefix}{bare}:{port}" for prefix in ("", "www.") for port in (80, 443)]
    imported = Source.objects.filter(articles__imported__origin=Imported.Origin.NEWSDIFFS)
    source = imported.filter(articles__host__name__in=hosts).first()
    if source is None:
        raise Http404
    return _to("source", source.slug)


def _found(article: int | None) -> int:
    if article is None:
        raise Http404
    return article


def _to(name: str, *arguments: object) -> HttpResponse:
    return HttpResponsePermanentRedirect(reverse(name, args=arguments))


def _to_diff(article: int, one: tuple[int, int] | None, other: tuple[int, int] | None) -> HttpResponse:
    """The comparison of two versions, or the history where one of them is not here, or both are the same."""
    if one is None or other is None or one == other or not one[0] == other[0] == article:
        return _to("article", article)
    return _to("diff", article, *sorted((one[1], other[1])))


_NUMBER = rf"[0-9]{{1,{_LONGEST_NUMBER}}}"

_NEWS_SNIFFER = [
    re_path(rf"^articles/(?P<number>{_NUMBER})$", news_sniffer_article),
    re_path(rf"^articles/(?P<number>{_NUMBER})\.rss$", news_sniffer_feed),
    re_path(
        rf"^articles/(?P<number>{_NUMBER})/diff/(?P<one>{_NUMBER})/(?P<other>{_NUMBER})$", news_sniffer_diff
    ),
    path("versions", lambda _request: _to("changes")),
    re_path(rf"^versions/(?P<number>{_NUMBER})$", news_sniffer_version),
    path("versions/search", news_sniffer_search),
]
_NEWSDIFFS = [
    re_path(r"^article-history/(?P<bare>.*)$", newsdiffs_history),
    re_path(rf"^diff/(?P<one>{_NUMBER})/(?P<other>{_NUMBER})/.*$", newsdiffs_diff),
    re_path(r"^browse/(?P<site>.*)$", newsdiffs_browse),
]


def urlpatterns() -> list[URLPattern]:
    """The addresses of the sites that OLD_PERMALINKS names; they come before our own."""
    found: list[URLPattern] = []
    if Imported.Origin.NEWS_SNIFFER in settings.OLD_PERMALINKS:
        found += _NEWS_SNIFFER
    if Imported.Origin.NEWSDIFFS in settings.OLD_PERMALINKS:
        found += _NEWSDIFFS
    return found
