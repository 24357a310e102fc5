"""The share of articles changed by each hour, whatever time each was watched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.statistics import LEAST_WATCHED, STEPS, Counts, median_wait, shares_changed

stretches = st.lists(st.integers(0, 500), min_size=len(STEPS) + 1, max_size=len(STEPS) + 1)


def counted(waited=(), watched=()):
    counts = Counts()
    for hours in waited:
        counts.add_article(versions=2, waited=hours, watched=1000, headline_changed=False)
    for hours in watched:
        counts.add_article(versions=1, waited=None, watched=hours, headline_changed=False)
    return counts


def shares(counts):
    return {one.hours: one for one in shares_changed(counts.first_changes, counts.unchanged)}


@given(stretches, stretches)
def test_shares_grow_and_stay_within_their_margins(first_changes, unchanged):
    found = shares_changed(first_changes, unchanged)
    for one in found:
        assert 0 <= one.low <= one.share <= one.high <= 1
        assert one.watched >= LEAST_WATCHED
    assert [one.share for one in found] == sorted(one.share for one in found)
    assert [one.hours for one in found] == list(STEPS[: len(found)])


@given(stretches)
def test_where_all_were_watched_to_the_end_it_is_the_plain_share(first_changes):
    kept = 1000  # unchanged, and watched for longer than the longest step
    unchanged = [0] * len(STEPS) + [kept]
    total, changed = sum(first_changes) + kept, 0
    for one, now_changed in zip(shares_changed(first_changes, unchanged), first_changes, strict=False):
        changed += now_changed
        assert one.share == pytest.approx(changed / total)


def test_articles_not_watched_so_long_count_neither_for_nor_against():
    # Of those watched for a day half had changed by its end; a thousand new ones say nothing of it.
    old = counted(waited=[20] * 50, watched=[960] * 50)
    new = counted(watched=[0.4] * 1000)
    assert shares(old)[24].share == pytest.approx(0.5)
    assert shares(old + new)[24].share == pytest.approx(0.5)
    naive = (old + new).changed / (old + new).articles
    assert naive < 0.05


def test_one_lost_sight_of_within_a_stretch_counts_for_half_of_it():
    counts = counted(waited=[23] * 10, watched=[23] * 20 + [960] * 10)
    assert shares(counts)[24].share == pytest.approx(10 / (40 - 20 / 2))


def test_nothing_is_said_of_hours_that_too_few_were_watched():
    assert shares(counted(watched=[960] * (LEAST_WATCHED - 1))) == {}
    counts = counted(watched=[3] * 100 + [960] * (LEAST_WATCHED - 1))
    assert max(shares(counts)) < 4


def test_the_margins_narrow_with_more_articles():
    few, many = (shares(counted([1] * n, [960] * n))[24] for n in (10, 1000))
    assert few.share == many.share == pytest.approx(0.5)
    assert few.high - few.low > 5 * (many.high - many.low)


def test_margins_hold_where_nothing_changed_and_where_all_did():
    none, every = shares(counted(watched=[960] * 20))[24], shares(counted(waited=[0.1] * 20))[0.25]
    assert (none.share, none.low) == (0, 0)
    assert 0.1 < none.high < 0.2
    assert (every.share, every.high) == (1, 1)
    assert 0.8 < every.low < 0.9


def test_the_median_wait_lies_in_its_stretch():
    assert median_wait(counted(watched=[5]).first_changes) is None
    assert median_wait(counted(waited=[1.5] * 3 + [100]).first_changes) == pytest.approx(1 + 2 / 3)
    assert median_wait(counted(waited=[5000]).first_changes) == STEPS[-1]


@given(stretches)
def test_the_median_wait_parts_the_changes_in_halves(first_changes):
    median = median_wait(first_changes)
    if median is None:
        assert sum(first_changes) == 0
        return
    before = sum(count for ends, count in zip(STEPS, first_changes, strict=False) if ends < median)
    until = sum(count for starts, count in zip((0, *STEPS), first_changes, strict=True) if starts < median)
    assert before <= sum(first_changes) / 2
    assert until >= sum(first_changes) / 2 or median == STEPS[-1]
