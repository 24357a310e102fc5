"""Quarantines decided and versions taken down at the same time, as two workers do on PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles import takedown
from articles.models import Article, Boilerplate, Host, Quarantine, Reason, Version
from articles.models.quarantine import QuarantinedParagraph, lock
from articles.takedown import Grounds
from articles.watch.check import apply_decisions, check
from articles.watch.feeds.poll import add_article
from tests.factories import make_article, make_source, make_version
from tests.scripted import SENTENCES, Page, story_page

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]

State = Quarantine.State


class Meanwhile:
    """Something that another worker does."""

    def __init__(self, work: Callable[[], object]):
        self.problem: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,))
        self._thread.start()

    def _run(self, work):
        try:
            work()
        except Exception as problem:
            self.problem = problem
        finally:
            connection.close()

    def waits(self):
        """Return when it waits for a lock, or is done."""
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
        while self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(waiting)
                if cursor.fetchone():
                    return
            self._thread.join(0.02)

    def ends(self):
        self._thread.join(20)
        assert not self._thread.is_alive()
        if self.problem:
            raise self.problem


def quarantined(source, *names):
    quarantine = Quarantine.objects.create(
        source=source, opened=timezone.now() - timedelta(hours=2), articles_alike=5, articles_checked=5
    )
    for name in names:
        QuarantinedParagraph.objects.create(
            quarantine=quarantine, source=source, signature=name, text=name, came=True
        )
    return quarantine


def test_what_is_dropped_while_another_is_opened_stays_dropped():
    source = make_source()
    first = quarantined(source, "one")
    with transaction.atomic():
        lock(source)
        quarantined(source, "two")
        Boilerplate.bring_up_to_date(source)
        drop = Meanwhile(lambda: apply_decisions.record_decision(first, State.DROPPED, None, timezone.now()))
        drop.waits()
    drop.ends()
    furniture = Boilerplate.objects.get()
    assert (furniture.dropped, furniture.held) == (["one"], ["two"])


def test_what_is_taken_down_while_it_is_accepted_stays_in_no_list():
    article = make_article(make_source())
    make_version(article, ["One."])
    version = make_version(article, ["One.", "Two."])
    quarantine = quarantined(article.source, "two")
    quarantine.set_aside({(article.pk, version.number)})
    with transaction.atomic():
        takedown.hide([article.pk], Grounds(Reason.PERSONAL))
        accept = Meanwhile(
            lambda: apply_decisions.record_decision(quarantine, State.ACCEPTED, None, timezone.now())
        )
        accept.waits()
    accept.ends()
    assert not Version.objects.changes().exists()


def test_a_headline_taken_down_while_it_is_checked_stays_away(site, source, monkeypatch):
    site.pages["/tree"] = Page(story_page("A tree", SENTENCES))
    add_article(f"{site.url}/tree", source)
    article = Article.objects.get()
    check.check_now(article)
    site.pages["/tree"] = Page(story_page("An old tree", SENTENCES))
    record = check.store

    def record_while_it_is_taken_down(*arguments):
        with transaction.atomic():
            takedown.hide_versions(article, [1], Grounds(Reason.PERSONAL))
            recording = Meanwhile(lambda: record(*arguments))
            recording.waits()
        recording.ends()
        return 2

    monkeypatch.setattr(check, "store", record_while_it_is_taken_down)
    Host.objects.update(next_allowed=timezone.now())
    assert check.check_now(article).outcome.value == "new-version"
    article.refresh_from_db()
    assert article.headline == ""
