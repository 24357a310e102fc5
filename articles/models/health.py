"""How a source fares: what its checks came to by the hour, what that adds up to, and who was told."""

from datetime import datetime

from django.db import models

from articles.models.prepared import Plus, Prepared
from articles.models.source import Source

HOUR = 3600
DAY_HOURS = 24


def hour_of(moment: datetime) -> int:
    """The hour of *moment*, counted from the beginning of 1970."""
    return int(moment.timestamp()) // HOUR


class HourCountQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def since(self, hour: int) -> "HourCountQuerySet":
        return self.filter(hour__gte=hour)


class HourCount(models.Model):
    """The counts of one source in one hour. A row is made by the first thing that happens in it.

    It is written in the transaction of the check, as the last thing: the row is held until that ends and no
    longer. One worker at a time visits a host, so hardly ever do two want the row of one source.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="hours", db_index=False)
    hour = models.PositiveIntegerField(help_text="Hours since 1970.")
    articles = models.PositiveIntegerField(default=0, help_text="New articles.")
    checks = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0, help_text="Checks whose page gave no text.")
    blocked = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    robots = models.PositiveIntegerField(default=0, help_text="Checks that robots.txt did not allow.")
    refused = models.PositiveIntegerField(default=0, help_text="Checks of addresses that may not be fetched.")
    feeds_read = models.PositiveIntegerField(default=0)
    feeds_failed = models.PositiveIntegerField(default=0)

    objects = HourCountQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "hour"], name="hour_count_once"),)
        indexes = (models.Index(fields=["hour"], name="hour_count_hour"),)

    def __str__(self) -> str:
        return f"source {self.source_id}, hour {self.hour}"

    @classmethod
    def add(cls, source_id: int, at: datetime, **more: int) -> None:
        """Add to the columns named what is given for each."""
        hour, values = hour_of(at), {name: Plus(number) for name, number in more.items()}
        if not _HOUR.update(values, source=source_id, hour=hour):
            cls.objects.get_or_create(source_id=source_id, hour=hour)
            _HOUR.update(values, source=source_id, hour=hour)


_HOUR = Prepared(lambda source, hour: HourCount.objects.filter(source=source, hour=hour))


class Health(models.Model):
    """The state of a source when ``articles.health.refresh`` last looked: what the admin's lists show.

    The numbers are of the 24 hours before ``computed``.
    """

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True)
    computed = models.DateTimeField()
    verdict = models.TextField(help_text="In words.")
    paused = models.BooleanField(
        default=False, help_text="Whether the source was paused when it was looked at."
    )
    severity = models.PositiveSmallIntegerField(default=0, help_text="0: nothing is wrong.")
    problems = models.JSONField(default=list, help_text="Of each: its kind, and what is wrong in words.")

    articles = models.PositiveIntegerField(default=0, help_text="New articles.")
    usual = models.FloatField(
        null=True, help_text="New articles on such a day, usually; empty: too new to tell."
    )
    usual_since = models.DateTimeField(
        null=True, help_text="When a person said that so few are normal: what was before is no yardstick."
    )
    checks = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    unreachable = models.PositiveIntegerField(default=0)
    robots = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    feeds_read = models.PositiveIntegerField(default=0)
    feeds_failed = models.PositiveIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0, help_text="Articles put aside.")
    capped = models.PositiveIntegerField(default=0, help_text="Articles that had their versions of a day.")
    deferred = models.PositiveIntegerField(
        default=0, help_text="New addresses that wait for the hourly limit."
    )
    next_feed = models.DateTimeField(null=True)
    next_article = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["severity"], name="health_severe", condition=models.Q(severity__gt=0)),
        )

    def __str__(self) -> str:
        return self.verdict


class Alert(models.Model):
    """One problem of one source that is worth an e-mail, from when it was found until its end was told."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=20)
    words = models.TextField()
    usual = models.FloatField(
        null=True, help_text="Articles a day when it began: after weeks of few, few would be usual."
    )
    began = models.DateTimeField()
    told = models.DateTimeField(null=True, help_text="When it was last in an e-mail.")
    ended = models.DateTimeField(null=True, help_text="When it was over; the row goes once that is told.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "kind"], name="alert_once"),)

    def __str__(self) -> str:
        return f"{self.kind} of source {self.source_id}"
