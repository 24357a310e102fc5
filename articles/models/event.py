"""What happened to articles themselves."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from articles.models.article import SUBJECT_IN_LISTS, Article
from articles.models.source import Source


class EventQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def visible(self) -> "EventQuerySet":
        """Return those of articles readers may see."""
        return self.filter(hidden=False)

    def for_lists(self) -> "EventQuerySet":
        """With what a list shows of each."""
        own = (field.name for field in Event._meta.concrete_fields)
        return self.select_related("article", "source").only(*own, *SUBJECT_IN_LISTS)

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-id")

    def before(self, at: datetime, pk: int) -> "EventQuerySet":
        """Return those that come after (*at*, *pk*) in a list of newest first."""
        return self.filter(Q(at__lt=at) | Q(pk__lt=pk), at__lte=at)

    def oldest_first(self) -> "EventQuerySet":
        return self.order_by("at", "id")

    def after(self, at: datetime, pk: int) -> "EventQuerySet":
        """Return those that come before (*at*, *pk*) in a list of newest first."""
        return self.filter(Q(at__gt=at) | Q(pk__gt=pk), at__gte=at)


class Event(models.Model):
    """Something that happened to the article itself."""

    class Kind(models.TextChoices):
        REMOVED = "removed", gettext_lazy("Removed")
        RESTORED = "restored", gettext_lazy("Restored")
        MOVED = "moved", gettext_lazy("Moved")
        WITHHELD = "withheld", gettext_lazy("Withheld")

    article = models.ForeignKey(Article, models.CASCADE, related_name="events")
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="events",
        help_text=gettext_lazy("The article's, kept here for the lists."),
    )
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    previous_last_seen = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("When the opposite was last seen: the text there, or nothing there."),
    )
    first_sign = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("When the article was first not found, which was then confirmed."),
    )
    detail = models.TextField(blank=True)
    address_before = models.TextField(
        blank=True, help_text=gettext_lazy("Of a change of address: the one it had.")
    )
    address_after = models.TextField(
        blank=True, help_text=gettext_lazy("Of a change of address: the one it has from then on.")
    )
    hidden = models.BooleanField(
        default=False, help_text=gettext_lazy("The article's, kept here for the lists.")
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-at", "-id"], name="event_recent", condition=Q(hidden=False)),
            models.Index(fields=["source", "-at", "-id"], name="event_by_source", condition=Q(hidden=False)),
            models.Index(fields=["kind", "-at", "-id"], name="event_by_kind", condition=Q(hidden=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
