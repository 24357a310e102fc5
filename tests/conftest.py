"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from django_q.brokers import get_broker
from hypothesis import settings

from articles.takedown import journal, purging
from tests import fast_flush
from tests.running import set_up

# Timings belong in benchmarks: a slow machine fails no test.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")
fast_flush.install()


@pytest.fixture
def empty_queue() -> Iterator[None]:
    """The queue without what another test left in it."""
    get_broker().purge_queue()
    yield
    get_broker().purge_queue()


@pytest.fixture
def no_list_of_purged() -> Iterator[None]:
    """The files of what was purged and hidden are of this test alone."""
    yield
    purging.list_of_purged().unlink(missing_ok=True)
    journal.journal().unlink(missing_ok=True)


@pytest.fixture(scope="session")
def shared_by_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder if worker_id == "master" else folder.parent


@pytest.fixture(scope="session")
def set_up_once(shared_by_workers: Path) -> Path:
    """The data folder of an installation after its first `manage.py setup`: not to be changed."""
    return set_up.on_sqlite(shared_by_workers)


@pytest.fixture(scope="session")
def set_up_on_postgresql(shared_by_workers: Path, set_up_once: Path) -> Iterator[set_up.OnPostgreSQL]:
    """The same on PostgreSQL: its database is there to be copied."""
    with set_up.on_postgresql(shared_by_workers, set_up_once) as made:
        yield made


@pytest.fixture
def set_up_folder(tmp_path: Path, set_up_once: Path) -> Path:
    """The folder of an `Installation` that `manage.py setup` made ready."""
    set_up.copy_data(set_up_once, tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _one_reader_s_language_is_not_the_next_one_s() -> Iterator[None]:
    """A request leaves its language active in the thread, where the next test may ask for no other."""
    yield
    translation.deactivate()
