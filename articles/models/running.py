"""What the machine knows of itself: its heartbeats, and outages of its own network."""

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """The time when a part of the machine last did its work: the dispatcher tells here that a worker runs."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def seconds_since(cls, name: str) -> float | None:
        """Seconds since *name* last beat; None when it never did."""
        row = cls.objects.filter(name=name).first()
        return (timezone.now() - row.at).total_seconds() if row else None


class Outage(models.Model):
    """Our own network fails, not the sites: one row while that lasts. Nothing is concluded about any site."""

    THE_ONE = 1

    number = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    began = models.DateTimeField()
    failed_probes = models.PositiveIntegerField(default=0)
    next_probe = models.DateTimeField(help_text="When a host is asked again, to see whether it is over.")

    def __str__(self) -> str:
        return f"since {self.began:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def current(cls) -> "Outage | None":
        """The one under way, if there is one."""
        return cls.objects.first()
