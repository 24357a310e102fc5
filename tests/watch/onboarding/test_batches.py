"""What people give becomes articles, once, whatever ends the worker meanwhile."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Batch, BatchRow
from articles.watch.feeds.poll import add_article
from articles.watch.onboarding import batches
from articles.watch.queue import upkeep
from tests.end_to_end.watched import query, shell
from tests.factories import make_source
from tests.running.installation import Installation, wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return make_source("The Gazette", home_page="https://www.gazette.example/")


def give(*addresses, source=None):
    batch = Batch.objects.create(source=source)
    rows = [BatchRow(batch=batch, line=line, address=address) for line, address in enumerate(addresses, 1)]
    BatchRow.objects.bulk_create(rows)
    return batch


def became(batch):
    return [(row.outcome, row.reason) for row in batch.rows.order_by("line")]


def take(*addresses, **how):
    batch = give(*addresses, **how)
    batches.work(30)
    batch.refresh_from_db()
    assert batch.finished
    return became(batch)


def test_an_address_is_watched_by_the_source_of_its_site(source):
    assert take("https://gazette.example/bridge") == [("added", "")]
    article = Article.objects.get()
    assert article.source == source
    assert article.next_check_at <= timezone.now()


def test_the_source_may_be_chosen(source):
    assert take("https://elsewhere.example/bridge", source=source) == [("added", "")]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "https://elsewhere.example/bridge",
            "no source watches elsewhere.example: choose",
        ),
        ("https://gazette.example/", "this is a home page, not an article"),
        ("https://gazette.example/live/1", "the address filters of The Gazette leave it out"),
    ],
)
def test_what_is_not_added_says_why(source, address, words):
    source.not_addresses = "/live/"
    source.save()
    ((outcome, reason),) = take(address)
    assert outcome == "refused"
    assert reason.startswith(words)
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("state", "words"),
    [("watched", ""), ("paused", "it is paused"), ("retired", "it has not changed")],
)
def test_what_is_watched_already_is_said(source, state, words):
    add_article("https://gazette.example/bridge", source)
    Article.objects.update(state=state)
    ((outcome, reason),) = take("https://gazette.example/bridge?utm_source=x")
    assert outcome == "known"
    assert reason.startswith(words)


def test_what_was_taken_down_is_not_watched_again(source):
    add_article("https://gazette.example/bridge", source)
    Article.objects.update(hidden=True)
    assert take("https://gazette.example/bridge") == [("refused", "it was taken down here")]


def test_a_batch_in_another_workers_hands_is_left_alone(source):
    batch = give("https://gazette.example/bridge")
    Batch.objects.claim(batch.pk, timezone.now(), 60)
    assert batches.work(30) == 0
    assert became(batch) == [("waiting", "")]


class Clock:
    """Time that passes by itself while a row is taken, and when somebody rests."""

    def __init__(self, monkeypatch, row=0.0):
        self.now, self.slept = 1000.0, []
        monkeypatch.setattr(batches.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(batches.time, "sleep", self.sleep)
        take = batches._take

        def slowly(*args):
            take(*args)
            self.now += row

        monkeypatch.setattr(batches, "_take", slowly)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def test_the_time_is_kept_and_the_rest_is_done_next_time(source, monkeypatch):
    batch = give(*(f"https://gazette.example/{number}" for number in range(5)))
    with monkeypatch.context() as patched:
        Clock(patched, row=6)
        assert batches.work(10) == 2
    assert batches.work(10) == 3
    assert Article.objects.count() == 5
    batch.refresh_from_db()
    assert batch.finished


def test_others_may_write_for_as_long_as_a_slice_took(source, monkeypatch):
    give(*(f"https://gazette.example/{number}" for number in range(60)))
    clock = Clock(monkeypatch, row=0.01)
    assert batches.work(30) == 60
    assert clock.slept == pytest.approx([0.25, 0.25, 0.1])


def test_sources_are_read_once_and_not_while_nobody_else_can_write(source, monkeypatch):
    """On SQLite a slice keeps all others from writing: in it, only what it stores is looked at."""
    give(*(f"https://site-{number}.example/story" for number in range(30)))
    with CaptureQueriesContext(connection) as captured:
        batches.work(30)
    asked = [query["sql"] for query in captured]
    of_sources = [number for number, sql in enumerate(asked) if 'FROM "articles_source"' in sql]
    assert len(of_sources) == 1
    assert "SAVEPOINT" in "".join(asked)
    inside, held = [], False
    for sql in asked:
        held = sql.startswith("SAVEPOINT") or (held and not sql.startswith("RELEASE"))
        inside += [sql] if held and sql.startswith("SELECT") else []
    assert not [sql for sql in inside if "articles_host" in sql or "articles_feed" in sql]


@pytest.mark.parametrize("depth", ["in a row", "in a batch"])
def test_an_error_of_ours_harms_one_row(source, monkeypatch, depth, caplog):
    bad = give(*(f"https://gazette.example/{name}" for name in ("before", "bad", "after")))
    good = give("https://gazette.example/good")
    add = batches.add_article

    def failing(address, source):
        if address.endswith("/bad"):
            raise RuntimeError("bad address") if depth == "in a row" else OperationalError("busy")
        return add(address, source)

    monkeypatch.setattr(batches, "add_article", failing)
    batches.work(30)
    assert became(good) == [("added", "")]
    if depth == "in a row":
        assert became(bad) == [
            ("added", ""),
            ("refused", "an error of ours; the log tells more"),
            ("added", ""),
        ]
    else:  # the database's trouble is no row's fault
        assert became(bad) == [("waiting", "")] * 3
    bad.refresh_from_db()
    assert bad.lease_token is None
    assert "bad address" in caplog.text or depth == "in a batch"


def test_what_died_with_the_machine_is_free_at_its_start(source):
    batch = give("https://gazette.example/bridge")
    Batch.objects.claim(batch.pk, timezone.now(), 60)
    upkeep.forget_leases()
    assert batches.work(30) == 1


def test_what_was_given_long_ago_goes_and_its_articles_stay(source):
    take("https://gazette.example/bridge")
    Batch.objects.update(finished=timezone.now() - batches.KEPT - timedelta(days=1))
    assert batches.prune() == 2
    assert Article.objects.exists()


KILLED = """
import os, signal
from articles.models import Article, Batch, BatchRow, Source
from articles.watch.onboarding import batches
source = Source.objects.create(name="Gazette", slug="gazette", home_page="https://gazette.example/")
batch = Batch.objects.create()
BatchRow.objects.bulk_create(
    [BatchRow(batch=batch, line=n, address=f"https://gazette.example/{n}") for n in range(60)]
)
take, taken = batches._take, []
def killing(*args):
    if len(taken) == batches.SLICE + 7:
        os.kill(os.getpid(), signal.SIGKILL)
    taken.append(take(*args))
batches._take = killing
batches.work(30)
"""


@pytest.mark.django_db(databases=[])
def test_a_killed_worker_loses_nothing_and_adds_nothing_twice(set_up_folder):
    installation = Installation(set_up_folder, LEASE_SECONDS="1")
    try:
        assert installation.manage("shell", "-v", "0", "-c", KILLED).returncode == -9
        counted = "SELECT COUNT(*) FROM articles_article"
        assert query(installation, counted) == [(batches.SLICE,)]
        # Once the dead one's lease is out.
        go_on = "from articles.watch.onboarding import batches; batches.work(30)"
        wait_until(lambda: shell(installation, go_on) or query(installation, counted) == [(60,)])
        outcomes = "SELECT outcome, COUNT(*) FROM articles_batchrow GROUP BY 1"
        assert query(installation, outcomes) == [("added", 60)]
    finally:
        installation.close()
