"""What the watch does with articles that are hidden, and with addresses that were purged."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from articles import search, takedown
from articles.models import Article, Event, Feed, Host, Outcome, Reason, Tombstone, Version
from articles.takedown import Grounds
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_list_of_purged")]

GROUNDS = Grounds(Reason.LEGAL, 451)
LATER = "The council took back its plan on Tuesday, and the lime trees stay where they are for now."


@pytest.fixture
def purged(seen, site):
    """An article that was seen and purged; what was asked so far is forgotten."""
    takedown.purge(seen, GROUNDS)
    site.requests.clear()
    seen.refresh_from_db()
    return seen


def due(article):
    Host.objects.update(next_allowed=timezone.now())
    return Article.objects.due(timezone.now() + timezone.timedelta(days=400)).filter(pk=article.pk).exists()


def test_a_hidden_article_goes_on_being_checked_and_stays_hidden(seen, site, check):
    takedown.hide([seen.pk], GROUNDS)
    site.pages[PATH] = Page(story_page(paragraphs=(LATER, *SENTENCES)))
    assert check().outcome is Outcome.NEW_VERSION
    assert due(seen)
    assert [*Version.objects.values_list("number", "hidden").order_by("number")] == [(1, True), (2, True)]
    site.pages[PATH] = Page("", status=410)
    assert check(times=3).outcome is Outcome.REMOVED
    assert Event.objects.get().hidden
    assert not search.find("Tuesday").found
    takedown.show_again([seen.pk])
    assert not Version.objects.filter(hidden=True).exists()
    assert not Event.objects.filter(hidden=True).exists()


def test_hidden_while_its_page_is_being_read_the_new_version_is_hidden_too(seen, site, check):
    site.pages[PATH] = Page(story_page(paragraphs=(LATER, *SENTENCES)))

    def hide_meanwhile(path):
        if path == PATH:
            takedown.hide([seen.pk], GROUNDS)
            connection.close()  # that of the site's thread, which nobody else would close

    site.on_request = hide_meanwhile
    assert check().outcome is Outcome.NEW_VERSION
    assert Version.objects.filter(hidden=False).count() == 0


def test_what_follows_a_hidden_version_is_hidden_and_gives_no_headline(seen, site, check):
    headline = Article.objects.get().headline
    site.pages[PATH] = Page(story_page("Wrong name in the headline"))
    check()
    article = Article.objects.get()
    assert article.headline == "Wrong name in the headline"
    takedown.hide_versions(article, [2], GROUNDS)
    assert Article.objects.get().headline == headline
    site.pages[PATH] = Page(story_page("Wrong name in the headline", (LATER, *SENTENCES)))
    assert check().outcome is Outcome.NEW_VERSION
    assert [*Version.objects.filter(hidden=True).order_by("number").values_list("number", flat=True)] == [
        2,
        3,
    ]
    assert Article.objects.get().headline == headline
    takedown.show_versions(article, [3])
    assert Article.objects.get().headline == "Wrong name in the headline"


def test_a_purged_article_is_never_due_nor_asked_for(purged, site, check):
    assert not due(purged)
    Article.objects.filter(pk=purged.pk).update(next_check_at=timezone.now(), state="watched")
    assert not due(purged)
    with pytest.raises(ValueError, match="never fetched again"):
        check()
    assert site.paths() == []


def test_no_feed_brings_it_back(purged, site, source):
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in (PATH, "/other"))
    site.pages["/feed"] = Page(f"<rss version='2.0'><channel><title>N</title>{items}</channel></rss>")
    Host.objects.update(next_allowed=timezone.now())
    session = HostSession.take(feed.host_id)
    try:
        result = read_feed_now(feed, PoliteFetcher(session))
    finally:
        session.leave()
    assert (result.problem, len(result.new)) == ("", 1)
    assert Article.objects.exclude(pk=purged.pk).get().address.endswith("/other")


def test_no_redirect_leads_to_it(purged, site, check):
    site.pages["/short"] = Page("", status=302, headers={"Location": site.url + PATH})
    result = check("/short")
    assert result.outcome is Outcome.REFUSED
    assert "taken down for good" in result.reason
    assert PATH not in site.paths()
    assert Article.objects.count() == 1
    assert Tombstone.objects.bars(f"{site.url}/short")


def test_nor_does_another_address_of_the_same_story(purged, site, check):
    canonical = f'<link rel="canonical" href="{site.url}{PATH}">'
    site.pages["/amp/lime-trees"] = Page(story_page().replace("</head>", f"{canonical}</head>"))
    assert check("/amp/lime-trees").outcome is Outcome.REFUSED
    assert Article.objects.get() == purged
    assert not Version.objects.exists()
    with pytest.raises(ValueError, match="never fetched again"):
        add_article(f"{site.url}/amp/lime-trees", purged.source)


def test_an_article_that_now_leads_to_it_keeps_what_it_has(seen, site, check, source):
    site.pages["/other"] = Page(story_page("Other news"))
    assert check("/other").outcome is Outcome.NEW_VERSION
    takedown.purge(seen, GROUNDS)
    site.pages["/other"] = Page("", status=301, headers={"Location": site.url + PATH})
    assert check("/other").outcome is Outcome.REFUSED
    assert Version.objects.count() == 1


def test_the_command_refuses_it(purged, site, capsys):
    call_command("check", site.url + PATH, "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "refused"
    assert "taken down for good" in told["reason"]
    assert site.paths() == []
