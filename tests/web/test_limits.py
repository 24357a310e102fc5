"""Costly pages: how many a visitor gets, and what he is told beyond that."""

import pytest
from django.db import connection

from articles.models.quota import QuotaUse
from tests.factories import make_article, make_source, make_version
from tests.pages.reading import main_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def diff():
    article = make_article(make_source())
    make_version(article)
    make_version(article, ["Five people were hurt."])
    return f"/articles/{article.pk}/diff/1/2/"


def test_a_visitor_who_asks_for_too_many_is_told_when_to_come_back(client, settings, diff):
    settings.PAGE_LIMIT = 3
    assert [client.get(diff).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(diff)
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert "public" not in refused["Cache-Control"]
    assert "try again in" in main_words(refused)
    assert "3 of them a minute" in main_words(refused)


def test_other_pages_have_no_limit(client, settings, diff):
    settings.PAGE_LIMIT = 1
    client.get(diff)
    assert client.get(diff).status_code == 429
    assert all(client.get("/").status_code == 200 for _ in range(5))


@pytest.mark.parametrize("form", ["", "feed.rss", "feed.atom", "feed.json"])
def test_lists_of_changes_count_when_words_are_looked_for(client, settings, diff, form):
    settings.PAGE_LIMIT = 2
    address = f"/changes/{form}"
    for plain in ("", "?q=", "?q=+", "?minor=1"):
        assert client.get(address + plain).status_code == 200
    assert not QuotaUse.objects.exists()
    assert [client.get(address, {"q": "five"}).status_code for _ in range(3)] == [200, 200, 429]
    refused = client.get(address, {"q": "five"})
    assert "public" not in refused["Cache-Control"]
    assert client.get(diff).status_code == 429
    assert client.get(address).status_code == 200


def test_an_article_counts_when_a_phrase_is_looked_for(client, settings, diff):
    settings.PAGE_LIMIT = 2
    article = diff.removesuffix("diff/1/2/")
    assert all(client.get(article + plain).status_code == 200 for plain in ("", "?phrase=", "?phrase=+"))
    assert not QuotaUse.objects.exists()
    asked = [client.get(article, {"phrase": "five people"}).status_code for _ in range(3)]
    assert asked == [200, 200, 429]
    assert client.get(article).status_code == 200


def test_visitors_are_counted_apart(client, settings, diff):
    settings.PAGE_LIMIT = 1
    assert client.get(diff, REMOTE_ADDR="198.51.100.1").status_code == 200
    assert client.get(diff, REMOTE_ADDR="198.51.100.2").status_code == 200
    assert client.get(diff, REMOTE_ADDR="198.51.100.1").status_code == 429


def test_a_household_with_ipv6_is_one_visitor(client, settings, diff):
    settings.PAGE_LIMIT = 1
    assert client.get(diff, REMOTE_ADDR="2001:db8:1:2::1").status_code == 200
    assert client.get(diff, REMOTE_ADDR="2001:db8:1:2:ffff::9").status_code == 429
    assert client.get(diff, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_the_limit_can_be_turned_off(client, settings, diff, django_assert_num_queries):
    settings.PAGE_LIMIT = 0
    assert all(client.get(diff).status_code == 200 for _ in range(5))
    assert not QuotaUse.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_can_not_be_written_keeps_nobody_from_reading(client, settings, diff, caplog):
    settings.PAGE_LIMIT = 1
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            forbid, allow = "PRAGMA query_only = 1", "PRAGMA query_only = 0"
        else:
            forbid = "SET default_transaction_read_only = on"
            allow = "SET default_transaction_read_only = off"
        cursor.execute(forbid)
        try:
            assert client.get(diff).status_code == 200
        finally:
            cursor.execute(allow)
    assert "the database can't be written" in caplog.text
    assert not QuotaUse.objects.exists()


def test_cards_and_what_is_told_of_pages_count_as_well(client, settings, diff):
    settings.PAGE_LIMIT = 2
    assert client.get(f"{diff}card.png").status_code == 200
    assert client.get("/oembed", {"url": f"{settings.SITE_URL}{diff}"}).status_code == 200
    assert client.get(f"{diff}card.png").status_code == 429
