"""Changing very many rows from a page: a slice at a time, and no longer than a page may take."""

import time
from collections.abc import Callable
from typing import NamedTuple

from django.db.models import QuerySet

from articles.models import Article

SLICE = 1000
"""Rows changed at once: nobody else waits long for the database."""

SECONDS = 15.0
"""No slice is begun after this: web servers give up on a page that takes much longer."""


class Changed(NamedTuple):
    """How many rows were changed, and whether that was all."""

    rows: int
    all_done: bool


def in_slices(
    articles: QuerySet[Article],
    change: Callable[[QuerySet[Article]], int],
    *,
    seconds: float = SECONDS,
) -> Changed:
    """Call *change* with slices of *articles*, each plain enough to be updated, until the time is up.

    *articles* should leave out what is changed already: doing it again then goes on where the time was up.
    """
    ends = time.monotonic() + seconds
    last, count = 0, 0
    while True:
        rows = articles.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True).distinct()
        pks = list(rows[:SLICE])
        if not pks:
            return Changed(count, all_done=True)
        if time.monotonic() >= ends:
            return Changed(count, all_done=False)
        count += change(Article.objects.filter(pk__in=pks))
        last = pks[-1]
