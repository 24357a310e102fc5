"""When half of all hosts fail it is our network: all pauses, nothing is concluded, it goes on by itself."""

import json
import socket
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_q.brokers import get_broker

from articles.models import Article, Event, Host, Outage, Outcome, Version
from articles.watch.check.check import check_now
from articles.watch.crawl import outage
from articles.watch.feeds.poll import add_article
from articles.watch.queue import dispatch as dispatching
from articles.watch.queue.visits import make_round
from tests.scripted import Page, ScriptedSite, story_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

STORY = "/story"


class Internet:
    """Four sites, each with a story that is watched, behind a network that may fail."""

    def __init__(self, sites, source, settings):
        self.sites, self._settings = sites, settings
        for site in sites:
            site.pages[STORY] = Page(story_page(f"Lime trees, as seen from {site.url}"))  # another text each
        self.works()
        self.articles = [add_article(site.url + STORY, source)[0] for site in sites]

    def works(self, *sites):
        self._settings.FETCH_ALLOW_ENDPOINTS = ",".join(site.endpoint for site in self.sites)
        for site in sites or self.sites:
            site.hang_up = False

    def fails(self, *sites):
        for site in sites or self.sites:
            site.hang_up = True

    def check(self, *articles):
        Host.objects.update(next_allowed=timezone.now())
        return [check_now(article).outcome for article in articles or self.articles]


@pytest.fixture
def internet(source, settings):
    settings.FETCH_HOST_DELAY = 0.0
    type(source).objects.update(floor_seconds=3600, ceiling_seconds=86_400)
    sites = [ScriptedSite() for _ in range(4)]
    for site in sites:
        site.__enter__()
    internet = Internet(sites, source, settings)
    assert internet.check() == [Outcome.NEW_VERSION] * 4
    yield internet
    for site in sites:
        site.__exit__()


def status():
    out = StringIO()
    call_command("status", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_one_host_that_fails_fails_by_itself(internet):
    internet.fails(internet.sites[0])
    assert internet.check()[0] is Outcome.UNREACHABLE
    assert Outage.current() is None


def test_half_of_all_hosts_failing_pauses_all(internet, client):
    internet.fails(*internet.sites[:2])
    internet.check()
    internet.check(*internet.articles[:2])
    Article.objects.update(next_check_at=timezone.now())
    assert Outage.current() is not None
    assert dispatching.dispatch() == 0
    assert get_broker().queue_size() == 0
    assert status()["network_fails_since"]
    assert client.get("/healthz").json()["network"] is False
    assert "our own network" in status()["problems"][0]


def test_a_round_ends_when_the_network_does(internet):
    internet.fails()
    internet.check(*internet.articles[1:3])
    assert Outage.current() is not None
    asked = [len(site.requests) for site in internet.sites]
    Article.objects.update(next_check_at=timezone.now())
    Host.objects.update(next_allowed=timezone.now())
    assert not make_round(30)
    assert [len(site.requests) for site in internet.sites] == asked


def test_a_round_in_which_the_network_fails_ends(internet):
    internet.fails()
    Article.objects.update(next_check_at=timezone.now())
    Host.objects.update(next_allowed=timezone.now())
    assert not make_round(30)
    assert Outage.current() is not None
    assert Article.objects.filter(last_outcome=Outcome.UNREACHABLE).count() == 2


def test_it_resumes_by_itself_and_holds_nothing_against_what_failed_through_us(internet):
    internet.fails()
    for _ in range(5):
        internet.check()
    assert Outage.current() is not None
    assert Host.objects.filter(paused_until__gt=timezone.now()).count() == 4

    Outage.objects.update(next_probe=timezone.now())
    Host.objects.update(next_allowed=timezone.now())
    dispatching.dispatch()
    assert get_broker().queue_size() == 1
    assert not dispatching.probe_outage()
    assert Outage.current().failed_probes == 1

    internet.works()
    asked = [len(site.requests) for site in internet.sites]
    Host.objects.update(next_allowed=timezone.now())
    assert dispatching.probe_outage()
    assert sum(len(site.requests) for site in internet.sites) == sum(asked) + 1
    assert Outage.current() is None
    assert not Host.objects.filter(paused_until__gt=timezone.now()).exists()
    assert Article.objects.due(timezone.now()).count() == 4
    assert internet.check() == [Outcome.UNCHANGED] * 4
    assert not Event.objects.exists()
    assert Version.objects.count() == 4


def test_a_probe_is_made_once_a_minute(internet):
    internet.fails()
    internet.check()
    Outage.objects.update(next_probe=timezone.now())
    assert [outage.probe_is_due() for _ in range(3)] == [True, False, False]


def test_a_host_that_has_gone_for_good_does_not_keep_the_outage_up(internet, monkeypatch):
    """The probes ask others too, and first those that were not asked in vain."""
    monkeypatch.setattr(outage, "HOSTS_PER_PROBE", 1)
    internet.fails()
    internet.check()
    assert Outage.current() is not None
    internet.works(*internet.sites[:3])
    dead = Host.objects.get(name=internet.sites[3].endpoint)
    Host.objects.filter(pk=dead.pk).update(last_answered=timezone.now(), last_unanswered=None)
    Host.objects.update(next_allowed=timezone.now())
    assert not dispatching.probe_outage()
    assert outage.hosts_to_probe() != [dead.pk]
    assert dispatching.probe_outage()
    assert Outage.current() is None


def test_one_probe_asks_several_hosts_until_one_answers(internet):
    internet.fails()
    internet.check()
    internet.works(internet.sites[3])
    Host.objects.filter(name=internet.sites[3].endpoint).update(
        last_answered=timezone.now() - timedelta(hours=1)
    )
    Host.objects.update(next_allowed=timezone.now(), last_unanswered=None)
    assert dispatching.probe_outage()
    assert Outage.current() is None


def test_a_probe_asks_one_host_of_a_site(source):
    for name in (
        "a.news.example",
        "b.news.example",
        "www.paper.example",
        "www.paper.co.uk",
        "www.post.co.uk",
    ):
        add_article(f"https://{name}/1", source)
    Host.objects.create(name="only-led-to.example:443")
    Host.objects.update(last_answered=timezone.now())
    names = Host.objects.filter(pk__in=outage.hosts_to_probe()).values_list("name", flat=True)
    assert len(names) == 4
    assert "only-led-to.example:443" not in names


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("www.news.example:443", "news.example"),
        ("news.example:80", "news.example"),
        ("live.paper.co.uk:443", "paper.co.uk"),
        ("paper.taz.de:443", "taz.de"),
        ("127.0.0.1:8000", "127.0.0.1:8000"),
        ("::1:8000", "::1:8000"),
        ("localhost:8000", "localhost:8000"),
    ],
)
def test_the_site_of_a_host(name, site):
    assert outage.site_of(name) == site


