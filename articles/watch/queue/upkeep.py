"""Upkeep: what is done once a day, and before the only worker starts; nobody has to look for years."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_q.models import Task

from articles import health, search, takedown
from articles.models import Article, Batch, Feed, Heartbeat, Host, QuotaUse, SiteProbe
from articles.models.capture import expire_pages
from articles.watch.onboarding import batches, site_probe

log = logging.getLogger(__name__)

RESULTS_KEPT = timedelta(days=30)
"""The time that results of queued tasks are kept. Those that went well are not stored at all."""

SCRUB_SECONDS = 20.0
"""Seconds of clearing what was deleted at once; what a night does not bring to its end, the next one does."""

ROWS_SAMPLED = 1000
"""Rows of each index that SQLite looks at: with a million articles that takes milliseconds, not the night."""


class UpkeepFailed(Exception):
    """Some of it could not be done; the message says what. The rest was done."""


def nightly() -> None:
    """Throw away what nobody needs any more, and tell the database to look at what it holds.

    Nothing of the record is touched. One part that fails keeps no other from being done.

    :raises UpkeepFailed: a part failed; each time it does, the log has the trace.
    """
    failed = [part.__name__ for part in _PARTS if not _done(part)]
    if failed:
        raise UpkeepFailed(", ".join(failed))
    Heartbeat.beat("nightly")


def forget_leases() -> None:
    """Free whatever a worker holds. Only for when none runs: what died with the machine waits no longer."""
    for model in (Host, Feed, Article, SiteProbe, Batch):
        model.objects.exclude(lease_token=None).update(lease_token=None, lease_until=None)


def clear_sessions() -> None:
    """Sign-ins that have run out."""
    call_command("clearsessions")


def prune_results() -> None:
    """Results of tasks."""
    Task.objects.filter(stopped__lt=timezone.now() - RESULTS_KEPT).delete()


def prune_quotas() -> None:
    """Quotas that are whole again."""
    QuotaUse.prune()


def prune_hours() -> None:
    """Hourly counts that are too old to judge a source by."""
    health.prune()


def prune_batches() -> None:
    """Lists of addresses that were added long ago."""
    batches.prune()


def prune_site_probes() -> None:
    """Delete what was looked at for sources that were not added."""
    site_probe.prune()


def expire_kept_pages() -> None:
    """Pages of earlier versions that were kept as long as the settings say."""
    expire_pages(timezone.now())


def forget_people() -> None:
    """Forget who asked for takedowns that were decided long ago, and what they were answered."""
    takedown.forget_people()


def scrub() -> None:
    """Clear the database's files of what was deleted for good."""
    takedown.scrub_pending(seconds=SCRUB_SECONDS)


def analyze() -> None:
    """Bring up to date what the query planner knows of the tables.

    SQLite never does it by itself. (Its PRAGMA optimize looks only at tables that the same connection used,
    and a task's has used none.) PostgreSQL does, unless autovacuum is off.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_SAMPLED}")
            cursor.execute("ANALYZE")
            return
        of_models = connection.introspection.django_table_names(only_existing=True, include_views=False)
        for table in (*of_models, search.TABLE):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


_PARTS: tuple[Callable[[], None], ...] = (
    clear_sessions,
    prune_results,
    prune_quotas,
    prune_hours,
    prune_batches,
    prune_site_probes,
    expire_kept_pages,
    forget_people,
    scrub,
    analyze,
)


def _done(part: Callable[[], None]) -> bool:
    try:
        part()
    except Exception:
        log.exception("the nightly upkeep failed", extra={"part": part.__name__})
        return False
    return True
