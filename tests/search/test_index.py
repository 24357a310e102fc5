"""Keeping the index: it follows the record and never holds it up."""

import zlib
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from articles import search
from articles.models import Article, Version
from articles.models.text_storage import Text, pack, pack_text
from articles.search import index
from articles.watch.queue import enqueue, tasks
from tests.factories import make_article, make_version

pytestmark = pytest.mark.django_db


def found(text, **asked):
    return [one.article.pk for one in search.find(text, **asked).found]


@pytest.fixture
def articles():
    made = [make_article() for _ in range(3)]
    for article in made:
        make_version(article, ["Four people were hurt."])
        make_version(article, ["Five people were hurt."])
    return made


def forget_everything():
    search.clear()
    assert search.missing().count() == Version.objects.count()
    assert found("people") == []


def test_versions_stored_before_there_was_an_index_are_caught_up_with(articles):
    expected = found("people"), found("five", where="added"), found("four", where="removed")
    forget_everything()
    assert search.catch_up()
    assert not search.missing().exists()
    assert (found("people"), found("five", where="added"), found("four", where="removed")) == expected


@pytest.fixture
def clock(monkeypatch):
    """A clock that is a second further on each time it is looked at."""
    seconds = count()
    monkeypatch.setattr(index, "time", SimpleNamespace(monotonic=lambda: next(seconds)))


def test_catching_up_stops_when_the_time_is_up_and_goes_on_later(articles, clock):
    forget_everything()
    left = []
    while not search.catch_up(seconds=2):
        left.append(search.missing().count())
    assert left == [4, 2]
    assert len(found("people")) == 3


def test_an_article_of_many_versions_is_caught_up_with_step_by_step(clock):
    article = make_article()
    for number in range(50):
        make_version(article, [f"Number {number} people."])
    expected = [
        [version.number for version in search.restrict(article.versions.order_by("number"), f"{number}")]
        for number in range(50)
    ]
    forget_everything()
    left = [50]
    while not search.catch_up(seconds=2):
        left.append(search.missing().count())
    assert left == [50, 34, 18, 2]
    assert not search.missing().exists()
    assert expected == [
        [version.number for version in search.restrict(article.versions.order_by("number"), f"{number}")]
        for number in range(50)
    ]


def test_a_gap_in_the_middle_of_a_long_history_is_filled(clock):
    article = make_article()
    for number in range(40):
        make_version(article, [f"Number {number} people."])
    for number in (5, 17, 18, 33):
        index.remove(article.versions.get(number=number))
    assert search.catch_up()
    assert not search.missing().exists()
    found = search.restrict(article.versions.order_by("number"), "17")
    assert [version.number for version in found] == [18, 19]


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_up_stays_when_the_task_is_ended(articles, monkeypatch):
    """Django-q2 ends a task that takes too long by an exception, wherever it is."""
    forget_everything()
    insert, last = index.backend().insert, articles[2].versions.get(number=1).pk

    def ended(cursor, version, *entry):
        if version == last:
            raise KeyboardInterrupt
        insert(cursor, version, *entry)

    with monkeypatch.context() as patched:
        patched.setattr(index.backend(), "insert", ended)
        with pytest.raises(KeyboardInterrupt):
            tasks.catch_up_search()
    assert search.missing().count() == 2


