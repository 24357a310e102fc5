"""What django-q2 calls. Each task ends by itself well within the 60 seconds after which it would be ended."""

from django.utils import timezone

from articles.exports import editions, log, stamps

LOG_SECONDS = 20.0
"""Seconds of logging versions at once."""

DATASET_SECONDS = 30.0
"""Seconds of writing the night's edition at once; what is left then waits for the next minutes."""


def log_versions() -> int:
    """Append to the log what is new and publish its root; the first time of a day closes the day before."""
    now = timezone.now()
    logged = log.append(seconds=LOG_SECONDS)
    log.publish(now)
    stamps.stamp_roots(now)
    return logged


def write_datasets() -> int:
    """Go on with the edition of the day, where datasets are published; how many parts were written."""
    return editions.work(DATASET_SECONDS)
