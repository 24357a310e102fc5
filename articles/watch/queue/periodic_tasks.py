"""The timetable of the queue's own tasks: which of them django-q2 calls every few minutes, or once a day.

When an article is checked is no matter of this timetable: ``articles.watch.check.next_check`` sets that.
"""

from django.db.models import Q
from django_q.models import Schedule

from articles.watch.queue.names import NOTICES, TASKS

_SCHEDULES = (
    (TASKS, "dispatch", Schedule.MINUTES, 1),
    (TASKS, "statistics", Schedule.MINUTES, 1),
    (TASKS, "add_batches", Schedule.MINUTES, 1),
    (TASKS, "health", Schedule.MINUTES, 5),
    (TASKS, "catch_up_search", Schedule.MINUTES, 5),
    (TASKS, "apply_decisions", Schedule.MINUTES, 5),
    (TASKS, "learn_places", Schedule.MINUTES, 60),
    (TASKS, "nightly", Schedule.DAILY, None),
    (NOTICES, "notices", Schedule.MINUTES, 1),
    (NOTICES, "notices_upkeep", Schedule.DAILY, None),
)
"""Of each: its module, the task, its kind of schedule, and the minutes between two calls."""

_OURS = Q(func__startswith="articles.watch.") | Q(func__startswith="articles.notices.")
"""All schedules of ours, also those that an older version made."""


def install_schedules() -> None:
    """Make the schedules that are missing and mend those of an older version; for every start."""
    names = [name for _, name, _, _ in _SCHEDULES]
    Schedule.objects.filter(_OURS).exclude(name__in=names).delete()
    for module, name, kind, minutes in _SCHEDULES:
        # Nothing keeps two starts at once from making one each: then all but the first go.
        first = Schedule.objects.filter(name=name).order_by("pk").first()
        Schedule.objects.filter(name=name).exclude(pk=first and first.pk).delete()
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": f"{module}.{name}",
                "schedule_type": kind,
                "minutes": minutes,
                "repeats": -1,
            },
        )
