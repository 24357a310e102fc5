from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from articles.watch.crawl.back_off import LONGEST_BACK_OFF, back_off


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_back_off_grows_to_a_day_and_no_further(failures, random):
    assert timedelta(minutes=8) <= back_off(failures, random) <= LONGEST_BACK_OFF
    assert back_off(failures, random) <= back_off(failures + 1, random)
