"""The form the database had before version 0.1.0, and what each of its names is called today.

Before the first release the fifteen migrations were squashed into two, and models and columns were renamed. A
database, or a backup, of that form has the same tables otherwise: so one list of renamings tells what to do
with either, and how the tables looked then.
"""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import migrations
from django.db.migrations.state import ProjectState

from articles.watch.queue.names import function_path

APP = "articles"
OLD_MIGRATIONS = (
    "0001_initial",
    "0002_operations",
    "0003_read_anew",
    "0004_keeping",
    "0005_figures",
    "0006_search",
    "0007_takedown",
    "0008_health",
    "0009_quarantine",
    "0010_survey",
    "0011_alerts_usual",
    "0012_places",
    "0013_usual_since",
    "0014_kinds",
    "0015_event_brackets",
)
"""Those that had been applied when the database was of the old form."""

SQUASHED = ("0001_initial", "0002_search_index")
"""Those that stand for them today; later ones begin where these end."""


class Renaming(NamedTuple):
    """What was called *old* and is called *new*, of the model that bears the name *model* today."""

    model: str
    old: str
    new: str


MODELS = (
    Renaming("Boilerplate", "Furniture", "Boilerplate"),
    Renaming("QuarantinedText", "HeldText", "QuarantinedText"),
    Renaming("SiteProbe", "Survey", "SiteProbe"),
)
COLUMNS = (
    Renaming("Article", "asked_plainly", "last_unconditional_at"),
    Renaming("Article", "held_hash", "pending_hash"),
    Renaming("Article", "held_since", "pending_since"),
    Renaming("Event", "not_before", "previous_last_seen"),
    Renaming("Feed", "asked_plainly", "last_unconditional_at"),
    Renaming("QuarantinedText", "not_before", "previous_last_seen"),
    Renaming("Version", "not_before", "previous_last_seen"),
    Renaming("Version", "read_anew", "previous_reextracted"),
)
INDEXES = (Renaming("SiteProbe", "survey_due", "site_probe_due"),)
TASKS = {
    "add_batches": "add_batches",
    "catch_up_search": "catch_up_search",
    "dispatch": "dispatch",
    "health": "health",
    "nightly": "nightly",
    "probe": "probe_outage",
    "settle": "apply_decisions",
    "statistics": "statistics",
    "survey": "probe_site",
}
"""What the functions that the queue calls are called today; all of them moved to another module."""
TASKS_GONE = frozenset({"visit"})
"""Those that are nothing today: a worker finds by itself which host is next."""
OLD_TASKS = "articles.watch.tasks"
"""The module they were in."""

Applied = Collection[tuple[str, str]]
"""Migrations, as (app, name)."""


def is_old(applied: Applied) -> bool:
    """Whether these are the migrations of the old form, all of them and no other of ours."""
    return _ours(applied) == set(OLD_MIGRATIONS)


def is_older_still(applied: Applied) -> bool:
    """Whether these are some of the old form's migrations: the last version before must finish them first."""
    names = _ours(applied)
    # 0001_initial alone says nothing: both forms begin with a migration of that name.
    return len(names) > 1 and names < set(OLD_MIGRATIONS)


def todays(applied: Applied) -> set[tuple[str, str]]:
    """*applied* of the old form, as they are written down today."""
    others = {(app, name) for app, name in applied if app != APP}
    return others | {(APP, name) for name in SQUASHED}


def model_today(label: str) -> str:
    """What the model *label* of the old form (an app and a name, in small letters) is called today."""
    names = {f"{APP}.{one.old.lower()}": f"{APP}.{one.new.lower()}" for one in MODELS}
    return names.get(label, label)


def columns_today(label: str, columns: Collection[str]) -> list[str]:
    """What the *columns* of the old form's model *label* are called today."""
    model = model_today(label)
    names = {one.old: one.new for one in COLUMNS if f"{APP}.{one.model.lower()}" == model}
    return [names.get(column, column) for column in columns]


def task_today(function: str) -> str:
    """The path of the queued *function* today."""
    module, _, name = function.rpartition(".")
    return function_path(TASKS[name]) if module == OLD_TASKS and name in TASKS else function


def is_gone(function: str) -> bool:
    """Whether nothing does today what the queued *function* did."""
    module, _, name = function.rpartition(".")
    return module == OLD_TASKS and name in TASKS_GONE


def renamings() -> list[migrations.operations.base.Operation]:
    """What makes the old form's tables those of `SQUASHED`."""
    return [
        *(migrations.RenameModel(one.old, one.new) for one in MODELS),
        *(migrations.RenameField(one.model, one.old, one.new) for one in COLUMNS),
        *(migrations.RenameIndex(one.model, new_name=one.new, old_name=one.old) for one in INDEXES),
    ]


def old_state(squashed: ProjectState) -> ProjectState:
    """The old form's models, given those of `SQUASHED`: every renaming undone."""
    state = squashed.clone()
    for operation in (
        *(migrations.RenameIndex(one.model, new_name=one.old, old_name=one.new) for one in INDEXES),
        *(migrations.RenameField(one.model, one.new, one.old) for one in COLUMNS),
        *(migrations.RenameModel(one.new, one.old) for one in MODELS),
    ):
        operation.state_forwards(APP, state)
    return state


def rename_in_rows(apps: Any) -> None:
    """Rename what rows say of models, permissions and scheduled functions, once the tables are renamed.

    *apps*: the models of `SQUASHED`. Log entries point at the content types, which keep their numbers.
    """
    content_types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label=APP)
    permissions = apps.get_model("auth", "Permission").objects
    for one in MODELS:
        old, new = one.old.lower(), one.new.lower()
        name = apps.get_model(APP, one.new)._meta.verbose_name_raw
        for permission in permissions.filter(
            content_type__app_label=APP, content_type__model=old, codename__endswith=f"_{old}"
        ):
            action = permission.codename.removesuffix(f"_{old}")
            permission.codename, permission.name = f"{action}_{new}", f"Can {action} {name}"
            permission.save(update_fields=["codename", "name"])
        content_types.filter(model=old).update(model=new)
    for schedule in apps.get_model("django_q", "Schedule").objects.filter(func__startswith=f"{OLD_TASKS}."):
        schedule.func = task_today(schedule.func)
        schedule.name = TASKS.get(schedule.name, schedule.name)
        schedule.save(update_fields=["func", "name"])


def _ours(applied: Applied) -> set[str]:
    return {name for app, name in applied if app == APP}
