"""Dates of change that pages claimed while their words stayed the same."""

from datetime import datetime

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy

from articles.models.article import Article


class DateMoveQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def note(self, article: Article, seen: datetime, claimed_before: datetime, claimed: datetime) -> None:
        """Note that the claimed date of *article* moved while its latest version stood there.

        One row a version, however often that happens: some pages claim another date each time they are asked.
        """
        known = self.filter(article=article, version=article.version_count)
        if known.update(claimed=claimed, seen=seen, times=F("times") + 1):
            return
        self.create(
            article=article,
            version=article.version_count,
            claimed_before=claimed_before,
            claimed=claimed,
            first_seen=seen,
            seen=seen,
        )


class DateMove(models.Model):
    """The claimed date of change moved, though no word of the text did."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="date_moves")
    version = models.PositiveIntegerField(
        help_text=gettext_lazy("The number of the version that stood there.")
    )
    claimed_before = models.DateTimeField(help_text=gettext_lazy("The date claimed before it first moved."))
    claimed = models.DateTimeField(help_text=gettext_lazy("The date claimed when it last moved."))
    first_seen = models.DateTimeField()
    seen = models.DateTimeField(help_text=gettext_lazy("When it was last seen to have moved."))
    times = models.PositiveIntegerField(default=1)

    objects = DateMoveQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["article", "version"], name="date_move_once"),)

    def __str__(self) -> str:
        return f"{self.claimed_before:%Y-%m-%d %H:%M} to {self.claimed:%Y-%m-%d %H:%M}"
