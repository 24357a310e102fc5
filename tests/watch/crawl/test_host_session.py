"""One worker at one host: what is known of it is written when it is given back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.fetch import Answer, Problem
from articles.models import Host
from articles.models.lease import PreparedLease
from articles.watch.crawl.back_off import FAILURES_TO_PAUSE
from articles.watch.crawl.errors import SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from tests.scripted import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def host(site):
    site.pages |= {f"/{n}": Page("here") for n in range(3)}
    return Host.objects.create(name=site.endpoint, robots_status=404, robots_fetched=timezone.now())


def answer(status, **more):
    return Answer("http://a.example/", "http://a.example/", status=status, **more)


def test_a_request_of_a_worker_writes_nothing_until_the_host_is_given_back(site, host):
    session = HostSession.take(host.pk, ready_within=0.0)
    with CaptureQueriesContext(connection) as statements:
        PoliteFetcher(session).fetch(f"{site.url}/1")
    assert [sql["sql"] for sql in statements] == []
    assert Host.objects.get().last_answered is None
    session.leave()
    stored = Host.objects.get()
    assert stored.last_answered is not None
    assert (stored.lease_token, stored.last_visited is not None) == (None, True)


def test_a_host_that_was_not_asked_may_be_asked_as_before(host):
    before = Host.objects.get().next_allowed
    session = HostSession.take(host.pk, ready_within=0.0)
    assert Host.objects.get().next_allowed > before
    session.leave()
    assert Host.objects.get().next_allowed == before


def test_a_host_whose_time_has_not_come_is_not_taken_by_a_worker(host):
    Host.objects.update(next_allowed=timezone.now() + timedelta(seconds=30))
    assert HostSession.take(host.pk, ready_within=1.0) is None
    session = HostSession.take(host.pk)
    assert session is not None
    session.leave()
    assert Host.objects.get().next_allowed > timezone.now() + timedelta(seconds=25)


def test_what_another_session_did_since_the_row_was_read_is_not_written_over(host, monkeypatch):
    claim = PreparedLease.claim

    def meanwhile(self, *arguments, **values):
        monkeypatch.undo()
        other = HostSession.take(host.pk)
        other.note_answer(answer(503, retry_after=300.0))
        other.leave()
        return claim(self, *arguments, **values)

    monkeypatch.setattr(PreparedLease, "claim", meanwhile)
    assert HostSession.take(host.pk, ready_within=0.0) is None
    assert Host.objects.get().failures == 1


def test_a_session_that_slept_past_its_lease_makes_no_request(site, host, settings):
    settings.LEASE_SECONDS = 1
    sleeper = HostSession.take(host.pk, ready_within=0.0)
    Host.objects.update(lease_until=timezone.now() - timedelta(seconds=1), next_allowed=timezone.now())
    sleeper._held_until = timezone.now() - timedelta(seconds=1)
    other = HostSession.take(host.pk)
    with pytest.raises(SessionOver, match="lost to another worker"):
        PoliteFetcher(sleeper).fetch(f"{site.url}/1")
    assert site.requests == []
    sleeper.note(failures=17)
    sleeper.leave()
    assert Host.objects.get().failures == 0
    assert Host.objects.get().lease_token == other.token


def test_failures_in_a_row_pause_the_host(host):
    for _ in range(FAILURES_TO_PAUSE):
        session = HostSession.take(host.pk)
        session.note_answer(answer(None, problem=Problem.TIMEOUT))
        session.leave()
    assert Host.objects.get().paused_until > timezone.now() + timedelta(minutes=20)
    assert HostSession.take(host.pk, ready_within=3600.0) is None


def test_a_robots_txt_is_kept_until_the_host_is_given_back_and_after(site, host):
    Host.objects.update(robots_status=None, robots_fetched=None)
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /1", content_type="text/plain")
    session = HostSession.take(host.pk)
    fetcher = PoliteFetcher(session)
    assert session.fresh_robots() is None
    session.take_robots(fetcher.ask_robots(session, "http"))
    assert session.fresh_robots() is not None
    session.leave()
    again = HostSession.take(host.pk)
    assert again.fresh_robots() is not None
    assert again.host.robots_text.startswith("User-agent")