@pytest.mark.parametrize(
    "portal",
    [
        Page("a portal of the network's own", status=404),
        Page("a portal of the network's own", status=410),
        Page("a portal of the network's own", status=451),
        Page("", status=302, headers={"Location": "/"}),
    ],
    ids=["404", "410", "451", "moved"],
)
def test_what_an_answer_during_an_outage_says_of_an_article_does_not_count(internet, portal):
    internet.fails()
    internet.check()
    internet.works()
    site = internet.sites[0]
    site.pages |= {STORY: portal, "/": Page("<h1>Welcome to the network</h1>")}
    assert internet.check(internet.articles[0]) == [Outcome.UNREACHABLE]
    article = Article.objects.get(pk=internet.articles[0].pk)
    assert (article.missing_count, article.state) == (0, "watched")
    assert "while our own network fails" in article.last_reason
    assert not Event.objects.exists()


@pytest.mark.parametrize("silent", ["news.example", "other{}.example"], ids=["one site", "many sites"])
def test_silent_subdomains_of_one_site_are_one_site(source, monkeypatch, silent):
    real = socket.getaddrinfo

    def down(host, port, **more):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    names = [f"sub{n}.{silent.format(n)}" for n in range(5)]
    articles = [add_article(f"https://{name}/story", source)[0] for name in names]
    add_article("https://third.example/1", source)
    Host.objects.update(last_answered=timezone.now() - timedelta(minutes=1))
    monkeypatch.setattr(socket, "getaddrinfo", down)
    for article in articles:
        check_now(article)
    monkeypatch.setattr(socket, "getaddrinfo", real)
    assert (Outage.current() is not None) == (len({outage.site_of(f"{name}:443") for name in names}) > 1)


def test_hosts_of_nobody_do_not_count(internet):
    for number in range(20):
        Host.objects.create(name=f"elsewhere{number}.example:443", last_answered=timezone.now())
    internet.fails(*internet.sites[:2])
    internet.check()
    internet.check(*internet.articles[:2])
    assert Outage.current() is not None


def test_hosts_long_dead_tell_nothing_of_our_network(internet):
    Host.objects.filter(pk__in=[article.host_id for article in internet.articles[:3]]).update(
        last_answered=timezone.now() - timedelta(days=2)
    )
    internet.fails(*internet.sites[:3])
    internet.check()
    assert Outage.current() is None


def test_an_outage_that_the_first_probe_ends_forgives_nobody(internet):
    internet.fails(*internet.sites[:2])
    internet.check()
    internet.check(*internet.articles[:2])
    assert Outage.current() is not None
    Host.objects.update(next_allowed=timezone.now())
    assert dispatching.probe_outage()
    assert Outage.current() is None
    assert Host.objects.filter(failures__gt=0).count() == 2


def test_names_that_cannot_be_looked_up_are_our_network(source, monkeypatch):
    def down(host, port, **more):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", down)
    articles = [add_article(f"https://site{n}.example/story", source)[0] for n in range(3)]
    Host.objects.update(last_answered=timezone.now() - timedelta(hours=1))
    results = [check_now(article) for article in articles]
    assert [result.outcome for result in results] == [Outcome.UNREACHABLE] * 3
    assert "could not be looked up" in results[0].reason
    assert Outage.current() is not None
    assert not Event.objects.exists()
