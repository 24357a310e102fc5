"""Leases: what only one worker at a time may work on, and what becomes of it when that worker dies."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from articles.models.prepared import Prepared

LONGEST_LEASE = timedelta(hours=1)
"""The most that LEASE_SECONDS may say: a lease that ends later was made before the clock was set back."""


class Lease(models.Model):
    """A row that only one worker at a time may work on.

    A claim is a conditional UPDATE; the token tells later whether it still holds. A worker that dies
    leaves its lease to run out.
    """

    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class LeaseQuerySet(models.QuerySet):  # type: ignore[type-arg]
    def free(self, now: datetime) -> "LeaseQuerySet":
        return self.filter(
            Q(lease_until=None) | Q(lease_until__lte=now) | Q(lease_until__gt=now + LONGEST_LEASE)
        )

    def claim(self, pk: int, now: datetime, seconds: float, **values: object) -> uuid.UUID | None:
        """Lease row *pk* for *seconds* and store *values* with it; the token, or None when it is not free."""
        token = uuid.uuid4()
        claimed = (
            self.filter(pk=pk)
            .free(now)
            .update(lease_until=now + timedelta(seconds=seconds), lease_token=token, **values)
        )
        return token if claimed else None

    def renew(self, pk: int, token: uuid.UUID, now: datetime, seconds: float) -> bool:
        """Hold the lease for *seconds* from now; False when it was lost."""
        return bool(
            self.filter(pk=pk, lease_token=token).update(lease_until=now + timedelta(seconds=seconds))
        )

    def release(self, pk: int, token: uuid.UUID, **values: object) -> bool:
        """Give the lease back and store *values* with it; False (and nothing stored) when it was lost."""
        return bool(
            self.filter(pk=pk, lease_token=token).update(lease_until=None, lease_token=None, **values)
        )


class PreparedLease:
    """The same for rows that are claimed and given back all day, by prepared statements.

    free: the row to be claimed, by its pk, the time and whatever else is given to ``claim``.
    """

    def __init__(self, model: type[Lease], free: Prepared) -> None:
        self._free = free
        self._held = Prepared(lambda pk, token: model._default_manager.filter(pk=pk, lease_token=token))

    def claim(
        self, pk: int, now: datetime, seconds: float, changes: Mapping[str, object], **values: object
    ) -> uuid.UUID | None:
        """As ``LeaseQuerySet.claim``; *changes* are stored with the lease."""
        token = uuid.uuid4()
        leased = {"lease_until": now + timedelta(seconds=seconds), "lease_token": token, **changes}
        return token if self._free.update(leased, pk=pk, now=now, **values) else None

    def release(self, pk: int, token: uuid.UUID, changes: Mapping[str, object]) -> bool:
        """As ``LeaseQuerySet.release``."""
        return bool(
            self._held.update({"lease_until": None, "lease_token": None, **changes}, pk=pk, token=token)
        )
