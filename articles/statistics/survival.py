"""The share of articles changed by a given hour, though many were not watched so long. Pure.

This is the actuarial life table (Cutler and Ederer, 1958): in each stretch of time the articles that changed
are held against those still watched in it; one whose text was seen for the last time within the stretch
counts for half of it. The margins are Wilson's, for the effective number of articles that Greenwood's
variance stands for (Dorey and Korn, 1987).
"""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from articles.statistics.counts import STEPS

LEAST_WATCHED = 10
"""With fewer articles watched so long, nothing is said."""

_Z = 1.96  # for margins that hold the true share 95 times of 100


class Share(NamedTuple):
    """Of all articles, the share (0 to 1) changed within so many hours, between ``low`` and ``high``.

    ``watched`` is how many were under watch and unchanged as the stretch before that hour began.
    """

    hours: float
    watched: int
    share: float
    low: float
    high: float


def shares_changed(first_changes: Sequence[int], unchanged: Sequence[int]) -> list[Share]:
    """The shares at each of ``STEPS``, up to where fewer than ``LEAST_WATCHED`` articles are left.

    Both are counts for each stretch, as in ``Counts``.
    """
    watched = sum(first_changes) + sum(unchanged)
    kept, greenwood = 1.0, 0.0
    shares = []
    for hours, changed, left in zip(STEPS, first_changes, unchanged, strict=False):
        exposed = watched - left / 2
        if exposed < LEAST_WATCHED:
            break
        kept *= 1 - changed / exposed
        if kept:
            greenwood += changed / (exposed * (exposed - changed))
        effective = (1 - kept) / (kept * greenwood) if kept and greenwood else exposed
        low, high = wilson(1 - kept, effective)
        shares.append(Share(hours, watched, 1 - kept, low, high))
        watched -= changed + left
    return shares


def wilson(share: float, count: float) -> tuple[float, float]:
    """The margins that hold the true share 95 times of 100, of a share seen in so many (Wilson, 1927)."""
    scale = 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / scale
    margin = _Z / scale * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(min(middle - margin, share), 0.0), min(max(middle + margin, share), 1.0)


def median_wait(first_changes: Sequence[int]) -> float | None:
    """The hours within which half of the first changes (or notes) were seen; None without any.

    Within its stretch the place is found as if its changes were spread evenly.
    """
    half = sum(first_changes) / 2
    begins = 0.0
    for ends, changed in zip(STEPS, first_changes, strict=False):
        if changed and half <= changed:
            return begins + (ends - begins) * half / changed
        half -= changed
        begins = ends
    return begins if sum(first_changes) else None
