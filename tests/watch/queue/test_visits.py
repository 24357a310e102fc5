"""A worker's round: one thing at a host that is ready, then the next host; it sleeps only when none is."""

import time
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from articles.models import Article, Feed, Host, Source, Version
from articles.watch.check import check as checking
from articles.watch.crawl.errors import Taken
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import WORKERS_PATIENCE, PoliteFetcher
from articles.watch.feeds.poll import add_article
from articles.watch.queue import visits
from articles.watch.queue.frontier import Frontier
from articles.watch.queue.visits import make_round
from tests.scripted import SENTENCES, Page, ScriptedSite, story_page
from tests.watch.conftest import visit_until_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


def watch_stories(site, source, count=4):
    for number in range(count):
        # Equal texts at several addresses would be one story.
        own = f"This is number {number} of the stories of {site.endpoint}, and it differs from all others. "
        site.pages[f"/{number}"] = Page(story_page(f"Story {number}", (own * 5, *SENTENCES)))
        add_article(f"{site.url}/{number}", source)
    Host.objects.filter(name=site.endpoint).update(robots_status=404, robots_fetched=timezone.now())


@pytest.fixture
def source(source):
    source.floor_seconds = 60
    source.save()
    return source


@pytest.fixture
def stories(site, source):
    watch_stories(site, source)
    return site


@pytest.fixture
def sites(settings, source):
    """Five sites with four stories each, and a delay of half a second."""
    settings.FETCH_HOST_DELAY = 0.5
    with ExitStack() as stack:
        sites = [stack.enter_context(ScriptedSite()) for _ in range(5)]
        settings.FETCH_ALLOW_ENDPOINTS = ",".join(site.endpoint for site in sites)
        for site in sites:
            watch_stories(site, source)
        yield sites


def test_a_round_does_all_that_is_due(stories):
    assert make_round(30) is False
    assert Version.objects.count() == 4
    assert Host.objects.get().lease_until is None


def test_one_worker_asks_all_hosts_while_each_of_them_rests(sites):
    began = time.monotonic()
    make_round(30)
    took = time.monotonic() - began
    assert Version.objects.count() == 20
    for site in sites:
        assert all(later - earlier >= 0.5 for earlier, later in pairwise(site.times))
    # One host after the other would take five times three delays.
    assert took < 5 * 3 * 0.5


def test_a_visit_makes_one_request(sites):
    session = Frontier().take_next(seconds=5)
    visits.visit(session)
    assert sum(len(site.requests) for site in sites) == 1


def test_each_host_has_its_turn_however_much_is_due_at_one(sites, source, settings):
    settings.FETCH_HOST_DELAY = 3600  # however slow this machine is, no host's rest is over while others wait
    host = Host.objects.get(name=sites[0].endpoint)
    now = timezone.now()
    Article.objects.bulk_create(
        Article(
            source=source,
            host=host,
            address=f"{sites[0].url}/old/{n}",
            next_check_at=now - timedelta(days=1),
        )
        for n in range(500)
    )
    frontier = Frontier()
    for _ in sites:
        visits.visit(frontier.take_next(seconds=5))
    assert [len(site.requests) for site in sites] == [1] * 5


def test_a_host_of_long_silence_is_asked_once_it_may_be(stories):
    Host.objects.update(next_allowed=timezone.now() + timedelta(seconds=0.7))
    allowed = Host.objects.get().next_allowed
    make_round(30)
    assert Version.objects.count() == 4
    assert stories.times
    assert timezone.now() > allowed


def test_a_round_ends_when_its_time_is_up(stories):
    Host.objects.update(next_allowed=timezone.now() + timedelta(seconds=5))
    assert make_round(0.3) is True
    assert stories.requests == []


def test_what_comes_due_soon_is_waited_for(stories):
    Article.objects.update(next_check_at=timezone.now() + timedelta(seconds=1.5))
    make_round(30)
    assert Version.objects.count() == 4


def test_a_feed_is_read_before_the_articles_it_names(site, source):
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(3))
    site.pages["/feed"] = Page(f"<rss version='2.0'><channel>{items}</channel></rss>")
    site.pages |= {f"/{n}": Page(story_page(f"Story {n}")) for n in range(3)}
    Feed.objects.create(source=source, address=f"{site.url}/feed")
    make_round(30)
    assert Version.objects.count() == 3


def test_an_error_of_ours_ends_no_round(stories, monkeypatch, caplog):
    read_page = checking.read_page

    def read(body, url, *rest, **more):
        return 1 / 0 if url.endswith("/2") else read_page(body, url, *rest, **more)

    monkeypatch.setattr(checking, "read_page", read)
    make_round(4)
    assert Version.objects.count() == 3
    assert "ZeroDivisionError" in caplog.text


