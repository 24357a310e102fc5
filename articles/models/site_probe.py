"""What an admin is being shown of a site before its source is added."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone

from articles.models.address_length import ADDRESS_LENGTH
from articles.models.lease import Lease, LeaseQuerySet
from articles.models.source import Source

step_is_due = Signal()
"""Sent with the number (pk) of a site probe that a worker can go on with now; the queue listens."""


class SiteProbeQuerySet(LeaseQuerySet):
    def due(self, now: datetime) -> "SiteProbeQuerySet":
        """Return those that a worker has something to do for."""
        return self.filter(next_step_at__lte=now)


class SiteProbe(Lease):
    """One way through the page "Add source": what was asked for, what was found, what was chosen.

    A worker does what ``todo`` says, one after the other (``articles.watch.onboarding.site_probe``);
    the admin's pages show the rest. Nothing in it is part of the record: it is thrown away after a while.
    """

    class State(models.TextChoices):
        LOOKING = "looking", "looking for feeds"
        FOUND = "found", "something to choose from was found"
        READING = "reading", "reading articles for the preview"
        READY = "ready", "the preview is there"
        FAILED = "failed", "nothing to watch was found"
        SAVED = "saved", "a source was made of it"

    address = models.CharField(max_length=ADDRESS_LENGTH, help_text="As it was asked for.")
    name = models.CharField(max_length=200, blank=True, help_text="What the catalogue calls it.")
    language = models.CharField(max_length=35, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.LOOKING)
    todo = models.JSONField(default=list, help_text="What is still to be asked for, the next first.")
    found = models.JSONField(default=dict, help_text="As in articles.watch.onboarding.results.Findings.")
    choice = models.JSONField(default=dict, help_text="Feeds and address filters that the admin chose.")
    previews = models.JSONField(
        default=list, help_text="As in articles.watch.onboarding.preview.ArticlePreview."
    )
    source = models.ForeignKey(Source, models.SET_NULL, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now)
    next_step_at = models.DateTimeField(null=True, help_text="Empty: nothing is to be done.")
    unfinished = models.PositiveSmallIntegerField(
        default=0, help_text="Steps in a row that were begun and never ended."
    )

    objects = SiteProbeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["next_step_at"], name="site_probe_due", condition=Q(next_step_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return self.address

    @property
    def is_under_way(self) -> bool:
        """Return whether a worker has still to do something."""
        return self.state in (self.State.LOOKING, self.State.READING)
