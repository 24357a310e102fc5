from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from articles.watch.crawl.decaying_schedule import Pace

PUBLISHED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
paces = st.builds(
    lambda floor, more, divisor, days: Pace(floor, floor + more, divisor, timedelta(days=days)),
    st.timedeltas(timedelta(minutes=5), timedelta(hours=2)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.integers(2, 50),
    st.integers(1, 60),
)
shares = st.floats(0, 1)


def checks(pace, random):
    """All checks of a story that never changes, from its first sight to its retirement."""
    at = PUBLISHED
    while at is not None:
        yield at
        at = pace.next_check(at, PUBLISHED, random)


@given(paces, shares, st.floats(0, 1))
def test_an_edit_at_age_t_is_seen_within_its_promise(pace, random, place):
    edited = pace.retire_after * place * 0.999
    seen = next(at - PUBLISHED for at in checks(pace, random) if at - PUBLISHED >= edited)
    assert seen - edited <= max(pace.floor, min(edited / pace.divisor, pace.ceiling)) + timedelta(
        microseconds=2
    )


@given(paces, shares)
def test_a_story_that_never_changes_is_checked_last_when_it_retires(pace, random):
    assert list(checks(pace, random))[-1] == PUBLISHED + pace.retire_after


@given(paces, shares, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_the_wait_stays_between_floor_and_ceiling(pace, random, age):
    assert pace.floor <= pace.wait(age, random) <= pace.ceiling


@given(
    paces,
    shares,
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_an_older_story_waits_no_shorter(pace, random, age, more):
    assert pace.wait(age, random) <= pace.wait(age + more, random)


@given(paces, shares)
def test_a_change_starts_it_over(pace, random):
    changed = PUBLISHED + pace.retire_after + timedelta(days=1)
    assert pace.next_check(changed, PUBLISHED, random) is None
    assert pace.next_check(changed, changed, random) == changed + min(pace.floor, pace.retire_after)


@given(paces, shares, st.timedeltas(timedelta(0), timedelta(days=365)))
def test_a_clock_set_back_does_not_stretch_the_wait(pace, random, back):
    now = PUBLISHED - back
    assert pace.next_check(now, PUBLISHED, random) - now <= max(pace.ceiling, pace.floor)


def test_with_the_default_numbers():
    pace = Pace()
    assert pace.wait(timedelta(minutes=1)) == timedelta(minutes=15)
    assert pace.wait(timedelta(hours=10)) == timedelta(hours=2)
    assert pace.wait(timedelta(days=30)) == timedelta(hours=24)
    assert pace.next_check(PUBLISHED + timedelta(days=40), PUBLISHED) is None
