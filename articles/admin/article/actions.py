"""What can be done with many articles at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from articles.admin.bulk_changes import Changed, in_slices
from articles.admin.lists import MOST_COUNTED
from articles.models import Article, Event
from articles.watch.queue.enqueue import dispatch_soon
from articles.web.audit import record

MOST_ENTRIES = 100
"""More articles than these have one entry in the log together, with the list's filter."""

WILL_BE_CHECKED = ngettext_lazy(
    "%(count)s article will be checked as soon as the host is free.",
    "%(count)s articles will be checked as soon as the host is free.",
    "number",
)
PAUSED = ngettext_lazy("%(count)s article is paused.", "%(count)s articles are paused.", "number")
CHECKED_AGAIN = ngettext_lazy(
    "%(count)s article is checked again.", "%(count)s articles are checked again.", "number"
)
TRIED_AGAIN = ngettext_lazy(
    "%(count)s article is tried again, their errors forgotten.",
    "%(count)s articles are tried again, their errors forgotten.",
    "number",
)

_Update = Callable[[QuerySet[Article]], int]


class ArticleActions(admin.ModelAdmin):  # type: ignore[type-arg]
    """The actions of the list of articles; each is bounded in time and says honestly how far it came."""

    actions: tuple[str, ...] = ("check_now", "pause", "resume", "clear_errors")

    def has_check_permission(self, request: HttpRequest) -> bool:
        """Who may edit articles may have them checked, although nobody edits them by hand."""
        return request.user.has_perm("articles.change_article")

    @admin.action(description=gettext_lazy("Check now"), permissions=["check"])
    def check_now(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        now = timezone.now()
        # Taken first: checks that come soon change what the queryset holds.
        paused = _count(queryset.filter(source__enabled=False))
        aside = Q(next_check_at=None) | Q(next_check_at__gt=now) | Q(parked__isnull=False)
        due = queryset.exclude(state=Article.State.PAUSED).filter(aside, source__enabled=True)
        changed = _apply(request, due, "check now", lambda some: some.update(**_due(now)))
        if changed.rows:
            dispatch_soon()
            _say(request, changed, WILL_BE_CHECKED)
        elif not paused:
            messages.info(request, _("Nothing to do: due already, or paused."))
        if paused:
            told = ngettext(
                "%(count)s article belongs to a paused source. Resume it first.",
                "%(count)s articles belong to a paused source. Resume it first.",
                paused,
            )
            messages.warning(request, told % {"count": _many(paused)})

    @admin.action(description=gettext_lazy("Pause: check no more"), permissions=["check"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        State = Article.State
        running = queryset.filter(state__in=(State.WATCHED, State.REMOVED, State.WITHHELD))
        # Without its lease, a check under way can't take the pause away again.
        values = {"state": State.PAUSED, "next_check_at": None, "lease_token": None, "lease_until": None}
        changed = _apply(request, running, "pause", lambda some: some.update(**values))
        if changed.rows:
            _say(request, changed, PAUSED)
        else:
            messages.info(request, _("Nothing to do: paused already, or retired and not checked any more."))

    @admin.action(description=gettext_lazy("Resume"), permissions=["check"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        now = timezone.now()
        # The check then decides by the schedule: what has not changed for long retires.
        values = _due(now) | {"state": _state_before()}
        paused = queryset.filter(state=Article.State.PAUSED)
        changed = _apply(request, paused, "resume", lambda some: some.update(**values))
        if changed.rows:
            dispatch_soon()
            _say(request, changed, CHECKED_AGAIN)
        else:
            messages.info(request, _("Nothing to do: none of these is paused."))

    @admin.action(description=gettext_lazy("Clear errors, and try again"), permissions=["check"])
    def clear_errors(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        failing = queryset.filter(with_errors())
        changed = _apply(request, failing, "clear errors", clear)
        if changed.rows:
            dispatch_soon()
            _say(request, changed, TRIED_AGAIN)
        else:
            messages.info(request, _("Nothing to do: none of these has errors."))


def with_errors() -> Q:
    return Q(errors_in_row__gt=0) | Q(parked__isnull=False)


def clear(articles: QuerySet[Article]) -> int:
    """Forget the errors of *articles*; those that are checked at all are due now."""
    due = Case(When(next_check_at__isnull=False, then=Value(timezone.now())), default=F("next_check_at"))
    return articles.update(errors_in_row=0, parked=None, unfinished=0, pending_hops=[], next_check_at=due)


def make_due(articles: QuerySet[Article]) -> int:
    """Have *articles* checked as soon as their hosts are free."""
    return articles.update(**_due(timezone.now()))


def _due(now: datetime) -> dict[str, object]:
    return {"next_check_at": now, "parked": None, "unfinished": 0, "pending_hops": []}


def _state_before() -> Coalesce:
    """What an article was before it was paused, as its events tell."""
    Kind, State = Event.Kind, Article.State
    events = Event.objects.filter(
        article=OuterRef("pk"), kind__in=(Kind.REMOVED, Kind.WITHHELD, Kind.RESTORED)
    )
    of_last = Case(
        When(kind=Kind.REMOVED, then=Value(State.REMOVED.value)),
        When(kind=Kind.WITHHELD, then=Value(State.WITHHELD.value)),
        default=Value(State.WATCHED.value),
    )
    last = events.order_by("-at", "-id").annotate(state=of_last).values("state")[:1]
    return Coalesce(Subquery(last), Value(State.WATCHED.value))


def _apply(request: HttpRequest, articles: QuerySet[Article], name: str, update: _Update) -> Changed:
    """Do it, and write it to the log: an entry an article, or one for all where they are many."""
    articles = articles.filter(purged=None)  # never fetched again
    few = list(articles.order_by("pk").distinct()[: MOST_ENTRIES + 1])
    if len(few) > MOST_ENTRIES:
        changed = in_slices(articles, update)
        _record_many(request, changed, name)
        return changed
    with transaction.atomic():
        count = update(Article.objects.filter(pk__in=[article.pk for article in few]))
        for article in few:
            record(request, article, {}, note=name)
    return Changed(count, all_done=True)


def _record_many(request: HttpRequest, changed: Changed, name: str) -> None:
    chosen = request.META.get("QUERY_STRING", "")
    assert request.user.pk is not None
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(Article),
        object_repr=f"{changed.rows:,} articles",
        action_flag=CHANGE,
        change_message=f"{name}: {changed.rows} articles of the list {'?' + chosen if chosen else 'of all'}",
    )


def _say(request: HttpRequest, changed: Changed, what: Any) -> None:
    """Tell the person *what* was done with so many articles: one of the sentences above."""
    messages.success(request, what % {"number": changed.rows, "count": f"{changed.rows:,}"})
    if not changed.all_done:
        messages.warning(
            request, _("The time of one page was up before the rest was done: do it again to go on.")
        )


def _count(articles: QuerySet[Article]) -> int:
    return articles.order_by()[: MOST_COUNTED + 1].count()


def _many(count: int) -> str:
    return (
        _("over %(most_counted)s") % {"most_counted": f"{MOST_COUNTED:,}"}
        if count > MOST_COUNTED
        else str(count)
    )
