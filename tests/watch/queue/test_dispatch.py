"""Who is due, and hosts in turn."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Feed, Heartbeat, Host, Source
from articles.watch.feeds.poll import add_article
from articles.watch.queue.dispatch import WAITING_PER_WORKER, dispatch
from articles.watch.queue.frontier import Frontier
from articles.watch.queue.periodic_tasks import install_schedules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


def test_a_round_is_queued_for_each_worker_that_has_a_host(source, settings):
    settings.WORKERS = 3
    for address in ("https://a.example/1", "https://a.example/2", "https://b.example/1"):
        add_article(address, source)
    assert dispatch() == 2
    assert get_broker().queue_size() == 2
    for name in "cdef":
        add_article(f"https://{name}.example/1", source)
    assert dispatch() == 3


def test_rounds_do_not_pile_up_in_the_queue(source, settings):
    settings.WORKERS = 1
    add_article("https://a.example/1", source)
    assert [dispatch() for _ in range(6)] == [1] * WAITING_PER_WORKER + [0, 0]


def test_a_round_that_was_lost_is_made_up_for(source):
    add_article("https://a.example/1", source)
    dispatch()
    get_broker().purge_queue()
    assert dispatch() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: Source.objects.update(enabled=False),
        lambda: Host.objects.update(next_allowed=timezone.now() + timedelta(hours=1)),
        lambda: Host.objects.update(paused_until=timezone.now() + timedelta(minutes=30)),
        lambda: Article.objects.update(next_check_at=None),
        lambda: Article.objects.update(next_check_at=timezone.now() + timedelta(minutes=1)),
        lambda: Article.objects.update(lease_until=timezone.now() + timedelta(minutes=1)),
    ],
    ids=["source paused", "host wants rest", "host paused", "retired", "not due", "being checked"],
)
def test_nothing_is_queued_without_something_to_do(source, change):
    add_article("https://a.example/1", source)
    change()
    assert dispatch() == 0


def test_the_sources_of_one_host_are_told_apart(source):
    other = Source.objects.create(name="The Other Paper", slug="other-paper")
    third = Source.objects.create(name="A Third Paper", slug="third-paper", enabled=False)
    now = timezone.now()
    first, _ = add_article("https://a.example/1", source)
    later, _ = add_article("https://a.example/2", other)
    add_article("https://a.example/3", third)
    add_article("https://b.example/4", third)
    Article.objects.filter(pk=first.pk).update(next_check_at=now - timedelta(hours=2))
    Article.objects.filter(pk=later.pk).update(next_check_at=now - timedelta(hours=1))
    host, elsewhere = Host.objects.get(name="a.example:443"), Host.objects.get(name="b.example:443")
    assert list(Article.objects.hosts_with_work(now, now).distinct()) == [host.pk]
    assert Article.objects.first_due(host, now, now) == (first.pk, now - timedelta(hours=2))
    assert Article.objects.first_due(elsewhere, now, now) is None
    Source.objects.filter(pk=source.pk).update(enabled=False)
    assert Article.objects.first_due(host, now, now) == (later.pk, now - timedelta(hours=1))
    assert dispatch() == 1


def test_a_host_of_many_sources_is_asked_for_in_one_query(source, django_assert_num_queries):
    papers = Source.objects.bulk_create(Source(name=f"Paper {n}", slug=f"paper-{n}") for n in range(20))
    added = [add_article(f"https://a.example/{paper.pk}", paper)[0] for paper in papers]
    host, now = Host.objects.get(), timezone.now()
    longest = now - timedelta(hours=1)
    Article.objects.filter(pk=added[7].pk).update(next_check_at=longest)
    with django_assert_num_queries(1):
        assert Article.objects.first_due(host, now, now) == (added[7].pk, longest)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([None, -5, -1, 5])), max_size=12
    ),
    st.sets(st.integers(0, 3)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_who_is_due_is_what_reading_every_article_would_tell(db, rows, paused):
    with transaction.atomic():
        now = timezone.now()
        sources = [Source.objects.create(name=f"{n}", slug=f"{n}", enabled=n not in paused) for n in range(4)]
        hosts = [Host.objects.create(name=f"host{n}.example:443") for n in range(4)]
        for number, (host, source, minutes) in enumerate(rows):
            Article.objects.create(
                source=sources[source],
                host=hosts[host],
                address=f"https://host{host}.example/{number}",
                next_check_at=None if minutes is None else now + timedelta(minutes=minutes),
            )
        due = list(Article.objects.due(now).order_by("next_check_at", "-pk"))
        assert set(Article.objects.hosts_with_work(now, now)) == {article.host_id for article in due}
        for host in hosts:
            expected = next(((a.pk, a.next_check_at) for a in due if a.host_id == host.pk), None)
            assert Article.objects.first_due(host, now, now) == expected
        transaction.set_rollback(True)


def test_what_is_due_of_paused_sources_costs_nothing(source):
    """However much it is: SQLite says how many steps a query takes."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such count")
    other = Source.objects.create(name="The Other Paper", slug="other-paper", enabled=False)
    add_article("https://a.example/1", source)
    host = Host.objects.get()

    def steps():
        counted = []
        connection.connection.set_progress_handler(lambda: counted.append(1) or 0, 100)
        try:
            Frontier().look()
            Article.objects.first_due(host, timezone.now(), timezone.now())
        finally:
            connection.connection.set_progress_handler(None, 0)
        return len(counted)

    few = steps()
    Article.objects.bulk_create(
        Article(source=other, host=host, address=f"https://a.example/{number}") for number in range(5000)
    )
    assert steps() < few + 20


def test_a_feed_alone_is_something_to_do(source):
    Feed.objects.create(source=source, address="https://a.example/feed")
    assert dispatch() == 1


def test_dispatching_tells_that_a_worker_runs(db):
    assert Heartbeat.seconds_since("dispatch") is None
    dispatch()
    assert 0 <= Heartbeat.seconds_since("dispatch") < 60


def test_schedules_made_twice_by_two_starts_become_one_again(db):
    install_schedules()
    Schedule.objects.create(
        name="dispatch", func="articles.watch.queue.tasks.dispatch", schedule_type="I", minutes=1
    )
    install_schedules()
    assert sorted(Schedule.objects.values_list("name", "schedule_type", "minutes")) == [
        ("add_batches", "I", 1),
        ("apply_decisions", "I", 5),
        ("catch_up_search", "I", 5),
        ("dispatch", "I", 1),
        ("health", "I", 5),
        ("learn_places", "I", 60),
        ("log_versions", "I", 5),
        ("nightly", "D", None),
        ("notices", "I", 1),
        ("notices_upkeep", "D", None),
        ("statistics", "I", 1),
        ("write_datasets", "I", 1),
    ]


def test_an_older_schedule_is_brought_up_to_date(db):
    Schedule.objects.create(
        name="catch_up_search", func="articles.watch.queue.tasks.catch_up_search", schedule_type="H"
    )
    install_schedules()
    schedule = Schedule.objects.get(name="catch_up_search")
    assert (schedule.schedule_type, schedule.minutes) == ("I", 5)
