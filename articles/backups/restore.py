"""Restoring a backup: all of it or nothing.

On SQLite a new file is built beside the database and put in its place when it is whole; on PostgreSQL it is
one transaction. A backup made by an older version goes into an empty database with the tables of that
version, which are then brought up to date; one from before 0.1.0 has its columns renamed on the way.
"""

import os
import sqlite3
from binascii import a2b_base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from articles.backups import old_form
from articles.backups.archive import DAMAGE, BackupError, Manifest, Reader
from articles.backups.indexes import indexes_last
from newsdiffs.runner.lock import nothing_runs

_Read = Callable[[Any], Any]

BATCH_ROWS = 50
"""Written by one statement on SQLite. A kept page may have a megabyte."""

_MANY_ROWS = 10_000
"""Of a table that take a moment to write, so that it is said."""


Say = Callable[[str], object]


def restore(
    path: Path, *, force: bool = False, stopped: bool = False, say: Say = lambda line: None
) -> Manifest:
    """Replace all data by those of the backup *path*.

    Raises BackupError, with the data as they were, when the file is damaged or of a newer version, when
    NewsDiffs runs, when there are data already and not *force*, or when the database refuses.
    *stopped*: the caller sees to it that NewsDiffs does not run. *say* is told what is being done.
    """
    with Reader(path) as archive, nullcontext() if stopped else nothing_runs():
        say("Reading the backup ...")
        archive.verify()
        _check_version(archive.manifest)
        if not force and _holds_data():
            raise BackupError(
                "There are data here already. To replace them by the backup's, add --force."
                " Nothing was changed."
            )
        try:
            _take_the_time_it_needs()
            if settings.SQLITE:
                with _file_in_place_of(Path(settings.DATABASES["default"]["NAME"])):
                    _fill_new(archive, say)
            elif connection.introspection.table_names():
                _replace_rows(archive, say)
            else:
                _fill_new(archive, say)
        except DatabaseError as problem:
            why = str(problem).partition("\n")[0]
            raise BackupError(f"The database refused the backup ({why}). Nothing was changed.") from problem
        except (*DAMAGE, ValidationError) as problem:
            # Whole as a file, but its rows are none of ours.
            raise archive.damaged(problem) from problem
        return archive.manifest


def _check_version(manifest: Manifest) -> None:
    known = MigrationExecutor(None).loader.disk_migrations
    if _migrations(manifest) - set(known or ()):
        raise BackupError(
            f"The backup was made by NewsDiffs {manifest.version}, which has tables this version does not "
            "know. Restore it with that version or a newer one. Nothing was changed."
        )


def _migrations(manifest: Manifest) -> set[tuple[str, str]]:
    """Those that make the backup's tables; for one from before 0.1.0, those they were squashed into."""
    applied = set(manifest.migrations)
    return old_form.todays(applied) if old_form.is_old(applied) else applied


def _holds_data() -> bool:
    """Whether there is a source: the first start makes the tables and the administrator, and no more."""
    if settings.SQLITE and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return False
    try:
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            if "articles_source" not in tables:
                return bool(tables)
            cursor.execute("SELECT 1 FROM articles_source LIMIT 1")
            return cursor.fetchone() is not None
    except sqlite3.DatabaseError:
        return True
    except DatabaseError:
        if settings.SQLITE:
            return True  # a file we can't read may be worth something to somebody
        raise


@contextmanager
def _file_in_place_of(database: Path) -> Iterator[None]:
    """A new SQLite database for what is done inside; it takes *database*'s place when that went well.

    What it replaces is kept as `<name>.before-restore`.
    """
    fresh = database.with_name(f"{database.name}.restoring")
    _remove(fresh)
    connection.close()
    connection.settings_dict["NAME"] = str(fresh)
    try:
        yield
        connection.close()  # writes the log into the file
        _keep_old(database)
        os.replace(fresh, database)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(database)
        _remove(fresh)


