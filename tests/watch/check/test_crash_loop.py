"""Work that ends its worker each time is put aside, shown, and can be taken up again."""

import json
import sys
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone

from articles.models import Article, Feed, Host
from articles.watch.check import check as checking
from articles.watch.check.check import check_now
from articles.watch.check.claim import MOST_UNFINISHED, Busy
from articles.watch.crawl import host_session
from articles.watch.crawl.host_session import HostSession
from articles.watch.feeds import poll as discover
from articles.watch.feeds.poll import add_article
from articles.watch.queue.upkeep import forget_leases
from tests.isolation import jobs
from tests.scripted import Page, story_page
from tests.watch.conftest import PATH, visit_until_done

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What kill -9 is to the code that runs: nothing after it happens. (Real ones: end_to_end.)"""


def die(*arguments, **more):
    raise Killed


def visit_and_die(host_id):
    """Whether a worker that visits the host is killed there. Afterwards its leases have run out."""
    leave = HostSession.leave

    def leave_alive(session):
        if sys.exc_info()[0] is not Killed:
            leave(session)

    try:
        with patch.object(HostSession, "leave", leave_alive):
            visit_until_done(host_id)
        return False
    except Killed:
        return True
    finally:
        for model in (Host, Feed, Article):
            model.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
        Host.objects.update(next_allowed=timezone.now())


@pytest.fixture
def deadly(site, source, monkeypatch):
    """An article that kills whoever checks it, and one behind it on the same host."""
    type(source).objects.update(floor_seconds=3600)
    site.pages |= {PATH: Page(story_page()), "/harmless": Page(story_page("Harmless"))}
    read = checking.read_page

    def read_page(body, url, *rest, **more):
        return die() if url.endswith(PATH) else read(body, url, *rest, **more)

    monkeypatch.setattr(checking, "read_page", read_page)
    article, _ = add_article(site.url + PATH, source)
    add_article(f"{site.url}/harmless", source)
    Article.objects.filter(pk=article.pk).update(next_check_at=timezone.now() - timedelta(hours=1))
    return article


def test_after_five_checks_that_never_ended_it_is_put_aside(deadly, admin_client):
    for _ in range(MOST_UNFINISHED):
        assert visit_and_die(deadly.host_id) is True
    assert visit_and_die(deadly.host_id) is False
    deadly.refresh_from_db()
    assert deadly.parked is not None
    assert deadly.next_check_at - timezone.now() > timedelta(hours=23)
    assert Article.objects.get(address__endswith="/harmless").version_count == 1

    out = StringIO()
    call_command("status", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["articles_parked"] == 1
    assert "5 checks of it were begun and never ended" in " ".join(told["problems"])
    listed = admin_client.get("/admin/articles/article/?parked__isempty=0").content.decode()
    assert PATH in listed


def test_check_now_takes_it_up_again(deadly, admin_client, monkeypatch):
    for _ in range(MOST_UNFINISHED + 1):
        visit_and_die(deadly.host_id)
    monkeypatch.undo()
    admin_client.post(f"/admin/articles/article/{deadly.pk}/check/")
    deadly.refresh_from_db()
    assert (deadly.parked, deadly.unfinished) == (None, 0)
    assert deadly.next_check_at <= timezone.now()


def test_once_a_day_one_more_check_is_tried(deadly):
    for _ in range(MOST_UNFINISHED + 1):
        visit_and_die(deadly.host_id)
    Article.objects.filter(pk=deadly.pk).update(next_check_at=timezone.now())
    assert [visit_and_die(deadly.host_id) for _ in range(2)] == [True, False]
    deadly.refresh_from_db()
    assert deadly.parked is not None
    assert deadly.next_check_at - timezone.now() > timedelta(hours=23)


def test_a_start_of_the_machine_forgets_no_attempt(deadly):
    visit_and_die(deadly.host_id)
    forget_leases()
    assert Article.objects.get(pk=deadly.pk).unfinished == 1


def test_a_check_that_ends_well_clears_the_count(site, check, seen):
    Article.objects.update(unfinished=4, parked=timezone.now())
    check()
    assert (Article.objects.get().unfinished, Article.objects.get().parked) == (0, None)


def test_errors_of_ours_park_nothing_but_put_the_check_off(site, check, seen, monkeypatch, run_visit, client):
    """The worker lives: only deaths count."""

    def fail(*arguments, **more):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(checking, "store", fail)
    site.pages[PATH] = Page(story_page("Another headline"))
    for errors in range(1, MOST_UNFINISHED + 2):
        Article.objects.update(next_check_at=timezone.now())
        with pytest.raises(OperationalError):
            run_visit(seen.host)
        article = Article.objects.get()
        assert (article.unfinished, article.parked, article.lease_token) == (0, None, None)
        assert article.errors_in_row == errors
        assert article.next_check_at - timezone.now() > timedelta(minutes=7)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "an error of ours (OperationalError)" in page

    monkeypatch.undo()
    assert check().version == 2
    assert Article.objects.get().errors_in_row == 0


def test_an_error_takes_back_no_death(site, check, seen, monkeypatch):
    Article.objects.update(unfinished=3)
    monkeypatch.setattr(checking, "store", lambda *_: 1 / 0)
    site.pages[PATH] = Page(story_page("Another headline"))
    with pytest.raises(ZeroDivisionError):
        check_now(seen)
    assert Article.objects.get().unfinished == 3


def test_an_error_brings_no_retired_article_back(seen, monkeypatch):
    Article.objects.update(next_check_at=None, state=Article.State.RETIRED)
    monkeypatch.setattr(checking, "store", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        check_now(seen)
    assert Article.objects.get().next_check_at is None


def test_errors_of_ours_park_no_feed(site, source, monkeypatch, run_visit):
    site.pages["/feed"] = Page("<rss version='2.0'><channel/></rss>")
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    monkeypatch.setattr(discover, "_watch_listed", lambda *_: 1 / 0)
    for _ in range(MOST_UNFINISHED + 1):
        Feed.objects.update(next_check_at=timezone.now())
        with pytest.raises(ZeroDivisionError):
            run_visit(feed.host)
        feed.refresh_from_db()
        assert (feed.unfinished, feed.lease_token) == (0, None)
        assert feed.next_check_at - timezone.now() > timedelta(minutes=7)
    assert "ZeroDivisionError" in feed.last_error
    assert feed.errors_in_row == MOST_UNFINISHED + 1


def test_a_check_put_off_is_none(site, check, seen):
    site.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 200")
    Host.objects.update(robots_fetched=None)
    with pytest.raises(Busy):
        check()
    assert Article.objects.get().unfinished == 0


def test_a_robots_txt_that_hangs_or_kills_its_reader_is_one_that_cannot_be_had(site, check, monkeypatch):
    site.pages[PATH] = Page(story_page())
    monkeypatch.setattr(host_session, "read_crawl_delay", jobs.crash)
    result = check()
    assert result.outcome.value == "unreachable"
    assert result.reason.endswith("reading robots.txt was stopped: crashed: signal 11")
    assert PATH not in site.paths()
    assert Host.objects.get().robots_fetched is None


def test_a_feed_that_ends_its_reader_each_time_is_left_alone_for_a_day(site, source, monkeypatch):
    site.pages["/feed"] = Page("<rss version='2.0'><channel/></rss>")
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    monkeypatch.setattr(discover, "_watch_listed", die)
    ended = [visit_and_die(feed.host_id) for _ in range(MOST_UNFINISHED + 1)]
    assert ended == [True] * MOST_UNFINISHED + [False]
    feed.refresh_from_db()
    assert "never ended" in feed.last_error
    assert feed.next_check_at - timezone.now() > timedelta(hours=23)
