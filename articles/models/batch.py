"""Addresses that a person gave to be watched, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
        help_text=gettext_lazy("Empty: each one's is found by its host."),
    )
    name = models.CharField(
        max_length=200, blank=True, help_text=gettext_lazy("Of the file; empty for one address.")
    )
    created = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("batch of addresses")
        verbose_name_plural = gettext_lazy("batches of addresses")
        indexes = (
            models.Index(fields=["created"], name="batch_unfinished", condition=Q(finished__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name or _("addresses given on %(created)s UTC") % {
            "created": format(self.created, _("j F Y, H:i"))
        }

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])


class BatchRow(models.Model):
    """One line of a batch."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting")
        ADDED = "added", gettext_lazy("added")
        KNOWN = "known", gettext_lazy("already watched")
        REPEATED = "repeated", gettext_lazy("given twice")
        REFUSED = "refused", gettext_lazy("not added")

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
        return _("line %(line)s: %(address)s") % {"line": self.line, "address": self.address}
