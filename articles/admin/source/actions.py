"""What can be done with many sources at once."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.article.actions import clear, make_due, with_errors
from articles.admin.bulk_changes import Changed, in_slices
from articles.models import Article, Feed, Host, Source
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.audit import record

SCHEDULE = (
    *("floor_seconds", "ceiling_seconds", "age_divisor", "retire_after_days"),
    *("feed_seconds", "confirm_text_seconds", "confirm_removal_seconds"),
    *("new_articles_per_hour", "versions_per_day"),
)

MOST_NAMED = 20

_PK = re.compile("[0-9]{1,18}")


class ScheduleForm(forms.Form):
    """The numbers of a source's schedule; what is left empty stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in forms.fields_for_model(Source, SCHEDULE).items():
            field.required, field.initial = False, None
            of_model = Source._meta.get_field(name)
            assert isinstance(of_model, models.Field)
            field.validators += of_model.validators
            self.fields[name] = field

    def given(self) -> dict[str, int]:
        """The numbers that were typed."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    def not_fitting(self, sources: list[Source]) -> list[Source]:
        """The sources whose ceiling would be shorter than their floor."""
        given = self.given()
        return [
            source
            for source in sources
            if given.get("ceiling_seconds", source.ceiling_seconds)
            < given.get("floor_seconds", source.floor_seconds)
        ]


class SourceActions(admin.ModelAdmin):  # type: ignore[type-arg]
    """The actions of the list of sources. Each leaves an entry a source in the log."""

    actions = ("check_now", "pause", "resume", "clear_errors", "clear_errors_and_pauses", "change_schedule")

    @admin.action(description=gettext_lazy("Check now, the feeds and articles"), permissions=["change"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        now, sources = timezone.now(), list(queryset)
        with transaction.atomic():
            Feed.objects.filter(source__in=sources).update(next_check_at=now, unfinished=0)
            _note(request, sources, "check now")
        waiting = Q(next_check_at__gt=now) | Q(parked__isnull=False)
        changed = in_slices(
            Article.objects.filter(waiting, source__in=sources, next_check_at__isnull=False), make_due
        )
        dispatch_soon()
        count = changed.rows
        told = ngettext(
            "The feeds and %(count)s article will be checked as soon as the host is free.",
            "The feeds and %(count)s articles will be checked as soon as the host is free.",
            count,
        )
        messages.success(request, told % {"count": f"{count:,}"})
        _say_if_cut(request, changed)
        paused = sum(not source.enabled for source in sources)
        if paused:
            told = ngettext(
                "%(count)s of the sources is paused and will not be checked before you resume it.",
                "%(count)s of the sources are paused and will not be checked before you resume them.",
                paused,
            )
            messages.warning(request, told % {"count": paused})

    @admin.action(description=gettext_lazy("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        _enable(request, queryset, False)

    @admin.action(description=gettext_lazy("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        _enable(request, queryset, True)
        dispatch_soon()

    @admin.action(description=gettext_lazy("Clear errors, and try again"), permissions=["change"])
    def clear_errors(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        _clear(request, list(queryset), "clear errors")

    @admin.action(description=gettext_lazy("Clear errors, and end pauses of hosts"), permissions=["change"])
    def clear_errors_and_pauses(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        sources = list(queryset)
        of_source = {"host": OuterRef("pk"), "source__in": sources}
        hosts = Host.objects.filter(
            Exists(Feed.objects.filter(**of_source)) | Exists(Article.objects.filter(**of_source)),
            Q(paused_until__isnull=False) | Q(failures__gt=0) | Q(pauses__gt=0),
        )
        ended = Host.objects.filter(pk__in=list(hosts.values_list("pk", flat=True))).update(
            paused_until=None, failures=0, pauses=0
        )
        if ended:
            told = ngettext("%(count)s host is asked again.", "%(count)s hosts are asked again.", ended)
            messages.success(request, told % {"count": ended})
        _clear(request, sources, "clear errors and pauses of hosts")

    @admin.action(description=gettext_lazy("Change the schedule…"), permissions=["change"])
    def change_schedule(self, request: HttpRequest, queryset: QuerySet[Source]) -> HttpResponse | None:
        sources = _chosen(request, queryset)
        if not sources:
            messages.info(request, _("Nothing to do: none of these sources is there any more."))
            return None
        form = ScheduleForm(request.POST if "apply" in request.POST else None)
        if form.is_bound and form.is_valid():
            if not form.given():
                form.add_error(None, _("Give at least one number."))
            elif wrong := form.not_fitting(sources):
                names = ", ".join(source.name for source in wrong[:MOST_NAMED])
                form.add_error(
                    None,
                    _("The ceiling can't be shorter than the floor: it would be for %(names)s.")
                    % {"names": names},
                )
            else:
                _reschedule(request, sources, form.given())
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change the schedule"),
            "opts": self.model._meta,
            "form": form,
            "count": len(sources),
            "sources": sources[:MOST_NAMED],
            "chosen": ",".join(str(source.pk) for source in sources),
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/actions/schedule.html", context)


def _chosen(request: HttpRequest, queryset: QuerySet[Source]) -> list[Source]:
    """Those that the page before showed, whatever the list's filter finds by now; at first, the filter's.

    They are one field of the form: Django takes a thousand fields and no more.
    """
    if "chosen" not in request.POST:
        return list(queryset)
    pks = [int(pk) for pk in request.POST["chosen"].split(",") if _PK.fullmatch(pk)]
    return list(Source.objects.filter(pk__in=pks))


def _enable(request: HttpRequest, queryset: QuerySet[Source], enabled: bool) -> None:
    changed = list(queryset.exclude(enabled=enabled))
    with transaction.atomic():
        Source.objects.filter(pk__in=[source.pk for source in changed]).update(enabled=enabled)
        for source in changed:
            record(request, source, {"enabled": (not enabled, enabled)})
    count = len(changed)
    if enabled:
        done = ngettext("%(count)s source is watched again.", "%(count)s sources are watched again.", count)
        nothing = _("Nothing to do: watched again already.")
    else:
        done = ngettext("%(count)s source is paused.", "%(count)s sources are paused.", count)
        nothing = _("Nothing to do: paused already.")
    if count:
        messages.success(request, done % {"count": count})
    else:
        messages.info(request, nothing)


def _clear(request: HttpRequest, sources: list[Source], note: str) -> None:
    with transaction.atomic():
        Source.objects.filter(pk__in=[source.pk for source in sources]).update(errors_in_row=0, last_error="")
        Feed.objects.filter(Q(errors_in_row__gt=0) | Q(unfinished__gt=0), source__in=sources).update(
            errors_in_row=0, last_error="", unfinished=0, next_check_at=timezone.now()
        )
        _note(request, sources, note)
    changed = in_slices(Article.objects.filter(with_errors(), source__in=sources), clear)
    dispatch_soon()
    count, articles = len(sources), changed.rows
    of_sources = ngettext("%(count)s source", "%(count)s sources", count) % {"count": count}
    of_articles = ngettext("%(count)s article", "%(count)s articles", articles) % {"count": f"{articles:,}"}
    messages.success(
        request,
        _("The errors of %(sources)s and %(articles)s are cleared; what failed is tried again.")
        % {"sources": of_sources, "articles": of_articles},
    )
    _say_if_cut(request, changed)


def _reschedule(request: HttpRequest, sources: list[Source], given: dict[str, int]) -> None:
    with transaction.atomic():
        Source.objects.filter(pk__in=[source.pk for source in sources]).update(**given)
        for source in sources:
            record(request, source, {name: (getattr(source, name), given[name]) for name in given})
    count = len(sources)
    told = ngettext(
        "The schedule of %(count)s source is changed; each article follows it from its next check on.",
        "The schedule of %(count)s sources is changed; each article follows it from its next check on.",
        count,
    )
    messages.success(request, told % {"count": count})


def _note(request: HttpRequest, sources: list[Source], note: str) -> None:
    for source in sources:
        record(request, source, {}, note=note)


def _say_if_cut(request: HttpRequest, changed: Changed) -> None:
    if not changed.all_done:
        messages.warning(
            request, _("The time of one page was up before the rest was done: do it again to go on.")
        )
