"""Tasks are named where they are queued: each name leads to a task."""

import inspect
import pydoc
from datetime import timedelta
from multiprocessing import Value
from queue import SimpleQueue

import pytest
from django.utils import timezone
from django_q.brokers import get_broker
from django_q.models import Schedule
from django_q.signing import SignedPackage
from django_q.tasks import async_task
from django_q.worker import worker

from articles.models import Host
from articles.watch.feeds.poll import add_article
from articles.watch.queue import enqueue, names
from articles.watch.queue.periodic_tasks import install_schedules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


def test_whatever_is_queued_soon_can_be_called(db):
    soon = [function for name, function in inspect.getmembers(enqueue) if name.endswith("_soon")]
    for function in soon:
        function(*(0 for _ in inspect.signature(function).parameters))
    queued = []
    while tasks := get_broker().dequeue():
        for receipt, package in tasks:
            get_broker().acknowledge(receipt)
            queued.append(SignedPackage.loads(package))
    assert len(queued) == len(soon) >= 6
    for task in queued:
        function = pydoc.locate(task["func"])
        assert callable(function), task["func"]
        inspect.signature(function).bind(*task["args"])


def test_whatever_is_scheduled_can_be_called(db):
    install_schedules()
    for path in Schedule.objects.values_list("func", flat=True):
        inspect.signature(pydoc.locate(path)).bind()


def test_schedules_of_an_older_version_are_mended_or_go(db):
    for name in ("dispatch", "settle", "nightly"):
        Schedule.objects.create(name=name, func=f"articles.watch.tasks.{name}", schedule_type="H")
    others = Schedule.objects.create(name="somebody else's", func="elsewhere.task", schedule_type="H")
    install_schedules()
    paths = set(Schedule.objects.exclude(pk=others.pk).values_list("func", flat=True))
    assert all(path.startswith((names.TASKS, names.NOTICES, "articles.exports.tasks")) for path in paths)
    assert not Schedule.objects.filter(name="settle").exists()
    assert Schedule.objects.filter(pk=others.pk).exists()


def test_a_task_that_an_older_version_queued_is_dropped_and_costs_nothing_but_its_hosts_lease(source):
    article, _ = add_article("https://a.example/1", source)
    token = Host.objects.claim(article.host_id, timezone.now(), 60)
    async_task("articles.watch.tasks.visit", article.host_id, str(token))
    [(receipt, package)] = get_broker().dequeue()
    get_broker().acknowledge(receipt)
    tasks, results = SimpleQueue(), SimpleQueue()
    for task in (SignedPackage.loads(package), "STOP"):
        tasks.put(task)
    worker(tasks, results, Value("f", -1))  # it goes on to the next one
    assert not results.get()["success"]
    article.refresh_from_db()
    assert article.checks_made == 0
    assert list(Host.objects.free(timezone.now() + timedelta(seconds=61))) == [article.host]
