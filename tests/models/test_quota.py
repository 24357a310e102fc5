"""Quotas: never more than promised, whoever asks at once, whatever the clock does."""

import re
from unittest import mock

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.models import quota as quotas
from articles.models.quota import Quota, QuotaUse


class Clock:
    def __init__(self, monkeypatch):
        self.now = 1_000_000.0
        monkeypatch.setattr(quotas, "unix_time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


QUOTA = Quota("a test", most=3, seconds=60)


@pytest.mark.django_db
def test_uses_come_back_one_by_one(clock):
    assert [QUOTA.use("ann") for _ in range(4)] == [0, 0, 0, 20]
    clock.now += 15
    assert QUOTA.use("ann") == 5
    clock.now += 5
    assert [QUOTA.use("ann") for _ in range(2)] == [0, 20]
    clock.now += 60
    assert [QUOTA.use("ann") for _ in range(4)] == [0, 0, 0, 20]


@pytest.mark.django_db
def test_each_visitor_and_each_quota_is_counted_apart(clock):
    assert [QUOTA.use("ann") for _ in range(4)][-1]
    assert QUOTA.use("ben") == 0
    assert Quota("another", 3, 60).use("ann") == 0


@pytest.mark.django_db
def test_a_visitor_is_forgotten_on_demand(clock):
    assert [QUOTA.use("ann") for _ in range(4)][-1]
    QUOTA.forget("ann")
    assert QUOTA.use("ann") == 0


@pytest.mark.django_db
def test_a_clock_set_back_locks_nobody_out(clock):
    for _ in range(4):
        QUOTA.use("ann")
    clock.now -= 365 * 86_400
    assert [QUOTA.use("ann") for _ in range(4)] == [0, 0, 0, 20]


@pytest.mark.django_db
def test_what_has_run_out_is_pruned_and_no_address_is_kept(clock):
    QUOTA.use("203.0.113.7")
    clock.now += 10
    QUOTA.use("203.0.113.8")
    assert all(re.fullmatch("[0-9a-f]{64}", row.key) for row in QuotaUse.objects.all())
    clock.now += 15
    assert QuotaUse.prune() == 1
    assert QuotaUse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")
def test_what_is_written_afterwards_is_as_safe_as_before(clock):
    def ask(name):
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {name}").fetchone()

    names = ("synchronous", "busy_timeout")
    before = [ask(name) for name in names]
    assert before == [(2,), (20_000,)]
    QUOTA.use("ann")
    assert [ask(name) for name in names] == before


class Invariants(TestCase):
    @given(
        st.integers(1, 10),
        st.floats(0.5, 100),
        st.lists(st.floats(0, 50), min_size=1, max_size=30),
    )
    def test_no_stretch_of_time_has_more_than_its_share(self, most, seconds, pauses):
        quota, now, granted = Quota("invariant", most, seconds), 1_000_000.0, []
        QuotaUse.objects.all().delete()
        with mock.patch.object(quotas, "unix_time") as clock:
            for pause in pauses:
                now += pause
                clock.return_value = now
                if quota.use("ann") == 0:
                    granted.append(now)
        for first, start in enumerate(granted):
            for last, end in enumerate(granted[first:], first):
                assert last - first + 1 <= most + (end - start) / (seconds / most) + 1e-6
