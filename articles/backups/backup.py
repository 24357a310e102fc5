"""Making a backup: every table as it stood at one instant, while others go on writing."""

import base64
import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from articles.backups.archive import BackupError, Manifest, Writer
from newsdiffs import __version__

LEFT_OUT = {"sessions", "django_q", "articles.quotause"}  # apps, and single models
ROWS_AT_ONCE = 50  # a captured page may have a megabyte


def back_up(path: Path) -> Manifest:
    """Write all data to *path*, which appears when it is whole. Raises BackupError."""
    migrations = sorted(MigrationRecorder(connection).applied_migrations())
    return back_up_models(path, apps.get_models(include_auto_created=True), migrations)


def back_up_models(
    path: Path, tables: Iterable[type[models.Model]], migrations: list[tuple[str, str]]
) -> Manifest:
    """Write to *path* the data of the models *tables*, which are those of a database at *migrations*.

    What no backup keeps is left out. Raises BackupError.
    """
    made = timezone.now().isoformat()  # before anything is read: what is hidden from now on may be missing
    try:
        with Writer(path) as archive, _one_instant():
            for model in filter(_is_kept, tables):
                columns = [field.attname for field in model._meta.concrete_fields]
                archive.add(model._meta.label_lower, columns, _lines(model, columns))
            return archive.finish(__version__, made, migrations)
    except OSError as problem:
        raise BackupError(f"{path} can't be written: {problem.strerror}.") from problem


def _is_kept(model: type[models.Model]) -> bool:
    return (
        model._meta.managed
        and not model._meta.proxy
        and LEFT_OUT.isdisjoint({model._meta.app_label, model._meta.label_lower})
    )


@contextmanager
def _one_instant() -> Iterator[None]:
    """All that is read inside is of one instant, and nobody waits for us."""
    if connection.vendor == "sqlite":
        # A plain BEGIN reads one snapshot of the write-ahead log; Django's atomic() would lock out writers.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
            yield


def _lines(model: type[models.Model], columns: list[str]) -> Iterator[str]:
    rows = model._base_manager.order_by("pk").values_list(*columns)
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        # Sorted, as PostgreSQL does not keep the order in which a JSON object was written.
        yield json.dumps(row, default=_as_text, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _as_text(value: object) -> str:
    """What JSON has no form for; the field's to_python() reads it back."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} has no form in a backup")
