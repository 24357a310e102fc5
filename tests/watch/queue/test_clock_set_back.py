"""The clock is set back or forward, or the machine was off: nothing waits for ever, nothing comes twice."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule

from articles.models import Article, Feed, Heartbeat, Host, Source, Version
from articles.watch.crawl.decaying_schedule import Pace
from articles.watch.queue import clock_set_back
from articles.watch.queue.dispatch import dispatch
from articles.watch.queue.periodic_tasks import install_schedules
from newsdiffs.runner import processes
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


@contextmanager
def clock_at(moment):
    """The wall clock stands at *moment* and goes on from there; everything asks django.utils.timezone."""
    began, real = timezone.now(), timezone.now
    with patch.object(timezone, "now", lambda: moment + (real() - began)):
        yield


def ahead():
    """How far ahead the furthest time lies for which something waits."""
    times = [
        *Host.objects.values_list("next_allowed", flat=True),
        *Host.objects.exclude(paused_until=None).values_list("paused_until", flat=True),
        *Article.objects.exclude(next_check_at=None).values_list("next_check_at", flat=True),
        *Feed.objects.values_list("next_check_at", flat=True),
        *Schedule.objects.filter(name="dispatch").values_list("next_run", flat=True),
    ]
    return max(times) - timezone.now()


@pytest.fixture
def watched(site, source, seen):
    Source.objects.update(floor_seconds=900, ceiling_seconds=86_400, feed_seconds=900)
    Feed.objects.create(source=source, address=f"{site.url}/feed")
    install_schedules()
    dispatch()
    get_broker().purge_queue()
    Host.objects.update(lease_token=None, lease_until=None)
    return seen


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=365)], ids=["an hour", "a year"])
def test_a_clock_set_back_lets_nothing_wait_for_the_old_time(site, check, watched, jump):
    check()
    with clock_at(timezone.now() - jump):
        assert ahead() > jump
        dispatch()
        assert ahead() <= timedelta(minutes=30)
        assert Heartbeat.seconds_since("dispatch") < 60
        Article.objects.update(next_check_at=timezone.now())
        assert check().outcome.value == "unchanged"


def times_waited_for():
    return [
        *Host.objects.values_list("next_allowed", flat=True),
        *Article.objects.values_list("next_check_at", flat=True),
        *Schedule.objects.order_by("pk").values_list("next_run", flat=True),
    ]


def test_two_dispatchers_that_notice_at_once_bring_back_once(watched):
    Host.objects.update(next_allowed=timezone.now() + timedelta(hours=5))
    with clock_at(timezone.now() - timedelta(hours=2)):
        late = Heartbeat.objects.filter(name="dispatch")
        old, brought_back = Heartbeat.objects.get(name="dispatch"), []

        def read_before_the_other_wrote(self):
            """The second's heartbeat was read while the first worked."""
            if not brought_back:
                brought_back.append(True)
                clock_set_back.bring_back()
                brought_back.append(times_waited_for())
            return old

        with patch.object(type(late), "first", read_before_the_other_wrote):
            clock_set_back.bring_back()
        assert times_waited_for() == brought_back[1]
        assert timedelta(hours=4) < brought_back[1][0] - timezone.now() < timedelta(hours=6)


def test_two_dispatches_in_a_row_bring_back_once(watched):
    with clock_at(timezone.now() - timedelta(hours=2)):
        clock_set_back.bring_back()
        times = times_waited_for()
        clock_set_back.bring_back()
        assert times_waited_for() == times


def test_an_error_brings_nothing_back_by_halves(watched, monkeypatch):
    with clock_at(timezone.now() - timedelta(hours=2)):
        times = times_waited_for()
        with monkeypatch.context() as broken:
            broken.setattr(clock_set_back, "_cut", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                clock_set_back.bring_back()
        assert times_waited_for() == times
        clock_set_back.bring_back()
        assert max(times_waited_for()) < max(times)


def test_a_lease_from_before_the_clock_was_set_back_does_not_hold(watched):
    token = Article.objects.claim(watched.pk, timezone.now(), 120)
    assert token is not None
    with clock_at(timezone.now() - timedelta(hours=2)):
        assert Article.objects.claim(watched.pk, timezone.now(), 120) is not None


def test_clocks_of_two_machines_may_differ_a_little(watched):
    before = Article.objects.get().next_check_at
    with clock_at(timezone.now() - timedelta(minutes=1)):
        dispatch()
    assert Article.objects.get().next_check_at == before


def test_the_supervisor_wakes_a_dispatcher_that_waits_for_the_old_time(watched):
    with clock_at(timezone.now() - timedelta(hours=1)):
        assert not processes._worker_hangs(1000.0)
        assert get_broker().queue_size() == 1


def test_a_year_forward_retires_nothing_and_checks_once(site, check, watched):
    with clock_at(timezone.now() + timedelta(days=365)):
        assert Article.objects.due(timezone.now()).count() == 1
        assert check().outcome.value == "unchanged"
        article = Article.objects.get()
        assert article.state == Article.State.WATCHED
        assert article.next_check_at > timezone.now()
        assert Article.objects.due(timezone.now()).count() == 0
        assert Version.objects.count() == 1


def test_a_year_forward_and_back_again_leaves_all_watched(site, check, watched):
    with clock_at(timezone.now() + timedelta(days=365)):
        Heartbeat.beat("dispatch")
        Article.objects.update(last_checked=timezone.now())  # it was looked at twice, long enough apart
        check()
        assert Article.objects.get().state == Article.State.RETIRED
    dispatch()
    Host.objects.update(lease_token=None, lease_until=None)  # for the visit that it may have queued
    article = Article.objects.get()
    assert article.state == Article.State.WATCHED
    assert article.next_check_at <= timezone.now()
    assert article.last_checked <= timezone.now()
    site.pages[PATH] = Page(story_page(paragraphs=(*SENTENCES, "The botanist came on the ferry at noon.")))
    assert check().outcome.value == "new-version"


def test_a_week_switched_off_is_not_replayed(site, check, watched, source):
    """One check each, however many were missed; none forgotten."""
    with clock_at(timezone.now() + timedelta(days=7)):
        dispatch()
        assert get_broker().queue_size() == 1
        get_broker().purge_queue()
        Host.objects.update(lease_token=None, lease_until=None)
        asked = site.paths().count(PATH)
        assert check().outcome.value == "unchanged"
        assert site.paths().count(PATH) == asked + 1
        assert Article.objects.get().next_check_at > timezone.now()


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_daylight_saving_makes_no_wait_longer_or_shorter(day, monkeypatch):
    pace = Pace()
    for hour in range(24):
        now = day + timedelta(hours=hour)
        assert pace.next_check(now, now - timedelta(hours=2)) == now + timedelta(minutes=24)
    with timezone.override("Europe/Berlin"):
        assert timezone.now().tzinfo == UTC