def test_one_worker_at_a_time_is_at_a_host(stories):
    host = Host.objects.get()
    session = HostSession.take(host.pk)
    assert HostSession.take(host.pk) is None
    assert Frontier().take_next(seconds=5) is None
    session.leave()
    assert HostSession.take(host.pk, ready_within=0.0) is not None


def test_a_host_is_not_taken_by_what_was_known_before_another_visit(stories, settings):
    frontier = Frontier()
    frontier.look()
    settings.FETCH_HOST_DELAY = 10.0
    visits.visit(Frontier().take_next(seconds=5))
    assert frontier.take_next(seconds=5) is None


def test_the_delay_between_two_requests_is_kept(stories, settings):
    settings.FETCH_HOST_DELAY = 0.2
    session = HostSession.take(Host.objects.get().pk)
    fetcher = PoliteFetcher(session)
    fetcher.fetch(f"{stories.url}/1")
    fetcher.fetch(f"{stories.url}/2")
    first, second = stories.times[-2:]
    assert second - first >= 0.2


@pytest.mark.parametrize("ready_within", [None, 0.0], ids=["a person's", "a worker's"])
def test_a_worker_that_is_killed_during_a_request_has_kept_the_delay(
    stories, settings, monkeypatch, ready_within
):
    """What stands in the database while the request is under way holds for whoever comes next."""
    settings.FETCH_HOST_DELAY = 30.0
    session = HostSession.take(Host.objects.get().pk, ready_within=ready_within)
    fetcher = PoliteFetcher(session)
    get, stored = fetcher.fetcher.get, []

    def asked(*arguments, **more):
        stored.append(Host.objects.get().next_allowed - timezone.now())
        return get(*arguments, **more)

    monkeypatch.setattr(fetcher.fetcher, "get", asked)
    fetcher.fetch(f"{stories.url}/1")
    assert stored[0] >= timedelta(seconds=29.5)


def test_a_crawl_delay_of_robots_txt_is_kept(stories):
    stories.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 120")
    Host.objects.update(robots_fetched=None, robots_status=None)
    assert visit_until_done(Host.objects.get().pk) == 1
    host = Host.objects.get()
    assert host.robots_delay_seconds == 120
    assert host.next_allowed - timezone.now() > timedelta(seconds=100)
    assert stories.paths() == ["/robots.txt"]
    assert Article.objects.filter(lease_token=None, unfinished=0).count() == 4


def test_retry_after_is_kept(stories, settings):
    stories.pages |= {f"/{n}": Page("", status=503, headers={"Retry-After": "300"}) for n in range(4)}
    make_round(2)
    assert len(stories.requests) == 1
    assert Host.objects.get().next_allowed - timezone.now() > timedelta(seconds=290)


def test_workers_leave_a_host_to_the_person_who_waits_for_it(stories, monkeypatch):
    host = Host.objects.get()
    session = HostSession.take(host.pk)
    with pytest.raises(Taken):
        HostSession.wait_for(host, patience=0.2)
    session.leave()
    assert Frontier().take_next(seconds=5) is None
    mine = HostSession.wait_for(host, patience=0.2)
    mine.leave()
    assert Frontier().take_next(seconds=5) is not None


def test_a_redirect_that_must_wait_is_gone_on_from_at_the_next_visit(site, source, settings):
    settings.FETCH_HOST_DELAY = WORKERS_PATIENCE * 3
    site.pages |= {
        "/old": Page("", status=301, headers={"Location": "/new"}),
        "/new": Page(story_page()),
    }
    article, _ = add_article(f"{site.url}/old", source)
    # Others that are due later do not push in between.
    watch_stories(site, source, 2)
    visits.visit(Frontier().take_next(seconds=5))
    article.refresh_from_db()
    assert (article.pending_hops, article.last_outcome) == ([[301, article.address], f"{site.url}/new"], "")
    make_round(5)
    assert site.paths()[:2] == ["/old", "/new"]
    assert Version.objects.count() == 3
    assert all(later - earlier >= settings.FETCH_HOST_DELAY for earlier, later in pairwise(site.times))


