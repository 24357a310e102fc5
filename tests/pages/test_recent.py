"""The list of recent changes: what is in it, its order and its pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.facts import ChangeKind
from articles.models import SIZES, Article, Event, Source, Version
from articles.models.version import kind_bits
from articles.pages.filters import Filters
from articles.pages.recent import Place, newer_changes, recent_changes
from tests.factories import MORNING, make_article, make_event, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


def changed(source=None, *, seen=None, **values):
    """An article's version 2, and so a change."""
    article = make_article(source)
    make_version(article)
    return make_version(article, ["Five people were hurt."], seen=seen, **values)


def links(response):
    return [link.get("href") for link in page_of(response).cssselect(".entry-headline a")]


@pytest.mark.parametrize("address", ["/", "/changes/"])
def test_a_row_says_what_changed_where_and_when(client, address):
    version = changed(
        make_source("The Gazette"),
        seen=MORNING + timedelta(hours=5),
        excerpt=[["-", "Four "], ["+", "Five "], ["=", "people were hurt."]],
    )
    response = client.get(address)
    assert links(response) == [version.diff_url]
    words = main_words(response)
    assert "Bridge closed after storm" in words
    assert "[removed: Four] [added: Five] people were hurt." in words
    assert "The Gazette v1 to →v2 +1 −1 words" in words
    assert "Monday 18 July 2016 Times of day (UTC) are when a change was seen. 14:50" in words
    (versions,) = page_of(response).cssselect(".entry-facts a:not(.entry-source)")
    assert versions.get("href") == version.diff_url


def test_a_changed_headline_is_shown_with_the_old_one(client):
    changed(headline="Bridge open again", excerpt=[["=", "an excerpt"]])
    words = main_words(client.get("/"))
    assert "Bridge open again was: [removed:" not in words  # unlike each other, they are two lines
    assert "Bridge open again was: Bridge closed after storm" in words
    assert "Headline" in words
    assert "an excerpt" not in words


def test_a_headline_that_is_much_alike_has_its_marks(client):
    changed(headline="Bridge open after storm")
    response = client.get("/")
    assert "Bridge [removed: closed] [added: open] after storm" in main_words(response)
    assert "was:" not in main_words(response)


def test_the_changes_of_an_article_on_a_day_are_one_entry(client):
    article = make_article(headline="Live: the gale", first_seen=MORNING)
    for hours in (0, 1, 2, 3, 20):
        make_version(article, [f"At {hours} hours."], seen=MORNING + timedelta(hours=hours))
    between = changed(seen=MORNING + timedelta(hours=2, minutes=30))
    page = page_of(client.get("/changes/"))
    days = [" ".join(name.text_content().split()) for name in page.cssselect(".day-name")]
    assert days[0].startswith("Tuesday 19 July 2016")
    assert days[1] == "Monday 18 July 2016"
    assert [link.get("href") for link in page.cssselect(".entry-headline a")] == [
        f"/articles/{article.pk}/diff/4/5/",
        f"/articles/{article.pk}/diff/3/4/",
        between.diff_url,
    ]
    (others,) = page.cssselect(".entry-others")
    assert others.cssselect("summary")[0].text_content() == "2 more changes that day"
    assert [link.get("href") for link in others.cssselect("li .entry-facts > a")] == [
        f"/articles/{article.pk}/diff/2/3/",
        f"/articles/{article.pk}/diff/1/2/",
    ]


def test_a_first_version_is_no_change(client):
    make_version(make_article())
    assert links(client.get("/")) == []


def test_minor_changes_come_when_asked_for(client):
    version = changed(minor=True)
    assert links(client.get("/")) == []
    response = client.get("/?minor=1")
    assert links(response) == [version.diff_url]
    assert "Minor" in main_words(response)


def test_one_sources_changes(client):
    mine, other = changed(make_source(slug="mine")), changed()
    assert links(client.get("/changes/?source=mine")) == [mine.diff_url]
    assert set(links(client.get("/changes/"))) == {mine.diff_url, other.diff_url}


def test_a_source_that_is_not_known_is_not_found(client):
    response = client.get("/changes/?source=nobody")
    assert response.status_code == 404
    assert "There is no source of this name." in main_words(response)


def test_events_stand_among_the_changes(client):
    early, late = changed(seen=MORNING), changed(seen=MORNING + timedelta(hours=2))
    event = make_event(early.article, "removed", at=MORNING + timedelta(hours=1))
    response = client.get("/")
    assert links(response) == [late.diff_url, event.article.get_absolute_url(), early.diff_url]
    assert "Removed" in main_words(response)


