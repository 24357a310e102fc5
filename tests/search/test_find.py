"""Finding texts, on the database of this run: the same cases hold for SQLite and PostgreSQL."""

import random
import sys

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.models import Article, Version
from articles.search import index, postgresql
from articles.search.expression import Token
from articles.search.find import SIDES
from articles.search.histories import histories
from articles.search.matching import Matcher
from tests.factories import make_article, make_source, make_version

pytestmark = pytest.mark.django_db


def article_of(*texts, **values):
    """An article whose versions have these texts, each one paragraph or a list of them."""
    article = make_article(**{"headline": "", **values})
    for text in texts:
        make_version(article, [text] if isinstance(text, str) else text)
    return article


def found(text, **asked):
    """Of each article found: its id and the versions."""
    return {
        one.article.pk: [(stay.first.number, stay.last.number) for stay in one.stays]
        or [after.number for _, after in one.changed]
        for one in search.find(text, **asked).found
    }


def restricted(text, where=""):
    versions = search.restrict(Version.objects.changes(), text, where)
    return sorted((version.article_id, version.number) for version in versions)


STORM = (
    ["Four people were hurt in the storm.", "The mayor spoke at City Hall."],
    ["Five people were hurt in the storm.", "The mayor spoke at City Hall."],
    ["Five people were hurt in the storm.", "The mayor, who resigned, spoke at City Hall."],
    ["Four people were hurt in the storm.", "The mayor, who resigned, spoke at City Hall."],
)


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("people", [(1, 4)]),
        ("FOUR", [(1, 1), (4, 4)]),
        ('"five people"', [(2, 3)]),
        ('"people five"', None),
        ('"hall four"', None),
        ('"storm the mayor"', None),
        ("mayor five", [(2, 3)]),
        ("five resigned", [(3, 3)]),
        ("resigned storm", [(3, 4)]),
        ("resign", None),
        ("resign*", [(3, 4)]),
        ('"city ha*"', [(1, 4)]),
        ('"mayor spoke"', [(1, 2)]),
        ("people -five", [(1, 1), (4, 4)]),
        ("people -storm", None),
        ('people -"mayor spoke"', [(3, 4)]),
        ("hospital", None),
    ],
)
def test_any_text_ever_seen_is_found_with_the_versions_it_stood_in(text, versions):
    article = article_of(*STORM)
    article_of("Nothing of the kind.")
    assert found(text) == ({article.pk: versions} if versions else {})


@pytest.mark.parametrize(
    ("text", "added", "removed"),
    [
        ("five", [2], [4]),
        ("four", [4], [2]),
        ("people", None, None),
        ('"were hurt"', None, None),
        ('"five people"', [2], [4]),
        ('"five people were hurt in the storm"', [2], [4]),
        ('"mayor who resigned spoke"', [3], None),
        ('"mayor spoke"', None, [3]),
        ("who resigned", [3], None),
        ("five resigned", None, None),
        ("resig*", [3], None),
        ("five -four", [2], [4]),
        ("five -people", [2], [4]),
    ],
)
def test_what_was_put_in_and_taken_out(text, added, removed):
    article = article_of(*STORM)
    assert found(text, where="added") == ({article.pk: added} if added else {})
    assert found(text, where="removed") == ({article.pk: removed} if removed else {})
    pairs = [[(article.pk, number) for number in numbers or []] for numbers in (added, removed)]
    assert restricted(text, "added") == pairs[0]
    assert restricted(text, "removed") == pairs[1]
    either = [] if text == "five -four" else sorted({*pairs[0], *pairs[1]})  # both changed, always
    assert restricted(text) == either