def test_a_redirect_to_a_busy_host_has_its_turn_there(site, other_site, source, settings):
    """The other host has ten stories due for longer than it takes, and no moment to spare."""
    settings.FETCH_HOST_DELAY = WORKERS_PATIENCE * 3
    watch_stories(other_site, source, 10)
    site.pages["/old"] = Page("", status=302, headers={"Location": f"{other_site.url}/new"})
    other_site.pages["/new"] = Page(story_page("A story that moved"))
    article, _ = add_article(f"{site.url}/old", source)
    Host.objects.update(robots_status=404, robots_fetched=timezone.now())
    other = Host.objects.get(name=other_site.endpoint)
    Host.objects.filter(pk=other.pk).update(next_allowed=timezone.now() + timedelta(seconds=3))
    Article.objects.filter(pk=article.pk).update(next_check_at=timezone.now() - timedelta(hours=1))
    visits.visit(HostSession.take(article.host_id, ready_within=0.0))
    article.refresh_from_db()
    assert article.host == other
    make_round(4)
    assert other_site.paths()[0] == "/new"
    article.refresh_from_db()
    assert (article.version_count, article.host.name, article.pending_hops) == (1, site.endpoint, [])


def test_a_check_that_is_begun_again_is_made_at_its_own_host(site, other_site, source, admin_client):
    """An admin has it begun again while it waits at the other."""
    site.pages["/old"] = Page(story_page())
    article, _ = add_article(f"{site.url}/old", source)
    other = Host.objects.for_address(other_site.url)
    Article.objects.update(
        host=other,
        pending_hops=[[302, article.address], f"{other_site.url}/new"],
        next_check_at=timezone.now() + timedelta(hours=1),
    )
    admin_client.post(f"/admin/articles/article/{article.pk}/check/")
    make_round(2)
    article.refresh_from_db()
    assert (article.version_count, article.host.name) == (1, site.endpoint)
    assert other_site.requests == []
    assert site.paths() == ["/robots.txt", "/old"]


def test_a_feed_that_redirects_is_gone_on_with_at_the_next_visit(site, source, settings):
    settings.FETCH_HOST_DELAY = WORKERS_PATIENCE * 3
    site.pages |= {
        "/feed": Page("", status=301, headers={"Location": "/feed.xml"}),
        "/feed.xml": Page("<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>"),
        "/1": Page(story_page()),
    }
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    Host.objects.update(robots_status=404, robots_fetched=timezone.now())
    make_round(3)
    feed.refresh_from_db()
    assert (feed.pending_hops, feed.errors_in_row, feed.last_error) == ([], 0, "")
    assert site.paths() == ["/feed", "/feed.xml", "/1"]
    assert all(later - earlier >= settings.FETCH_HOST_DELAY for earlier, later in pairwise(site.times))


def test_an_index_of_sitemaps_is_read_visit_by_visit(site, source, settings):
    settings.FETCH_HOST_DELAY = WORKERS_PATIENCE * 3
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    children = "".join(f"<sitemap><loc>{site.url}/s{n}.xml</loc></sitemap>" for n in range(3))
    site.pages["/sitemap.xml"] = Page(f"<sitemapindex {space}>{children}</sitemapindex>")
    for n in range(3):
        site.pages[f"/s{n}.xml"] = Page(f"<urlset {space}><url><loc>{site.url}/story{n}</loc></url></urlset>")
        site.pages[f"/story{n}"] = Page(story_page(f"Story {n}"))
    feed = Feed.objects.create(source=source, address=f"{site.url}/sitemap.xml", kind=Feed.Kind.SITEMAP)
    Host.objects.update(robots_status=404, robots_fetched=timezone.now())
    visits.visit(Frontier().take_next(seconds=5))
    feed.refresh_from_db()
    assert [one["url"] for one in feed.sitemaps_left["waiting"]] == [
        f"{site.url}/s{n}.xml" for n in (2, 1, 0)
    ]
    make_round(4)
    feed.refresh_from_db()
    assert (feed.sitemaps_left, feed.last_error, feed.errors_in_row) == ({}, "", 0)
    assert feed.next_check_at > timezone.now()
    assert site.paths()[:4] == ["/sitemap.xml", "/s2.xml", "/s1.xml", "/s0.xml"]
    assert Article.objects.count() == 3
    assert all(later - earlier >= settings.FETCH_HOST_DELAY for earlier, later in pairwise(site.times))


def test_a_visit_takes_five_statements_besides_the_check(stories, django_assert_num_queries):
    """What a visit takes besides the check itself: the host read, taken and given back, and what is due."""
    frontier = Frontier()
    frontier.look()
    with django_assert_num_queries(2):
        session = frontier.take_next(seconds=5)
    Article.objects.update(next_check_at=None)
    with django_assert_num_queries(3):
        visits.visit(session)


def test_paused_sources_and_hosts_are_left_alone(stories):
    Source.objects.update(enabled=False)
    assert Frontier().take_next(seconds=5) is None
    Source.objects.update(enabled=True)
    Host.objects.update(paused_until=timezone.now() + timedelta(minutes=1))
    assert Frontier().take_next(seconds=5) is None
