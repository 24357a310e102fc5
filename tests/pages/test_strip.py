"""The strip on an article's page."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from articles.models import Version
from articles.pages.strip import HEIGHT, MIDDLE, WIDTH, strip
from tests.factories import MORNING, make_article, make_version
from tests.pages.reading import page_of

BAR = re.compile(r"M([-\d.]+) ([-\d.]+)h([-\d.]+)v([-\d.]+)h-\3z")


def bar(path):
    """Left edge, width, top and height of a bar."""
    left, top, width, height = map(float, BAR.fullmatch(path).groups())
    return left, width, top, height


words = st.integers(0, 100_000)


@given(st.lists(st.tuples(st.integers(-5000, 50_000), words, words), min_size=1, max_size=160))
def test_bars_stand_side_by_side_within_the_strip(rows):
    versions = [
        Version(
            article_id=1,
            number=n,
            seen=MORNING + timedelta(minutes=at),
            words_added=added,
            words_removed=removed,
        )
        for n, (at, added, removed) in enumerate(rows, 1)
    ]
    marks = strip(versions).marks
    for version, mark in zip(versions, marks, strict=True):
        left, width, top, height = bar(mark.area)
        assert (top, height) == (0, HEIGHT)
        assert left >= 0
        assert left + width <= WIDTH
        assert width >= 2
        changed = version.number > 1
        assert bool(mark.added) == (changed and version.words_added > 0)
        assert bool(mark.removed) == (changed and version.words_removed > 0)
        assert bool(mark.unchanged) == (not mark.added and not mark.removed)
        if mark.added:
            _, _, top, height = bar(mark.added)
            assert top >= 0
            assert top + height == pytest.approx(MIDDLE, abs=0.11)
        if mark.removed:
            _, _, top, height = bar(mark.removed)
            assert top == MIDDLE
            assert top + height <= HEIGHT
    for one, following in pairwise(marks):
        left, width, _, _ = bar(one.area)
        assert left + width <= bar(following.area)[0] + 0.11


def test_places_follow_time():
    versions = [
        Version(article_id=1, number=n, seen=MORNING + timedelta(hours=hours), words_added=1, words_removed=0)
        for n, hours in enumerate((0, 1, 10), 1)
    ]
    first, second, third = (bar(mark.area)[0] for mark in strip(versions).marks)
    assert third - second > 5 * (second - first)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 150])
def test_each_version_is_a_link_with_its_words(client, count):
    article = make_article()
    for number in range(count):
        make_version(article, [f"Text {number} of the story."])
    page = page_of(client.get(article.get_absolute_url()))
    (drawing,) = page.cssselect(".strip-drawing svg")
    links = drawing.cssselect("a")
    assert [link.get("href") for link in links] == [
        f"/articles/{article.pk}/1/",
        *(f"/articles/{article.pk}/diff/{n}/{n + 1}/" for n in range(1, count)),
    ]
    assert links[1].findtext("title") == "Version 2, seen 18 July 2016, 14:50 UTC: +1 −1 words"
    # It is the list below in pictures: not read out, nor a stop of the Tab key.
    assert drawing.get("aria-hidden") == "true"
    assert {link.get("tabindex") for link in links} == {"-1"}
    etree.fromstring(etree.tostring(drawing))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 1])
def test_without_a_change_there_is_no_strip(client, count):
    article = make_article()
    for _ in range(count):
        make_version(article)
    assert not page_of(client.get(article.get_absolute_url())).cssselect(".strip")


@pytest.mark.django_db
def test_where_only_headlines_changed_there_is_no_strip(client):
    article = make_article()
    for headline in ("Bridge closed", "Bridge shut", "Bridge falls"):
        make_version(article, headline=headline)
    page = page_of(client.get(article.get_absolute_url()))
    assert not page.cssselect(".strip")
    assert "longest bar" not in page.text_content()
    make_version(article, ["Five people were hurt."])
    assert page_of(client.get(article.get_absolute_url())).cssselect(".strip")
