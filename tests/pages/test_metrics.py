"""What Prometheus reads, and who may read it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from articles.models import CheckCount, Feed, Heartbeat, Host, Outage, Version
from articles.models.check_count import SHARDS
from articles.pages import metrics
from newsdiffs import __version__
from tests.factories import make_article, make_source, make_version

pytestmark = pytest.mark.django_db


def numbers(client):
    """Each sample by its name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_an_empty_installation_has_numbers(client):
    found = numbers(client)
    assert found["newsdiffs_build_info", __version__] == 1
    assert found["newsdiffs_versions_total",] == found["newsdiffs_articles_due",] == 0
    assert found["newsdiffs_longest_due_seconds",] == found["newsdiffs_queue_length",] == 0


def test_checks_are_counted_by_outcome_in_few_rows(client):
    for _ in range(100):
        CheckCount.add("unchanged", 0.5)
    for _ in range(3):
        CheckCount.add("new-version", 2)
    assert 2 < CheckCount.objects.filter(outcome="unchanged").count() <= SHARDS
    found = numbers(client)
    assert found["newsdiffs_checks_total", "unchanged"] == 100
    assert found["newsdiffs_check_seconds_total", "unchanged"] == 50
    assert found["newsdiffs_checks_total", "new-version"] == 3
    assert found["newsdiffs_check_seconds_total", "new-version"] == 6


def test_an_outage_and_articles_that_wait_are_told(client):
    now = timezone.now()
    make_article(parked=now)
    for _ in range(2):
        make_article(capped_since=now)
    before = numbers(client)
    Outage.objects.create(began=now, next_probe=now)
    found = numbers(client)
    assert (before["newsdiffs_outage",], found["newsdiffs_outage",]) == (0, 1)
    assert (found["newsdiffs_articles_parked",], found["newsdiffs_articles_capped",]) == (1, 2)


def test_due_and_overdue_articles(client):
    now = timezone.now()
    for minutes in (-5, 5, 14, 20, 90):
        make_article(next_check_at=now - timedelta(minutes=minutes))
    make_article(next_check_at=None)
    make_article(make_source(enabled=False), next_check_at=now - timedelta(days=9))
    found = numbers(client)
    assert found["newsdiffs_articles_due",] == 4
    assert found["newsdiffs_articles_overdue",] == 2
    assert 5400 <= found["newsdiffs_longest_due_seconds",] < 5500


def test_no_more_than_so_many_are_counted(client, monkeypatch):
    monkeypatch.setattr(metrics, "MOST_COUNTED", 3)
    for _ in range(5):
        make_article(next_check_at=timezone.now() - timedelta(hours=1))
    found = numbers(client)
    assert found["newsdiffs_articles_due",] == found["newsdiffs_articles_overdue",] == 3


def test_versions_hosts_feeds_sources_and_signs_of_life(client):
    now = timezone.now()
    article = make_article(make_source(errors_in_row=2))
    make_version(article)
    make_version(article, ["Five."])
    Host.objects.create(name="down.example:443", failures=3)
    Host.objects.create(name="left.example:443", pauses=1, paused_until=now + timedelta(hours=1))
    Host.objects.create(name="back.example:443", paused_until=now - timedelta(hours=1))
    Feed.objects.create(source=article.source, address="https://down.example/rss", errors_in_row=1)
    Heartbeat.objects.create(name="dispatch", at=now - timedelta(minutes=7))
    found = numbers(client)
    assert found["newsdiffs_versions_total",] == Version.objects.latest("pk").pk
    assert found["newsdiffs_hosts_failing",] == 2
    assert found["newsdiffs_hosts_paused",] == 1
    assert found["newsdiffs_feeds_failing",] == found["newsdiffs_feeds_due",] == 1
    assert found["newsdiffs_sources_failing",] == 1
    assert 420 <= found["newsdiffs_heartbeat_age_seconds", "dispatch"] < 480


def test_a_number_of_articles_costs_no_number_of_queries(client, django_assert_max_num_queries):
    for _ in range(20):
        make_version(make_article(next_check_at=timezone.now()))
    with django_assert_max_num_queries(15):
        client.get("/metrics")


@pytest.mark.parametrize(
    ("settings_", "request_", "status"),
    [
        ({}, {}, 200),
        ({}, {"REMOTE_ADDR": "::1"}, 200),
        ({}, {"REMOTE_ADDR": "203.0.113.7"}, 403),
        ({}, {"REMOTE_ADDR": ""}, 403),
        ({}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 403),  # a proxy nobody told us of
        ({}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 403),
        ({"HTTPS": True}, {}, 403),  # there is one, as we speak no HTTPS ourselves
        ({"TRUSTED_PROXIES": 1}, {}, 200),
        ({"TRUSTED_PROXIES": 1, "HTTPS": True}, {}, 200),
        ({"TRUSTED_PROXIES": 1}, {"HTTP_X_FORWARDED_FOR": "203.0.113.7"}, 403),
        ({"TRUSTED_PROXIES": 1}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 203.0.113.7"}, 403),
        ({"METRICS_TOKEN": "s3cret"}, {}, 403),
        ({"METRICS_TOKEN": "s3cret"}, {"HTTP_AUTHORIZATION": "Bearer s3cre"}, 403),
        ({"METRICS_TOKEN": "s3cret"}, {"HTTP_AUTHORIZATION": "Bearer "}, 403),
        ({"METRICS_TOKEN": "s3cret"}, {"HTTP_AUTHORIZATION": "s3cret"}, 403),
        (
            {"METRICS_TOKEN": "s3cret"},
            {"HTTP_AUTHORIZATION": "Bearer s3cret", "REMOTE_ADDR": "203.0.113.7"},
            200,
        ),
    ],
)
def test_who_may_read_them(client, settings, settings_, request_, status):
    for name, value in settings_.items():
        setattr(settings, name, value)
    answer = client.get("/metrics", **request_)
    assert answer.status_code == status
    if status == 403:
        assert "METRICS_TOKEN" in answer.content.decode()
        assert "newsdiffs_" not in answer.content.decode()


def test_a_database_that_does_not_answer_is_said(client, monkeypatch):
    def refuse():
        raise DatabaseError("gone")

    monkeypatch.setattr(CheckCount, "tallies", refuse)
    assert client.get("/metrics").status_code == 503


def test_a_queue_that_does_not_answer_hides_no_other_number(client, monkeypatch):
    from redis import ConnectionError

    class Broker:
        def queue_size(self):
            raise ConnectionError("refused")

    monkeypatch.setattr(metrics, "get_broker", Broker)
    found = numbers(client)
    assert ("newsdiffs_queue_length",) not in found
    assert found["newsdiffs_articles_due",] == 0
