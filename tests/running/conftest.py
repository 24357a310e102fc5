"""Installations to drive: new ones, and ones that were set up before."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A new one: nothing was made yet."""
    made = Installation(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data folder of an installation after its first `manage.py setup`, made once for all workers."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    with (folder / "set-up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "set-up"
        if not made.exists():
            making = Path(tempfile.mkdtemp(dir=folder))
            done = Installation(making).manage("setup")
            assert done.returncode == 0, done.stderr
            making.rename(made)  # whole, or not there
    return made / "data"


@pytest.fixture
def ready(tmp_path: Path, set_up_once: Path) -> Iterator[Installation]:
    """One that `manage.py setup` made ready."""
    shutil.copytree(set_up_once, tmp_path / "data", copy_function=shutil.copy2)
    made = Installation(tmp_path)
    yield made
    made.close()
