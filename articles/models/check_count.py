"""How many checks came to what, over all workers and for ever: what /metrics shows.

A worker's process counts for itself only and forgets when it ends; so the numbers are rows, written in the
transaction that records the check. Each outcome has a few rows, of which any is written to: workers seldom
queue for the same. There are never more than ``SHARDS`` rows an outcome, so nothing needs to be pruned.
"""

import random
from typing import NamedTuple

from django.db import models
from django.db.models import Sum

from articles.models.prepared import Plus, Prepared

SHARDS = 16


class CheckTally(NamedTuple):
    """The number of checks, and how many seconds they took together."""

    checks: int
    seconds: float


class CheckCount(models.Model):
    """Some of the checks that came to one outcome."""

    outcome = models.CharField(max_length=12)
    shard = models.PositiveSmallIntegerField()
    checks = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["outcome", "shard"], name="check_count_once"),)

    def __str__(self) -> str:
        return f"{self.outcome}: {self.checks}"

    @classmethod
    def add(cls, outcome: str, seconds: float) -> None:
        """Count one check."""
        # At random, as the processes of two containers bear the same numbers.
        shard = random.randrange(SHARDS)  # noqa: S311 (spreads load, hides nothing)
        more = {"checks": Plus(1), "seconds": Plus(seconds)}
        if not _ROW.update(more, outcome=outcome, shard=shard):
            cls.objects.get_or_create(outcome=outcome, shard=shard)
            _ROW.update(more, outcome=outcome, shard=shard)

    @classmethod
    def tallies(cls) -> dict[str, CheckTally]:
        """Return the tallies by outcome; one never seen is left out."""
        sums = cls.objects.values_list("outcome").annotate(Sum("checks"), Sum("seconds")).order_by("outcome")
        return {outcome: CheckTally(checks, seconds) for outcome, checks, seconds in sums}


_ROW = Prepared(lambda outcome, shard: CheckCount.objects.filter(outcome=outcome, shard=shard))