def test_headlines_and_bylines_are_searched_too():
    article = make_article(headline="Bridge closed")
    make_version(article, ["Text."], byline="By Ada Lovelace")
    make_version(article, ["Text."], byline="By Ada Lovelace", headline="Bridge open")
    assert found('"ada lovelace" text') == {article.pk: [(1, 2)]}
    assert found("closed") == {article.pk: [(1, 1)]}
    assert found("open", where="added") == {article.pk: [2]}


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("東京都の人口が増えた。", "東京都"),
        ("東京都の人口が増えた。", "人口が増え"),
        ("ニュースを読む", "ュース"),
        ("서울은 춥다", "서울"),
        ("เรากินข้าวที่บ้าน", "กินข้าว"),
        ("Die Straße nach Łódź", "strasse lodz"),
        ("الرئيس أحمد محمود", "احمد"),
        ("Le président de l’Élysée", "elysee president"),
        ("Москва — ёлка", "елка"),
    ],
)
def test_other_languages(text, typed):
    article = article_of(text)
    assert found(typed) == {article.pk: [(1, 1)]}


def test_a_phrase_of_characters_must_stand_side_by_side():
    article_of("東京と京都")
    assert found("東京都") == {}


def test_the_passage_shows_the_hits():
    article_of(["Nothing here.", "The mayor spoke of mayors at City Hall. " + "More words follow. " * 50])
    (one,) = search.find('mayor "city hall"').found
    assert [piece.text for piece in one.passage if piece.hit] == ["mayor", "City Hall"]
    text = "".join(piece.text for piece in one.passage)
    assert text.startswith("The mayor spoke of mayors")
    assert text.endswith(" …")
    assert len(text) < 300


def test_the_passage_of_something_removed_is_of_the_version_before():
    article_of(["One mayor.", "A mayor fell."], ["One mayor."])
    (one,) = search.find("mayor", where="removed").found
    assert one.shown.number == 1
    assert "".join(piece.text for piece in one.passage) == "A mayor fell."


def test_a_hit_deep_in_a_long_paragraph_is_shown():
    article_of("Before it. " * 200 + "The mayor fell. " + "After it. " * 200)
    (one,) = search.find("mayor").found
    text = "".join(piece.text for piece in one.passage)
    assert "The mayor fell." in text
    assert text.startswith("… ")
    assert text.endswith(" …")


def test_articles_taken_down_are_never_found():
    article = article_of(*STORM)
    Article.objects.filter(pk=article.pk).update(hidden=True)
    assert found("people") == found("five", where="added") == {}
    Version.objects.filter(article=article).update(hidden=True)
    assert found("people") == {}
    assert search.find("people").count == 0
    assert restricted("five") == []


def test_deleted_articles_leave_the_index():
    kept, gone = article_of(*STORM), article_of(*STORM)
    gone.delete()
    assert found("people") == {kept.pk: [(1, 4)]}
    for table, tokens in (("text", ("people", "·five·people")), ("changes", ("afive", "rfour"))):
        for token in tokens:
            assert entries_with(table, token) <= set(Version.objects.values_list("pk", flat=True))


def entries_with(table, token):
    """What the index itself holds, whether the version exists or not."""
    backend = index.backend()
    condition = backend.condition(table, Token(token))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {backend.key(table)} FROM {backend.table(table)} WHERE {condition.sql}",
            condition.parameters,
        )
        return {pk for (pk,) in cursor.fetchall()}


def test_newest_first_page_by_page_each_article_once():
    articles = [article_of("The mayor spoke.", "The mayor sang.") for _ in range(7)]
    make_version(articles[2], ["The mayor danced."])  # seen last
    expected = [articles[number].pk for number in (2, 6, 5, 4, 3, 1, 0)]
    for size in (1, 2, 3, 7, 20):
        seen, before = [], None
        while True:
            results = search.find("mayor", before=before, size=size)
            seen += [one.article.pk for one in results.found]
            if results.older is None:
                break
            before = results.older
        assert seen == expected
    assert search.find("mayor", size=2).count == 7


