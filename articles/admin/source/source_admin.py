"""Sources and their feeds."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.lists import SaidFilter
from articles.admin.source.actions import SCHEDULE, SourceActions
from articles.admin.source.health import HealthColumns, HealthFilter
from articles.admin.source.learned import LearnedPages
from articles.admin.source.rules import RulesPages
from articles.admin.source.wizard import Wizard
from articles.fetch import normalise
from articles.models import Feed, Source
from articles.watch.feeds.entries import EntryTally
from articles.watch.onboarding.sources import hold_addresses, watched_by
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.feed_report import in_short, not_taken


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_address(self) -> str:
        try:
            address = normalise(self.cleaned_data["address"])
        except ValueError as problem:
            raise ValidationError(
                _("This can't be watched: %(problem)s.") % {"problem": problem}
            ) from problem
        return address

    def save(self, commit: bool = True) -> Any:
        feed = self.instance
        if "address" in self.changed_data:
            # What the old address said of itself tells nothing of the new one.
            feed.etag = feed.last_modified = feed.last_error = ""
            feed.last_unconditional_at, feed.errors_in_row = None, 0
            feed.next_check_at = timezone.now()
        return super().save(commit)


class FeedFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        """All addresses at once: held one by one, two pages saved together could wait for each other."""
        super().clean()
        new = [
            form
            for form in self.forms
            if "address" in form.changed_data and "address" in form.cleaned_data and not _is_deleted(form)
        ]
        # The page is one transaction: till it is saved.
        hold_addresses(form.cleaned_data["address"] for form in new)
        for form in new:
            watched = watched_by(form.cleaned_data["address"])
            if watched and watched.source_id != self.instance.pk:
                told = _("It is watched already, by the source %(name)s.") % {"name": watched.source.name}
                form.add_error("address", told)


def _is_deleted(form: forms.BaseForm) -> bool:
    return bool(form.cleaned_data.get("DELETE"))


class FeedInline(admin.StackedInline):  # type: ignore[type-arg]
    """One below the other: a table of them is wider than a screen, and its fields have no labels."""

    model = Feed
    form = FeedForm
    formset = FeedFormSet
    extra = 0
    fields = ("address", "kind", "last_success", "last_error", "what_it_named", "deferred")
    readonly_fields = ("last_success", "last_error", "deferred", "what_it_named")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 (Django's own way)

    @admin.display(description=gettext_lazy("what it named"))
    def what_it_named(self, feed: Feed) -> str:
        """What became of all it named when it was last read, and where it has moved."""
        tally = EntryTally.from_json(feed.report)
        moved = _("It has moved for good to %(address)s.") % {"address": feed.moved_to}
        lines = [
            in_short(tally) if feed.report else "",
            *(f"{reason}: {', '.join(examples)}" for reason, examples in not_taken(tally) if examples),
            moved if feed.moved_to else "",
        ]
        return format_html_join("", "<p><bdi>{}</bdi></p>", ((line,) for line in lines if line))


class FirstFeedInline(FeedInline):
    extra = 1


@admin.register(Source)
class SourceAdmin(HealthColumns, SourceActions, LearnedPages, RulesPages):
    list_display = (
        *("name", "health_verdict", "yield_of_day", "failed_share"),
        *("last_success", "errors", "next_feed"),
    )
    list_filter = (HealthFilter, "enabled", ("language", SaidFilter))
    list_select_related = ("health",)
    search_fields = ("name", "slug", "home_page")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    readonly_fields = (
        *("rules_in_force", "held_changes", "learned_places"),
        *("health_report", "created", "last_success", "errors_in_row", "last_error"),
    )
    fieldsets = (
        (None, {"fields": ("name", "slug", "home_page", "language", "enabled")}),
        (
            gettext_lazy("Health"),
            {"fields": ("health_report", "created", "last_success", "errors_in_row", "last_error")},
        ),
        (
            gettext_lazy("Which addresses"),
            {
                "classes": ("collapse",),
                "fields": ("only_addresses", "not_addresses", "obey_noarchive"),
            },
        ),
        (
            gettext_lazy("How its pages are read"),
            {"fields": ("rules_in_force", "held_changes", "learned_places")},
        ),
        (
            gettext_lazy("Schedule"),
            {
                "classes": ("collapse",),
                # No two on a line: Django does not unfold a part for the errors of fields that share one.
                "fields": SCHEDULE,
            },
        ),
        (
            gettext_lazy("What a fetch may take"),
            {
                "classes": ("collapse",),
                "fields": ("page_seconds", "page_megabytes", "feed_seconds_limit", "feed_megabytes"),
            },
        ),
    )

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """A source with articles stays: told without counting them all."""
        kept = [source for source in objs if source.articles.exists()]
        if kept:
            told = [
                _("%(source)s: it has articles, and what was seen is kept. Pause it instead.")
                % {"source": source}
                for source in kept
            ]
            return told, {}, set(), told
        return super().get_deleted_objects(objs, request)

    def get_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        """A source made by hand has an empty feed to fill in."""
        return (FeedInline,) if obj else (FirstFeedInline,)

    def get_urls(self) -> list[URLPattern]:
        return [*Wizard(self).urls(), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Begins with a look at the site; ``?plain=1`` is Django's form, which looks at nothing."""
        if request.method == "POST" or "plain" in request.GET or IS_POPUP_VAR in request.GET:
            return super().add_view(request, form_url, extra_context)
        return Wizard(self).start(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        transaction.on_commit(dispatch_soon)
