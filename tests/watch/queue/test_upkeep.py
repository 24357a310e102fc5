"""What is thrown away at night, and what never is."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_q.models import Task

from articles.models import Heartbeat, QuotaUse, Takedown, Version
from articles.watch.queue import tasks, upkeep
from tests.factories import make_article, make_version

pytestmark = pytest.mark.django_db


def test_what_has_run_out_goes_and_the_record_stays():
    make_version(make_article())
    now = timezone.now()
    for days in (-1, 1):
        Session.objects.create(session_key=f"key{days}", expire_date=now + timedelta(days=days))
    for days in (31, 29):
        at = now - timedelta(days=days)
        Task.objects.create(id=f"task{days}", name="visit", func="f", started=at, stopped=at, success=False)
    for seconds in (-5, 600):
        QuotaUse.objects.create(key=f"visitor{seconds}", whole_at=now.timestamp() + seconds)
    tasks.nightly()
    assert [session.session_key for session in Session.objects.all()] == ["key1"]
    assert [task.pk for task in Task.objects.all()] == ["task29"]
    assert [use.key for use in QuotaUse.objects.all()] == ["visitor600"]
    assert Version.objects.count() == 1
    assert Heartbeat.seconds_since("nightly") < 60


def test_who_asked_for_a_takedown_is_forgotten_a_year_after_it_was_decided():
    now = timezone.now()
    for days in (None, 300, 400):
        decided = now - timedelta(days=days) if days else None
        Takedown.objects.create(address="/", reason="legal", text="x", name="Ann", decided=decided)
    tasks.nightly()
    kept = Takedown.objects.order_by("pk").values_list("text", "name")
    assert [*kept] == [("x", "Ann"), ("x", "Ann"), ("", "")]


@pytest.mark.parametrize("table", ["articles_version", "articles_search"])
def test_the_planner_is_told_of_the_tables(table):
    make_version(make_article())
    upkeep.analyze()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = %s", [table])
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        assert cursor.fetchone()[0] > 0


def test_a_part_that_fails_keeps_no_other_from_being_done(monkeypatch, caplog):
    def broken():
        raise RuntimeError("on purpose")

    QuotaUse.objects.create(key="visitor", whole_at=0)
    monkeypatch.setattr(upkeep, "_PARTS", (broken, upkeep.prune_quotas))
    with pytest.raises(upkeep.UpkeepFailed, match="broken"):
        tasks.nightly()
    assert "on purpose" in caplog.text
    assert not QuotaUse.objects.exists()
    assert Heartbeat.seconds_since("nightly") is None
