"""Carrying a database of the form before 0.1.0 over to today's: one transaction, after a backup.

Only names change, so it takes seconds whatever the size: tables and columns are renamed, and what is written
in rows about them (migrations, content types, permissions, schedules, queued tasks) with them.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django_q.brokers import Broker, get_broker
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage

from articles.backups import old_form
from articles.backups.archive import BackupError
from articles.backups.backup import back_up_models
from articles.backups.move import check_unused
from articles.backups.restore import last_of_each_app
from newsdiffs.runner.lock import nothing_runs


def carry_over(say: Callable[[str], object] = lambda line: None) -> bool:
    """Bring the database from the form before 0.1.0 to today's; False when it has today's already.

    *say* is told what is being done. A backup is left in DATA_DIR first. Raises BackupError, with the
    database as it was, when it has neither form or refuses, and Running when NewsDiffs runs.
    """
    with nothing_runs():
        check_unused()
        executor = MigrationExecutor(connection)
        applied = set(executor.loader.applied_migrations)
        if not old_form.is_old(applied):
            _check_form(applied, executor)
            return False
        squashed = executor.loader.project_state(last_of_each_app(old_form.todays(applied), executor))
        old = old_form.old_state(squashed)
        backup = _path_of_backup()
        say(f"Writing a backup to {backup} ...")
        back_up_models(backup, old.apps.get_models(include_auto_created=True), sorted(applied))
        say("Renaming ...")
        try:
            _rename(old, squashed)
        except DatabaseError as problem:
            why = str(problem).partition("\n")[0]
            raise BackupError(f"The database refused ({why}). It is as it was.") from problem
        _put_queue_right(get_broker())
        call_command("migrate", interactive=False, verbosity=0)
    return True


def _check_form(applied: old_form.Applied, executor: MigrationExecutor) -> None:
    """Raises BackupError unless the database is empty or of today's form."""
    if old_form.is_older_still(applied):
        raise BackupError(
            "The database is of an older form than can be carried over. Start the last NewsDiffs before "
            "0.1.0 with it once (git checkout 4579d21), then try again. Nothing was changed."
        )
    known = executor.loader.disk_migrations or {}
    if any(app == old_form.APP and (app, name) not in known for app, name in applied):
        raise BackupError("The database was made by a newer NewsDiffs. Nothing was changed.")
    if (old_form.APP, old_form.SQUASHED[-1]) not in applied:
        raise BackupError("There is no database of NewsDiffs to carry over. Nothing was changed.")


def _path_of_backup() -> Path:
    return Path(settings.DATA_DIR) / f"before-carry-over-{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"


def _rename(old: ProjectState, squashed: ProjectState) -> None:
    """Everything in the database, in one transaction."""
    with connection.schema_editor(atomic=True) as editor:
        if connection.vendor == "postgresql":
            editor.execute("SET LOCAL statement_timeout = 0")
        state = old
        for operation in old_form.renamings():
            after = state.clone()
            operation.state_forwards(old_form.APP, after)
            operation.database_forwards(old_form.APP, editor, state, after)
            state = after
        _rename_migrations()
        old_form.rename_in_rows(squashed.apps)


def _rename_migrations() -> None:
    recorder = MigrationRecorder(connection)
    for name in old_form.OLD_MIGRATIONS:
        recorder.record_unapplied(old_form.APP, name)
    for name in old_form.SQUASHED:
        recorder.record_applied(old_form.APP, name)


def _put_queue_right(broker: Broker) -> None:
    """Name the functions of queued tasks as they are called today, and drop those that are gone.

    Whoever is killed here loses nothing: the queue is a hint, and what is due is found again in the database.
    """
    if settings.REDIS_URL:
        for package in broker.connection.lrange(broker.list_key, 0, -1):
            task = _old_task(package.decode())
            if task is None:
                continue
            broker.connection.lrem(broker.list_key, 1, package)
            if not old_form.is_gone(task["func"]):
                broker.enqueue(_renamed(task))
        return
    for queued in OrmQ.objects.filter(key=broker.list_key):
        task = _old_task(queued.payload)
        if task is None:
            continue
        if old_form.is_gone(task["func"]):
            queued.delete()
        else:
            OrmQ.objects.filter(pk=queued.pk).update(payload=_renamed(task))


def _old_task(package: str) -> dict[str, Any] | None:
    """The task in the signed *package*, when it calls what is called otherwise today or is gone."""
    try:
        task: dict[str, Any] = SignedPackage.loads(package)
    except BadSignature:
        return None  # of another SECRET_KEY: the worker throws it away
    function = task["func"]
    if not isinstance(function, str):
        return None
    return task if old_form.is_gone(function) or old_form.task_today(function) != function else None


def _renamed(task: dict[str, Any]) -> str:
    """*task*, signed, with the function that it calls today."""
    return str(SignedPackage.dumps({**task, "func": old_form.task_today(task["func"])}))
