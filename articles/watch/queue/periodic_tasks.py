"""The timetable of the queue's own tasks: which of them django-q2 calls every few minutes, or once a day.

When an article is checked is no matter of this timetable: ``articles.watch.check.next_check`` sets that.
"""

from django_q.models import Schedule

from articles.watch.queue.names import function_path

_SCHEDULES = (
    ("dispatch", Schedule.MINUTES, 1),
    ("statistics", Schedule.MINUTES, 1),
    ("add_batches", Schedule.MINUTES, 1),
    ("health", Schedule.MINUTES, 5),
    ("catch_up_search", Schedule.MINUTES, 5),
    ("apply_decisions", Schedule.MINUTES, 5),
    ("learn_places", Schedule.MINUTES, 60),
    ("nightly", Schedule.DAILY, None),
)
"""Of each: the task, its kind of schedule, and the minutes between two calls."""

_OURS = "articles.watch."
"""What every task of the watch begins with, also those that an older version scheduled."""


def install_schedules() -> None:
    """Make the schedules that are missing and mend those of an older version; for every start."""
    names = [name for name, _, _ in _SCHEDULES]
    Schedule.objects.filter(func__startswith=_OURS).exclude(name__in=names).delete()
    for name, kind, minutes in _SCHEDULES:
        # Nothing keeps two starts at once from making one each: then all but the first go.
        first = Schedule.objects.filter(name=name).order_by("pk").first()
        Schedule.objects.filter(name=name).exclude(pk=first and first.pk).delete()
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": function_path(name),
                "schedule_type": kind,
                "minutes": minutes,
                "repeats": -1,
            },
        )
