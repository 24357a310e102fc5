"""Being told by a WebSub hub, a small one of ours, that a feed changed: from its naming to its last ping."""

import hmac
import logging
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone

from articles.models import Feed, HubSubscription, Source
from articles.notices import hubs, tasks
from articles.notices.attempts import Trouble
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.pings import PING_GAP
from articles.watch.feeds.poll import read_feed_now
from newsdiffs.logging import JSONFormatter, TextFormatter
from tests.notices.conftest import Receiver
from tests.notices.hub import CHALLENGE, Hub
from tests.scripted import Page, ScriptedSite
from tests.watch.conftest import site  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_queue"),
]
State = HubSubscription.State


@pytest.fixture
def hub(site, live_server, settings):  # noqa: F811
    with Hub() as hub:
        ours = f"127.0.0.1:{urlsplit(live_server.url).port}"
        settings.SITE_URL = f"http://{ours}"
        settings.FETCH_ALLOW_ENDPOINTS = ",".join((site.endpoint, hub.endpoint, ours))
        yield hub


@pytest.fixture
def feed(site: ScriptedSite, hub: Hub, source: Source) -> Feed:  # noqa: F811
    """A feed that names the hub, and was read."""
    return make_feed(site, hub.url, source)


def make_feed(site: ScriptedSite, named: str, source: Source, path: str = "/feed") -> Feed:  # noqa: F811
    site.pages[path] = feed_of(site, named, path)
    feed = Feed.objects.create(source=source, address=f"{site.url}{path}")
    read(feed)
    feed.refresh_from_db()
    return feed


def feed_of(site: ScriptedSite, named: str, path: str = "/feed") -> Page:  # noqa: F811
    links = f"<link rel='hub' href='{named}'/><link rel='self' href='{site.url}{path}'/>" if named else ""
    return Page(f"<feed xmlns='http://www.w3.org/2005/Atom'>{links}<entry><link href='/1'/></entry></feed>")


def read(feed: Feed) -> None:
    session = HostSession.take(feed.host_id)
    assert session is not None
    try:
        result = read_feed_now(Feed.objects.get(pk=feed.pk), PoliteFetcher(session))
    finally:
        session.leave()
    assert result is not None
    assert result.problem == ""


def subscribe(hub: Hub) -> HubSubscription:
    """What the minute's task and a worker do."""
    hubs.follow_feeds(timezone.now())
    hubs.ask_hubs(10)
    hub.settle()
    return HubSubscription.objects.get()


def read_long_ago(feed: Feed) -> None:
    """The last reading was some time ago, and the next is due in a while."""
    now = timezone.now()
    Feed.objects.filter(pk=feed.pk).update(
        last_checked=now - timedelta(minutes=5), next_check_at=now + timedelta(minutes=10)
    )


def is_due(feed: Feed) -> bool:
    return Feed.objects.due(timezone.now()).filter(pk=feed.pk).exists()


# --- Subscribing


def test_a_feed_that_names_a_hub_is_subscribed_to_verified_and_pinged(feed, hub, site):  # noqa: F811
    assert (feed.hub, feed.topic) == (hub.url, f"{site.url}/feed")
    made = subscribe(hub)
    [asked] = hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", feed.topic)
    assert len(asked["hub.secret"]) < 200
    assert hub.answers == [(200, CHALLENGE)]
    assert (made.state, made.failures, made.last_problem) == (State.ACTIVE, 0, "")
    assert timedelta(days=9) < made.lease_ends - timezone.now() <= timedelta(days=10)
    read_long_ago(feed)
    assert not is_due(feed)
    assert hub.publish(feed.topic).status_code == 202
    assert is_due(feed)
    made.refresh_from_db()
    assert (made.pings, made.last_ping is not None) == (1, True)
    assert hubs.ask_hubs(10) == 0  # before the lease is about to end


def test_what_a_hub_pushes_is_never_read(feed, hub):
    subscribe(hub)
    before = dict(Feed.objects.values().get(pk=feed.pk))
    pushed = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='https://evil.example/1'/></entry></feed>"
    hub.publish(feed.topic, pushed)
    after = dict(Feed.objects.values().get(pk=feed.pk))
    assert {name for name, value in after.items() if value != before[name]} == {"pinged", "next_check_at"}
    assert feed.source.articles.count() == 1


