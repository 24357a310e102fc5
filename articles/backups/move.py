"""Moving to another database, from SQLite to PostgreSQL or back: a backup, a restore, and a comparison.

The settings of a process name one database. So what is done in the other one is done by a process of its own
(`python -m articles.backups`), which has the other one's DATABASE_URL.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url
from django.conf import settings
from django.db import connection

from articles.backups.archive import BackupError, Manifest, Reader
from articles.backups.backup import back_up
from newsdiffs.runner.lock import nothing_runs

NOTHING_CHANGED = "Nothing was changed."


def move(url: str, *, force: bool = False, say: Callable[[str], object] = lambda line: None) -> Manifest:
    """Copy everything from the database in use to that of *url*, and make sure that it came whole.

    The database in use stays as it is. *say* is told what is being done. Raises BackupError when the other
    one holds data and not *force*, when anybody still uses this one, or when the copy is not the same.
    """
    url = checked_url(url)
    with nothing_runs(), TemporaryDirectory(prefix="moving-", dir=settings.DATA_DIR) as folder:
        check_unused()
        here, there = Path(folder, "here.zip"), Path(folder, "there.zip")
        say("Reading this database ...")
        manifest = back_up(here)
        say(f"Writing {shown(url)} ...")
        _in_other(url, "restore", str(here), *(["--force"] if force else []))
        say("Comparing the two ...")
        _in_other(url, "backup", str(there))
        _compare(here, there)
    return manifest


def checked_url(url: str) -> str:
    """*url*, made absolute if it names a file. Raises BackupError unless it names another database."""
    try:
        there = dict(dj_database_url.parse(url))
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as problem:
        raise BackupError(f"{shown(url)} can't be read ({problem}). {NOTHING_CHANGED}") from problem
    if not str(there["ENGINE"]).endswith(("sqlite3", "postgresql")):
        raise BackupError(f"The address must begin with sqlite:// or postgres://. {NOTHING_CHANGED}")
    if str(there["ENGINE"]).endswith("sqlite3"):
        file = str(Path(str(there["NAME"])).resolve())
        there["NAME"], url = file, f"sqlite:///{quote(file)}"
    if _which(there) == _which(settings.DATABASES["default"]):
        raise BackupError(f"{shown(url)} is the database in use. {NOTHING_CHANGED}")
    return url


def shown(url: str) -> str:
    """*url* without its password."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, host = parts.username or "", parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:***@{host}"))


def _which(database: dict[str, Any]) -> tuple[str, ...]:
    if database["ENGINE"].endswith("sqlite3"):
        return ("sqlite", str(Path(database["NAME"]).resolve()))
    return ("postgresql", database["NAME"], database.get("HOST") or "", str(database.get("PORT") or 5432))


def check_unused() -> None:
    """Raises BackupError when others use the database: the lock tells of this machine only."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        ((others,),) = cursor.fetchall()
    if others:
        raise BackupError(
            f"Somebody else uses the database ({others} connections). Stop the site and the workers on every "
            f"machine first, as what they write meanwhile would be missing. {NOTHING_CHANGED}"
        )


def _in_other(url: str, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL_FILE"}
    environment |= {
        "DATABASE_URL": url,
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "newsdiffs.settings",
    }
    done = subprocess.run(  # noqa: S603  (the command is our own)
        [sys.executable, "-m", "articles.backups", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(done.stderr.strip() or f"it ended with code {done.returncode}. {NOTHING_CHANGED}")


def _compare(here: Path, there: Path) -> None:
    """Raises BackupError unless both backups hold the same rows."""
    with Reader(here) as left, Reader(there) as right:
        copies = {table.model: table for table in right.manifest.tables}
        for table in left.manifest.tables:
            if left.fingerprint(table) != right.fingerprint(copies[table.model]):
                raise BackupError(
                    f"The copy of {table.model} is not the same: {table.rows} rows here, "
                    f"{copies[table.model].rows} there. Go on with this database; it is as it was."
                )