def test_hidden_articles_are_not_listed(client):
    version = changed()
    make_event(version.article)
    for model in (Article, Version, Event):
        model.objects.update(hidden=True)
    assert links(client.get("/?minor=1")) == []
    assert links(client.get(f"/sources/{version.source.slug}/")) == []


def test_nothing_watched_yet_says_what_to_do_first(client):
    response = client.get("/")
    assert "Nothing is watched yet" in main_words(response)
    assert page_of(response).cssselect('.empty a[href="/admin/"]')
    assert "choose “Add source”: paste the address of a news site’s home page" in main_words(response)


def test_nothing_changed_yet_says_so(client):
    make_source()
    words = main_words(client.get("/"))
    assert "No changes seen yet" in words
    assert "Nothing is watched yet" not in words


def test_pages_of_equal_times_show_everything_once():
    made = set()
    for _ in range(5):
        version = changed(seen=MORNING)
        made |= {("version", version.pk), ("event", make_event(version.article, at=MORNING).pk)}
    changed_later = changed(seen=MORNING + timedelta(seconds=1))
    made.add(("version", changed_later.pk))
    for size in (1, 2, 3, 4, 20):
        seen, before = [], None
        while True:
            listing = recent_changes(Filters(minor=True), before=before, size=size)
            assert len(listing.entries) <= size
            seen += [entry.place for entry in listing.entries]
            if listing.older is None:
                break
            before = Place.parse(str(listing.older))
        assert seen == sorted(seen, reverse=True)
        assert {("event" if place.rank else "version", place.pk) for place in seen} == made
        assert len(seen) == len(made)


def test_older_and_newest_lead_through_the_pages(client, monkeypatch):
    monkeypatch.setattr("articles.pages.changes.PAGE", 2)
    versions = [changed(seen=MORNING + timedelta(hours=hour)) for hour in range(3)]
    first = client.get("/changes/?minor=1")
    assert links(first) == [versions[2].diff_url, versions[1].diff_url]
    (older,) = page_of(first).cssselect("a[rel=next]")
    second = client.get(older.get("href"))
    assert links(second) == [versions[0].diff_url]
    assert not page_of(second).cssselect("a[rel=next]")
    newest, newer = page_of(second).cssselect("nav.pages a")
    assert newest.get("href") == "/changes/?minor=1"
    assert links(client.get(newer.get("href"))) == links(first)


