"""What may be taken away whole: the datasets, and the log of all versions with its roots."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control

from articles.evidence import root_json, verify_evidence
from articles.exports import datasets, editions, log
from articles.exports.shelf import ShelfError
from articles.models import LogRoot
from articles.pages.absolute import absolute
from articles.pages.feed_formats import FORMATS, Channel, Item
from articles.pages.machines import reserve
from articles.web.headers import fresh
from articles.web.language import in_site_language
from articles.web.limits import costly

ROOTS_OF_A_PAGE = 100
DAYS_IN_FEED = 60
PLAIN = "text/plain; charset=utf-8"


@fresh
def data(request: HttpRequest) -> HttpResponse:
    """What there is, and what it may be used for."""
    manifest, unreadable = None, False
    try:
        manifest = editions.current()
    except ShelfError:
        unreadable = True
    context = {
        "published": settings.DATASETS != "off",
        "unreadable": unreadable,
        "manifest": manifest,
        "made": datetime.fromisoformat(manifest["made"]) if manifest else None,
        "files": manifest["files"] if manifest else [],
        "licence": datasets.LICENCE,
    }
    return render(request, "data.html", context)


@fresh
def manifest(request: HttpRequest) -> HttpResponse:
    try:
        found = editions.current()
    except ShelfError:
        return _unreadable()
    if found is None:
        raise Http404(_no_edition())
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})


@fresh
def file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of the edition that is served: one that its manifest names, and no other.

    It goes through us, also from a bucket: an address at the bucket would be good for a while after what it
    leads to was taken down, and its answer would not say what is reserved.
    """
    try:
        found = editions.current()
        if found is None:
            raise Http404(_no_edition())
        entry = next((entry for entry in found["files"] if entry["path"] == path), None)
        if entry is None:
            raise Http404(_("The edition has no such file."))
        stream = editions.opened(entry)
    except ShelfError:
        return _unreadable()
    except FileNotFoundError as problem:  # a newer edition came in the meantime
        raise Http404(_("The edition has no such file.")) from problem
    name = path.replace("/", "-")
    headers = {"X-Robots-Tag": "noindex", "Content-Length": str(entry["bytes"])}
    response = FileResponse(stream, as_attachment=True, filename=name, headers=headers)
    reserve(response)
    return response


def _unreadable() -> HttpResponse:
    """That the datasets can't be read at the moment; the task that writes tells those who run the site."""
    response = HttpResponse(_("The datasets can’t be read at the moment."), status=503, content_type=PLAIN)
    response.headers["Retry-After"] = str(editions.REMEMBERED_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _no_edition() -> str:
    if settings.DATASETS == "off":
        return _("This site publishes no datasets.")
    return _("An edition is being written: look again in some minutes.")


# --- The log


@fresh
def roots(request: HttpRequest) -> HttpResponse:
    """The roots of the log, those published last first."""
    before = request.GET.get("before", "")
    every = LogRoot.objects.defer("stamp")
    if before.isascii() and before.isdigit() and len(before) < 18:
        every = every.filter(pk__lt=int(before))
    rows = list(every[: ROOTS_OF_A_PAGE + 1])
    shown = rows[:ROOTS_OF_A_PAGE]
    context = {
        "roots": shown,
        "stamped": _stamped(shown),
        "older": shown[-1].pk if len(rows) > ROOTS_OF_A_PAGE else None,
        "forms": [(form, shape.name) for form, shape in FORMATS.items()],
    }
    return render(request, "log.html", context)


def _stamped(shown: Sequence[LogRoot]) -> set[int]:
    having = LogRoot.objects.filter(pk__in=[root.pk for root in shown], stamp__isnull=False)
    return set(having.values_list("pk", flat=True))


@cache_control(public=True, max_age=86400)
def root(request: HttpRequest, pk: int) -> HttpResponse:
    """A root as it stands in packs, byte for byte."""
    found = get_object_or_404(LogRoot, pk=pk)
    told = root_json(found.site, found.size, bytes(found.root), found.at)
    return HttpResponse(told, content_type="application/json")


@cache_control(public=True, max_age=3600)
def stamp(request: HttpRequest, pk: int) -> HttpResponse:
    """Its time stamp, a TimeStampResp (RFC 3161)."""
    found = get_object_or_404(LogRoot, pk=pk, stamp__isnull=False)
    return HttpResponse(bytes(found.stamp or b""), content_type="application/timestamp-reply")


@costly
@fresh
def consistency(request: HttpRequest, earlier: int, later: int) -> HttpResponse:
    """The proof that the log of one size is the beginning of that of another (RFC 6962, 2.1.2), as JSON."""
    if not 0 < earlier <= later <= log.size():
        raise Http404(_("The log never had these sizes."))
    path = [digest.hex() for digest in log.consistency(earlier, later)]
    return JsonResponse({"earlier": earlier, "later": later, "proof": path})


@in_site_language
@fresh
def roots_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The daily roots as a feed: whoever keeps its items can prove times without us."""
    shape = FORMATS[form]
    days = LogRoot.objects.exclude(day=None).defer("stamp")[:DAYS_IN_FEED]
    channel = Channel(
        _("NewsDiffs: the log of all versions"),
        _("The root of the log at the end of each day: what proves when a version was there."),
        absolute(reverse("log")),
        absolute(request.path),
    )
    return HttpResponse(shape.write(channel, [_item(one) for one in days]), content_type=shape.content_type)


def _item(found: LogRoot) -> Item:
    told = _("The log had %(size)s versions. Its root: %(root)s") % {
        "size": f"{found.size:,}",
        "root": found.hex,
    }
    link = absolute(reverse("log-root", args=[found.pk]))
    return Item(
        identifier=link,
        title=_("The log up to %(day)s") % {"day": f"{found.day}"},
        link=link,
        seen=found.at,
        source=found.site,
        labels=[],
        summary=told,
        content=format_html("<p>{}</p>", told),
    )


@cache_control(public=True, max_age=3600)
def verifier(request: HttpRequest) -> HttpResponse:
    """The script that checks evidence, as it is in every pack."""
    script = Path(verify_evidence.__file__).read_bytes()
    return HttpResponse(script, content_type=PLAIN)