def test_each_feed_has_a_secret_and_an_address_of_its_own(hub, site, source):  # noqa: F811
    for path in ("/one", "/two"):
        make_feed(site, hub.url, source, path)
    hubs.follow_feeds(timezone.now())
    assert hubs.ask_hubs(10) == 2
    hub.settle()
    one, two = hub.subscriptions.values()
    assert one["hub.secret"] != two["hub.secret"]
    assert one["hub.callback"] != two["hub.callback"]


def test_the_lease_is_renewed_before_it_ends_under_the_same_address(feed, hub):
    hub.lease = "36000"
    made = subscribe(hub)
    renewal = made.next_attempt_at - timezone.now()
    assert timedelta(hours=7) < renewal <= timedelta(hours=8)
    HubSubscription.objects.update(next_attempt_at=timezone.now())
    assert subscribe(hub).lease_ends > made.lease_ends
    first, second = hub.asked
    assert first == second


@pytest.mark.parametrize(
    ("lease", "hours"), [("1", 1), ("0", 1), ("-5", 192), ("much", 192), ("", 192), ("9" * 9, 1728)]
)
def test_a_hub_that_gives_a_strange_lease_is_not_asked_all_the_time(feed, hub, lease, hours):
    hub.lease = lease
    made = subscribe(hub)
    wait = (made.next_attempt_at - timezone.now()) / timedelta(hours=1)
    assert hours - 0.1 < wait <= hours


def test_a_hub_that_moved_for_the_time_being_is_followed(feed, hub):
    hub.redirect = "/elsewhere"
    assert subscribe(hub).state == State.ACTIVE
    assert len(hub.asked) == 2


@pytest.mark.parametrize("target", ["/hub", "http://127.0.0.1:1/", "http://[nonsense", "ftp://hub.example/"])
def test_a_redirect_that_leads_round_or_inside_is_a_failure(feed, hub, target):
    hub.redirect = target
    made = subscribe(hub)
    assert (made.state, made.failures) == (State.WANTED, 1)
    assert made.last_problem in (Trouble.REDIRECTS, Trouble.BAD_ADDRESS)


# --- Failures


def test_a_hub_that_refuses_is_asked_ever_more_seldom_and_the_reason_is_kept(feed, hub):
    hub.status = 500
    for failures, hours in ((1, 1), (2, 2), (3, 4)):
        made = subscribe(hub)
        assert (made.state, made.failures, made.last_problem) == (State.WANTED, failures, Trouble.FAILING)
        assert hours - 0.1 < (made.next_attempt_at - timezone.now()) / timedelta(hours=1) <= hours
        assert hubs.ask_hubs(10) == 0
        HubSubscription.objects.update(next_attempt_at=timezone.now())
    HubSubscription.objects.update(failures=900)
    assert subscribe(hub).next_attempt_at - timezone.now() <= timedelta(days=7)


def test_a_hub_that_says_no_is_left_alone_for_a_week(feed, hub):
    made = subscribe(hub)
    [form] = hub.asked
    denied = {"hub.mode": "denied", "hub.reason": "<b>no</b>"}
    assert hub.say(form, denied | {"hub.topic": "https://other.example/"}).status_code == 200
    made.refresh_from_db()
    assert made.state == State.ACTIVE  # of another topic it says nothing
    hub.say(form, denied | {"hub.topic": feed.topic})
    made.refresh_from_db()
    assert (made.state, made.last_problem) == (State.WANTED, Trouble.REFUSED)
    assert made.next_attempt_at - timezone.now() > timedelta(days=6)


def test_one_silent_hub_is_asked_once_in_a_call_and_last(hub, site, source, settings):  # noqa: F811
    settings.NOTICE_SECONDS = 1
    with Receiver() as silent:
        silent.hang = {"/hub"}
        settings.FETCH_ALLOW_ENDPOINTS += f",{silent.endpoint}"
        for number in range(3):
            make_feed(site, f"{silent.url}/hub", source, f"/dead{number}")
        make_feed(site, hub.url, source)
        hubs.follow_feeds(timezone.now())
        assert hubs.ask_hubs(30) == 1
    assert HubSubscription.objects.exclude(asked=None).count() == 2


@pytest.mark.parametrize(
    "named", ["http://127.0.0.1:1/hub", "http://169.254.169.254/", "http://10.0.0.1/hub"]
)
def test_a_hub_inside_the_network_is_never_asked(hub, site, source, named):  # noqa: F811
    make_feed(site, named, source)
    made = subscribe(hub)
    assert (made.state, made.last_problem) == (State.WANTED, Trouble.BAD_ADDRESS)


