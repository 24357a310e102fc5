"""By which names the queue calls the watch's tasks. It needs no Django: a restore reads it before that is up."""

TASKS = "articles.watch.queue.tasks"
"""The module that the queue calls; a schedule's or task's function is this and its name."""


def function_path(task: str) -> str:
    """What the queue calls *task* by."""
    return f"{TASKS}.{task}"
