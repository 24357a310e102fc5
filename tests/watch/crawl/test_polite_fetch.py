"""Redirects: each hop in its host's session, with its delay and its robots.txt."""

import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article, Feed, Host, Outcome, Source
from articles.watch.check.check import check_now
from articles.watch.check.claim import Busy
from articles.watch.crawl import polite_fetch
from articles.watch.crawl.errors import PutOff
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from tests.scripted import Page, ScriptedSite, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db(transaction=True)

MOVED = "/moved/lime-trees"


def to(site, path=MOVED, status=302):
    return Page("", status=status, headers={"Location": site.url + path})


def host_of(site):
    return Host.objects.get(name=site.endpoint)


def test_another_hosts_robots_txt_is_asked_before_its_page(site, other_site, check):
    site.pages[PATH] = to(other_site)
    other_site.pages[MOVED] = Page(story_page())
    assert check().outcome is Outcome.NEW_VERSION
    assert other_site.paths() == ["/robots.txt", MOVED]
    assert host_of(other_site).lease_token is None


def test_another_hosts_robots_txt_is_obeyed(site, other_site, check):
    site.pages[PATH] = to(other_site)
    other_site.pages |= {MOVED: Page(story_page()), "/robots.txt": Page("User-agent: *\nDisallow: /moved/")}
    result = check()
    assert (result.outcome, result.status) == (Outcome.ROBOTS, None)
    assert other_site.url + MOVED in result.reason
    assert other_site.paths() == ["/robots.txt"]


def test_a_hosts_own_robots_txt_counts_for_its_redirects_too(site, check):
    site.pages |= {PATH: to(site), MOVED: Page(story_page())}
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /moved/")
    assert check().outcome is Outcome.ROBOTS
    assert MOVED not in site.paths()


def test_a_robots_txt_that_cannot_be_had_keeps_the_redirect_out(site, other_site, check):
    site.pages[PATH] = to(other_site)
    other_site.pages |= {MOVED: Page(story_page()), "/robots.txt": Page("", status=503)}
    assert check().outcome is Outcome.ROBOTS
    assert host_of(site).failures == 0


@pytest.mark.parametrize("silent", [False, True], ids=["503", "no answer"])
def test_what_redirects_meet_is_not_held_against_the_host_they_lead_to(site, other_site, check, silent):
    """Else anybody's redirects could pause any site that is watched."""
    site.pages[PATH] = to(other_site)
    other_site.pages |= {MOVED: Page("", status=503), "/robots.txt": Page("")}
    assert check().outcome is Outcome.UNREACHABLE
    before = host_of(other_site)
    other_site.hang_up = silent
    assert check(times=6).outcome is Outcome.UNREACHABLE
    for host in (host_of(other_site), host_of(site)):
        assert (host.failures, host.pauses, host.paused_until) == (0, 0, None)
    after = host_of(other_site)
    assert (after.last_answered, after.last_unanswered) == (None, None)
    assert after.next_allowed > before.next_allowed


def test_a_redirects_answer_forgives_the_host_it_leads_to_nothing(site, other_site, check):
    site.pages[PATH] = to(other_site)
    other_site.pages[MOVED] = Page(story_page())
    Host.objects.create(name=other_site.endpoint, failures=3, pauses=2)
    assert check().outcome is Outcome.NEW_VERSION
    assert (host_of(other_site).failures, host_of(other_site).pauses) == (3, 2)


def test_a_hosts_own_redirect_that_fails_is_its_failure(site, check):
    site.pages |= {PATH: to(site), MOVED: Page("", status=503)}
    assert check().outcome is Outcome.UNREACHABLE
    assert host_of(site).failures == 1


def test_retry_after_is_obeyed_for_the_host_that_asked_for_it(site, other_site, check):
    site.pages[PATH] = to(other_site)
    other_site.pages[MOVED] = Page("", status=429, headers={"Retry-After": "600"})
    check()
    soon = timezone.now() + timedelta(minutes=5)
    assert host_of(other_site).next_allowed > soon > host_of(site).next_allowed