def test_a_feed_that_names_another_hub_each_time_has_few_of_them_asked(feed, hub, site):  # noqa: F811
    for number in range(6):
        site.pages["/feed"] = feed_of(site, f"{hub.url}/{number}")
        read(feed)
        hubs.follow_feeds(timezone.now())
        hubs.ask_hubs(10)
        hub.settle()
    asked = [form for form in hub.asked if form["hub.mode"] == "subscribe"]
    assert len(asked) <= 3


# --- The site's own address


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://news.internal", "http://192.168.1.5"]
)
def test_without_a_public_address_no_hub_is_asked(feed, hub, settings, url):
    settings.SITE_URL = url
    tasks.notices()
    assert (HubSubscription.objects.count(), hub.asked) == (0, [])
    settings.SITE_URL = "https://diffs.example.org"
    tasks.notices()
    assert HubSubscription.objects.count() == 1


# --- Pings


def sign(form: dict[str, str], body: bytes, method: str = "sha256") -> str:
    return f"{method}={hmac.new(form['hub.secret'].encode(), body, method).hexdigest()}"


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_each_method_of_the_recommendation_is_taken(feed, hub, method):
    subscribe(hub)
    read_long_ago(feed)
    signature = sign(hub.subscriptions[feed.topic], b"<feed/>", method)
    assert hub.publish(feed.topic, **{"X-Hub-Signature": signature}).status_code == 202
    assert is_due(feed)


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=0000", "sha256", "md5=x", "crc32=1", "SHA256=é", "=", "sha256=" + "0" * 64],
)
def test_a_ping_that_is_not_signed_by_our_secret_does_nothing_and_is_not_told_so(feed, hub, signature):
    made = subscribe(hub)
    read_long_ago(feed)
    answer = hub.publish(feed.topic, **{"X-Hub-Signature": signature.encode("latin-1").decode("latin-1")})
    assert answer.status_code == 202
    assert not is_due(feed)
    made.refresh_from_db()
    assert made.pings == 0


def test_a_ping_with_the_signature_of_another_body_does_nothing(feed, hub):
    subscribe(hub)
    read_long_ago(feed)
    signature = sign(hub.subscriptions[feed.topic], b"another")
    hub.publish(feed.topic, b"<feed/>", **{"X-Hub-Signature": signature})
    assert not is_due(feed)


def test_a_flood_of_pings_brings_one_reading_a_minute(feed, hub):
    subscribe(hub)
    read(feed)
    for _ in range(5):
        hub.publish(feed.topic)
    feed.refresh_from_db()
    assert feed.next_check_at == feed.last_checked + PING_GAP
    read_long_ago(feed)
    hub.publish(feed.topic)
    due = Feed.objects.get(pk=feed.pk).next_check_at
    hub.publish(feed.topic)
    assert Feed.objects.get(pk=feed.pk).next_check_at == due


def test_a_ping_never_puts_a_reading_off_nor_hurries_one_that_fails(feed, hub):
    subscribe(hub)
    soon = timezone.now() + timedelta(seconds=5)
    Feed.objects.update(last_checked=timezone.now(), next_check_at=soon)
    hub.publish(feed.topic)
    assert Feed.objects.get().next_check_at == soon
    read_long_ago(feed)
    Feed.objects.update(errors_in_row=1)
    hub.publish(feed.topic)
    assert not is_due(feed)


def test_a_ping_that_comes_while_the_feed_is_read_is_not_lost(feed, hub, site, source):  # noqa: F811
    source.feed_seconds = 900
    source.save()
    subscribe(hub)
    site.on_request = lambda path: hub.publish(feed.topic) if path == "/feed" else None
    read(feed)
    feed.refresh_from_db()
    assert timedelta(0) < feed.next_check_at - timezone.now() <= PING_GAP
    site.on_request = lambda path: None
    read(feed)
    feed.refresh_from_db()
    assert feed.next_check_at - timezone.now() > timedelta(minutes=14)


def test_a_ping_of_the_whole_feed_is_taken_and_a_larger_one_refused(feed, hub):
    subscribe(hub)
    read_long_ago(feed)
    assert hub.publish(feed.topic, b"x" * (4 << 20)).status_code == 202
    assert is_due(feed)
    assert hub.publish(feed.topic, b"x" * ((5 << 20) + 1)).status_code == 413


