"""From numbers to words: no database."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.health import Numbers, failing_since, judge, usual_of, verdict

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
LAST = datetime(2026, 11, 1, 10, tzinfo=UTC)


def numbers(**changes):
    well = {
        "now": NOW,
        "created": NOW - timedelta(days=90),
        "last_success": NOW - timedelta(minutes=3),
        "articles": 40,
        "usual": 40.0,
        "checks": 500,
        "feeds": 2,
        "last_feed_read": NOW - timedelta(minutes=9),
        "feeds_fresh": True,
    }
    return Numbers(**well | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "fine"),
        ({"usual": None}, "too new to tell its usual yield"),
        ({"usual": None, "last_success": None, "last_feed_read": None}, "new: nothing read yet"),
        ({"enabled": False, "articles": 0, "parked": 4}, "paused by you"),
        ({"articles": 2}, "yield collapsed: 2 articles in 24 h, usually 40"),
        ({"articles": 1}, "yield collapsed: 1 article in 24 h, usually 40"),
        ({"articles": 8}, "fine"),
        ({"articles": 0, "usual": 9.0}, "fine"),
        ({"articles": 0, "feeds_fresh": False}, "fine"),
        (
            {
                "feeds_failing_since": NOW - timedelta(hours=26),
                "last_feed_read": LAST,
                "feeds_fresh": False,
                "feed_error": "HTTP status 500",
                "articles": 0,
            },
            "no feed read since 01 November 2026, 10:00 UTC: HTTP status 500",
        ),
        (
            {"feeds_failing_since": NOW - timedelta(hours=5), "last_feed_read": None, "feed_error": "gone"},
            "no feed was ever read: gone",
        ),
        (
            {"feeds_failing": 1, "feed_error": "HTTP status 404"},
            "1 of 2 feeds can’t be read: HTTP status 404",
        ),
        (
            {"checks_failing_since": NOW - timedelta(hours=24), "last_success": LAST, "last_error": "gone"},
            "no article read since 01 November 2026, 10:00 UTC: gone",
        ),
        ({"checks_failing_since": NOW - timedelta(hours=23)}, "fine"),
        ({"blocked": 251}, "mostly blocked: 251 of 500 checks in 24 h"),
        ({"blocked": 250}, "fine"),
        ({"checks": 9, "blocked": 9}, "fine"),
        ({"empty": 400}, "pages give no text: 400 of 500 checks in 24 h"),
        ({"unreachable": 400}, "mostly unreachable: 400 of 500 checks in 24 h"),
        ({"robots": 400}, "robots.txt forbids most pages: 400 of 500 checks in 24 h"),
        (
            {"paused_hosts": (("news.example:443", NOW + timedelta(hours=1)),)},
            "news.example:443 is left alone until 03 November 2026, 13:00 UTC, after failures",
        ),
        ({"parked": 1}, "1 article put aside: checks of them never end"),
        ({"capped": 2}, "2 articles had all versions of a day"),
        ({"deferred": 7}, "7 new articles wait for the hourly limit"),
        ({"parked": 1, "articles": 2}, "yield collapsed: 2 articles in 24 h, usually 40 (and 1 more)"),
    ],
)
def test_the_verdict_on_a_source(changes, words):
    told = numbers(**changes)
    assert verdict(told, judge(told)) == words


def test_the_worst_stands_first_and_errors_are_cut():
    told = numbers(deferred=1, blocked=400, feeds_failing_since=NOW - timedelta(days=2), feed_error="x" * 999)
    problems = judge(told)
    assert [problem.kind for problem in problems] == ["feeds", "blocked", "deferred"]
    assert len(problems[0].words) < 250


def test_a_collapse_lasts_until_the_yield_is_well_back():
    assert judge(numbers(articles=12)) == []
    assert [problem.kind for problem in judge(numbers(articles=12), {"yield"})] == ["yield"]
    assert judge(numbers(articles=16), {"yield"}) == []


def week(weekdays, sundays, *, days=28):
    """Windows of a paper, seen on a Sunday: every seventh window before is a Sunday's."""
    return {number: sundays if number % 7 == 0 else weekdays for number in range(1, days + 1)}


@pytest.mark.parametrize(
    ("windows", "usual"),
    [
        (week(40, 5), 5),  # rests on Sundays: few are usual today
        (week(40, 40), 40),
        (week(0, 100), 0),  # the median of all is the lower one
        (week(40, 5, days=13), None),
        (week(40, 5, days=14), 5),
        ({}, None),
        (week(40, 40) | {7: 900, 14: 0}, 40),  # one flood and one outage change nothing
        ({**week(40, 40, days=20), 0: 3, 99: 5}, 40),  # what is no window before does not count
    ],
)
def test_the_usual_number(windows, usual):
    assert usual_of(windows) == usual


@pytest.mark.parametrize(
    ("hours", "since"),
    [
        ([], None),
        ([(10, 0, 5)], None),  # after a week switched off, one failure
        ([(10, 0, 5), (12, 0, 1), (40, 0, 1)], 10),
        ([(8, 3, 0), (10, 0, 5), (12, 0, 1), (40, 0, 1)], 10),
        ([(8, 0, 2), (9, 1, 9), (10, 0, 5), (12, 0, 1)], None),
        ([(40, 0, 1), (12, 0, 1), (10, 0, 5), (11, 0, 0)], 10),
        ([(10, 0, 5), (12, 0, 1), (40, 0, 1), (41, 1, 7)], None),
    ],
)
def test_since_when_all_fails(hours, since):
    assert failing_since(hours) == since
