"""What articles are found by is made anew for databases from before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from articles.fetch import address_key, former_key
from articles.models import Address, Article, Tombstone, digest_of
from articles.watch.check.identity import headline_key
from tests.factories import make_article, make_source, make_version

migration = import_module("articles.migrations.0015_identity")
pytestmark = pytest.mark.django_db


def article_at(source, address, key):
    article = make_article(source, address=address, headline="Lime trees to be felled")
    make_version(article)
    Address.objects.filter(article=article).delete()
    Address.objects.create(article=article, address=address, key=key)
    return article


def carry_over():
    with connection.schema_editor(atomic=False) if connection.vendor != "sqlite" else _Nothing() as editor:
        migration.find_headlines(apps, editor)
        migration.find_addresses(apps, editor)


class _Nothing:
    """SQLite's schema editor can't be had within a test's transaction; the functions ask nothing of it."""

    def __enter__(self):
        return None

    def __exit__(self, *exception):
        return None


def test_headlines_get_the_key_that_checks_give_them(monkeypatch):
    monkeypatch.setattr(migration, "AT_ONCE", 2)
    source = make_source()
    for n in range(5):
        make_version(make_article(source, headline=f"Lime trees to be felled, part {n}"))
    unread, short = make_article(source), make_article(source, headline="Limes")
    make_version(short)
    Article.objects.update(headline_key="")
    Article.objects.filter(pk=short.pk).update(headline="Limes")
    carry_over()
    for article in Article.objects.exclude(pk__in=[unread.pk, short.pk]):
        assert article.headline_key == headline_key(article.headline) != ""
    assert set(Article.objects.filter(headline_key="").values_list("pk", flat=True)) == {unread.pk, short.pk}


def test_addresses_get_the_keys_of_today():
    source = make_source()
    before = "https://valley.example/7%2C75,a.html"
    article = article_at(source, before, before)
    article.addresses.create(address="https://valley.example/b", key="https://valley.example/b")
    carry_over()
    keys = set(article.addresses.values_list("key", flat=True))
    assert keys == {address_key(before), "https://valley.example/b"}
    carry_over()
    assert set(article.addresses.values_list("key", flat=True)) == keys


def test_two_spellings_of_one_article_become_one_and_two_articles_are_looked_at():
    source = make_source()
    escaped, plain = "https://valley.example/a%2Cb", "https://valley.example/a,b"
    article = article_at(source, escaped, escaped)
    article.addresses.create(address=plain, key=plain)
    older = article_at(source, "https://valley.example/c,d", "https://valley.example/c,d")
    younger = article_at(source, "https://valley.example/c%2Cd", "https://valley.example/c%2Cd")
    carry_over()
    assert [one.key for one in article.addresses.all()] == [plain]
    younger.refresh_from_db()
    assert younger.maybe_same_id == older.pk
    assert Article.objects.count() == 3


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://valley.example/show?id=1&pk_id=7&utm_source=x", "https://valley.example/show?id=1"),
        ("https://valley.example/7%2C75,a.html?mc_x=1", "https://valley.example/7%2C75,a.html"),
        ("http://m.valley.example/a;jsessionid=1/?sid=2", "https://www.valley.example/a;jsessionid=1?sid=2"),
        ("https://valley.example/?feed=atom", "https://valley.example/"),
        ("https://valley.example/amp/a/?b=2&a=1", "https://valley.example/a?a=1&b=2"),
    ],
)
def test_what_was_deleted_for_good_under_a_former_key_stays_barred(address, key):
    assert former_key(address) == key
    assert not Tombstone.objects.bars(address)
    Tombstone.objects.create(digest=digest_of(key))
    assert Tombstone.objects.bars(address)
