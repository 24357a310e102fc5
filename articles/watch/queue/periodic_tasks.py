"""The timetable of the queue's own tasks: which of them django-q2 calls every few minutes, or once a day.

When an article is checked is no matter of this timetable: ``articles.watch.check.next_check`` sets that.
"""

from django.db.models import Q
from django_q.models import Schedule

from articles.watch.queue.names import NOTICES, function_path

_SCHEDULES = (
    (function_path("dispatch"), Schedule.MINUTES, 1),
    (function_path("statistics"), Schedule.MINUTES, 1),
    (function_path("add_batches"), Schedule.MINUTES, 1),
    (function_path("health"), Schedule.MINUTES, 5),
    (function_path("catch_up_search"), Schedule.MINUTES, 5),
    (function_path("apply_decisions"), Schedule.MINUTES, 5),
    (function_path("learn_places"), Schedule.MINUTES, 60),
    (function_path("nightly"), Schedule.DAILY, None),
    # What others may keep is a room above: the watch knows it by name alone.
    ("articles.exports.tasks.log_versions", Schedule.MINUTES, 5),
    ("articles.exports.tasks.write_datasets", Schedule.MINUTES, 1),
    # So are the notices.
    (f"{NOTICES}.notices", Schedule.MINUTES, 1),
    (f"{NOTICES}.notices_upkeep", Schedule.DAILY, None),
)
"""Of each: the task, its kind of schedule, and the minutes between two calls."""

_OURS = Q(func__startswith="articles.watch.") | Q(func__startswith="articles.notices.")
"""All schedules of ours, also those that an older version made."""


def install_schedules() -> None:
    """Make the schedules that are missing and mend those of an older version; for every start."""
    names = [_name(task) for task, _, _ in _SCHEDULES]
    Schedule.objects.filter(_OURS).exclude(name__in=names).delete()
    for task, kind, minutes in _SCHEDULES:
        name = _name(task)
        # Nothing keeps two starts at once from making one each: then all but the first go.
        first = Schedule.objects.filter(name=name).order_by("pk").first()
        Schedule.objects.filter(name=name).exclude(pk=first and first.pk).delete()
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": task,
                "schedule_type": kind,
                "minutes": minutes,
                "repeats": -1,
            },
        )


def _name(task: str) -> str:
    return task.rpartition(".")[2]
