"""From a home page's address to a source that runs, in four screens: the address (or one of the catalogue),
what was found there, a preview of articles as they would be stored, and the source at work.

The pages here fetch nothing: a worker does (articles.watch.onboarding.site_probe), and the pages show how
far it is.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.forms.utils import ErrorList
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from articles import catalogue
from articles.admin.source.catalogue import rows
from articles.admin.source.wizard_forms import AddressForm, ChoiceForm, FeedsForm, NewSourceForm
from articles.models import Feed, Heartbeat, SiteProbe, Source
from articles.models.source import free_slug
from articles.watch.feeds.entries import EntryTally
from articles.watch.onboarding import site_probe as site_probes
from articles.watch.onboarding.overlap import overlaps
from articles.watch.onboarding.preview import ArticlePreview, alike, shared
from articles.watch.onboarding.results import Candidate, Findings
from articles.watch.onboarding.sources import (
    WatchedAlready,
    add_feeds,
    add_source,
    at_home_page,
    suggested,
    watched_by,
    watched_there,
)
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.feed_report import in_short, not_taken

SILENCE = 150.0
"""Seconds after which no worker seems to run: its heartbeat comes each minute."""

FIRST_ARTICLES = 5
"""Of a new source, shown while its first articles are read."""

_State = SiteProbe.State

_WAITING = (_State.FOUND, _State.READY, _State.FAILED)
"""For a person: no worker is at it, and no source was made of it."""

_ORDER = [Feed.Kind.FEED, Feed.Kind.SITEMAP, Feed.Kind.SECTION]


@dataclass(frozen=True)
class Choice:
    """A row of what was found: whether it is ticked, the feed that watches it already, and what its articles
    have in common with others; what would become of all that it names, and of what is not taken the first few
    by reason."""

    candidate: Candidate
    ticked: bool
    watched: Feed | None
    overlap: str
    report: str
    not_taken: list[tuple[str, list[str]]]


class Wizard:
    """The pages, as part of the sources' admin."""

    def __init__(self, sources: "ModelAdmin[Source]") -> None:
        self._sources = sources

    def urls(self) -> list[URLPattern]:
        return [
            path("add/look/", self._view(self.look, require_POST), name="articles_source_look"),
            path("add/<int:pk>/", self._view(self.show, require_GET), name="articles_source_probe"),
            path("add/<int:pk>/also/", self._view(self.also, require_POST), name="articles_source_also"),
            path(
                "add/<int:pk>/choose/", self._view(self.choose, require_POST), name="articles_source_choose"
            ),
            path("add/<int:pk>/feeds/", self._view(self.feeds, require_POST), name="articles_source_feeds"),
            path("add/<int:pk>/save/", self._view(self.save, require_POST), name="articles_source_save"),
            path("catalogue/", self._view(self.catalogue, require_GET), name="articles_source_catalogue"),
        ]

    def _view(
        self,
        view: Callable[..., HttpResponse],
        method: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]],
    ) -> Callable[..., HttpResponse]:
        """*view* for who may add sources, by one method."""

        def allowed(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            self._check(request)
            return view(request, **kwargs)

        return self._sources.admin_site.admin_view(method(allowed))

    def _check(self, request: HttpRequest) -> None:
        if not self._sources.has_add_permission(request):
            raise PermissionDenied

    def start(self, request: HttpRequest, form: AddressForm | None = None, status: int = 200) -> HttpResponse:
        """The first screen."""
        self._check(request)
        context = {"form": form or AddressForm(), "publications": len(catalogue.publications())}
        return self._page(request, "start", _("Add source"), context, status=status)

    def catalogue(self, request: HttpRequest) -> HttpResponse:
        """Known publications to choose from."""
        wanted = request.GET.get("q", "").replace("\x00", "")[:100]
        context = {"q": wanted, "rows": rows(catalogue.find(wanted))}
        return self._page(request, "catalogue", _("Known publications"), context)

    def look(self, request: HttpRequest) -> HttpResponse:
        """Have an address, or a publication of the catalogue, looked at."""
        if key := request.POST.get("publication"):
            known = catalogue.publication(key)
            if known is None:
                raise Http404(_("The catalogue has no such publication."))
            probe = site_probes.begin(
                known.home_page, feeds=known.feeds, name=known.name, language=known.language
            )
            return _to(probe)
        form = AddressForm(request.POST)
        if form.is_valid():
            try:
                return _to(site_probes.begin(form.cleaned_data["address"]))
            except ValueError as problem:
                form.add_error("address", _("This can't be watched: %(problem)s.") % {"problem": problem})
        return self.start(request, form)

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where the probe is: under way, with something to choose, with a preview, or saved."""
        probe = get_object_or_404(SiteProbe.objects.select_related("source"), pk=pk)
        if probe.is_under_way:
            return self._progress(request, probe)
        if probe.state == _State.SAVED:
            return self._running(request, probe)
        if probe.state == _State.READY and "choose" not in request.GET:
            return self._preview(request, probe)
        return self._found(request, probe)

    @transaction.atomic
    def also(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have one more address looked at."""
        probe = self._held(pk)
        if probe.state not in _WAITING:
            return _to(probe)
        form = AddressForm(request.POST)
        if form.is_valid():
            try:
                site_probes.look_at_another(probe, form.cleaned_data["address"])
                return _to(probe)
            except ValueError as problem:
                form.add_error("address", _("This can't be watched: %(problem)s.") % {"problem": problem})
        return self._found(request, probe, another=form)

    @transaction.atomic
    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have articles of the chosen feeds read for the preview."""
        probe = self._held(pk)
        if probe.state not in _WAITING:
            return _to(probe)
        form = ChoiceForm(Findings.from_json(probe.found), request.POST)
        if not form.is_valid():
            return self._found(request, probe, form=form)
        site_probes.read_articles(probe, form.cleaned_data)
        return _to(probe)

    @transaction.atomic
    def feeds(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add the chosen feeds to a source that there is."""
        probe = self._held(pk)
        if probe.state not in _WAITING:
            return _to(probe)
        wanted = request.POST.get("source", "")
        source = next((one for one in self._theirs(request, probe) if str(one.pk) == wanted), None)
        if source is None:
            raise PermissionDenied
        findings = Findings.from_json(probe.found)
        form = FeedsForm(findings, request.POST)
        if form.is_valid():
            chosen = [one for one in findings.usable if one.address in form.cleaned_data["feeds"]]
            try:
                add_feeds(source, chosen)
            except WatchedAlready as problem:
                form.add_error("feeds", _("%(problem)s. Choose other feeds.") % {"problem": problem})
            else:
                SiteProbe.objects.filter(pk=probe.pk).update(state=_State.SAVED, source=source)
                self._sources.log_change(request, source, _added(chosen))
                transaction.on_commit(dispatch_soon)
                told = ngettext(
                    "%(name)s watches %(count)s more feed.",
                    "%(name)s watches %(count)s more feeds.",
                    len(chosen),
                )
                messages.success(request, told % {"name": source.name, "count": len(chosen)})
                return _to(probe)
        again = ChoiceForm(findings, initial={**probe.choice, "feeds": request.POST.getlist("feeds")})
        return self._found(request, probe, form=again, errors=form.errors.get("feeds"))

    def _theirs(self, request: HttpRequest, probe: SiteProbe) -> list[Source]:
        """The sources that the person may add what was found to."""
        if not request.user.has_perm("articles.add_feed"):
            return []
        there = watched_there(Findings.from_json(probe.found))
        return [source for source in there if self._sources.has_change_permission(request, source)]

    @transaction.atomic
    def save(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make the source; or, if asked to, the preview anew with other filters."""
        probe = self._held(pk)
        if probe.state != _State.READY:
            return _to(probe)
        form = NewSourceForm(shared(_previews(probe)), request.POST)
        if "_again" in request.POST:
            return self._again(request, probe, form)
        if form.is_valid():
            try:
                source = self._store(request, probe, form)
            except WatchedAlready as problem:
                form.add_error(None, _("%(problem)s. Choose other feeds.") % {"problem": problem})
            except IntegrityError:
                form.add_error("slug", _("Another source has taken this slug just now: choose another."))
            else:
                messages.success(request, _("%(name)s is watched.") % {"name": source.name})
                return _to(probe)
        return self._preview(request, probe, form)

    def _again(self, request: HttpRequest, probe: SiteProbe, form: NewSourceForm) -> HttpResponse:
        filters = {name: request.POST.get(name, "") for name in ("only_addresses", "not_addresses")}
        findings = Findings.from_json(probe.found)
        checked = ChoiceForm(findings, {"feeds": probe.choice["feeds"], **filters})
        if checked.is_valid():
            typed = {name: form[name].value() for name in form.fields}
            site_probes.read_articles(probe, {**checked.cleaned_data, "typed": typed})
            return _to(probe)
        form.is_valid()
        for name, errors in checked.errors.items():
            form.add_error(name if name in form.fields else None, list(errors))
        return self._preview(request, probe, form)

    def _store(self, request: HttpRequest, probe: SiteProbe, form: NewSourceForm) -> Source:
        """:raises WatchedAlready: another source has taken one of the feeds meanwhile."""
        feeds = _chosen(probe)
        with transaction.atomic():
            new = form.save(commit=False)
            new.rules = form.rules
            source = add_source(new, feeds)
            SiteProbe.objects.filter(pk=probe.pk).update(state=_State.SAVED, source=source)
            self._sources.log_addition(request, source, [{"added": {}}, *_ruled(source), *_added(feeds)])
            transaction.on_commit(dispatch_soon)
        return source

    def _held(self, pk: int) -> SiteProbe:
        """The probe, for us alone till the transaction ends: a second click finds what the first did."""
        probe: SiteProbe = get_object_or_404(SiteProbe.objects.select_for_update(), pk=pk)
        return probe

    def _progress(self, request: HttpRequest, probe: SiteProbe) -> HttpResponse:
        findings = Findings.from_json(probe.found)
        now = timezone.now()
        context = {
            "probe": probe,
            "tried": findings.tried,
            "read": _previews(probe),
            "next": [step.get("address") or step["url"] for step in probe.todo][:1],
            "left": len(probe.todo),
            "waits_until": probe.next_step_at if _lies_ahead(probe.next_step_at, now) else None,
            "no_worker": _no_worker(),
            "reload": True,
        }
        reading = probe.state == _State.READING
        title = (
            _("Reading articles for a preview")
            if reading
            else _("Looking at %(address)s") % {"address": probe.address}
        )
        return self._page(request, "progress", title, context)

    def _found(
        self,
        request: HttpRequest,
        probe: SiteProbe,
        *,
        form: ChoiceForm | None = None,
        another: AddressForm | None = None,
        errors: ErrorList | None = None,
    ) -> HttpResponse:
        findings = Findings.from_json(probe.found)
        form = form or ChoiceForm(findings, initial=probe.choice)
        ticked = set(form["feeds"].value() or suggested(findings, all_of=probe.name != ""))
        if not form.is_bound:
            ticked.update(site_probes.found_also(probe))
        ordered = sorted(
            findings.candidates, key=lambda one: (not one.is_usable, _ORDER.index(Feed.Kind(one.kind)))
        )
        overlap = overlaps(ordered)
        choices = [
            Choice(
                one,
                one.address in ticked,
                watched_by(one.address) if one.is_usable else None,
                overlap.get(one.address, ""),
                in_short(EntryTally.from_json(one.report)) if one.report else "",
                not_taken(EntryTally.from_json(one.report)),
            )
            for one in ordered
        ]
        context = {
            "probe": probe,
            "findings": findings,
            "form": form,
            "errors": errors,
            "filters": [form["only_addresses"], form["not_addresses"]],
            "another": another or AddressForm(),
            "choices": choices,
            "trouble": any(one.advice for one in findings.tried),
            "can_go_on": any(one.candidate.is_usable and not one.watched for one in choices),
            "watched": next((one.watched for one in choices if one.watched), None),
            "same_home_page": at_home_page(findings.home_page),
            "theirs": self._theirs(request, probe),
        }
        title = (
            _("Found at %(address)s") % {"address": _looked_at(probe, findings)}
            if findings.usable
            else _("Nothing to watch at %(address)s") % {"address": _looked_at(probe, findings)}
        )
        return self._page(request, "found", title, context)

    def _preview(
        self, request: HttpRequest, probe: SiteProbe, form: NewSourceForm | None = None
    ) -> HttpResponse:
        previews = _previews(probe)
        of_page = shared(previews)
        context = {
            "probe": probe,
            "previews": previews,
            "shared_texts": [one.text for one in of_page],
            "overall": alike(previews),
            "none_stored": not any(preview.stored for preview in previews),
            "feeds": _chosen(probe),
            "form": form or NewSourceForm(of_page, initial=_initial(probe, previews)),
        }
        return self._page(request, "preview", _("Preview"), context)

    def _running(self, request: HttpRequest, probe: SiteProbe) -> HttpResponse:
        source = probe.source
        if source is None:
            raise Http404(_("The source that was made of it has been deleted."))
        articles = list(source.articles.order_by("-version_count", "-pk")[:FIRST_ARTICLES])
        feeds = list(source.feeds.all())
        reports = [in_short(EntryTally.from_json(feed.report)) if feed.report else "" for feed in feeds]
        has_text = any(article.version_count for article in articles)
        all_elsewhere = not articles and all(feed.last_success for feed in feeds)
        context = {
            "probe": probe,
            "source": source,
            "feeds": list(zip(feeds, reports, strict=True)),
            "articles": articles,
            "has_text": has_text,
            "all_elsewhere": all_elsewhere,
            "no_worker": _no_worker(),
            "reload": source.enabled and not (has_text or all_elsewhere),
        }
        return self._page(request, "running", _("%(name)s is watched") % {"name": source.name}, context)

    def _page(
        self, request: HttpRequest, name: str, title: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        shared = {**self._sources.admin_site.each_context(request), "opts": Source._meta, "title": title}
        return render(request, f"admin/wizard/{name}.html", {**shared, **context}, status=status)


def _added(feeds: list[Candidate]) -> list[dict[str, Any]]:
    """What the log says of *feeds* that were added."""
    return [{"added": {"name": "feed", "object": feed.address}} for feed in feeds]


def _ruled(source: Source) -> list[dict[str, Any]]:
    """What the log says of the rules that a source begins with."""
    if not source.rules:
        return []
    told = json.dumps(source.rules, ensure_ascii=False)
    return [{"changed": {"fields": ["rules"], "values": {"rules": ["", told]}}}]


def _previews(probe: SiteProbe) -> list[ArticlePreview]:
    return [ArticlePreview.from_json(one) for one in probe.previews]


def _to(probe: SiteProbe) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:articles_source_probe", args=[probe.pk]))


def _chosen(probe: SiteProbe) -> list[Candidate]:
    usable = Findings.from_json(probe.found).usable
    return [one for one in usable if one.address in probe.choice["feeds"]]


def _initial(probe: SiteProbe, previews: list[ArticlePreview]) -> dict[str, Any]:
    """What the form says before a person changes it: as the site has it, and as was typed before."""
    findings = Findings.from_json(probe.found)
    languages = [preview.language for preview in previews if preview.language]
    language = findings.language or (max(languages, key=languages.count) if languages else "")
    return {
        "name": findings.name,
        "slug": free_slug(findings.name),
        "home_page": findings.home_page,
        "language": language,
        "boilerplate": [one.key for one in shared(previews)],
        **probe.choice.get("typed", {}),
        "only_addresses": probe.choice["only_addresses"],
        "not_addresses": probe.choice["not_addresses"],
    }


def _looked_at(probe: SiteProbe, findings: Findings) -> str:
    """The address of the probe; by http:// where it was looked at so, as https:// came to nothing."""
    plain = f"http://{probe.address.removeprefix('https://')}"
    return plain if any(one.address == plain for one in findings.tried) else probe.address


def _no_worker() -> bool:
    """Whether nothing will be fetched, as no worker has been heard of."""
    silent = Heartbeat.seconds_since("dispatch")
    return silent is None or silent > SILENCE


def _lies_ahead(when: datetime | None, now: datetime) -> bool:
    return when is not None and (when - now).total_seconds() > 2
