"""Keeping the index: it follows the record and never holds it up."""

import os
import signal
import zlib
from importlib import import_module
from itertools import count
from multiprocessing import parent_process
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from articles import parallel, search
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


@pytest.fixture
def edited():
    """Articles with words that come, go, move and repeat, in several scripts; one has a gap in its texts."""
    for number in range(12):
        article = make_article()
        paragraphs = [f"Number {number} was hurt in Köln.", "東京で地震があった。", "It moved. It moved."]
        for edit in range(4):
            make_version(article, paragraphs)
            paragraphs = [*paragraphs[1:], f"{paragraphs[0]} Edit {edit} by word{number * edit}."][
                -3 + edit % 2 :
            ]
    long = make_article()
    for number in range(index.MOST_OF_A_FEW + 1):
        make_version(long, [f"Number {number} of many."])
    anew = Text("Head", "", ("Old paragraph.", "A caption."))
    article = make_article()
    make_version(article, ["Old paragraph."])
    packed = pack_text(anew, ["Old paragraph."])
    make_version(article, ["New paragraph.", "A caption."], previous_reextracted=packed)


def whole_index():
    """All that is in the index, table by table."""
    asked = [
        "SELECT version_id, words, pairs, changes FROM articles_search ORDER BY 1",
        "SELECT word, number FROM articles_search_word ORDER BY 1",
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            asked = ["SELECT version_id FROM articles_search ORDER BY 1"]
            for name in ("text", "changes"):
                seen, told = f"temp.seen_{name}", f"fts5vocab(main, articles_search_{name}, instance)"
                cursor.execute(f"DROP TABLE IF EXISTS {seen}")
                cursor.execute(f"CREATE VIRTUAL TABLE {seen} USING {told}")
                asked.append(f"SELECT term, doc FROM {seen} ORDER BY 1, 2")
        for sql in asked:
            cursor.execute(sql)
            yield cursor.fetchall()


@pytest.mark.parametrize("processes", [1, 2])
def test_the_index_built_at_once_is_that_of_versions_added_one_by_one(edited, processes, monkeypatch):
    expected = list(whole_index())
    assert all(map(len, expected))
    monkeypatch.setattr(index, "FEWEST_FOR_PROCESSES", 0)
    monkeypatch.setattr(index, "ARTICLES", 5)
    monkeypatch.setattr(parallel, "cores", lambda: processes)
    search.clear()
    told = []
    search.build(lambda done, total: told.append((done, total)))
    assert told == [(5, 13), (10, 13), (13, 13)]
    assert search.missing().count() == index.MOST_OF_A_FEW + 1
    assert search.catch_up()
    assert list(whole_index()) == expected


def test_what_fails_in_building_is_caught_up_with(articles, monkeypatch, caplog):
    expected = list(whole_index())
    monkeypatch.setattr(index, "ARTICLES", 1)
    write = index.backend().Filling.write

    def picky(filling, cursor, rows):
        write(filling, cursor, rows)
        if search.missing().count() < 4:
            raise DatabaseError("no")

    search.clear()
    with monkeypatch.context() as patched:
        patched.setattr(index.backend().Filling, "write", picky)
        search.build()
    assert "to be caught up with" in caplog.text
    assert search.missing().count() == 4
    assert search.catch_up()
    assert list(whole_index()) == expected


def test_where_a_process_is_killed_the_rest_is_made_without_it(articles, monkeypatch, caplog):
    expected = list(whole_index())
    monkeypatch.setattr(index, "FEWEST_FOR_PROCESSES", 0)
    monkeypatch.setattr(index, "ARTICLES", 1)
    monkeypatch.setattr(index, "_rows_of", die_in_a_process_of_its_own)
    monkeypatch.setattr(parallel, "cores", lambda: 2)
    search.clear()
    told = []
    search.build(lambda done, total: told.append((done, total)))
    assert "goes on alone" in caplog.text
    assert told == [(done, len(articles)) for done in range(1, len(articles) + 1)]
    assert not search.missing().exists()
    assert list(whole_index()) == expected


ROWS_OF = index._rows_of


def die_in_a_process_of_its_own(versions):
    """In the place of what a process does: what the kernel does to it when there is no memory left."""
    if parent_process():
        os.kill(os.getpid(), signal.SIGKILL)
    return ROWS_OF(versions)


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's index is as it was")
def test_an_upgrade_empties_the_index_and_all_is_caught_up_with(articles):
    migration = import_module("articles.migrations.0019_search_numbers")
    with connection.schema_editor() as editor:
        migration.drop(None, editor)
        migration.create(None, editor)
    assert search.missing().count() == Version.objects.count()
    assert search.catch_up()
    assert found("peo* five") == [article.pk for article in reversed(articles)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps the words themselves")
@pytest.mark.parametrize("damaged", [False, True])
def test_words_that_stand_nowhere_any_more_are_forgotten(damaged):
    kept, gone = make_article(), make_article()
    make_version(kept, ["The wolf sleeps."])
    for text in ("The wombat sleeps.", "The womble sleeps.", "The wolf sleeps."):
        make_version(gone, [text])
    assert {"wombat", "womble"} <= words_known()
    assert found("wom*") == [gone.pk]
    gone.versions.get(number=3).delete()
    assert {"wombat", "womble"} <= words_known()
    if damaged:
        gone.versions.update(data=b"not zlib")
    gone.delete()
    assert {"wolf", "sleeps"} <= words_known()
    assert not words_known() & {"wombat", "womble"}
    assert found("wo*") == [kept.pk]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps the words themselves")
def test_a_word_is_forgotten_though_another_one_has_its_number(bits):
    bits(0, 16)  # all words have the same
    kept, gone = make_article(), make_article()
    make_version(kept, ["The wolf sleeps."])
    make_version(gone, ["Wombat."])
    gone.delete()
    assert "wombat" not in words_known()
    assert "wolf" in words_known()


def words_known():
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM articles_search_word")
        return {word for (word,) in cursor.fetchall()}
