"""What changes, how often and how soon, counted for each source and for all of them.

The numbers of the plots are counted beforehand, by a schedule (:func:`refresh`: each minute while all of it
is quick, every ten minutes or less often once it is not), and stored as one row of
``Figures`` a source and one for all: no page reads a whole archive. :class:`Counts` is what such a row holds;
counts add up, so that those of all sources are the sum. :func:`shares_changed` makes of them the share of
articles changed by each hour, fair to the articles that were not watched so long.
"""

from articles.statistics.counts import DISCLOSURES, GROUPS, KINDS, NOTED, STEPS, Counts
from articles.statistics.refresh import refresh, refresh_soon
from articles.statistics.survival import LEAST_WATCHED, Share, median_wait, shares_changed, wilson

__all__ = [
    "DISCLOSURES",
    "GROUPS",
    "KINDS",
    "LEAST_WATCHED",
    "NOTED",
    "STEPS",
    "Counts",
    "Share",
    "median_wait",
    "refresh",
    "refresh_soon",
    "shares_changed",
    "wilson",
]
