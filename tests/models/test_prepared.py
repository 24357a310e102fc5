"""Statements that are prepared once give what their querysets give, whatever the values."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, ArticleLooks, Boilerplate, Host, Version
from articles.models.prepared import Plus, Prepared, PreparedInsert
from tests.factories import make_article

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def test_rows_are_those_of_the_queryset_each_time():
    articles = [make_article() for _ in range(3)]
    after = Prepared(lambda pk: Article.objects.filter(pk__gte=pk).order_by("pk").values_list("pk", "state"))
    assert after.rows(pk=articles[1].pk) == [(one.pk, "watched") for one in articles[1:]]
    assert after.rows(pk=articles[2].pk) == [(articles[2].pk, "watched")]
    assert after.first(pk=articles[2].pk + 1) is None


def test_instances_have_all_that_is_read_with_them(django_assert_num_queries):
    article = make_article(pending_hops=[[301, "https://news.example/a"], "https://news.example/b"])
    wanted = Article.objects.select_related("source__boilerplate", "looks")
    prepared = Prepared(lambda pk: wanted.filter(pk=pk))
    with django_assert_num_queries(1):
        found = prepared.first(pk=article.pk)
        assert ArticleLooks.of(found).looks == ()
        assert not Boilerplate.of(found.source).dropped
    expected = wanted.get(pk=article.pk)
    for field in Article._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(expected, field.attname), field.name
    assert found.source == article.source
    assert not found._state.adding


def test_a_time_is_compared_with_what_is_added_to_it():
    host = Host.objects.create(name="news.example:443", next_allowed=NOW)
    by = Prepared(lambda pk, by: Host.objects.filter(pk=pk, next_allowed__lte=by + timedelta(minutes=1)))
    assert by.first(pk=host.pk, by=NOW - timedelta(minutes=1)) == host
    assert by.first(pk=host.pk, by=NOW - timedelta(minutes=1, seconds=1)) is None


def test_none_is_another_statement():
    visited = Host.objects.create(name="a.example:443", last_visited=NOW)
    never = Host.objects.create(name="b.example:443")
    when = Prepared(lambda at: Host.objects.filter(last_visited=at))
    assert when.rows(at=NOW) == [visited]
    assert when.rows(at=None) == [never]


def test_a_condition_of_several_values_and_none_of_them():
    hosts = [Host.objects.create(name=f"{name}.example:443") for name in "ab"]
    either = Prepared(lambda **names: Host.objects.filter(Q(name__in=list(names.values()))).order_by("pk"))
    assert either.rows(one=hosts[0].name, other=hosts[1].name) == hosts
    assert either.rows(one=hosts[1].name) == [hosts[1]]
    assert either.rows(one="c.example:443", other="d.example:443") == []


def test_an_update_stores_each_kind_of_value_and_adds():
    article, other = make_article(), make_article()
    token, host = uuid4(), Host.objects.create(name="c.example:443")
    row = Prepared(lambda pk: Article.objects.filter(pk=pk))
    changes = {
        "checks_made": Plus(2),
        "host": host,
        "lease_token": token,
        "lease_until": NOW,
        "pending_hops": ["https://news.example/b"],
        "headline": "100 % of it",
        "flip_flopping": True,
    }
    for _ in range(2):
        assert row.update(changes, pk=article.pk) == 1
    article.refresh_from_db()
    expected = changes | {"checks_made": 4}
    assert {name: getattr(article, name) for name in changes} == expected
    assert row.update(changes | {"lease_token": None, "lease_until": None}, pk=article.pk) == 1
    article.refresh_from_db()
    assert (article.lease_token, article.lease_until) == (None, None)
    other.refresh_from_db()
    assert other.checks_made == 0
    assert row.update({"headline": "x"}, pk=0) == 0


def test_the_orm_is_asked_once(monkeypatch):
    host = Host.objects.create(name="d.example:443")
    built = []

    def build(pk):
        built.append(pk)
        return Host.objects.filter(pk=pk)

    prepared = Prepared(build)
    assert [prepared.first(pk=host.pk) for _ in range(3)] == [host] * 3
    assert [prepared.update({"failures": number}, pk=host.pk) for number in range(3)] == [1] * 3
    assert len(built) == 2  # the SELECT, and the UPDATE of this column
    host.refresh_from_db()
    assert host.failures == 2


def test_an_update_that_fails_breaks_the_transaction_as_the_orms_does():
    hosts = [Host.objects.create(name=f"{name}.example:443") for name in "ef"]
    row = Prepared(lambda pk: Host.objects.filter(pk=pk))
    with pytest.raises(DatabaseError), transaction.atomic():
        row.update({"name": hosts[0].name}, pk=hosts[1].pk)
    assert not connection.needs_rollback
    assert Host.objects.get(pk=hosts[1].pk).name == "f.example:443"


def test_an_insert_stores_all_that_saving_does(django_assert_num_queries):
    article = make_article()
    prepared = PreparedInsert(Version)

    def version(number):
        return Version(
            article=article,
            source_id=article.source_id,
            number=number,
            headline="100 % of it",
            data=b"\x00packed",
            seen=NOW,
            extractor_version=8,
            badges=["headline"],
            facts=[{"kind": "number", "at": [1, 2]}],
            hidden_itself=None,
        )

    inserted, saved = [version(1), version(2)], version(3)
    with django_assert_num_queries(2):
        for one in inserted:
            prepared.insert(one)
    saved.save()
    own = {"id", "number", "kind_bits"}  # `save` counts the kinds
    for one in inserted:
        found, expected = Version.objects.get(pk=one.pk), Version.objects.get(pk=saved.pk)
        for field in Version._meta.concrete_fields:
            if field.attname not in own:
                assert getattr(found, field.attname) == getattr(expected, field.attname), field.name
        assert found.number == one.number
        assert not one._state.adding
        assert one._state.db == found._state.db
    inserted[0].headline = "another"
    inserted[0].save()
    assert Version.objects.filter(article=article).count() == 3


def test_an_insert_that_fails_breaks_its_transaction():
    article, prepared = make_article(), PreparedInsert(Host)
    prepared.insert(Host(name="d.example:443"))

    @transaction.atomic
    def goes_on():
        with pytest.raises(DatabaseError):
            prepared.insert(Host(name="d.example:443"))
        article.refresh_from_db()

    with pytest.raises(transaction.TransactionManagementError):
        goes_on()
    article.refresh_from_db()


def test_an_insert_may_replace_what_is_there():
    article = make_article()
    keep = PreparedInsert(ArticleLooks, unique=("article",), update=("seen", "data"))
    for data in (b"first", b"second"):
        keep.insert(ArticleLooks(article=article, source_id=article.source_id, seen=NOW, data=data))
    [row] = ArticleLooks.objects.filter(article=article)
    assert bytes(row.data) == b"second"
