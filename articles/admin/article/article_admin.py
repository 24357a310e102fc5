"""Articles, their versions and what happened to them: for looking at, and for having checked."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.admin.article.actions import ArticleActions
from articles.admin.article.batch_admin import AddingArticles
from articles.admin.article.hiding import HideActions
from articles.admin.choosing import OfSources, SourceFilter, find_articles
from articles.admin.lists import PresentFilter, ReadOnlyAdmin, TakenDownFilter
from articles.models import Article, Event, Outcome, Version

OUTCOMES: dict[str, Promise] = {
    Outcome.NEW_VERSION: gettext_lazy("new version"),
    Outcome.UNCHANGED: gettext_lazy("unchanged"),
    Outcome.REMOVED: gettext_lazy("removed"),
    Outcome.WITHHELD: gettext_lazy("withheld by the site"),
    Outcome.BLOCKED: gettext_lazy("turned away"),
    Outcome.UNREACHABLE: gettext_lazy("not reached"),
    Outcome.MOVED: gettext_lazy("led elsewhere"),
    Outcome.FAILED: gettext_lazy("no usable text"),
    Outcome.PENDING: gettext_lazy("waits to be seen again"),
    Outcome.REFUSED: gettext_lazy("not to be fetched"),
    Outcome.ROBOTS: gettext_lazy("refused by robots.txt"),
}
"""What lists say of each outcome, in two or three words."""


class OutcomeFilter(admin.SimpleListFilter):
    """Those there can be: to ask a million articles which there are takes a second."""

    title = gettext_lazy("last outcome")
    parameter_name = "last_outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(outcome.value, str(OUTCOMES[outcome])) for outcome in Outcome]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(last_outcome=self.value()) if self.value() else queryset


TOLD_FIRST = (
    *("headline", "source", "address", "addresses_shown", "state", "hidden", "version_count"),
    *("first_seen", "last_changed", "last_checked", "last_success", "last_outcome", "last_reason"),
    *("next_check_at", "errors_in_row"),
)
"""Of an article, what its page has unfolded."""


@admin.register(Article)
class ArticleAdmin(HideActions, AddingArticles, ArticleActions, OfSources, ReadOnlyAdmin):
    list_display = (
        "headline_or_address",
        "source",
        "state_shown",
        "versions_shown",
        "outcome_shown",
        "last_checked",
        "next_check_shown",
    )
    list_filter = (
        "state",
        ("hidden", TakenDownFilter),
        OutcomeFilter,
        ("parked", PresentFilter),
        ("capped_since", PresentFilter),
        ("source", SourceFilter),
    )
    list_select_related = ("source",)
    search_fields = ("address",)  # only for the box to be there: find_articles looks
    search_help_text = gettext_lazy("An address, or words of an article")
    ordering = ("-id",)
    actions = (*ArticleActions.actions, "hide", "show_again")
    readonly_fields = ("addresses_shown",)
    change_form_template = "admin/articles/article/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a person looks for first; what the watch remembers for itself is folded."""
        others = [name for name in self.get_fields(request, obj) if name not in TOLD_FIRST]
        return [
            (None, {"fields": TOLD_FIRST}),
            (gettext_lazy("What the watch remembers"), {"fields": others, "classes": ("collapse",)}),
        ]

    @admin.display(description=gettext_lazy("headline"))
    def headline_or_address(self, article: Article) -> str:
        return str(article)

    @admin.display(description=gettext_lazy("versions"), ordering="version_count")
    def versions_shown(self, article: Article) -> int:
        return article.version_count

    @admin.display(description=gettext_lazy("last outcome"), ordering="last_outcome")
    def outcome_shown(self, article: Article) -> str | Promise:
        return OUTCOMES.get(article.last_outcome, article.last_outcome) or "–"

    @admin.display(description=gettext_lazy("next check"), ordering="next_check_at")
    def next_check_shown(self, article: Article) -> datetime | None:
        return article.next_check_at

    @admin.display(description=gettext_lazy("addresses"))
    def addresses_shown(self, article: Article) -> SafeString:
        """All that lead to it, the oldest first, with how each was learned."""
        known = article.addresses.order_by("first_seen", "pk")
        rows = ((one.address, one.learned, date_format(one.first_seen, "DATETIME_FORMAT")) for one in known)
        return format_html_join("", '<p><bdi dir="ltr">{}</bdi> ({}, {})</p>', rows)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, article: Article) -> str:
        if article.purged:
            return _("Deleted for good")
        return (
            _("%(state)s, taken down") % {"state": article.get_state_display()}
            if article.hidden
            else article.get_state_display()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        if not search_term.strip():
            return queryset, False
        return find_articles(queryset, search_term, partial(messages.warning, request)), False

    def get_urls(self) -> list[URLPattern]:
        check = path(
            "<int:pk>/check/",
            self.admin_site.admin_view(require_POST(self.check_one)),
            name="articles_article_check",
        )
        return [check, *super().get_urls()]

    def check_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_check_permission(request):
            return HttpResponse(_("You may not have articles checked."), status=403)
        article = Article.objects.filter(pk=pk)
        if not article.exists():
            raise Http404
        self.check_now(request, article)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


@admin.register(Version)
class VersionAdmin(OfSources, ReadOnlyAdmin):
    list_display = ("headline", "number", "source", "seen", "words_added", "words_removed", "minor")
    list_filter = ("minor", ("source", SourceFilter))
    list_select_related = ("source",)
    ordering = ("-id",)
    fields = (
        *("on_site", "number", "headline", "byline", "published", "text", "seen", "previous_last_seen"),
        *("words", "words_added", "words_removed", "badges", "minor", "extractor_version", "text_hash"),
    )
    readonly_fields = ("on_site", "text")

    @admin.display(description=gettext_lazy("text"))
    def text(self, version: Version) -> str:
        return "\n\n".join(version.paragraphs)

    @admin.display(description=gettext_lazy("on the site"))
    def on_site(self, version: Version) -> SafeString:
        return format_html('<a href="{}">{}</a>', version.get_absolute_url(), version.get_absolute_url())


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("kind", "article", "source", "at", "previous_last_seen", "detail")
    list_filter = ("kind",)
    list_select_related = ("article", "source")
    ordering = ("-id",)
