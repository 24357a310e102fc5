"""What the plots show, counted beforehand."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from articles.models.source import Source


class FiguresQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def readable(self) -> "FiguresQuerySet":
        """Return those counted in the way this release reads: none for minutes after an upgrade."""
        return self.filter(layout=Figures.LAYOUT)

    def of_sources(self) -> "FiguresQuerySet":
        """Return those of one source each."""
        return self.readable().exclude(source=None)

    def of_source_and_all(self, source: Source) -> "FiguresQuerySet":
        """Return those of *source* and those of all sources, as far as they were counted."""
        return self.readable().filter(Q(source=source) | Q(source=None)).select_related("source")

    def of_all(self) -> "Figures | None":
        """Return those of all sources together; None before they were first counted."""
        return self.readable().filter(source=None).first()


class Figures(models.Model):
    """The numbers behind the plots of a source, or of all of them: counted by articles.statistics."""

    LAYOUT = 2
    """To be raised whenever the meaning or the length of what ``counts`` holds changes."""

    source = models.OneToOneField(
        Source, models.CASCADE, null=True, related_name="figures", help_text="Empty: of all sources."
    )
    computed = models.DateTimeField()
    seconds = models.FloatField(default=0, help_text="How long the counting took.")
    articles = models.PositiveIntegerField(default=0, help_text="Articles counted.")
    counts = models.JSONField(help_text="As in articles.statistics.Counts.")
    layout = models.PositiveSmallIntegerField(default=LAYOUT)

    objects = FiguresQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "figures"
        # A null source is not unique by itself.
        constraints = (models.UniqueConstraint(Coalesce("source", 0), name="figures_once"),)

    def __str__(self) -> str:
        return f"{self.source or 'all sources'} at {self.computed:%Y-%m-%d %H:%M}"
