"""Memento (RFC 7089): what stood at an address at a given time.

The TimeGate leads to the version in force at the time asked for (pattern 2.1: 302 to a memento at an address
of its own), the TimeMap lists all versions as links, and each version's page says what it is a memento of.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from articles import search
from articles.models import Article, Version
from articles.pages import words
from articles.pages.absolute import absolute
from articles.pages.gone import taken_down
from articles.web.headers import fresh
from articles.web.limits import costly

LONGEST_ADDRESS = 4_000
MOST_MEMENTOS = 10_000
"""Versions of one article that a TimeMap lists: the newest."""

LINK_FORMAT = "application/link-format"

_UNSAFE = str.maketrans({"<": "%3C", ">": "%3E", '"': "%22", " ": "%20"})


@costly
@fresh
def timegate(request: HttpRequest, address: str) -> HttpResponse:
    """To the version that was in force at the time in Accept-Datetime, the newest where none is given.

    :raises BadRequest: that is no time.
    """
    found = _mementos(request, reverse("timegate", args=[""]))
    if isinstance(found, HttpResponse):
        response = found
    else:
        chosen = _in_force(found.versions, _accepted(request))
        response = HttpResponse(status=302)
        response.headers["Location"] = absolute(chosen.get_absolute_url())
        links = [_original(found.original), _timemap(found.original), *_neighbours(found.versions, chosen)]
        response.headers["Link"] = ", ".join(links)
    patch_vary_headers(response, ["Accept-Datetime"])
    return response


@costly
@fresh
def timemap(request: HttpRequest, address: str) -> HttpResponse:
    """All versions of the article at an address that readers may see, as links (RFC 6690)."""
    found = _mementos(request, reverse("timemap", args=[""]))
    if isinstance(found, HttpResponse):
        return found
    versions = found.versions
    span = f'from="{_moment(versions[0].seen)}"; until="{_moment(versions[-1].seen)}"'
    its_own = f'<{absolute(reverse("timemap", args=[""]))}{found.original}>; rel="self"; type="{LINK_FORMAT}"'
    lines = [_original(found.original), _timegate(found.original), f"{its_own}; {span}"]
    last = len(versions) - 1
    for at, version in enumerate(versions):
        lines.append(_memento(version, *(["first"] if at == 0 else []), *(["last"] if at == last else [])))
    response = HttpResponse(",\n".join(lines) + "\n", content_type=LINK_FORMAT)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def mark_memento(response: HttpResponse, article: Article, version: Version) -> None:
    """Have the page of *version* say that it is a memento, and of what."""
    original = _in_a_link(article.address)
    response.headers["Memento-Datetime"] = _moment(version.seen)
    response.headers["Link"] = ", ".join([_original(original), _timegate(original), _timemap(original)])


class _Mementos:
    """The versions of the article at *original*, an address as it stands in links; never empty."""

    def __init__(self, original: str, versions: Sequence[Version]) -> None:
        self.original, self.versions = original, versions


def _mementos(request: HttpRequest, prefix: str) -> _Mementos | HttpResponse:
    """The mementos of the address that follows *prefix* in the request's; or the answer of a takedown.

    :raises Http404: nothing was seen there.
    """
    # As it was sent: what the address of the original has as its query is part of it.
    asked = words.typed(request.get_full_path().removeprefix(prefix)[:LONGEST_ADDRESS])
    addresses = search.as_addresses(asked)
    if not addresses:
        raise Http404(_("This is no web address."))
    found = search.look_up(list(dict.fromkeys([asked, *addresses])) if "://" in asked else addresses)
    article = Article.objects.filter(pk=found.article).first() if found.article else None
    if article is None:
        raise Http404(_("No article at this address has been seen."))
    if article.hidden:
        return taken_down(request, article)
    rows = article.versions.visible().without_texts().order_by("-number")
    versions = list(rows[:MOST_MEMENTOS])[::-1]
    if not versions:
        raise Http404(_("No text has been seen yet at this address."))
    return _Mementos(_in_a_link(found.address), versions)


def _accepted(request: HttpRequest) -> datetime | None:
    asked = request.headers.get("Accept-Datetime", "")
    if not asked:
        return None
    try:
        at = parsedate_to_datetime(asked)
    except ValueError as problem:
        raise BadRequest(_("Accept-Datetime is no date such as Tue, 01 Dec 2026 12:00:00 GMT.")) from problem
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _in_force(versions: Sequence[Version], at: datetime | None) -> Version:
    """The last one that was seen by *at*, whole seconds counted; the first where none was seen by then."""
    if at is None:
        return versions[-1]
    seen = [version for version in versions if version.seen.replace(microsecond=0) <= at]
    return seen[-1] if seen else versions[0]


def _neighbours(versions: Sequence[Version], chosen: Version) -> Iterable[str]:
    """Links to the chosen version, the first and last, and those beside it, each once."""
    at = next(place for place, version in enumerate(versions) if version.pk == chosen.pk)
    named: dict[int, list[str]] = {0: ["first"]}
    named.setdefault(len(versions) - 1, []).append("last")
    if at > 0:
        named.setdefault(at - 1, []).append("prev")
    if at + 1 < len(versions):
        named.setdefault(at + 1, []).append("next")
    named.setdefault(at, [])
    return [_memento(versions[place], *names) for place, names in sorted(named.items())]


def _memento(version: Version, *names: str) -> str:
    relation = " ".join([*names, "memento"])
    return f'<{absolute(version.get_absolute_url())}>; rel="{relation}"; datetime="{_moment(version.seen)}"'


def _original(address: str) -> str:
    return f'<{address}>; rel="original"'


def _timegate(address: str) -> str:
    return f'<{absolute(reverse("timegate", args=[""]))}{address}>; rel="timegate"'


def _timemap(address: str) -> str:
    where = absolute(reverse("timemap", args=[""]))
    return f'<{where}{address}>; rel="timemap"; type="{LINK_FORMAT}"'


def _in_a_link(address: str) -> str:
    """An address as it may stand in a header."""
    return iri_to_uri(address).translate(_UNSAFE)


def _moment(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
