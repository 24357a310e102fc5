"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from django_q.brokers import get_broker
from hypothesis import settings

from articles.takedown import journal, purging
from tests import fast_flush

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


@pytest.fixture(autouse=True)
def _one_reader_s_language_is_not_the_next_one_s() -> Iterator[None]:
    """A request leaves its language active in the thread, where the next test may ask for no other."""
    yield
    translation.deactivate()