def test_the_task_queues_nothing_and_reads_no_text_where_nothing_is_missing(
    articles, clock, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(enqueue, "async_task", lambda name, **options: pytest.fail("queued"))
    with django_assert_num_queries(1):
        tasks.catch_up_search()
    forget_everything()
    monkeypatch.setattr(tasks, "CATCH_UP_SECONDS", 0)
    tasks.catch_up_search()
    assert search.missing().count() == 6


def test_only_what_is_missing_is_taken_up(articles):
    last = articles[1].versions.get(number=2)
    index.remove(last)
    assert [version.pk for version in search.missing()] == [last.pk]
    assert found("five", where="added") == [articles[2].pk, articles[0].pk]
    call_command("reindex")
    assert found("five", where="added") == [article.pk for article in reversed(articles)]


def test_the_index_can_be_made_anew(articles, capsys):
    call_command("reindex", all=True)
    assert "Every version is in the index." in capsys.readouterr().out
    assert len(found("people")) == 3


def test_what_two_workers_take_up_is_there_once(articles):
    version = articles[0].versions.get(number=2)
    index._insert_if_new(version.pk, version.seen, index._entry(version))
    articles[0].delete()
    assert found("people") == [articles[2].pk, articles[1].pk]


def test_an_upgrade_of_the_extractor_is_no_change():
    """The old page, read anew, had the caption already that the stored version 1 lacks."""
    article = make_article()
    make_version(article, ["Four people were hurt."])
    anew = Text(article.headline, "", ("Four people were hurt.", "A caption."))
    packed = pack_text(anew, ["Four people were hurt."])
    make_version(article, ["Five people were hurt.", "A caption."], previous_reextracted=packed)
    for _ in range(2):
        assert found("five", where="added") == found("four", where="removed") == [article.pk]
        assert found("caption", where="added") == []
        assert [*search.restrict(Version.objects.changes(), "caption")] == []
        assert found('"a caption"') == [article.pk]
        search.clear()
        search.catch_up()
    article.delete()
    assert found("people") == []


def test_a_failing_index_never_fails_the_version(monkeypatch, caplog):
    def broken(*_):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO no_such_table VALUES (1)")

    article = make_article()
    with monkeypatch.context() as patched:
        patched.setattr(index.backend(), "insert", broken)
        version = make_version(article)
    assert "not indexed" in caplog.text
    assert Version.objects.filter(pk=version.pk).exists()
    assert [missed.pk for missed in search.missing()] == [version.pk]
    search.catch_up()
    assert found("people") == [article.pk]


def test_what_can_not_be_indexed_does_not_hold_up_the_rest(articles, monkeypatch, caplog):
    forget_everything()
    insert, bad = index.backend().insert, articles[1].versions.get(number=1).pk

    def picky(cursor, version, *entry):
        if version == bad:
            raise DatabaseError("no")
        insert(cursor, version, *entry)

    monkeypatch.setattr(index.backend(), "insert", picky)
    assert search.catch_up()
    assert [version.pk for version in search.missing()] == [bad]
    assert "not indexed" in caplog.text


DAMAGES = {
    "data": (1, b"not zlib"),
    "data cut off": (1, zlib.compress(b"Four people were hurt.")[:-3]),
    "data of another encoding": (1, zlib.compress("Fünf".encode("latin-1"))),
    "previous_reextracted": (2, b"not zlib"),
    "previous_reextracted against another text": (2, pack_text(Text("", "", ("Four.",)), ["Another text."])),
    "previous_reextracted of one line": (2, pack(["Four."], ["Four people were hurt."])),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_text_costs_no_other_article_anything(articles, client, caplog, damage):
    column, (number, stored) = damage.split()[0], DAMAGES[damage]
    search.clear()
    articles[1].versions.filter(number=number).update(**{column: stored})
    assert search.catch_up()
    assert found("people") == [articles[2].pk, articles[0].pk]
    assert f"damaged article={articles[1].pk}" in caplog.text
    articles[0].versions.filter(number=number).update(**{column: stored})
    assert found("people") == [articles[2].pk]
    assert found("five", where="added") == [articles[2].pk]
    assert client.get(articles[0].get_absolute_url(), {"phrase": "people"}).status_code == 200


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_article_whose_text_is_damaged_can_be_deleted(articles, caplog, damage):
    column, (number, stored) = damage.split()[0], DAMAGES[damage]
    articles[1].versions.filter(number=number).update(**{column: stored})
    gone = list(articles[1].versions.values_list("pk", flat=True))
    articles[1].delete()
    assert "the stored text is damaged" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_search")
        assert cursor.fetchone() == (4,)
    for asked in ({}, {"where": "added"}):
        results = search.find("five", **asked)
        assert [one.article.pk for one in results.found] == [articles[2].pk, articles[0].pk]
        assert results.count == 2
    assert [version.article_id for version in search.restrict(Version.objects.newest_first(), "five")] == [
        articles[2].pk,
        articles[0].pk,
    ]
    assert make_version(make_article(), ["Six."]).pk > max(gone)
    assert found("five") == [articles[2].pk, articles[0].pk]


def test_purged_articles_leave_nothing_behind(articles):
    Article.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM articles_search")
        assert cursor.fetchone() == (0,)
    make_version(make_article())
    assert len(found("people")) == 1
