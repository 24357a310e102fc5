"""A newsroom and a scripted site on loopback, a source that watches them, and no waiting between requests."""

import pytest
from django.utils import timezone

from articles.fetch import address_key
from articles.isolation import IsolationError
from articles.models import Address, Article, Feed, Host, Outcome, Source
from articles.watch.check import page, page_reading
from articles.watch.check.check import check_now
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from articles.watch.queue.visits import visit
from demo import Newsroom
from tests.scripted import Page, ScriptedSite, story_page

PATH = "/2026/lime-trees"
"""Where the story of these tests stands."""


class Watch:
    """The newsroom as the watch sees it: reads its feed, checks its stories, on the spot."""

    def __init__(self, room: Newsroom, source: Source) -> None:
        self.room = room
        self.source = source
        self.feed = Feed.objects.create(source=source, address=room.feed_url)

    def read_feed(self):
        session = HostSession.take(self.feed.host_id)
        assert session is not None
        try:
            return read_feed_now(Feed.objects.get(pk=self.feed.pk), PoliteFetcher(session))
        finally:
            session.leave()

    def article(self, slug):
        return Address.objects.get(key=address_key(self.room.story_url(slug))).article

    def check(self, slug):
        return check_now(self.article(slug))


@pytest.fixture
def room(settings):
    with Newsroom() as room:
        settings.FETCH_ALLOW_ENDPOINTS = room.url.removeprefix("http://").rstrip("/")
        settings.FETCH_HOST_DELAY = 0.0
        yield room


@pytest.fixture
def source(db):
    return Source.objects.create(
        name="The Harbour Gazette",
        slug="harbour-gazette",
        floor_seconds=1,
        ceiling_seconds=3600,
        confirm_text_seconds=0,
        confirm_removal_seconds=0,
    )


@pytest.fixture
def watch(room, source):
    return Watch(room, source)


@pytest.fixture
def site(settings):
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        settings.FETCH_HOST_DELAY = 0.0
        yield site


@pytest.fixture
def check(site, source):
    """Check the article at PATH (or another path) and give back the result."""

    def run(path=PATH, times=1):
        article, _ = add_article(site.url + path, source)
        for _ in range(times):
            Host.objects.update(next_allowed=timezone.now())
            result = check_now(article)
        return result

    return run


@pytest.fixture
def seen(site, check):
    """The article once it has its first version."""
    site.pages[PATH] = Page(story_page())
    assert check().outcome is Outcome.NEW_VERSION
    return Article.objects.get()


@pytest.fixture
def read_otherwise(monkeypatch):
    """Have pages read by another extractor: in this process, as no reader could import it."""

    def isolated(function, *args, **_limits):
        try:
            return function(*args)
        except Exception as error:
            raise IsolationError(f"{type(error).__name__}: {error}") from error

    def change(extractor):
        monkeypatch.setattr(page_reading, "extract", extractor)
        monkeypatch.setattr(page, "isolated", isolated)

    return change


@pytest.fixture
def other_site(site, settings):
    """A second host that redirects may lead to."""
    with ScriptedSite() as other:
        settings.FETCH_ALLOW_ENDPOINTS = f"{site.endpoint},{other.endpoint}"
        yield other


@pytest.fixture
def run_visit():
    """Do what is due at a host, visit by visit, until nothing is or it wants to rest; how many visits."""

    def run(host):
        Host.objects.filter(pk=host.pk).update(next_allowed=timezone.now())
        return visit_until_done(host.pk)

    return run


def visit_until_done(host_id):
    done = 0
    while (session := HostSession.take(host_id, ready_within=0.0)) is not None and visit(session):
        done += 1
    return done
