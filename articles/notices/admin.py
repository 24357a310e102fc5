"""Who is told of what, bots among them; and what bots are about to post, for those who look at it first.

Addresses, tokens and secrets are never shown: they can be given anew.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.lists import QuickAdmin, ReadOnlyAdmin
from articles.admin.notices import MOST_COUNTED, NOTICES, Notice
from articles.models import ArchivedCopy, Delivery, HubSubscription, Subscription, Way
from articles.notices.attempts import Trouble, may_be_asked
from articles.notices.matching import filters_of
from articles.notices.tasks import send_test_soon

TOLD_FOR = timedelta(days=7)
"""How long the first page tells of what began to fail."""

BY_ADMIN = tuple(way for way in Way if way not in (Way.EMAIL, Way.FEED, Way.WEBHOOK))
"""Ways that are set up here: bots, and chats of the site itself."""


class BotForm(forms.ModelForm):  # type: ignore[type-arg]
    """A bot or a chat. What is secret is typed, and never shown again; left empty it stays."""

    receiver = forms.CharField(
        label=gettext_lazy("Address of the server or webhook"),
        required=False,
        max_length=2000,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Such as https://social.example of Mastodon, https://bsky.social of Bluesky. Left empty it stays."
        ),
    )
    secret = forms.CharField(
        label=gettext_lazy("Token or app password"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("It is never shown. Left empty it stays."),
    )
    way = forms.ChoiceField(choices=[(way.value, way.label) for way in BY_ADMIN])

    class Meta:
        model = Subscription
        fields = ("name", "way", "query", "receiver", "account", "secret", "most_a_day", "approve")

    def clean_query(self) -> str:
        query = str(self.cleaned_data["query"]).strip().removeprefix("?")
        if filters_of(query) is None:
            raise ValidationError(
                _("These filters can’t be read. Copy what follows the ? in the address of a list of changes.")
            )
        return query

    def clean_receiver(self) -> str:
        receiver = str(self.cleaned_data["receiver"]).strip()
        if not receiver:
            return self.instance.receiver if self.instance.pk else ""
        if not may_be_asked(receiver):
            raise ValidationError(_("Nothing can be sent there: it must lead out of this network."))
        return receiver

    def clean_secret(self) -> str:
        return str(self.cleaned_data["secret"]) or (self.instance.secret if self.instance.pk else "")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        way = given.get("way")
        if not given.get("receiver") and way != Way.TELEGRAM and "receiver" not in self.errors:
            self.add_error("receiver", _("Give the address."))
        if way in (Way.MASTODON, Way.BLUESKY, Way.TELEGRAM, Way.MATRIX) and not given.get("secret"):
            self.add_error("secret", _("Without it nothing can be posted there."))
        if way in (Way.BLUESKY, Way.TELEGRAM, Way.MATRIX) and not given.get("account"):
            self.add_error("account", _("Give the account, the chat or the room."))
        return given


class ProblemFilter(admin.SimpleListFilter):
    """What the last try to deliver came to, in words."""

    title = gettext_lazy("last problem")
    parameter_name = "last_problem"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Trouble.choices)

    def queryset(self, request: HttpRequest, rows: "QuerySet[Subscription]") -> "QuerySet[Subscription]":
        return rows.filter(last_problem=self.value()) if self.value() else rows


def _in_words(problem: str) -> str:
    return str(Trouble(problem).label) if problem in Trouble else ""


def mails_wait(request: HttpRequest) -> Notice | None:
    """For the first page: the mail server takes no mails."""
    if not request.user.has_perm("articles.view_subscription"):
        return None
    waiting = Subscription.objects.active().filter(way=Way.EMAIL, last_problem=Trouble.MAIL_SERVER)
    count = waiting[: MOST_COUNTED + 1].count()
    if not count:
        return None
    words = ngettext(
        "%(count)s reader waits for mails that the mail server does not take",
        "%(count)s readers wait for mails that the mail server does not take",
        count,
    )
    where = f"{reverse('admin:articles_subscription_changelist')}?last_problem={Trouble.MAIL_SERVER}"
    return Notice(count, words % {"count": count}, where)


def switched_off(request: HttpRequest) -> Notice | None:
    """For the first page: what was switched off lately, as nothing could be delivered."""
    if not request.user.has_perm("articles.view_subscription"):
        return None
    lately = timezone.now() - TOLD_FOR
    stopped = Subscription.objects.filter(state=Subscription.State.OFF, failing_since__gt=lately)
    stopped = stopped.exclude(stopped=Subscription.Stopped.BY_HAND)
    count = stopped[: MOST_COUNTED + 1].count()
    if not count:
        return None
    words = ngettext(
        "%(count)s subscription was switched off, as nothing could be delivered",
        "%(count)s subscriptions were switched off, as nothing could be delivered",
        count,
    )
    where = f"{reverse('admin:articles_subscription_changelist')}?state__exact={Subscription.State.OFF}"
    return Notice(count, words % {"count": count}, where)


NOTICES.extend((mails_wait, switched_off))


@admin.register(Subscription)
class SubscriptionAdmin(QuickAdmin):
    """All of them; those of readers to be looked at and ended, bots and chats to be set up."""

    form = BotForm
    list_display = ("__str__", "way", "state", "stopped", "frequency", "failures", "problem", "made")
    list_filter = ("way", "state", "stopped", ProblemFilter)
    search_fields = ("name__startswith", "email__iexact")
    fields = ("name", "way", "query", "receiver", "account", "secret", "most_a_day", "approve")
    readonly_fields = (
        *(
            "state",
            "stopped",
            "host_asked",
            "made",
            "confirmed",
            "failures",
            "failing_since",
            "next_attempt_at",
        ),
        *("problem", "tested"),
    )
    ordering = ("-pk",)
    actions = ("switch_on", "switch_off", "try_out")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return self.fields
        if self.has_change_permission(request, obj):
            return (*self.fields, *self.readonly_fields)
        return ("way", "query", "email", *self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Readers' own are not changed by others."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.way in BY_ADMIN)

    @admin.display(description=gettext_lazy("last problem"))
    def problem(self, obj: Subscription) -> str:
        return _in_words(obj.last_problem)

    @admin.display(description=gettext_lazy("Host of the receiver"))
    def host_asked(self, obj: Subscription) -> str:
        return urlsplit(obj.receiver).hostname or ""

    def save_model(self, request: HttpRequest, obj: Subscription, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.owner_id = request.user.pk
        obj.confirm(timezone.now())

    @admin.action(description=gettext_lazy("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, rows: "QuerySet[Subscription]") -> None:
        for row in rows.filter(state=Subscription.State.OFF):
            row.confirm(timezone.now())

    @admin.action(description=gettext_lazy("Switch off"), permissions=["change"])
    def switch_off(self, request: HttpRequest, rows: "QuerySet[Subscription]") -> None:
        rows.filter(state=Subscription.State.ACTIVE).update(
            state=Subscription.State.OFF, stopped=Subscription.Stopped.BY_HAND
        )

    @admin.action(description=gettext_lazy("Send a test"), permissions=["change"])
    def try_out(self, request: HttpRequest, rows: "QuerySet[Subscription]") -> None:
        for row in rows.exclude(way__in=(Way.EMAIL, Way.FEED))[:20]:
            send_test_soon(row)
        messages.info(request, _("A test is on its way. What came of it is shown with the subscription."))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was told, and what waits: what a bot may post is said here."""

    list_display = ("key", "subscription", "what", "made", "approved", "ended", "outcome")
    list_filter = ("approved", "outcome")
    list_select_related = ("subscription",)
    ordering = ("-pk",)
    actions = ("approve", "drop")

    @admin.display(description=gettext_lazy("What"))
    def what(self, obj: Delivery) -> str:
        notice = obj.notices.select_related("article").first()
        if notice is None or notice.article.hidden:
            return ""
        if obj.digest:
            return _("a digest")
        return f"{notice.article} v{notice.number}" if notice.number else str(notice.article)

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.change_delivery")

    @admin.action(description=gettext_lazy("Let them be posted"), permissions=["approve"])
    def approve(self, request: HttpRequest, rows: "QuerySet[Delivery]") -> None:
        count = rows.filter(ended=None, approved=False).update(approved=True)
        told = ngettext("%(count)s will be posted.", "%(count)s will be posted.", count) % {"count": count}
        messages.success(request, told)

    @admin.action(description=gettext_lazy("Never post them"), permissions=["approve"])
    def drop(self, request: HttpRequest, rows: "QuerySet[Delivery]") -> None:
        rows.filter(ended=None).update(ended=timezone.now(), outcome=Delivery.Outcome.REFUSED)


@admin.register(HubSubscription)
class HubSubscriptionAdmin(ReadOnlyAdmin):
    """Hubs that tell us when a feed changes. What a hub signs with, and where it pings, is not shown."""

    list_display = ("topic", "hub", "state", "lease_ends", "last_ping", "pings", "problem")
    list_filter = ("state",)
    fields = ("feed", *list_display, "asked", "next_attempt_at", "failures")
    ordering = ("-failures", "pk")

    @admin.display(description=gettext_lazy("last problem"))
    def problem(self, obj: HubSubscription) -> str:
        return _in_words(obj.last_problem)


@admin.register(ArchivedCopy)
class ArchivedCopyAdmin(ReadOnlyAdmin):
    """What web.archive.org was asked to save."""

    list_display = ("version", "state", "code", "attempts", "next_attempt_at")
    list_filter = ("state",)
    list_select_related = ("version__article",)
    ordering = ("-pk",)
