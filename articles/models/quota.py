"""Quotas: how often one visitor may do what is costly, or guess a password.

Kept in the database, so that they hold over all processes and machines: with SQLite alone there is no other
place that the site's processes share. One row a visitor and quota, and one conditional UPDATE a use; the rows
bear no address, but a keyed hash, and go when they have run out.

django-ratelimit was looked at: it needs a cache with an atomic increment, which a machine with SQLite alone
does not have. django-axes (for signing in) brings three tables and a backend for what is ten lines here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import time as unix_time

from django.conf import settings
from django.db import connection, models
from django.db.models import Case, F, Q, Value, When
from django.utils.crypto import salted_hmac

BUSY_MILLISECONDS = 500
"""The milliseconds that a use waits for SQLite's one writer."""


class QuotaUse(models.Model):
    """The time when a visitor's quota is whole again. The theory is the generic cell rate algorithm
    (GCRA)."""

    key = models.CharField(max_length=64, primary_key=True, help_text="Keyed hash of quota and visitor.")
    whole_at = models.FloatField(help_text="Unix time.")

    def __str__(self) -> str:
        return self.key

    @classmethod
    def prune(cls) -> int:
        """Delete what has run out; how many there were."""
        return cls.objects.filter(whole_at__lte=unix_time()).delete()[0]


@dataclass(frozen=True)
class Quota:
    """*most* uses at once, and one more each *seconds* / *most* after that."""

    name: str
    most: int
    seconds: float

    def use(self, who: str) -> float:
        """Count one use by *who*: 0.0 when it is granted, else the seconds until one will be.

        What is refused does not count. Raises DatabaseError when the database can't be written.
        """
        key, now, step = self._key(who), unix_time(), self.seconds / self.most
        # A use from later than any could be is from before the clock was set back.
        stale = Q(whole_at__lte=now) | Q(whole_at__gt=now + self.seconds)
        begins = Case(When(stale, then=Value(now)), default=F("whole_at"))
        grantable = stale | Q(whole_at__lte=now + self.seconds - step)
        with _in_passing():
            while True:
                if QuotaUse.objects.filter(grantable, key=key).update(whole_at=begins + step):
                    return 0.0
                row, first = QuotaUse.objects.get_or_create(key=key, defaults={"whole_at": now + step})
                if first:
                    return 0.0
                if (wait := row.whole_at + step - self.seconds - now) > 0:
                    return wait

    def left(self, who: str) -> int:
        """Return how many uses *who* could make at once now. One query."""
        row, now = QuotaUse.objects.filter(key=self._key(who)).first(), unix_time()
        spent = max(row.whole_at - now, 0.0) if row and row.whole_at <= now + self.seconds else 0.0
        return int((self.seconds - spent) * self.most / self.seconds)

    def forget(self, who: str) -> None:
        """Begin afresh with *who*."""
        QuotaUse.objects.filter(key=self._key(who)).delete()

    def _key(self, who: str) -> str:
        return salted_hmac(f"quota {self.name}", who, algorithm="sha256").hexdigest()


@contextmanager
def _in_passing() -> Iterator[None]:
    """On SQLite, write without waiting long for another writer, nor at all for the disk.

    Reading must not hang on a count; and one that is lost when the power fails does no harm.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:  # there it can't be changed
        yield
        return
    patience = 1000 * settings.DATABASES["default"]["OPTIONS"]["timeout"]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