@pytest.mark.parametrize("most", [1, 3, 4, 10])
def test_articles_with_more_entries_than_a_page_looks_at_are_gone_through_but_once(monkeypatch, most):
    first = article_of("The mayor spoke.")
    many = article_of(*(f"The mayor spoke {number} times." for number in range(10)))
    monkeypatch.setattr(sys.modules["articles.search.find"], "MOST_ENTRIES", most)
    seen, pages, before = [], 0, None
    while pages == 0 or before is not None:
        results = search.find("mayor", before=before, size=5)
        seen += [one.article.pk for one in results.found]
        before = results.older
        pages += 1
    assert seen == [many.pk, first.pk]
    assert pages == 11 // most + 1


def test_paging_of_changes():
    articles = [article_of("The mayor spoke.", "The mayor sang.", "She spoke.") for _ in range(5)]
    first = search.find("mayor", where="removed", size=3)
    second = search.find("mayor", where="removed", size=3, before=first.older)
    ids = [one.article.pk for one in (*first.found, *second.found)]
    assert ids == [article.pk for article in reversed(articles)]
    assert second.older is None


def test_as_many_queries_for_20_articles_as_for_1(django_assert_num_queries):
    for wanted in (1, 20):
        while Article.objects.count() < wanted:
            article_of(*STORM)
        with django_assert_num_queries(3 + (connection.vendor == "postgresql")):
            assert len(found("people")) == wanted


def test_a_restricted_list_keeps_its_order_and_size():
    article = article_of(*STORM, source=make_source())
    article_of(*STORM)
    versions = Version.objects.changes().filter(source=article.source).newest_first()
    assert [v.number for v in search.restrict(versions, "five")[:10]] == [4, 2]
    assert [v.number for v in search.restrict(versions, "five")[:1]] == [4]
    assert not search.restrict(versions, "?").exists()


HOSTILE = [
    '"',
    '"unbalanced',
    "a AND (b OR",
    "NEAR(people storm, 5)",
    "text:people",
    "{text changes}: people",
    "^people",
    "people*storm*",
    "-people",
    "people NOT",
    "'; DROP TABLE articles_search; --",
    "a & b | !c <-> d",
    "people:*A",
    "\\",
    "%s %(x)s {0}",
    "\0people\0",
    "\ud800people",
    "people\udfff",
    "x" * 10_000,
    "people " * 5_000,
    "人" * 300,
    "·four·people",
    "+ - * / ( ) [ ] : ^ ~",
    "\u202epeople\u202c",
    "e" + "\u0301" * 200,
    "\U0001f600",
]


@pytest.mark.parametrize("where", ["", "added", "removed", "elsewhere"])
@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_queries_find_something_or_nothing_or_say_why(typed, where):
    article_of(*STORM)
    results = search.find(typed, where=where)
    assert results.found == () or not results.problem
    list(search.restrict(Version.objects.changes(), typed, where))


@given(typed=st.text())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_is_an_error(db, typed):
    search.find(typed)
    search.find(typed, where="added")


VOCABULARY = ["storm", "mayor", "four", "five", "hall", "東京", "京都", "l’eau"]


@pytest.mark.parametrize("seed", range(5))
def test_the_index_agrees_with_the_texts(seed):
    """What the index finds for words and pairs is what reading every version finds."""
    rng = random.Random(seed)
    articles = []
    for _ in range(6):
        versions = [[" ".join(rng.choices(VOCABULARY, k=6)) for _ in range(3)] for _ in range(4)]
        articles.append(article_of(*versions))
    told = histories(article.pk for article in articles)
    for _ in range(40):
        words = rng.sample(VOCABULARY, 2)
        typed = f'"{" ".join(words)}"' if rng.random() < 0.5 else " ".join(words)
        matcher = Matcher(search.parse(typed))
        for where in ("added", "removed"):
            side = SIDES[where]
            expected = {
                pk: [history[at].number for at in reversed(places)]
                for pk, history in told.items()
                if (places := matcher.changes(history, side))
            }
            assert found(typed, where=where) == expected
        stood = {
            pk: [(stay.first.number, stay.last.number) for stay in stays]
            for pk, history in told.items()
            if (stays := matcher.stays(history))
        }
        assert found(typed) == stood


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps the words themselves")
@pytest.mark.parametrize("seed", range(3))
def test_words_that_share_a_number_are_told_apart_by_the_texts(seed, bits):
    """As they do seldom in a large archive; here most do."""
    bits(2, 1)
    test_the_index_agrees_with_the_texts(seed)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