def test_an_address_never_gone_to_leaves_no_host_behind(site, check):
    site.pages[PATH] = Page("", status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    result = check()
    assert result.outcome is Outcome.REFUSED
    assert list(Host.objects.values_list("name", flat=True)) == [site.endpoint]
    assert host_of(site).failures == 0


def test_the_delay_holds_between_a_redirect_and_where_it_leads(site, settings, check):
    settings.FETCH_HOST_DELAY = 1.0
    site.pages |= {PATH: to(site), MOVED: Page(story_page())}
    asked = []
    site.on_request = lambda path: asked.append(time.monotonic())
    began = time.monotonic()
    result = check()
    took = time.monotonic() - began
    assert result.outcome is Outcome.NEW_VERSION
    assert site.paths() == ["/robots.txt", PATH, MOVED]
    assert all(later - earlier >= 1.0 for earlier, later in pairwise(asked))
    assert result.seconds <= took - 1.0  # without the waiting, which was almost two seconds


def test_a_redirect_whose_host_has_no_time_is_gone_on_from_later(site, other_site, check, run_visit):
    Source.objects.update(floor_seconds=3600)
    site.pages[PATH] = to(other_site, status=301)
    other_site.pages |= {MOVED: Page(story_page()), "/robots.txt": Page("User-agent: *\nCrawl-delay: 200")}
    with pytest.raises(Busy, match="may not be asked before"):
        check()
    article = Article.objects.get()
    assert article.pending_hops == [[301, site.url + PATH], other_site.url + MOVED]
    assert timedelta(seconds=190) < article.next_check_at - timezone.now() <= timedelta(seconds=220)
    assert (article.last_outcome, article.last_reason[:9]) == ("unreachable", "put off: ")
    assert (article.checks_made, article.unfinished, article.lease_token) == (0, 0, None)

    Host.objects.update(next_allowed=timezone.now())
    Article.objects.update(next_check_at=timezone.now())
    asked = len(site.requests)
    run_visit(article.host)
    article.refresh_from_db()
    assert (article.version_count, article.pending_hops) == (1, [])
    assert article.addresses.count() == 2
    assert len(site.requests) == asked  # it is not asked again where it redirects to
    assert other_site.paths() == ["/robots.txt", MOVED]


def test_what_waits_for_one_host_does_not_come_back_at_once(site, other_site, check):
    Host.objects.create(name=other_site.endpoint, paused_until=timezone.now() + timedelta(hours=1))
    for number in range(5):
        site.pages[f"/{number}"] = to(other_site)
        with pytest.raises(Busy, match="left alone"):
            check(f"/{number}")
    until = host_of(other_site).paused_until
    times = sorted(Article.objects.values_list("next_check_at", flat=True))
    assert until <= times[0] < times[-1] <= until + timedelta(minutes=6)
    assert times[-1] - times[0] > timedelta(milliseconds=1)


def test_a_check_that_was_put_off_says_why(site, other_site, check, seen, client):
    site.pages[PATH] = to(other_site)
    Host.objects.create(name=other_site.endpoint, paused_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Busy):
        check()
    page = client.get(seen.get_absolute_url()).content.decode()
    assert f"put off: it redirects to {other_site.endpoint}, which is left alone after failures" in page


@pytest.mark.parametrize("page", ["article", "source"])
def test_check_now_begins_at_the_articles_own_address(site, other_site, check, admin_client, page):
    """Where it led to may have been a mistake, or its host gone."""
    site.pages[PATH] = to(other_site)
    Host.objects.create(name=other_site.endpoint, paused_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Busy):
        check()
    article = Article.objects.get()
    assert article.pending_hops
    pk = article.pk if page == "article" else article.source_id
    changes = {"action": "check_now", "_selected_action": pk}
    admin_client.post(f"/admin/articles/{page}/", changes)
    article.refresh_from_db()
    assert article.pending_hops == []
    site.pages[PATH] = Page(story_page())
    assert check().outcome is Outcome.NEW_VERSION


def test_redirects_in_a_circle_end_although_each_has_to_wait(site, other_site, check):
    site.pages |= {PATH: to(other_site), "/robots.txt": Page("User-agent: *\nCrawl-delay: 200")}
    other_site.pages |= {
        MOVED: to(site, PATH),
        "/robots.txt": Page("User-agent: *\nCrawl-delay: 200"),
    }
    for _ in range(24):
        Host.objects.update(next_allowed=timezone.now())
        try:
            result = check()
        except Busy:
            continue
        assert result.reason == "more than 10 redirects; FETCH_REDIRECTS moves this limit"
        return
    pytest.fail("it goes round and round")


@pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="threads share the one SQLite database in memory, whose locked tables do not wait as a file's do",
)
def test_two_workers_that_redirect_to_each_others_host_do_not_hold_each_other_up(
    site, other_site, source, monkeypatch
):
    monkeypatch.setattr(polite_fetch, "BUSY_SECONDS", 0.3)
    site.pages |= {"/1": to(other_site, "/1"), "/2": Page(story_page("Two"))}
    other_site.pages |= {"/2": to(site, "/2"), "/1": Page(story_page("One"))}
    articles = [add_article(f"{site.url}/1", source)[0], add_article(f"{other_site.url}/2", source)[0]]
    sessions = [HostSession.take(article.host_id) for article in articles]
    told = []

    def work(article, session):
        try:
            PoliteFetcher(session).ask(article.address)
        except PutOff as reason:
            told.append(str(reason))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in zip(articles, sessions, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(told) == 2
    assert all("where another worker is" in reason for reason in told)
    for session in sessions:
        session.leave()
    assert [check_now(article).outcome for article in articles] == [Outcome.NEW_VERSION] * 2


def test_a_host_left_alone_after_failures_is_not_asked_through_a_redirect(site, other_site, check):
    site.pages[PATH] = to(other_site)
    Host.objects.create(name=other_site.endpoint, paused_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Busy, match="left alone"):
        check()
    assert other_site.requests == []
    assert Article.objects.get().next_check_at - timezone.now() > timedelta(minutes=59)


def test_a_robots_txt_that_redirects_back_is_followed_in_the_turns_at_hand(site, other_site, check):
    site.pages |= {"/robots.txt": to(other_site, "/robots.txt"), PATH: Page(story_page())}
    other_site.pages["/robots.txt"] = to(site, "/rules")
    site.pages["/rules"] = Page("User-agent: *\nDisallow: /2025/")
    assert check().outcome is Outcome.NEW_VERSION
    assert host_of(site).robots_text.startswith("User-agent")


def test_a_feed_that_redirects_at_a_host_of_long_delays_is_read(site, source):
    Host.objects.create(
        name=site.endpoint,
        robots_delay_seconds=250,
        robots_status=404,
        robots_fetched=timezone.now(),
    )
    site.pages["/feed"] = to(site, "/feed.xml")
    site.pages["/feed.xml"] = Page("<rss version='2.0'><channel><item><link>/1</link></item></channel></rss>")
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    session = HostSession.take(feed.host_id)
    assert read_feed_now(feed, PoliteFetcher(session)).problem == ""
    session.leave()
    assert host_of(site).next_allowed - timezone.now() > timedelta(seconds=200)


def test_a_robots_txt_whose_redirect_must_wait_is_not_taken_for_the_article(site, other_site, check):
    site.pages |= {"/robots.txt": to(other_site, "/robots.txt"), PATH: Page(story_page())}
    other_site.pages["/robots.txt"] = Page("User-agent: *\nAllow: /")
    Host.objects.create(name=other_site.endpoint, paused_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Busy, match="left alone"):
        check()
    Host.objects.update(paused_until=None)
    assert check().outcome is Outcome.NEW_VERSION
    assert site.paths() == ["/robots.txt", "/robots.txt", PATH]


def test_a_second_hosts_robots_txt_whose_redirect_must_wait_leads_on_to_the_article(
    site, other_site, check, settings
):
    with ScriptedSite() as third:
        settings.FETCH_ALLOW_ENDPOINTS += f",{third.endpoint}"
        site.pages[PATH] = to(other_site)
        other_site.pages |= {"/robots.txt": to(third, "/rules"), MOVED: Page(story_page())}
        third.pages["/rules"] = Page("User-agent: *\nAllow: /")
        Host.objects.create(name=third.endpoint, paused_until=timezone.now() + timedelta(hours=1))
        with pytest.raises(Busy, match="left alone"):
            check()
        Host.objects.update(paused_until=None)
        assert check().outcome is Outcome.NEW_VERSION
    assert site.paths().count(PATH) == 1
    assert other_site.paths()[-1] == MOVED
