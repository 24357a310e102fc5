"""Where things lie in the plots."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pages import charts
from articles.statistics import GROUPS, LEAST_WATCHED, STEPS, shares_changed

stretches = st.lists(st.integers(0, 500), min_size=len(STEPS) + 1, max_size=len(STEPS) + 1)
groups = st.lists(st.integers(0, 10**9), min_size=len(GROUPS) + 1, max_size=len(GROUPS) + 1)
weeks = st.lists(st.lists(st.integers(0, 10**6), min_size=24, max_size=24), min_size=7, max_size=7)


def points(text):
    return [tuple(map(float, point.split(","))) for point in text.split()]


@given(stretches, stretches)
def test_a_curve_stays_in_its_drawing_and_goes_right_and_up(first_changes, unchanged):
    curve = charts.curve(shares_changed(first_changes, unchanged))
    if curve is None:
        return
    line, margins = points(curve.line), points(curve.margins)
    for x, y in [*line, *margins, curve.end]:
        assert charts.LEFT <= x <= charts.WIDTH - charts.RIGHT
        assert charts.TOP <= y <= charts.HEIGHT - charts.BOTTOM
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert [y for _, y in line] == sorted((y for _, y in line), reverse=True)
    assert len(margins) == 2 * len(line)
    assert all(charts.LEFT <= tick.at <= charts.WIDTH - charts.RIGHT for tick in curve.across)


@pytest.mark.parametrize("articles", [0, 1, LEAST_WATCHED - 1])
def test_too_few_articles_make_no_curve(articles):
    unchanged = [0] * len(STEPS) + [articles]
    assert charts.curve(shares_changed([0] * (len(STEPS) + 1), unchanged)) is None


def test_a_curve_begins_at_a_quarter_of_an_hour_unless_changes_were_seen_sooner():
    unchanged = [0] * len(STEPS) + [100]
    late, soon = ([0] * (len(STEPS) + 1) for _ in range(2))
    late[STEPS.index(6)], soon[0] = 5, 5
    for first_changes, first_tick in ((late, "15 min"), (soon, "1 min")):
        curve = charts.curve(shares_changed(first_changes, unchanged))
        assert (curve.across[0].label, curve.across[-1].label) == (first_tick, "40 d")


@given(groups)
def test_bars_stand_on_the_floor_in_proportion(counts):
    bars = charts.bars(counts, charts.version_labels())
    assert [bar.count for bar in bars] == counts
    for bar in bars:
        assert bar.y >= charts.TOP
        assert bar.y + bar.height == pytest.approx(charts.HEIGHT - charts.BOTTOM, abs=0.11)
        assert (bar.height > 0) == (bar.count > 0)
    assert sum(bar.share for bar in bars) == pytest.approx(1 if any(counts) else 0)
    lefts = [(bar.x, bar.x + bar.width) for bar in bars]
    assert all(end < start for (_, end), (start, _) in itertools.pairwise(lefts))


def test_the_groups_of_versions_are_named():
    assert charts.version_labels() == ["1", "2", "3", "4", "5", "6–10", "11–20", "21+"]


CELL = re.compile(r"M(\d+) (\d+)h11v15h-11z")


@given(weeks)
def test_each_hour_of_the_week_has_a_cell_whose_shade_grows_with_its_count(week):
    shade_of = {}
    for shade, path in charts.shades(week):
        assert CELL.sub("", path) == ""
        for x, y in CELL.findall(path):
            hour, day = (int(x) - charts.LEFT) // 12, (int(y) - charts.WEEK_TOP) // 16
            assert (day, hour) not in shade_of
            shade_of[day, hour] = shade
            assert int(x) + charts.CELL_WIDTH <= charts.WIDTH
    assert len(shade_of) == 7 * 24
    counted = sorted((week[day][hour], shade) for (day, hour), shade in shade_of.items())
    assert [shade for _, shade in counted] == sorted(shade_of.values())
    assert all((count == 0) == (shade == 0) and shade <= charts.LEVELS for count, shade in counted)


def test_the_busiest_hour():
    week = [[0] * 24 for _ in range(7)]
    assert charts.busiest(week) is None
    week[1][23], week[6][0] = 2, 2
    assert charts.busiest(week) == ("Tuesday", 23, 2)


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.0004, "<0.1 %"), (0.004, "0.4 %"), (0.0999, "10.0 %"), (0.34, "34 %"), (1, "100 %")],
)
def test_shares_in_words(share, words):
    assert charts.percent(share) == words


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1 / 60, "1 minute"),
        (0.25, "15 minutes"),
        (1, "1 hour"),
        (36, "36 hours"),
        (48, "2 days"),
        (960, "40 days"),
    ],
)
def test_hours_in_words(hours, words):
    assert charts.hours_in_words(hours) == words
