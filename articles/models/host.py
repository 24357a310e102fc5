"""Who is asked: one host, and when it may be asked again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.lease import Lease, LeaseQuerySet


def host_name(address: str) -> str:
    """The name of the host that *address* is fetched from: host:port."""
    parts = urlsplit(address)
    return f"{parts.hostname}:{parts.port or (80 if parts.scheme == 'http' else 443)}"


RESERVED_FOR = timedelta(seconds=3)
"""The time that workers leave a host to a person who waits for it, after each time that the person asks."""


class HostQuerySet(LeaseQuerySet):
    def ready(self, now: datetime, by: datetime | None = None) -> "HostQuerySet":
        """Return those that a worker may ask something *now*, or *by* a later moment.

        Nobody is at them, their delay is over, they are not paused, and no person waits for them.
        """
        rested = Q(paused_until=None) | Q(paused_until__lte=now)
        unreserved = (
            Q(reserved_until=None) | Q(reserved_until__lte=now) | Q(reserved_until__gt=now + RESERVED_FOR)
        )
        ready = self.free(now).filter(rested, unreserved, next_allowed__lte=by or now)
        return ready  # type: ignore[return-value]

    def reserve_for_person(self, pk: int, now: datetime) -> None:
        """Have workers leave the host to a person who waits for it."""
        self.filter(pk=pk).update(reserved_until=now + RESERVED_FOR)

    def for_address(self, address: str) -> "Host":
        """The host that *address* is fetched from, made when it is new."""
        host, _ = self.get_or_create(name=host_name(address))
        return host  # type: ignore[no-any-return]

    def for_addresses(self, addresses: Iterable[str]) -> "dict[str, Host]":
        """The hosts that *addresses* are fetched from, by name, made where they are new; few queries."""
        names = {host_name(address) for address in addresses}
        known = {host.name: host for host in self.filter(name__in=names)}
        if missing := sorted(names - known.keys()):
            self.bulk_create([Host(name=name) for name in missing], ignore_conflicts=True)
            known |= {host.name: host for host in self.filter(name__in=missing)}
        return known


class Host(Lease):
    """A server we are a guest of: who is talking to it, when it may next be asked, its robots.txt.

    The name is host:port; the lease makes sure that one worker at a time talks to it.
    """

    name = models.CharField(max_length=300, unique=True)
    next_allowed = models.DateTimeField(default=timezone.now)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("Left alone after repeated failures.")
    )
    reserved_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Until then workers leave it to a person, who waits for it.",
    )
    last_visited = models.DateTimeField(null=True, blank=True)
    robots_delay_seconds = models.FloatField(
        default=0, help_text=gettext_lazy("What robots.txt asks for as crawl delay.")
    )
    robots_text = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Empty: never answered.")
    )
    robots_fetched = models.DateTimeField(null=True, blank=True)
    robots_tried = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("When no newer one could be had than what is kept.")
    )
    content_usage = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("What robots.txt wishes of machines: [path, usage].")
    )
    failures = models.PositiveIntegerField(default=0)
    pauses = models.PositiveSmallIntegerField(
        default=0, help_text=gettext_lazy("Pauses in a row after repeated failures; each doubles the next.")
    )
    last_answered = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("With whatever status.")
    )
    last_unanswered = models.DateTimeField(
        null=True,
        blank=True,
        help_text=gettext_lazy("When no answer came: the network, the name or the time failed."),
    )

    objects = HostQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
