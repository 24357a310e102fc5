"""The hours as the watch counts them, and what they add up to."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from articles.health import accept_yield, prune, refresh, tell
from articles.models import Alert, Article, Feed, Health, Host, HourCount, Outcome, QuotaUse, Source
from articles.watch.crawl.our_errors import count_check
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make_source(created=timezone.now() - timedelta(days=60))


@pytest.fixture
def feed(source):
    return Feed.objects.create(
        source=source, address="https://news.example/feed", last_success=timezone.now()
    )


def count(source, *, hours_ago=0, **more):
    HourCount.add(source.pk, timezone.now() - timedelta(hours=hours_ago), **more)


def health(source):
    refresh()
    return Health.objects.get(source=source)


def usual_days(source, articles, days=28):
    for day in range(1, days + 1):
        count(source, hours_ago=24 * day + 3, articles=articles, feeds_read=1)


def test_checks_add_up_by_what_they_came_to(source):
    for outcome in (Outcome.UNCHANGED, Outcome.BLOCKED, Outcome.BLOCKED, Outcome.FAILED, Outcome.ROBOTS):
        count_check(source.pk, timezone.now(), outcome)
    count(source, hours_ago=30, checks=9, blocked=9)
    stored = health(source)
    assert (stored.checks, stored.blocked, stored.empty, stored.robots) == (5, 2, 1, 1)


def test_a_yield_is_held_against_its_usual(source, feed):
    usual_days(source, 40)
    count(source, articles=2, feeds_read=1)
    stored = health(source)
    assert (stored.articles, stored.usual) == (2, 40)
    assert stored.verdict == "yield collapsed: 2 articles in 24 h, usually 40"
    assert stored.severity == 3


def test_days_on_which_no_feed_was_read_are_not_usual_ones(source, feed):
    usual_days(source, 40, days=14)
    for day in range(15, 29):
        count(source, hours_ago=24 * day + 3, checks=5)
    assert health(source).usual == 40


def test_two_weeks_are_too_new_to_tell(source, feed):
    usual_days(source, 40, days=13)
    assert health(source).usual is None


def test_feeds_that_fail_for_a_day(source, feed):
    last = timezone.now() - timedelta(hours=30)
    Feed.objects.update(last_success=last, errors_in_row=7, last_error="HTTP status 500")
    for hours_ago in (28, 20, 2):
        count(source, hours_ago=hours_ago, feeds_failed=1)
    assert health(source).problems[0][0] == "feeds"
    assert "HTTP status 500" in Health.objects.get().verdict


def test_feeds_that_wait_long_between_two_tries_still_fail(source, feed):
    """The longest wait after failures is a day: then there may be no try in 24 hours."""
    Feed.objects.update(last_success=timezone.now() - timedelta(days=5), errors_in_row=12)
    for hours_ago in (110, 100, 50, 26):
        count(source, hours_ago=hours_ago, feeds_failed=1)
    assert health(source).problems[0][0] == "feeds"


def test_after_a_week_switched_off_one_failure_is_no_failed_week(source, feed):
    week_ago = timezone.now() - timedelta(days=7)
    Feed.objects.update(last_success=week_ago, errors_in_row=1)
    Source.objects.update(last_success=week_ago)
    count(source, hours_ago=7 * 24, feeds_read=1, checks=1)
    count(source, feeds_failed=1, checks=1, unreachable=1)
    assert health(source).problems == []


def test_checks_that_all_fail_for_a_day(source):
    Source.objects.update(last_success=timezone.now() - timedelta(hours=30), last_error="HTTP status 403")
    for hours_ago in (28, 20, 2):
        count(source, hours_ago=hours_ago, checks=4, blocked=4)
    assert [kind for kind, _ in health(source).problems] == ["checks"]


def test_what_is_parked_capped_deferred_or_paused_is_told(source, feed):
    now = timezone.now()
    make_article(source, parked=now)
    make_article(source, capped_since=now)
    Feed.objects.update(deferred=3)
    Host.objects.filter(pk=feed.host_id).update(paused_until=now + timedelta(hours=1))
    stored = health(source)
    assert sorted(kind for kind, _ in stored.problems) == ["capped", "deferred", "host", "parked"]
    assert (stored.parked, stored.capped, stored.deferred) == (1, 1, 3)


def test_the_next_checks_are_told(source, feed):
    article = make_article(source)
    make_article(source, next_check_at=None)
    Article.objects.filter(pk=article.pk).update(next_check_at=timezone.now() + timedelta(hours=2))
    article.refresh_from_db()
    stored = health(source)
    assert stored.next_article == article.next_check_at
    assert stored.next_feed == feed.next_check_at


def test_a_source_well_again_loses_its_problems(source, feed):
    usual_days(source, 40)
    count(source, articles=2, feeds_read=1)
    assert health(source).severity == 3
    count(source, articles=30)
    assert (health(source).severity, Health.objects.get().verdict) == (0, "fine")


def test_few_articles_do_not_become_usual_by_themselves(source, feed):
    """After two weeks of nothing, the median is nothing; that is no recovery."""
    usual_days(source, 40)
    count(source, feeds_read=1)
    assert health(source).severity == 3
    HourCount.objects.update(articles=0)
    stored = health(source)
    assert (stored.severity, stored.usual) == (3, 40)
    assert stored.verdict == "yield collapsed: 0 articles in 24 h, usually 40"
    count(source, articles=15)
    assert health(source).severity == 3
    count(source, articles=1)
    assert health(source).severity == 0
    assert not Alert.objects.exists()


def move_back(days):
    """Let everything have happened so many days earlier."""
    aside = 10**6  # else two rows would have the same hour in between
    HourCount.objects.update(hour=F("hour") + aside)
    HourCount.objects.update(hour=F("hour") - aside - 24 * days)
    Health.objects.update(usual_since=F("usual_since") - timedelta(days=days))


def test_few_articles_that_are_accepted_are_the_usual_ones(source, feed, django_capture_on_commit_callbacks):
    usual_days(source, 40)
    count(source, articles=2, feeds_read=1)
    refresh()
    with django_capture_on_commit_callbacks(execute=True) as later:
        assert accept_yield(source)
    assert later == [refresh]  # never while the source's row is held
    stored = Health.objects.get()
    assert (stored.severity, stored.usual, stored.verdict) == (
        0,
        None,
        "too new to tell its usual yield",
    )
    assert not Alert.objects.exists()
    assert not accept_yield(source)
    for day in range(1, 16):
        move_back(1)
        count(source, hours_ago=3, articles=12, feeds_read=1)
        assert health(source).severity == 0, day
        assert Health.objects.get().usual == (12 if day > 14 else None)
    move_back(1)
    count(source, articles=2, feeds_read=1)
    assert health(source).verdict == "yield collapsed: 2 articles in 24 h, usually 12"


def test_a_yield_as_usual_is_nothing_to_accept(source, feed):
    usual_days(source, 40)
    count(source, articles=30, feeds_read=1)
    refresh()
    assert not accept_yield(source)
    assert health(source).usual == 40


def told(settings, mailoutbox):
    """The subjects of the e-mails so far, after looking and telling once more."""
    settings.ALERT_EMAILS = ["desk@example.org"]
    refresh()
    QuotaUse.objects.all().delete()
    tell()
    return [message.subject for message in mailoutbox]


def test_a_feed_that_dies_after_its_yield_collapsed_is_not_well(source, feed, settings, mailoutbox):
    usual_days(source, 40)
    count(source, feeds_read=1)
    assert len(told(settings, mailoutbox)) == 1
    Feed.objects.update(last_success=timezone.now() - timedelta(hours=7), errors_in_row=5)
    assert len(told(settings, mailoutbox)) == 1
    assert Alert.objects.get().ended is None


def test_a_feed_that_was_not_read_at_all_is_not_well(source, feed, settings, mailoutbox):
    """The worker was off for three days: nothing of that is the feed's doing, good or bad."""
    Feed.objects.update(last_success=None, errors_in_row=9)
    for hours_ago in (110, 100, 90, 40):
        count(source, hours_ago=hours_ago, feeds_failed=1)
    assert len(told(settings, mailoutbox)) == 1
    HourCount.objects.update(hour=F("hour") - 80)
    assert len(told(settings, mailoutbox)) == 1
    assert Alert.objects.get().ended is None
    count(source, feeds_read=1)
    assert told(settings, mailoutbox)[1:] == [f"NewsDiffs: {source.name} well again"]


def test_checks_that_were_not_made_are_not_well(source, settings, mailoutbox):
    for hours_ago in (70, 60, 50):
        count(source, hours_ago=hours_ago, checks=4, blocked=4)
    assert len(told(settings, mailoutbox)) == 1
    HourCount.objects.update(hour=F("hour") - 80)
    assert len(told(settings, mailoutbox)) == 1
    count(source, checks=4, blocked=3)
    assert told(settings, mailoutbox)[1:] == [f"NewsDiffs: {source.name} well again"]


def test_the_queries_do_not_grow_with_the_sources(source, feed, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    refresh()
    with CaptureQueriesContext(connection) as few:
        refresh()
    for _ in range(20):
        usual_days(make_source(), 3, days=3)
    refresh()
    with django_assert_num_queries(len(few)):
        refresh()


def test_hours_nothing_asks_for_go(source):
    count(source, checks=1)
    count(source, hours_ago=24 * 40, checks=2)
    assert prune() == 1
    assert HourCount.objects.get().checks == 1
