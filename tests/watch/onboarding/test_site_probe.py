"""A worker's part of "Add source": bounded steps, gone on with after a wait or a death, never for ever."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.brokers import get_broker

from articles.fetch import address_key
from articles.models import Article, Host, SiteProbe, Tombstone
from articles.watch.crawl.errors import SessionOver
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article
from articles.watch.onboarding import probe
from articles.watch.onboarding import site_probe as site_probes
from articles.watch.onboarding.overlap import overlaps
from articles.watch.onboarding.results import Candidate, Findings, Link
from articles.watch.onboarding.sources import suggested
from articles.watch.queue import visits
from articles.watch.queue.dispatch import dispatch, queue_site_probes
from articles.watch.queue.frontier import Frontier
from articles.watch.queue.visits import make_round
from tests.factories import make_source
from tests.scripted import Page, story_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

FEED = "<rss version='2.0'><channel><item><link>/2026/lime-trees</link></item></channel></rss>"


@pytest.fixture
def site_probe(site):
    site.pages |= {"/feed": Page(FEED), "/2026/lime-trees": Page(story_page())}
    Host.objects.for_address(site.url)
    return site_probes.begin(f"{site.url}/feed")


def again(site_probe):
    site_probe.refresh_from_db()
    return site_probe


def test_what_one_task_has_no_time_for_is_left_to_the_next(site_probe, site, monkeypatch):
    site.pages["/"] = Page("<!doctype html><html><link rel=alternate type=application/rss+xml href=/feed>")
    monkeypatch.setattr(site_probes, "BEGIN_SECONDS", 0.0)
    SiteProbe.objects.update(todo=[{"what": "page", "address": f"{site.url}/"}])
    get_broker().purge_queue()
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "looking"
    assert [step["address"] for step in site_probe.todo] == [f"{site.url}/feed"]
    assert get_broker().queue_size() == 1
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "found"


def test_only_one_worker_is_at_it(site_probe):
    now = timezone.now()
    token = SiteProbe.objects.claim(site_probe.pk, now, 60)
    assert site_probes.work(site_probe.pk) == 0
    SiteProbe.objects.release(site_probe.pk, token)
    assert site_probes.work(site_probe.pk) == 1
    assert again(site_probe).state == "found"
    assert site_probes.work(site_probe.pk) == 0


def test_one_thrown_away_meanwhile_is_not_gone_on_with(site_probe, site, monkeypatch):
    take = site_probes.probe.take

    def thrown_away(*args, **kwargs):
        found = take(*args, **kwargs)
        SiteProbe.objects.all().delete()
        return found

    monkeypatch.setattr(site_probes.probe, "take", thrown_away)
    get_broker().purge_queue()
    assert site_probes.work(site_probe.pk) == 1
    assert not SiteProbe.objects.exists()
    assert get_broker().queue_size() == 0
    assert site_probes.work(site_probe.pk) == 0


def test_a_host_that_wants_to_be_left_alone_is_asked_later(site_probe):
    Host.objects.update(next_allowed=timezone.now() + timedelta(seconds=120))
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "looking"
    assert site_probe.next_step_at == Host.objects.get().next_allowed
    assert site_probes.work_due() == 0
    Host.objects.update(next_allowed=timezone.now())
    SiteProbe.objects.update(next_step_at=timezone.now())
    assert site_probes.work_due() == 1
    assert again(site_probe).state == "found"


def test_a_host_that_wants_to_be_left_alone_for_long_is_not_waited_for(site_probe):
    Host.objects.update(next_allowed=timezone.now() + timedelta(hours=1))
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "failed"
    assert "may not be asked before" in site_probe.found["tried"][0]["said"]


def test_a_host_that_never_has_time_is_given_up(site_probe, monkeypatch):
    def over(*args, **kwargs):
        raise SessionOver("the session was lost")

    monkeypatch.setattr(HostSession, "wait_for", over)
    for _ in range(site_probes.MAX_STEP_TRIES):
        SiteProbe.objects.update(next_step_at=timezone.now())
        site_probes.work(site_probe.pk)
    assert again(site_probe).state == "failed"
    assert "the session was lost" in site_probe.found["tried"][0]["said"]


def test_a_host_that_another_worker_has_is_waited_for_without_counting(site_probe, monkeypatch):
    monkeypatch.setattr(probe, "BUSY_SECONDS", 0.0)
    get_broker().purge_queue()
    session = HostSession.take(Host.objects.get().pk)
    for _ in range(site_probes.MAX_STEP_TRIES + 1):
        assert site_probes.work(site_probe.pk) == 1
    assert again(site_probe).state == "looking"
    assert site_probe.todo[0].get("tries") is None
    # Nobody else is kept from work by it, until the host is free.
    assert site_probes.work_due() == 0
    queue_site_probes()
    assert get_broker().queue_size() == 0
    assert not site_probes.is_ready()
    session.leave()
    queue_site_probes()
    assert get_broker().queue_size() == 1
    assert site_probes.work_due() == 1
    assert again(site_probe).state == "found"


def test_the_dispatcher_takes_up_what_a_dead_worker_left(site_probe):
    get_broker().purge_queue()
    SiteProbe.objects.claim(site_probe.pk, timezone.now(), 60)
    queue_site_probes()
    assert get_broker().queue_size() == 0
    SiteProbe.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    queue_site_probes()
    assert get_broker().queue_size() == 1


def test_what_ends_the_worker_each_time_is_left_out(site_probe):
    SiteProbe.objects.update(unfinished=site_probes.MOST_UNFINISHED)
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "failed"
    assert "ended the worker" in site_probe.found["tried"][0]["said"]
    SiteProbe.objects.update(
        state="reading",
        unfinished=site_probes.MOST_UNFINISHED,
        next_step_at=timezone.now(),
        todo=[{"what": "article", "url": "https://a.example/1", "title": "One", "published": ""}],
    )
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "ready"
    assert "ended the worker" in site_probe.previews[0]["warnings"][0]


def test_a_round_does_first_what_a_person_waits_for(site_probe, site):
    add_article(f"{site.url}/2026/lime-trees", make_source())
    make_round(30)
    assert again(site_probe).state == "found"
    assert site.paths()[:2] == ["/robots.txt", "/feed"]


def test_a_worker_at_a_host_that_always_has_checks_due_looks_at_it(site, monkeypatch):
    """It looks for what people wait for between two visits, and the host is free then."""
    monkeypatch.setattr(visits, "LOOK_FOR_PEOPLE_EVERY", 0.0)
    site.pages |= {"/feed": Page(FEED), "/2026/lime-trees": Page(story_page())}
    add_article(f"{site.url}/2026/lime-trees", make_source())

    def always_due(path):
        Article.objects.update(next_check_at=timezone.now())
        if site.paths().count("/2026/lime-trees") == 3 and not SiteProbe.objects.exists():
            site_probes.begin(f"{site.url}/feed")

    visit = visits.visit

    def and_again(session):
        done = visit(session)
        always_due("")
        return done

    monkeypatch.setattr(visits, "visit", and_again)
    make_round(5)
    assert SiteProbe.objects.get().state == "found"


def test_the_dispatcher_leaves_out_a_host_that_a_person_waits_for(site):
    add_article(f"{site.url}/2026/lime-trees", make_source())
    site_probe = site_probes.begin(f"{site.url}/feed")
    assert dispatch() == 0
    # Also while a worker is at it.
    SiteProbe.objects.claim(site_probe.pk, timezone.now(), 60)
    assert dispatch() == 0
    SiteProbe.objects.update(next_step_at=None)
    assert dispatch() == 1


def test_an_error_of_ours_costs_one_step_and_no_host(site_probe, site, monkeypatch, caplog):
    site.pages["/"] = Page("<!doctype html><html><link rel=alternate type=application/rss+xml href=/feed>")
    SiteProbe.objects.update(todo=[{"what": "page", "address": f"{site.url}/{path}"} for path in ("x", "")])
    take = probe.take

    def wrong(step, *args, **kwargs):
        return 1 / 0 if step["address"].endswith("x") else take(step, *args, **kwargs)

    monkeypatch.setattr(probe, "take", wrong)
    make_round(30)
    assert again(site_probe).state == "found"
    assert "an error of ours" in site_probe.found["tried"][0]["said"]
    assert (site_probe.lease_token, site_probe.unfinished) == (None, 0)
    assert "ZeroDivisionError" in caplog.text


def test_one_task_does_as_many_steps_as_it_has_time_for(site_probe, site):
    site.pages["/"] = Page("<!doctype html><html><link rel=alternate type=application/rss+xml href=/feed>")
    SiteProbe.objects.update(todo=[{"what": "page", "address": f"{site.url}/"}])
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "found"
    assert [one["address"] for one in site_probe.found["tried"]] == [f"{site.url}/", f"{site.url}/feed"]


def test_a_worker_on_its_round_leaves_out_the_host_that_a_person_waits_for(site):
    site.pages["/2026/lime-trees"] = Page(story_page())
    add_article(f"{site.url}/2026/lime-trees", make_source())
    site_probes.begin(f"{site.url}/feed")
    SiteProbe.objects.update(lease_until=timezone.now() + timedelta(minutes=1))  # another worker is at it
    assert Frontier().take_next(seconds=5) is None
    SiteProbe.objects.update(next_step_at=None)
    session = Frontier().take_next(seconds=5)
    assert session is not None
    session.leave()


def test_nothing_that_names_only_what_is_watched_is_ticked(db):
    add_article("https://valley.example/1", make_source())
    old = Candidate("https://valley.example/a", "feed", items=1, links=(Link("https://valley.example/1"),))
    new = Candidate("https://valley.example/b", "feed", items=1, links=(Link("https://valley.example/2"),))
    assert suggested(Findings(candidates=[old])) == []
    assert suggested(Findings(candidates=[old, new])) == [new.address]


def test_what_was_deleted_for_good_is_not_written_down_again(site_probe, site):
    Tombstone.put([address_key(f"{site.url}/2026/lime-trees")], None)
    site_probes.work(site_probe.pk)
    assert again(site_probe).state == "found"
    assert "lime-trees" not in json.dumps([site_probe.found, site_probe.todo])
    session = HostSession.take(Host.objects.for_address(site.url).pk)
    answer, trouble = probe.ask(f"{site.url}/2026/lime-trees", PoliteFetcher(session))
    assert answer is None
    assert "taken down for good" in trouble.said
    assert "robots" not in trouble.said + trouble.advice


def test_feeds_that_name_the_same_are_told(db):
    links = tuple(Link(f"https://a.example/{n}") for n in range(5))
    first, second = (Candidate(f"https://a.example/feed{n}", "feed", links=links) for n in range(2))
    told = overlaps([first, second])
    assert told[first.address] == ""
    assert told[second.address] == f"Names the same articles as {first.address}."
    assert overlaps([]) == {}
