"""Articles, their versions and what happened to them: for looking at, and for checking now."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from articles.admin.lists import ReadOnlyAdmin
from articles.models import Address, Article, Event, Version
from articles.watch.tasks import dispatch_soon


class AddressInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Address
    extra = 0
    can_delete = False
    fields = readonly_fields = ("address", "key", "first_seen")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(ReadOnlyAdmin):
    list_display = (
        "headline_or_address",
        "source",
        "state",
        "version_count",
        "last_outcome",
        "last_checked",
        "next_check_at",
    )
    list_filter = ("state", "last_outcome", ("source", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source",)
    search_fields = ("=addresses__address", "=addresses__key", "headline__startswith")
    search_help_text = "A whole address, or how a headline begins"
    ordering = ("-id",)
    actions = ("check_now",)
    inlines = (AddressInline,)
    change_form_template = "admin/articles/article/change_form.html"

    @admin.display(description="headline")
    def headline_or_address(self, article: Article) -> str:
        return str(article)

    def get_urls(self) -> list[URLPattern]:
        check = path(
            "<int:pk>/check/",
            self.admin_site.admin_view(require_POST(self.check_one)),
            name="articles_article_check",
        )
        return [check, *super().get_urls()]

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Who may edit articles may have them checked, although nobody edits them by hand."""
        return request.user.has_perm("articles.change_article")

    def check_one(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_check_permission(request):
            return HttpResponse("You may not have articles checked.", status=403)
        article = Article.objects.filter(pk=pk)
        if not article.exists():
            raise Http404
        self.check_now(request, article)
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))

    @admin.action(description="Check now", permissions=["check"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        paused = queryset.filter(source__enabled=False).count()
        due = queryset.exclude(state=Article.State.PAUSED).filter(source__enabled=True)
        count = Article.objects.filter(pk__in=due.order_by().values("pk")).update(
            next_check_at=timezone.now()
        )
        if count:
            dispatch_soon()
            articles = f"{count} article{pluralize(count)}"
            messages.success(request, f"{articles} will be checked as soon as the host is free.")
        if paused:
            articles = f"{paused} article{pluralize(paused, ' belongs,s belong')}"
            messages.warning(request, f"{articles} to a paused source. Resume it first.")


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("headline", "number", "source", "seen", "words_added", "words_removed", "minor")
    list_filter = ("minor", ("source", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("source",)
    ordering = ("-id",)
    fields = (
        *("on_site", "number", "headline", "byline", "published", "text", "seen", "not_before"),
        *("words", "words_added", "words_removed", "badges", "minor", "extractor_version", "text_hash"),
    )
    readonly_fields = ("on_site", "text")

    @admin.display(description="text")
    def text(self, version: Version) -> str:
        return "\n\n".join(version.paragraphs)

    @admin.display(description="on the site")
    def on_site(self, version: Version) -> SafeString:
        return format_html('<a href="{}">{}</a>', version.get_absolute_url(), version.get_absolute_url())


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("kind", "article", "source", "at", "detail")
    list_filter = ("kind",)
    list_select_related = ("article", "source")
    ordering = ("-id",)
