"""Before anything runs: checks that say in one line what is wrong, then all that a first start makes.

Every step may be done again: a second start finds its work done and is silent.
"""

import errno
import hashlib
import logging
import os
import socket
import sqlite3
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core import checks
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from articles.backups import old_form
from newsdiffs import environment
from newsdiffs.checks import TAG

logger = logging.getLogger(__name__)

ADMIN = "admin"
PORT_PATIENCE = 3.0  # seconds: a site that was killed a moment ago still holds its port


class CannotStart(Exception):
    """Something outside the program is not as it must be; the text says what, and what to do."""


def admin_password_path() -> Path:
    return Path(settings.DATA_DIR) / "admin-password"


# --- Checks


def check_data_dir() -> None:
    """Raises CannotStart unless files can be made in DATA_DIR."""
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.DATA_DIR):
            pass
    except OSError as problem:
        raise CannotStart(
            f"{settings.DATA_DIR} can't be written: {problem.strerror}. "
            "Make DATA_DIR a folder this user can write to."
        ) from problem


def check_database() -> None:
    """Raises CannotStart unless the database answers and may be written."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
                cursor.execute("ROLLBACK")
            else:
                cursor.execute("SELECT 1")
    except DatabaseError as problem:
        if not _is_being_written(problem):
            raise unusable(problem) from problem


def unusable(problem: DatabaseError) -> CannotStart:
    """What to raise where the database fails before anything runs, with what to do about it."""
    # The library's code of the error, as SQLite's words may change.
    code = getattr(problem.__cause__, "sqlite_errorname", "")
    advice = next((told for begin, told in _SQLITE_ADVICE.items() if code.startswith(begin)), "")
    return CannotStart(
        f"{_database_name()} can't be used: {_first_line(problem)}. {advice or _database_advice()}"
    )


def _is_being_written(problem: DatabaseError) -> bool:
    """Whether *problem* says that another process is writing to SQLite's file: so it can be written."""
    return getattr(problem.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def check_settings() -> None:
    """Raises CannotStart for what `newsdiffs.checks` calls an error, and logs what it warns of."""
    for message in checks.run_checks(tags=[TAG], include_deployment_checks=True):
        said = f"{message.msg} {message.hint}"
        if message.is_serious():
            raise CannotStart(said)
        logger.warning(said)


def check_redis() -> None:
    """Raises CannotStart when REDIS_URL is set and nothing answers there."""
    if not settings.REDIS_URL:
        return
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5).ping()
    except (redis.RedisError, ValueError) as problem:
        raise CannotStart(
            f"Redis (REDIS_URL) can't be reached: {_first_line(problem)}. "
            "Start it, or correct REDIS_URL, or unset it: the database then holds the queue."
        ) from problem


def check_migrations() -> None:
    """Raises CannotStart unless the database has just the tables this version works with."""
    loader = MigrationLoader(connection)
    _check_form(loader)
    if missing := _missing_migrations(loader):
        raise CannotStart(
            f"The database is not ready: {len(missing)} migrations are missing. Run: python manage.py setup "
            "(with containers: docker compose run --rm migrate)."
        )


def _missing_migrations(loader: MigrationLoader) -> set[tuple[str, str]]:
    return set(loader.graph.nodes) - set(loader.applied_migrations)


def check_port() -> None:
    """Raises CannotStart unless the site can listen at BIND:PORT."""
    patience = time.monotonic() + PORT_PATIENCE
    while problem := _listening_problem(settings.BIND, settings.PORT):
        if problem.errno != errno.EADDRINUSE or time.monotonic() > patience:
            raise CannotStart(_port_advice(problem))
        time.sleep(0.2)


def port_is_free(address: str, port: int) -> bool:
    return _listening_problem(address, port) is None


def _listening_problem(address: str, port: int) -> OSError | None:
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as problem:
        return problem
    return None


def _port_advice(problem: OSError) -> str:
    place = f"port {settings.PORT} on {settings.BIND}"
    if problem.errno == errno.EADDRINUSE:
        return f"Something else already listens on {place}. Stop it, or choose another port: PORT=8010 ./run"
    if problem.errno == errno.EACCES:
        return f"This user may not listen on {place}. Choose a port from 1024 up: PORT=8010 ./run"
    return f"The site can't listen on {place}: {problem.strerror}. Correct BIND or PORT."


def _database_name() -> str:
    database = settings.DATABASES["default"]
    if settings.SQLITE:
        return f"The database {database['NAME']}"
    return f"The database {database['NAME']} on {database['HOST'] or 'this machine'}"


_RESTORE = (
    "The file is damaged, or none of SQLite's. Move it away, with those beside it that begin with its name, "
    "and bring back a backup: ./run manage restore FILE."
)
_SQLITE_ADVICE = {
    "SQLITE_CORRUPT": _RESTORE,
    "SQLITE_NOTADB": _RESTORE,
    "SQLITE_FULL": "Make room on its disk, then start again.",
    "SQLITE_BUSY": "Another program holds it: stop that first.",
}
"""What to do by the beginning of SQLite's code of the error."""


def _database_advice() -> str:
    if settings.SQLITE:
        return "Make it and its folder writable for this user, or set DATA_DIR to another folder."
    return "Start PostgreSQL, or correct DATABASE_URL (its host, port, user, password and database)."


def _first_line(problem: Exception) -> str:
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0].rstrip(".")


# --- Preparing


def prepare() -> str | None:
    """Make ready the database, the first admin, the schedules and the static files.

    Returns the admin's password when it was made just now, else None. Raises CannotStart.
    """
    check_data_dir()
    check_database()
    loader = MigrationLoader(connection)
    _check_form(loader)
    if _missing_migrations(loader):
        call_command("migrate", interactive=False, verbosity=0)
    else:  # it would go through the history of all tables to find nothing but what a cut start left undone
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    password = make_admin()
    install_roles()
    install_schedules()
    collect_static()
    return password


def make_admin() -> str | None:
    """Make the account ``admin`` when there is no administrator yet; its password, or None.

    The password is kept (0600) before the account is made, so that a start that is cut short loses neither.
    """
    users = get_user_model()
    if users.objects.filter(is_superuser=True).exists():
        return None
    password = environment.kept_secret(admin_password_path(), size=12)
    users.objects.create_superuser(ADMIN, password=password)
    return password


def install_roles() -> None:
    from articles.admin.accounts import roles

    roles.install()


def install_schedules() -> None:
    from articles.watch.queue import periodic_tasks

    periodic_tasks.install_schedules()


def collect_static() -> None:
    """Copy the static files into DATA_DIR/static, unless these very files were copied before."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = _static_fingerprint()
    with suppress(FileNotFoundError):
        if stamp.read_text("ascii") == wanted:
            return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, "ascii")


def _static_fingerprint() -> str:
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _check_form(loader: MigrationLoader) -> None:
    """Raises CannotStart unless `migrate` can bring the database's tables to those of this version."""
    applied = set(loader.applied_migrations)
    if old_form.is_old(applied) or old_form.is_older_still(applied):
        raise CannotStart(
            "The database has the form from before version 0.1.0. Stop every NewsDiffs that uses it and run: "
            "./run manage carry_over (with containers: docker compose run --rm migrate python manage.py "
            "carry_over)."
        )
    if any(key[0] == old_form.APP and key not in loader.disk_migrations for key in applied):
        raise CannotStart(
            "The database was made by a newer NewsDiffs. Run that version, or use another database."
        )