def test_going_up_and_down_the_pages_shows_the_same_rows():
    for number in range(7):
        version = changed(seen=MORNING + timedelta(minutes=number // 3))
        make_event(version.article, at=version.seen)
    down = [recent_changes(Filters(), size=3)]
    while down[-1].older:
        down.append(recent_changes(Filters(), before=down[-1].older, size=3))
    up = down[-1]
    for expected in down[-2:0:-1]:
        up = newer_changes(Filters(), after=Place.parse(str(up.newer)), size=3)
        assert [entry.place for entry in up.entries] == [entry.place for entry in expected.entries]
        assert (up.newer, up.older) == (expected.newer, expected.older)
    top = newer_changes(Filters(), after=up.newer, size=3)
    assert [entry.place for entry in top.entries] == [entry.place for entry in down[0].entries]
    assert top.newer is None


def test_beyond_the_oldest_there_is_nothing(client):
    place = Place(MORNING, 0, 1)
    assert "There are no older changes." in main_words(client.get(f"/?before={place}"))


@pytest.mark.parametrize(
    "place",
    [
        "x",
        "20160718T095000.000000",
        "20160718T095000.000000x1",
        "20160718T095000.000000v-1",
        "20169918T095000.000000v1",
        "20160718T095000.000000v" + "9" * 40,
        "20160718T095000.000000v١",
    ],
)
def test_a_mangled_place_is_a_bad_request(client, place):
    response = client.get("/", {"before": place})
    assert response.status_code == 400
    words = main_words(response)
    assert "can’t be read" in words
    assert "is no place in a list" in words
    assert [link.get("href") for link in page_of(response).cssselect("main a")] == ["/"]


@given(
    st.datetimes(min_value=MORNING.replace(tzinfo=None, year=1990), timezones=st.just(MORNING.tzinfo)),
    st.sampled_from([0, 1]),
    st.integers(min_value=1, max_value=2**53),
)
def test_a_place_survives_being_written(at, rank, pk):
    place = Place(at, rank, pk)
    assert Place.parse(str(place)) == place


@pytest.mark.parametrize("address", ["/", "/changes/?minor=1"])
def test_the_list_takes_as_many_queries_for_20_rows_as_for_1(client, django_assert_num_queries, address):
    for expected in (1, 20):
        while Version.objects.changes().count() < expected:
            make_event(changed().article)
        client.get(address)  # the most telling are ranked once a minute
        with django_assert_num_queries(3):
            assert len(links(client.get(address))) == 2 * expected


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_lists_go_by_their_indexes():
    changed()
    source = make_source()
    place = Place(MORNING, 0, 10)
    for queryset, index in (
        (Version.objects.changes().filter(minor=False), "version_recent"),
        (Version.objects.changes(), "version_recent_all"),
        (Version.objects.changes().filter(source=source), "version_by_source"),
        (Event.objects.visible(), "event_recent"),
    ):
        plan = queryset.newest_first().before(place.at, place.pk)[:20].explain()
        assert f"INDEX {index}" in plan
        assert "TEMP B-TREE" not in plan
        assert "SCAN" not in plan


def fill(count, badges):
    """A thousand changes, so many of them with *badges*, and counted for the planner."""
    article = make_version(make_article()).article
    Version.objects.bulk_create(
        Version(
            article=article,
            source=article.source,
            number=2 + number,
            data=b"",
            seen=MORNING + timedelta(minutes=number),
            extractor_version=1,
            badges=badges if number < count else [],
            kind_bits=kind_bits(badges) if number < count else 0,
        )
        for number in range(1000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plan_of(*kinds):
    """How the database goes about the first page of a list of these kinds."""
    (kind,) = kinds
    return explained(Filters(kinds=kinds).changes().newest_first().ids_of_kind(kind, 21))


def explained(versions):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a thousand rows are as quickly sorted
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
        sql, parameters = versions.query.sql_with_params()
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {sql}", parameters)
        return str(cursor.fetchall())


# SQLite looks a row up to see what the index's own condition says already: as many as are shown.
INDEX_ALONE = "INDEX" if connection.vendor == "sqlite" else "Index Only Scan using"


@pytest.mark.parametrize("kind", list(ChangeKind))
def test_the_list_of_one_kind_goes_by_an_index_of_its_own(kind):
    fill(10, [kind.value])
    plan = plan_of(kind.value)
    assert f"{INDEX_ALONE} version_{kind.value}" in plan
    assert "TEMP B-TREE" not in plan
    assert "Seq Scan" not in plan


def test_each_of_several_kinds_is_asked_for_by_its_index():
    fill(10, ["headline", "number"])
    with CaptureQueriesContext(connection) as queries:
        found = list(Filters().changes().newest_first().first_of_kinds(("headline", "number", "quote"), 5))
    assert [version.number for version in found] == [11, 10, 9, 8, 7]
    assert len(queries) == 2
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if connection.vendor == 'sqlite' else ''} {queries[0]['sql']}")
        plan = str(cursor.fetchall())
    assert all(f"version_{kind}" in plan for kind in ("headline", "number", "quote"))
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("size", SIZES)
def test_the_list_of_large_changes_goes_by_the_index_of_their_size(size):
    fill(10, ["headline"])
    Version.objects.filter(number__lte=11).update(words_added=size - 1, words_removed=1)
    for least in (size, size + 1):
        filters = Filters(least=least, kinds=("headline",))
        found = filters.changes().newest_first().ids_of_kind(None, 21)
        assert f"{INDEX_ALONE} version_of_" in explained(found)  # any will do where all are as small
        assert len(found) == (10 if least == size else 0)


def test_the_list_of_a_source_keeps_to_the_other_filters():
    fill(10, ["headline"])
    source = Source.objects.get()
    for filters, count in (
        (Filters(source=source), 1000),
        (Filters(source=source, minor=True), 1000),
        (Filters(source=source, kinds=("headline", "quote")), 10),
        (Filters(source=source, kinds=("headline",), least=10), 0),
    ):
        assert filters.kinds_by_index == ()
        assert len(filters.changes().newest_first().first_of_kinds((), 2000)) == count


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL's planner")
def test_a_common_kind_is_known_to_be_common():
    fill(500, ["headline"])
    plan = Filters().changes().ids_of_kind("headline", 1000).explain()
    assert 400 < int(plan.split("rows=")[2].split()[0]) < 600
