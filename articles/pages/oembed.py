"""oEmbed (oembed.com, version 1.0): what a program asks to show more than a bare link to one of our pages.

The answer is of the type "link", with the card as thumbnail: that is what consumers take from any site. Rich
HTML most of them drop unless it is an iframe, and our pages do not let themselves be framed.
"""

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from articles.models import Article, TakedownStep
from articles.pages import cards
from articles.pages.absolute import absolute
from articles.pages.feed_formats import without_controls
from articles.pages.gone import USUAL_STATUS, TakenDown, why
from articles.pages.sharing import LinkPreview, preview_of_article, preview_of_change
from articles.pages.stories import find_versions
from articles.web.headers import FRESH_SECONDS, fresh
from articles.web.language import in_site_language
from articles.web.limits import costly

_PAGES = ("article", "version", "diff")
"""By the names of their addresses: what can be embedded."""

_LONGEST_ADDRESS = 2048


@in_site_language
@costly
@fresh
def oembed(request: HttpRequest) -> HttpResponse:
    """``?url=`` is an address of ours, ``format=`` json or xml, ``maxwidth=``, ``maxheight=`` pixels."""
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return _refusal(501, _("The formats are json and xml."))
    try:
        answer = _answer(request, _page(request.GET.get("url", "")))
    except Http404 as problem:
        return _refusal(404, str(problem))
    except _Hidden as problem:
        return _refusal(problem.status, _("This was taken down."))
    if form == "xml":
        return HttpResponse(_xml(answer), content_type="text/xml; charset=utf-8")
    return JsonResponse(answer)


def _refusal(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def _page(url: str) -> ResolverMatch:
    """The page at an address.

    :raises Http404: the address is of another site, or of no page that can be embedded.
    """
    try:
        parts = urlsplit(url[:_LONGEST_ADDRESS])
    except ValueError as problem:
        raise Http404(_("This is no address.")) from problem
    if parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower():
        raise Http404(_("This is no address of this site."))
    try:
        page = resolve(parts.path)
    except Resolver404 as problem:
        raise Http404(_("There is no such page.")) from problem
    if page.url_name not in _PAGES:
        raise Http404(_("Only articles, their versions and their changes can be embedded."))
    return page


class _Hidden(Exception):
    """What was asked for is taken down; ``status`` says that."""

    def __init__(self, step: TakedownStep | None) -> None:
        super().__init__()
        self.status = step.status if step else USUAL_STATUS


def _answer(request: HttpRequest, page: ResolverMatch) -> dict[str, str | int]:
    """The fields of the answer.

    :raises Http404: there is no such article or version.
    :raises _Hidden: it was taken down.
    """
    article = Article.objects.select_related("source").filter(pk=page.kwargs["pk"]).first()
    if article is None:
        raise Http404(_("There is no such article."))
    if article.hidden:
        raise _Hidden(why(article))
    try:
        preview = _preview(article, page)
    except TakenDown as problem:
        raise _Hidden(why(article, *problem.numbers)) from problem
    answer: dict[str, str | int] = {
        "version": "1.0",
        "type": "link",
        "title": preview.title,
        "author_name": article.source.name,
        "author_url": absolute(article.source.get_absolute_url()),
        "provider_name": "NewsDiffs",
        "provider_url": absolute("/"),
        "cache_age": FRESH_SECONDS,
    }
    if preview.card and _fits(request):
        answer |= {
            "thumbnail_url": absolute(preview.card),
            "thumbnail_width": cards.WIDTH,
            "thumbnail_height": cards.HEIGHT,
        }
    return answer


def _preview(article: Article, page: ResolverMatch) -> LinkPreview:
    shown = list(article.versions.visible().order_by("-number").values_list("number", flat=True)[:2])
    if page.url_name == "article" and len(shown) < 2:
        return preview_of_article(article)
    last = page.kwargs.get("b", page.kwargs.get("n", shown[0] if shown else 1))
    before = shown[1] if page.url_name == "article" else max(last - 1, 1)
    first = page.kwargs.get("a", before)
    versions = find_versions(article, first, last)
    if first == last:
        return preview_of_article(article)
    return preview_of_change(article, versions[first], versions[last])


def _fits(request: HttpRequest) -> bool:
    """Whether the card is within the size asked for; what is no number asks for none."""
    sizes = {"maxwidth": cards.WIDTH, "maxheight": cards.HEIGHT}
    asked = {name: request.GET.get(name, "") for name in sizes}
    return all(not text.isdecimal() or int(text[:9]) >= sizes[name] for name, text in asked.items())


def _xml(answer: dict[str, str | int]) -> bytes:
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = without_controls(str(value))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
