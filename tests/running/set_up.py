"""Installations as `manage.py setup` leaves them: made once for all workers of a run, and copied by tests.

Making one takes longer than most of what is done with it: all migrations, and every static file compressed.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import services
from tests.running.installation import Installation


@dataclass(frozen=True)
class OnPostgreSQL:
    """An installation that was set up, and that nobody runs: its data folder, and its database's name."""

    data: Path
    database: str


def copy_data(data: Path, folder: Path) -> None:
    """Give the installation in *folder* a copy of the data folder *data*."""
    shutil.copytree(data, folder / "data", copy_function=shutil.copy2)


def copy_static_files(data: Path, folder: Path) -> None:
    """Spare the one in *folder* their collection, which takes longer than all else of a first start."""
    shutil.copytree(data / "static", folder / "data/static", copy_function=shutil.copy2)


def on_sqlite(shared: Path) -> Path:
    """The data folder of the one that all workers share; *shared* is a folder of theirs."""
    with _alone(shared / "set-up.lock"):
        return _made_once(shared / "set-up", _set_up) / "data"


@contextmanager
def on_postgresql(shared: Path, data: Path) -> Iterator[OnPostgreSQL]:
    """The one that all workers share, while any of them uses it; *data* is that of the one on SQLite."""
    making, made = shared / "set-up-postgresql.lock", shared / "set-up-postgresql"
    with (shared / "set-up-postgresql.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _alone(making):
            _made_once(made, lambda folder: _set_up_on_postgresql(folder, data))
        yield OnPostgreSQL(made / "data", (made / "database").read_text())
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # the last one tidies up
        services.drop_database((made / "database").read_text())
        shutil.rmtree(made)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _made_once(made: Path, make: Callable[[Path], None]) -> Path:
    if not made.exists():
        making = Path(tempfile.mkdtemp(dir=made.parent))
        make(making)
        making.rename(made)  # whole, or not there
    return made


def _set_up(folder: Path, **environment: str) -> None:
    done = Installation(folder, **environment).manage("setup")
    assert done.returncode == 0, done.stderr


def _set_up_on_postgresql(folder: Path, data: Path) -> None:
    copy_static_files(data, folder)
    name = services.create_database()
    (folder / "database").write_text(name)
    _set_up(folder, DATABASE_URL=services.address_of(name))
