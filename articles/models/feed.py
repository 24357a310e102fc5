"""What names articles."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.address_length import ADDRESS_LENGTH
from articles.models.host import Host
from articles.models.lease import Lease, LeaseQuerySet
from articles.models.source import Source


class FeedQuerySet(LeaseQuerySet):
    def due(self, now: datetime) -> "FeedQuerySet":
        """Return those of sources not paused whose next reading has come."""
        return self.filter(next_check_at__lte=now, source__enabled=True)


class Feed(Lease):
    """An address that names articles."""

    class Kind(models.TextChoices):
        FEED = "feed", gettext_lazy("RSS, Atom or JSON feed")
        SITEMAP = "sitemap", gettext_lazy("news sitemap")
        SECTION = "section", gettext_lazy("section page")

    source = models.ForeignKey(Source, models.CASCADE, related_name="feeds")
    address = models.URLField(max_length=ADDRESS_LENGTH)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.FEED)
    host = models.ForeignKey(
        Host,
        models.PROTECT,
        editable=False,
        related_name="feeds",
        help_text="Where its next request goes: the host of its address, or of where a redirect led.",
    )
    etag = models.CharField(max_length=1024, blank=True, editable=False)
    last_modified = models.CharField(max_length=1024, blank=True, editable=False)
    last_unconditional_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When it was last asked for without conditions."),
    )
    next_check_at = models.DateTimeField(default=timezone.now, editable=False)
    last_checked = models.DateTimeField(null=True, blank=True, editable=False)
    last_success = models.DateTimeField(null=True, blank=True, editable=False)
    errors_in_row = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(blank=True, editable=False)
    unfinished = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("Readings in a row that were begun and never ended."),
    )
    deferred = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=gettext_lazy("New addresses that wait for the hourly limit of its source."),
    )

    pending_hops = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="Redirects followed so far, and the address to go on from when that host has time.",
    )
    sitemaps_left = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What is still to be read of an index of sitemaps, and what came of it so far.",
    )

    moved_to = models.TextField(
        blank=True,
        editable=False,
        help_text=gettext_lazy("Where its address redirects to for good, as last answered."),
    )
    moved_since = models.DateTimeField(null=True, blank=True, editable=False)
    moved_readings = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text=gettext_lazy("Readings in a row that were redirected there.")
    )
    ids_went_back = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy(
            "When an id of its entries was seen to go back to an earlier link: its ids are no stories’."
        ),
    )
    hub = models.TextField(
        blank=True, editable=False, help_text=gettext_lazy("The WebSub hub that it names.")
    )
    topic = models.TextField(
        blank=True, editable=False, help_text=gettext_lazy("By which address its hub knows it.")
    )
    pinged = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=gettext_lazy("When its hub last said that it changed."),
    )
    report = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text=gettext_lazy("What became of what it named when it was last read."),
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "address"], name="feed_once_per_source"),)
        indexes = (models.Index(fields=["host", "next_check_at"], name="feed_due"),)

    def __str__(self) -> str:
        return self.address

    def save(self, *args: object, **kwargs: object) -> None:
        self.host = Host.objects.for_address(self.address)
        self.pending_hops, self.sitemaps_left = [], {}
        super().save(*args, **kwargs)  # type: ignore[arg-type]
