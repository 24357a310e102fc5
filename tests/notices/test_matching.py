"""Matching finds what the list of changes shows with the same filters: no more, no less."""

from datetime import timedelta

import pytest

from articles.models import Source, Version
from articles.notices import outbox
from articles.notices.matching import Change, Matcher, filters_of, wanted_of
from articles.pages.recent import recent_changes
from articles.search import ChangeQuery, restrict, tokens_of_change
from tests.factories import MORNING, make_article, make_change, make_event, make_source, make_version

pytestmark = pytest.mark.django_db

QUERIES = (
    "",
    "minor=1",
    "source=harbour-gazette",
    "source=harbour-gazette&minor=1&min=3",
    "source=no-such-source",
    "kind=number",
    "kind=number&kind=headline",
    "kind=minor",
    "kind=removed",
    "kind=removed&kind=number",
    "min=4",
    "from=2016-07-19",
    "to=2016-07-18&minor=1",
    "from=2016-07-19&to=2016-07-20&kind=headline",
    "q=mayor",
    "q=mayor&minor=1",
    "q=mayor+-bridge&minor=1",
    "q=%22the+mayor%22&minor=1",
    "q=bri*&minor=1",
    "q=five&minor=1&source=harbour-gazette",
    "q=%C3%A9lys%C3%A9e&minor=1",
    "q=bridge+five&minor=1",
    "q=-bridge",
)
TEXTS = (
    ("Four people were hurt when the bridge closed.", "The mayor came by at noon."),
    ("Five people were hurt when the bridge closed.", "The mayor came by at noon."),
    ("Five people were hurt when the bridge closed.", "The mayor of the town left at noon, he said."),
    ("Five people were hurt when the bridges closed.", "The mayor of the town left at noon, he said."),
    ("Nobody was hurt. The Élysée sent flowers.", "The mayor of the town left at noon, he said."),
    ("Nobody was hurt. The Elysee sent flowers.", "At noon the town's mayor left, he said, by the bridge."),
)


@pytest.fixture
def stored(source) -> list[Version]:
    for one in (source, make_source("Another", slug="another")):
        article = make_article(one, language="en")
        make_version(article, TEXTS[0])
        for number, text in enumerate(TEXTS[1:]):
            seen = MORNING + timedelta(hours=20 * (number + 1))
            make_change(article, text, seen=seen, headline=f"Bridge closed {number // 2}")
        make_event(article, at=MORNING + timedelta(days=1))
    return list(Version.objects.filter(number__gt=1).order_by("pk"))


@pytest.mark.parametrize("query", QUERIES)
def test_it_takes_what_the_list_shows(stored, query):
    filters = filters_of(query)
    listed = recent_changes(filters, size=1000).entries if filters else []
    matcher = Matcher(wanted_of([(7, query, None), (8, "kind=reverted", None)]))
    texts = outbox._texts(stored)
    found = {
        version.pk
        for version in stored
        if 7
        in matcher.of_change(
            Change(version, tuple(map(outbox._parts, texts[version.article_id, version.number])))
        )
    }
    assert found == {entry.version.pk for entry in listed if entry.version}
    events = {
        event.pk
        for source in Source.objects.all()
        for event in source.events.all()
        if 7 in matcher.of_event(event)
    }
    assert events == {entry.event.pk for entry in listed if entry.event}


def test_who_asks_for_one_article_is_told_of_that_alone(stored):
    matcher = Matcher(wanted_of([(1, "", stored[0].article_id), (2, "", None)]))
    assert matcher.of_change(Change(stored[0], None)) == {1, 2}
    assert matcher.of_change(Change(stored[-1], None)) == {2}


def test_filters_are_read_anew_when_their_source_is_another(source):
    assert wanted_of([(1, "source=harbour-gazette", None)])[0].filters.source == source
    source.delete()
    assert wanted_of([(1, "source=harbour-gazette", None)]) == []
    again = make_source("The Harbour Gazette", slug="harbour-gazette")
    assert wanted_of([(1, "source=harbour-gazette", None)])[0].filters.source == again


def test_the_anchors_of_a_query_are_in_every_change_that_it_finds(stored):
    for typed in ("mayor", '"the mayor" bridge', "bridge -mayor", "town left"):
        query = ChangeQuery(typed)
        found = set(restrict(Version.objects.changes(), typed).values_list("pk", flat=True))
        for version in stored:
            before, after = outbox._texts([version])[version.article_id, version.number]
            tokens = tokens_of_change(outbox._parts(before), outbox._parts(after))
            assert query.finds(tokens) == (version.pk in found)
            assert not query.finds(tokens) or query.anchors & tokens