def _keep_old(database: Path) -> None:
    if not database.exists():
        return
    with suppress(sqlite3.DatabaseError):  # not a database: kept as it is
        old = sqlite3.connect(database)
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        old.close()
    kept = database.with_name(f"{database.name}.before-restore")
    _remove(kept)
    os.link(database, kept)
    for log in ("-wal", "-shm"):  # the old file's: they must not meet the new one
        database.with_name(database.name + log).unlink(missing_ok=True)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _take_the_time_it_needs() -> None:
    """Let a statement of this session last as long as it will, as making one large index does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET maintenance_work_mem = '256MB'")


def _fill_new(archive: Reader, say: Say) -> None:
    """Make the backup's tables in an empty database, fill them, and bring them up to date.

    Nobody sees rows that were taken down since the backup was made, even if this is killed: SQLite's file
    comes in place at the end, and PostgreSQL gets rows and takedowns in one transaction. Only where the
    tables of the backup are older than today's, such rows stay until a killed restore is begun again.
    """
    executor = MigrationExecutor(connection)
    targets = last_of_each_app(_migrations(archive.manifest), executor)
    executor.migrate(targets)
    at_once = not settings.SQLITE and set(targets) == set(executor.loader.graph.leaf_nodes())
    with transaction.atomic():
        _load(archive, executor.loader.project_state(targets).apps, say)
        if at_once:
            _make_index(archive.manifest, say)
    call_command("migrate", interactive=False, verbosity=0)
    if not at_once:
        _make_index(archive.manifest, say)


def _replace_rows(archive: Reader, say: Say) -> None:
    """Replace the rows of a database whose tables are those of the backup."""
    executor = MigrationExecutor(connection)
    if set(executor.loader.applied_migrations) != _migrations(archive.manifest):
        raise BackupError(
            f"The backup was made by NewsDiffs {archive.manifest.version}, whose tables are not those of "
            "this database. Restore it into a new, empty database. Nothing was changed."
        )
    apps = executor.loader.project_state(last_of_each_app(_migrations(archive.manifest), executor)).apps
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in connection.ops.sql_flush(no_style(), tables, allow_cascade=True):
            cursor.execute(statement)
        _load(archive, apps, say)
        _make_index(archive.manifest, say)


def _make_index(manifest: Manifest, say: Say) -> None:
    """Make the search index of what was loaded, as no backup holds it, without what was purged since then.

    What was hidden since then is hidden again.
    """
    # Their models can't be imported before Django is set up, as this package is.
    from articles import search, takedown

    search.clear()
    takedown.bury_again()  # before its words come into the index
    takedown.hide_again(datetime.fromisoformat(manifest.made))
    with transaction.atomic(), indexes_last([search.TABLE]):
        search.build(_of_tenths(say))
        say("Sorting the search index ...")
    search.catch_up()


def _of_tenths(say: Say) -> Callable[[int, int], object]:
    """What tells *say* of each tenth of the articles that is done."""
    tenths = 0

    def done(articles: int, total: int) -> None:
        nonlocal tenths
        if (now := 10 * articles // total) > tenths:
            tenths = now
            say(f"Words of {articles} of {total} articles are in the search index ...")

    return done


def last_of_each_app(applied: old_form.Applied, executor: MigrationExecutor) -> list[tuple[str, str]]:
    """Of the migrations *applied*, those that nothing of their own app was built on."""
    graph = executor.loader.graph
    nodes = [node for node in sorted(applied) if node in graph.nodes]
    return [
        node
        for node in nodes
        if not any(
            child.key in applied and child.key[0] == node[0] for child in graph.node_map[node].children
        )
    ]


def _load(archive: Reader, apps: Any, say: Say) -> None:
    """Fill the tables. Foreign keys are looked at when the transaction ends, so any order will do."""
    is_old = old_form.is_old(archive.manifest.migrations)
    filled = [
        apps.get_model(old_form.model_today(table.model) if is_old else table.model)
        for table in archive.manifest.tables
    ]
    with indexes_last({model._meta.db_table for model in filled}):
        for table, model in zip(archive.manifest.tables, filled, strict=True):
            columns = old_form.columns_today(table.model, table.columns) if is_old else table.columns
            if table.rows >= _MANY_ROWS:
                say(f"Writing {table.rows} rows of {table.model} ...")
            _fill(model, columns, archive.rows(table))
        say("Making the indexes ...")
    if is_old:
        old_form.rename_in_rows(apps)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)


def _fill(model: type[models.Model], columns: list[str], rows: Iterator[tuple[list[Any], int]]) -> None:
    """Write *rows* of the file, each with its length, into the table of *model*, whose names are *columns*.

    The rows go to the database as they are: an object of each takes twice as long.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    readers = [_reader(fields[column]) for column in columns]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in _others(fields, columns)]
    written = [fields[column] for column in columns] + _others(fields, columns)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in written)
    table = connection.ops.quote_name(model._meta.db_table)
    values = (
        [*(read(value) for read, value in zip(readers, row, strict=True)), *defaults] for row, _ in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Errors of COPY are not turned into Django's by its cursor.
            copying = cursor.copy(f"COPY {table} ({names}) FROM STDIN")
            with connection.wrap_database_errors, copying as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(written))
            while batch := list(islice(values, BATCH_ROWS)):
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)  # noqa: S608


def _others(
    fields: "dict[str, models.Field[Any, Any]]", columns: list[str]
) -> "list[models.Field[Any, Any]]":
    """The fields that are not among *columns*."""
    return [field for name, field in fields.items() if name not in columns]


def _reader(field: "models.Field[Any, Any]") -> _Read:
    """What turns a value of the file into one that the database takes for *field*."""
    if isinstance(field, models.JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    for fields, quick_reader in _QUICK_READERS:
        if isinstance(kind, fields):
            return quick_reader(_in_full(field))
    return _in_full(field)


def _in_full(field: "models.Field[Any, Any]") -> _Read:
    """Any value, as the field itself would read it: ten times as slow."""
    return lambda value: None if value is None else field.get_db_prep_save(field.to_python(value), connection)


def _as_it_is(kind: type) -> Callable[[_Read], _Read]:
    """For values of *kind*, which the database takes; the others are read in full."""
    return lambda in_full: lambda value: value if value.__class__ is kind else in_full(value)


def _moment(in_full: _Read) -> _Read:
    adapted = connection.ops.adapt_datetimefield_value

    def read(value: Any) -> Any:
        if value.__class__ is str:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return adapted(moment)
        return in_full(value)

    return read


def _bytes(in_full: _Read) -> _Read:
    return lambda value: a2b_base64(value) if value.__class__ is str else in_full(value)


_QUICK_READERS: tuple[tuple[tuple[type, ...], Callable[[_Read], _Read]], ...] = (
    ((models.BooleanField,), _as_it_is(bool)),
    ((models.IntegerField,), _as_it_is(int)),
    ((models.CharField, models.TextField), _as_it_is(str)),
    ((models.DateTimeField,), _moment),
    ((models.BinaryField,), _bytes),
)
"""By the kind of field how its usual values are read."""
