"""Changes that came to many articles of a source at once: one decision for all of them."""

from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.admin.lists import ReadOnlyAdmin
from articles.models import Quarantine, Source
from articles.watch.check import apply_decisions
from articles.watch.queue.enqueue import apply_decisions_soon
from articles.web import audit

MOST_SHOWN = 20
"""Pending texts and versions set aside that the page of a quarantine names."""

MOST_PARAGRAPHS = 100
"""A decision covers all of them, so as many as are noted of one change are shown."""

State = Quarantine.State


class Choice(NamedTuple):
    """One decision as the page offers it."""

    state: str
    label: str | Promise
    what_follows: str | Promise


CHOICES = (
    Choice(
        State.ACCEPTED,
        gettext_lazy("Accept"),
        gettext_lazy(
            "The change is real. Each pending text becomes a version, with the time at which it was "
            "first seen, and the versions set aside are shown in the lists again."
        ),
    ),
    Choice(
        State.DROPPED,
        gettext_lazy("Site boilerplate"),
        gettext_lazy(
            "These paragraphs are no part of any story of this source: they are never read again, "
            "and their coming and going makes no version. The versions set aside stay out of the "
            "lists."
        ),
    ),
    Choice(
        State.REREAD,
        gettext_lazy("Read again"),
        gettext_lazy(
            "For when you have changed the rules: the pending pages are read again by the rules in "
            "force. What still differs then becomes a version. The versions set aside stay out of "
            "the lists."
        ),
    ),
)

READ_AGAIN = Choice(
    "read-again",
    gettext_lazy("Count as text again"),
    gettext_lazy(
        "Take it back: these paragraphs count as text again from the next check on. That makes no version."
    ),
)


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnlyAdmin):
    list_display = ("what", "state", "opened", "articles_alike", "articles_checked", "decided")
    list_filter = ("state", ("source", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source",)
    ordering = ("-id",)

    @admin.display(description=gettext_lazy("change"))
    def what(self, quarantine: Quarantine) -> str:
        return str(quarantine)

    def get_urls(self) -> list[URLPattern]:
        decide = path(
            "<int:pk>/decide/",
            self.admin_site.admin_view(require_POST(self.decide)),
            name="articles_quarantine_decide",
        )
        return [decide, *super().get_urls()]

    def may_decide(self, request: HttpRequest) -> bool:
        """Who may change a source's rules."""
        return request.user.has_perm("articles.change_source")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("articles.view_source") or self.may_decide(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        quarantine = self.get_object(request, object_id)
        if not self.has_view_permission(request, quarantine):
            raise PermissionDenied
        if quarantine is None:
            raise Http404(_("There is no widespread change of this number."))
        return render(request, "admin/quarantine/quarantine.html", self._context(request, quarantine))

    def _context(self, request: HttpRequest, quarantine: Quarantine) -> dict[str, Any]:
        held = quarantine.held_texts.select_related("article").order_by("-id")
        aside = quarantine.versions_aside.select_related("version__article").defer(
            "version__data", "version__previous_reextracted"
        )
        return {
            **self.admin_site.each_context(request),
            "title": str(quarantine),
            "opts": self.opts,
            "quarantine": quarantine,
            "source": quarantine.source,
            "paragraphs": quarantine.paragraphs.order_by("id")[:MOST_PARAGRAPHS],
            "paragraph_count": quarantine.paragraphs.count(),
            "held": held.defer("data", "body")[:MOST_SHOWN],
            "held_count": held.count(),
            "aside": [row.version for row in aside.order_by("-version")[:MOST_SHOWN]],
            "aside_count": aside.count(),
            "choices": self._choices(quarantine) if self.may_decide(request) else (),
            "is_open": quarantine.state == State.OPEN,
            "until": apply_decisions.closes_at(quarantine),
        }

    def _choices(self, quarantine: Quarantine) -> tuple[Choice, ...]:
        if quarantine.state == State.DROPPED and quarantine.carried_out:
            return (READ_AGAIN,)
        return CHOICES if quarantine.state == State.OPEN else ()

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.may_decide(request):
            raise PermissionDenied
        quarantine = Quarantine.objects.filter(pk=pk).select_related("source").first()
        if quarantine is None:
            raise Http404(_("There is no widespread change of this number."))
        decision = request.POST.get("decision", "")
        before, now = State(quarantine.state), timezone.now()
        if decision == READ_AGAIN.state:
            done = apply_decisions.read_again(quarantine, request.user, now)
        elif decision in apply_decisions.DECISIONS:
            done = apply_decisions.record_decision(quarantine, decision, request.user, now)
        else:
            messages.error(request, _("Choose one of the decisions."))
            return self._to(quarantine)
        if not done:
            messages.warning(request, _("This was decided meanwhile; nothing was changed."))
            return self._to(quarantine)
        quarantine.refresh_from_db()
        after = State(quarantine.state)
        audit.record(
            request,
            quarantine.source,
            {"widespread change": (str(before.label), str(after.label))},
            # No words: the log outlasts them where an article is deleted for good.
            note=f"number {quarantine.pk}, paragraphs: {quarantine.paragraphs.count()}",
        )
        apply_decisions_soon()
        messages.success(
            request, _("Decided: %(label)s. What follows is done in the background.") % {"label": after.label}
        )
        return self._to(quarantine)

    def _to(self, quarantine: Quarantine) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_quarantine_change", args=[quarantine.pk]))


def open_quarantines(source: Source) -> SafeString | str:
    """What of *source* waits for a decision, with the way there."""
    waiting = list(Quarantine.objects.open().filter(source=source)[:MOST_SHOWN])
    if not waiting:
        return _("Nothing waits for a decision.")
    return format_html(
        _("The same change on many articles waits for a decision: {}"),
        format_html_join(
            ", ",
            '<a href="{}">found on {} UTC</a>',
            (
                (
                    reverse("admin:articles_quarantine_change", args=[one.pk]),
                    date_format(one.opened, "j F Y, H:i"),
                )
                for one in waiting
            ),
        ),
    )