def test_a_ping_without_a_length_is_refused(feed, hub):
    subscribe(hub)
    form = hub.subscriptions[feed.topic]
    answer = requests.post(form["hub.callback"], data=iter([b"<feed/>"]), timeout=30)
    assert answer.status_code == 411


def test_whoever_guesses_an_address_learns_that_there_is_none(client, db):
    path = f"/websub/{'x' * 32}/"
    assert client.get(path, {"hub.mode": "subscribe", "hub.challenge": "x"}).status_code == 404
    assert client.post(path, b"x", content_type="text/xml").status_code == 410
    assert client.put(path).status_code == 405


@pytest.mark.parametrize(
    "other",
    [
        {"topic": "https://other.example/feed"},
        {"topic": ""},
        {"mode": "unsubscribe"},
        {"mode": "SUBSCRIBE"},
        {"mode": ""},
        {"challenge": ""},
        {"challenge": "x" * 3000},
    ],
)
def test_what_was_not_asked_for_is_not_verified(feed, hub, other):
    made = subscribe(hub)
    assert hub.verify(hub.asked[0], **other).status_code == 404
    made.refresh_from_db()
    assert made.state == State.ACTIVE


def test_a_challenge_is_sent_back_as_text(feed, hub):
    subscribe(hub)
    answer = hub.verify(hub.asked[0], challenge="<script>alert(1)</script>")
    assert answer.text == "<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


# --- Leaving


def names_no_hub(feed: Feed, site: ScriptedSite) -> None:  # noqa: F811
    site.pages["/feed"] = feed_of(site, "")
    read(feed)


def is_deleted(feed: Feed, site: ScriptedSite) -> None:  # noqa: F811
    feed.delete()


def loses_its_source(feed: Feed, site: ScriptedSite) -> None:  # noqa: F811
    Source.objects.filter(pk=feed.source_id).update(enabled=False)


@pytest.mark.parametrize("happens", [names_no_hub, is_deleted, loses_its_source])
def test_a_feed_that_is_dropped_is_unsubscribed(feed, hub, site, happens):  # noqa: F811
    subscribe(hub)
    happens(feed, site)
    hubs.follow_feeds(timezone.now())
    assert HubSubscription.objects.get().state == State.LEAVING
    hubs.ask_hubs(10)
    hub.settle()
    assert [form["hub.mode"] for form in hub.asked] == ["subscribe", "unsubscribe"]
    assert hub.subscriptions == {}
    assert not HubSubscription.objects.exists()
    assert requests.post(hub.asked[0]["hub.callback"], b"<feed/>", timeout=30).status_code == 410


def test_a_hub_that_never_verifies_the_end_is_left_after_three_times(feed, hub):
    subscribe(hub)
    feed.delete()
    hub.status = 500
    hubs.follow_feeds(timezone.now())
    for _ in range(4):
        hubs.ask_hubs(10)
        HubSubscription.objects.update(next_attempt_at=timezone.now())
    assert [form["hub.mode"] for form in hub.asked].count("unsubscribe") == 3
    assert not HubSubscription.objects.exists()


def test_nobody_is_subscribed_anew_while_the_end_waits(feed, hub):
    subscribe(hub)
    [form] = hub.asked
    feed.delete()
    hubs.follow_feeds(timezone.now())
    assert hub.verify(form).status_code == 404


# --- What is seen of it


def test_the_admin_shows_its_state_and_neither_address_nor_secret(feed, hub, admin_client):
    made = subscribe(hub)
    HubSubscription.objects.update(last_problem=Trouble.TOO_SLOW)
    for path in ("/admin/articles/hubsubscription/", f"/admin/articles/hubsubscription/{made.pk}/change/"):
        page = admin_client.get(path).content.decode()
        assert made.hub in page
        assert "active" in page
        assert "the receiver took too long" in page
        assert made.token not in page
        assert made.secret not in page


def test_neither_address_nor_secret_stands_in_a_log(feed, hub, caplog, client):
    caplog.set_level(logging.DEBUG)
    made = subscribe(hub)
    hub.publish(feed.topic)
    client.get(f"/websub/{made.token}/")
    lines = [form.format(record) for record in caplog.records for form in (TextFormatter(), JSONFormatter())]
    ours = [line for line in lines if "urllib3" not in line]
    assert any("/websub/" in line for line in ours)
    assert [line for line in ours if made.token in line or made.secret in line] == []
