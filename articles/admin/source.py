"""Sources and their feeds."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import pluralize
from django.utils import timezone

from articles.admin.lists import QuickAdmin
from articles.fetch import normalise
from articles.models import Article, Feed, Source
from articles.watch.tasks import dispatch_soon


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_address(self) -> str:
        try:
            return normalise(self.cleaned_data["address"])
        except ValueError as problem:
            raise ValidationError(f"This can't be watched: {problem}.") from problem

    def save(self, commit: bool = True) -> Any:
        feed = self.instance
        if "address" in self.changed_data:
            # What the old address said of itself tells nothing of the new one.
            feed.etag = feed.last_modified = feed.last_error = ""
            feed.asked_plainly, feed.errors_in_row = None, 0
            feed.next_check_at = timezone.now()
        return super().save(commit)


class FeedInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Feed
    form = FeedForm
    extra = 1
    fields = ("address", "kind", "last_success", "last_error")
    readonly_fields = ("last_success", "last_error")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}  # noqa: RUF012 (Django's own way)


@admin.register(Source)
class SourceAdmin(QuickAdmin):
    list_display = ("name", "enabled", "language", "last_success", "errors_in_row", "last_error")
    list_filter = ("enabled", "language")
    search_fields = ("name", "slug", "home_page")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012
    readonly_fields = ("created", "last_success", "errors_in_row", "last_error")
    actions = ("check_now", "pause", "resume")
    inlines = (FeedInline,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "home_page", "language", "enabled")}),
        (
            "Which addresses, and how their pages are read",
            {
                "classes": ("collapse",),
                "fields": ("only_addresses", "not_addresses", "rules", "obey_noarchive"),
            },
        ),
        (
            "Schedule",
            {
                "classes": ("collapse",),
                # No two on a line: Django does not unfold a part for the errors of fields that share one.
                "fields": (
                    *("floor_seconds", "ceiling_seconds", "age_divisor", "retire_after_days"),
                    *("feed_seconds", "confirm_text_seconds", "confirm_removal_seconds"),
                ),
            },
        ),
        ("Health", {"fields": ("created", "last_success", "errors_in_row", "last_error")}),
    )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        transaction.on_commit(dispatch_soon)

    @admin.action(
        description="Check now: read the feeds, and check the articles that are watched",
        permissions=["change"],
    )
    def check_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        now = timezone.now()
        Feed.objects.filter(source__in=queryset).update(next_check_at=now)
        articles = Article.objects.filter(source__in=queryset, next_check_at__isnull=False).update(
            next_check_at=now
        )
        dispatch_soon()
        paused = queryset.filter(enabled=False).count()
        messages.success(
            request,
            f"The feeds and {articles} article{pluralize(articles)} "
            "will be checked as soon as the host is free.",
        )
        if paused:
            messages.warning(
                request,
                f"{paused} of the sources {pluralize(paused, 'is,are')} paused and will not be checked "
                f"before you resume {pluralize(paused, 'it,them')}.",
            )

    @admin.action(description="Pause: fetch nothing of these sources", permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self._enable(request, queryset, False)

    @admin.action(description="Resume", permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        self._enable(request, queryset, True)
        dispatch_soon()

    def _enable(self, request: HttpRequest, queryset: QuerySet[Source], enabled: bool) -> None:
        changed = list(queryset.exclude(enabled=enabled))
        queryset.update(enabled=enabled)
        for source in changed:
            self.log_change(request, source, [{"changed": {"fields": ["enabled"]}}])
        what = "watched again" if enabled else "paused"
        count = len(changed)
        if count:
            messages.success(request, f"{count} source{pluralize(count, ' is,s are')} {what}.")
        else:
            messages.info(request, f"Nothing to do: {what} already.")
