"""Addresses that a person gave to be watched, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from articles.models.article import Article
from articles.models.lease import Lease, LeaseQuerySet
from articles.models.source import Source


class BatchQuerySet(LeaseQuerySet):
    def unfinished(self) -> "BatchQuerySet":
        return self.filter(finished=None)


class Batch(Lease):
    """One address, or a file of them. The watch takes them in slices; who gave them sees how far it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    source = models.ForeignKey(
        Source,
        models.CASCADE,
        null=True,
        related_name="+",
        help_text="Empty: each one's is found by its host.",
    )
    name = models.CharField(max_length=200, blank=True, help_text="Of the file; empty for one address.")
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "batch of addresses"
        verbose_name_plural = "batches of addresses"
        indexes = (
            models.Index(fields=["created"], name="batch_unfinished", condition=Q(finished__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name or f"addresses given on {self.created:%d %B %Y, %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])


class BatchRow(models.Model):
    """One line of a batch."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "waiting"
        ADDED = "added", "added"
        KNOWN = "known", "already watched"
        REPEATED = "repeated", "given twice"
        REFUSED = "refused", "not added"

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    address = models.TextField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.WAITING)
    reason = models.TextField(blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "line"], name="batch_line_once"),)
        indexes = (models.Index(fields=["batch", "outcome", "line"], name="batch_row_outcome"),)

    def __str__(self) -> str:
        return f"line {self.line}: {self.address}"
