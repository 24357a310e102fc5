"""The most telling changes of the day, on the front page."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from articles import takedown
from articles.models import Reason
from articles.pages.most_telling import MOST, rank, score
from articles.takedown import Grounds
from tests.factories import make_article, make_change, make_version
from tests.pages.reading import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


OPENING = "The fire broke out at the old mill before noon, and the town was without light."
NOTE = "Correction: An earlier version of this article gave a wrong number of people hurt."


def changed(before, after, *, minutes=60, headline="Fire at the mill", **values):
    article = make_article(language="en", headline="Fire at the mill")
    make_version(article, [OPENING, before])
    seen = timezone.now() - timedelta(minutes=minutes)
    paragraphs = [OPENING, *([after] if isinstance(after, str) else after)]
    return make_change(article, paragraphs, headline=headline, seen=seen, **values)


@pytest.mark.parametrize(
    ("before", "after", "values", "points"),
    [
        ("Four people were hurt.", "Five people were hurt.", {}, 2),
        ("Four people were hurt.", ["Five people were hurt.", NOTE], {}, 1),
        ("The mill is safe, officials said.", "The mill is not safe, officials said.", {}, 3),
        ("It rained.", "It rained.", {"headline": "Nobody knows what to do now"}, 2),
        ("It rained.", "It rained.", {"headline": "Big fire at the mill"}, 0),
        ("It rained.", "It rained. " + "And so the day went on. " * 20, {}, 1),
        ("It rained.", "It rained. " + "And so the day went on. " * 200, {}, 3),
        ("It rained.", "It snowed.", {}, 0),
        ("He left. “We shall build it all again,” he said.", "He left the town.", {}, 2),
        ("He left the town.", "He left. “We shall build it all again,” he said.", {}, 0),
    ],
)
def test_points(before, after, values, points):
    assert score(changed(before, after, **values)) == points


def test_the_newest_of_equals_comes_first_and_what_tells_nothing_not_at_all():
    older = changed("Four people were hurt.", "Five people were hurt.", minutes=90)
    newer = changed("Four people were hurt.", "Five people were hurt.", minutes=30)
    denial = changed("The mill is safe, officials said.", "The mill is not safe, officials said.")
    nothing = changed("It rained.", "It snowed.")
    assert rank([older, nothing, newer, denial]) == [denial, newer, older]


def told(client, address="/"):
    page = page_of(client.get(address))
    return [link.get("href") for link in page.cssselect(".telling .entry-headline a")]


def test_the_front_page_shows_those_of_a_day(client):
    changed("Four people were hurt.", "Five people were hurt.", minutes=25 * 60)
    changed("It rained.", "It snowed all day long in the town by the mill.")
    number = changed("Four people were hurt.", "Five people were hurt.")
    assert told(client) == [number.diff_url]
    assert told(client, "/changes/") == []
    assert told(client, "/?minor=1") == []


def test_there_are_five_at_most(client):
    for _ in range(MOST + 2):
        changed("Four people were hurt.", "Five people were hurt.")
    assert len(told(client)) == MOST


def test_what_is_taken_down_is_gone_at_once(client):
    first = changed("Four people were hurt.", "Five people were hurt.", minutes=50)
    second = changed("Four people were hurt.", "Five people were hurt.", minutes=20)
    assert told(client) == [second.diff_url, first.diff_url]
    takedown.hide([first.article_id], Grounds(Reason.LEGAL, 451))
    assert told(client) == [second.diff_url]


def test_they_are_ranked_once_a_minute(client, django_assert_num_queries):
    changed("Four people were hurt.", "Five people were hurt.")
    for queries in (5, 4):
        with django_assert_num_queries(queries):
            client.get("/")