def test_very_many_words_may_begin_alike():
    article = article_of("Nothing.", " ".join(f"wom{number}" for number in range(10)))
    assert found("wom*") == found('"wom1 wo*"') == {article.pk: [(2, 2)]}
    assert found("wom*", where="added") == {article.pk: [2]}
    assert restricted('"wom1 wo*"') == [(article.pk, 2)]
    assert restricted('"wom2 wom1*"') == restricted("wex*") == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite asks the index in the order written")
def test_the_index_of_ids_is_never_gone_through_for_words():
    """It has the order that is asked for, and PostgreSQL takes it where it expects many entries."""
    article_of("Nothing.", " ".join(f"wom{number}" for number in range(300)))
    asked = []

    def keep(execute, sql, parameters, many, context):
        asked.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        assert len(search.find("wom*").found) == 1
    ((sql, parameters),) = [one for one in asked if "list_0" in one[0]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "articles_search_numbers" in plan
    assert "articles_search_pkey" not in plan


BROAD = "More than 1,000 words begin with “wo”: give more letters before the star."


@pytest.fixture
def many_alike(monkeypatch):
    """An article with more words that begin with “wo” than one star may stand for, and fewer with “wom”."""
    monkeypatch.setattr(postgresql, "MOST_BEGINNING_ALIKE", 3)
    return article_of("Nothing, one woman.", "Women and woman, wolf and wool.")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
@pytest.mark.parametrize("typed", ["wo*", "nothing wo*", '"and wo*"', "nothing -wo*"])
def test_too_many_words_that_begin_alike_are_refused_and_how_to_ask_is_told(typed, many_alike):
    assert search.problem_with(typed) == BROAD
    for where in ("", "added", "removed"):
        results = search.find(typed, where=where)
        assert (results.problem, results.found) == (BROAD, ())
        assert restricted(typed, where) == []
    assert list(search.first_changes(Version.objects.changes().newest_first(), typed, (), 5)) == []
    assert search.articles_with(typed) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
def test_as_many_words_as_there_may_be_are_found(many_alike):
    assert search.problem_with("wom* and") == ""
    assert found("wom*") == {many_alike.pk: [(1, 2)]}
    make_version(many_alike, ["Womb."])
    assert found("wom*") == {many_alike.pk: [(1, 3)]}
    make_version(many_alike, ["Wombat."])
    assert search.problem_with("wom*") == BROAD.replace("wo”", "wom”")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is asked for each of the words")
def test_sqlite_finds_however_many_words_begin_alike(many_alike):
    assert search.problem_with("wo*") == ""
    assert found("wo*") == {many_alike.pk: [(1, 2)]}


def test_what_can_not_be_looked_for_is_said_of_lists_too():
    assert search.problem_with("...") == search.parse("...").problem
    assert search.problem_with("mayor") == ""


def test_when_a_phrase_appeared_and_vanished(django_assert_num_queries):
    article = article_of(*STORM)
    with django_assert_num_queries(1):
        asked = search.appearances(article, "“Four people, were hurt”")
    assert [(s.first.number, s.last.number, s.gone and s.gone.number) for s in asked.stays] == [
        (1, 1, 2),
        (4, 4, None),
    ]
    assert search.appearances(article, "four people -hurt").stays == []
    assert search.appearances(article, "…").problem
