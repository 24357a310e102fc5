"""By which names the queue calls its tasks. It needs no Django, as a restore begins before that is set up."""

TASKS = "articles.watch.queue.tasks"
"""The module that the queue calls; a schedule's or task's function is this and its name."""

NOTICES = "articles.notices.tasks"
"""The same of the notices, a room above the watch."""


def function_path(task: str) -> str:
    """Return the dotted path by which the queue calls *task*."""
    return f"{TASKS}.{task}"
