"""Counts add up, and survive being stored."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from articles.statistics import Counts

hours = st.floats(0, 5000)
articles: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    versions=st.integers(1, 400),
    waited=st.none() | hours,
    watched=hours,
    headline_changed=st.booleans(),
)
changes = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def counted(some_articles, some_changes):
    counts = Counts()
    for article in some_articles:
        counts.add_article(**article)
    for change in some_changes:
        counts.add_change(change)
    return counts


@given(st.lists(articles), st.lists(changes))
def test_every_article_and_change_is_counted_once(some_articles, some_changes):
    counts = counted(some_articles, some_changes)
    assert counts.articles == sum(counts.versions) == len(some_articles)
    assert sum(counts.first_changes) == counts.changed
    assert sum(counts.unchanged) + counts.changed == counts.articles
    assert sum(map(sum, counts.week)) == len(some_changes)


@given(st.lists(articles), st.lists(articles), st.lists(changes))
def test_the_counts_of_two_are_the_sum(one, other, some_changes):
    parts = [counted(one, some_changes), counted(other, [])]
    assert Counts.total(parts) == parts[0] + parts[1] == counted(one + other, some_changes)
    assert Counts.total([]) == Counts()


@given(st.lists(articles), st.lists(changes))
def test_they_are_stored_and_read_without_loss(some_articles, some_changes):
    counts = counted(some_articles, some_changes)
    assert Counts.from_json(json.loads(json.dumps(counts.to_json()))) == counts


def test_the_hour_of_a_change_is_in_utc():
    counts = Counts()
    counts.add_change(datetime(2016, 7, 18, 1, 30, tzinfo=timezone(timedelta(hours=2))))
    assert counts.week[6][23] == 1  # a Sunday
