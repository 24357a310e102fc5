"""Caps: on versions per article and day, on new articles per source and hour. What they defer is not lost."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, Feed, Source, Version
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import read_feed_now
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db


def advert(number):
    text = f"Offer number {number}: garden chairs, three for two until Saturday, at the shop by the harbour."
    return Page(story_page(paragraphs=(*SENTENCES, text)), headers={"ETag": f'"{number}"'})


def rotate(site, check, numbers):
    results = []
    for number in numbers:
        site.pages[PATH] = advert(number)
        results.append(check().outcome.value)
    return results


def status():
    out = StringIO()
    call_command("status", "--json", stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def rotating(site, check, source):
    Source.objects.update(versions_per_day=5)
    assert rotate(site, check, range(8)) == ["new-version"] * 5 + ["held"] * 3
    return Article.objects.get()


def test_versions_per_day_are_capped(rotating):
    assert list(Version.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert rotating.capped_since is not None
    assert "5 versions" in rotating.last_reason


def test_the_cap_is_seen_by_readers_and_operators(rotating, client, admin_client):
    page = client.get(rotating.get_absolute_url()).content.decode()
    assert "at most 5 versions a day are kept" in page
    assert status()["articles_capped"] == 1
    assert "changes more often" in " ".join(status()["problems"])
    listed = admin_client.get("/admin/articles/article/?capped_since__isempty=0").content.decode()
    assert PATH in listed or str(rotating) in listed
    assert str(rotating) not in admin_client.get(
        "/admin/articles/article/?capped_since__isempty=1"
    ).content.decode().replace("value=", "")


def test_what_the_cap_deferred_is_kept_when_it_allows_if_it_still_differs(site, check, rotating):
    Version.objects.update(seen=timezone.now() - timedelta(days=1))
    result = check()
    assert (result.outcome.value, result.version) == ("new-version", 6)
    assert "Offer number 7" in Version.objects.get(number=6).paragraphs[-1]
    assert Article.objects.get().capped_since is None


def test_what_the_cap_deferred_bears_the_time_it_was_first_seen(site, check, rotating):
    first_seen = rotating.pending_since
    assert first_seen is not None
    assert check().outcome.value == "held"
    Version.objects.update(seen=timezone.now() - timedelta(days=1))
    assert check().version == 6
    version = Version.objects.get(number=6)
    assert version.previous_last_seen < version.seen == first_seen < Article.objects.get().last_checked
    assert Article.objects.get().last_changed == first_seen
    assert (Article.objects.get().pending_hash, Article.objects.get().pending_since) == ("", None)


def test_another_text_under_the_cap_waits_since_it_came(site, check, rotating):
    rotate(site, check, [8])
    assert Article.objects.get().pending_since > rotating.pending_since


def test_the_cap_forgets_no_doubtful_text_that_was_confirmed(site, check, rotating):
    Source.objects.update(confirm_text_seconds=3600)
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[:2]))
    assert "shrank" in check().reason
    hour_ago = timezone.now() - timedelta(hours=1)
    Article.objects.update(pending_since=hour_ago)
    assert "5 versions" in check().reason
    Version.objects.update(seen=timezone.now() - timedelta(days=1))
    assert check().version == 6
    assert Version.objects.get(number=6).seen == hour_ago


def test_a_text_that_went_back_by_then_makes_none(site, check, rotating):
    Version.objects.update(seen=timezone.now() - timedelta(days=1))
    assert rotate(site, check, [4]) == ["unchanged"]
    assert Article.objects.get().capped_since is None
    assert Version.objects.count() == 5


def test_the_validator_of_a_text_that_was_not_kept_is_not_asked_with(site, check, rotating):
    """Else a 304 would say for ever that nothing has changed."""
    assert check().status == 200
    assert Article.objects.get().etag == '"4"'


def test_a_removal_is_noticed_although_the_cap_bites(site, check, rotating):
    site.pages[PATH] = Page("", status=410)
    assert [check().outcome.value for _ in range(2)] == ["held", "removed"]


def feed_of(*paths):
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    return Page(f"<rss version='2.0'><channel>{items}</channel></rss>", headers={"ETag": '"feed"'})


@pytest.fixture
def read(site, source):
    Source.objects.update(new_articles_per_hour=3)
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")

    def run():
        session = HostSession.take(feed.host_id)
        try:
            return read_feed_now(
                Feed.objects.select_related("source").get(pk=feed.pk), PoliteFetcher(session)
            )
        finally:
            session.leave()

    return run


def test_new_articles_per_hour_are_capped_and_the_rest_is_found_again(site, read):
    site.pages["/feed"] = feed_of(*(f"/{n}" for n in range(7)))
    first = read()
    assert (first.named, len(first.new), first.deferred) == (7, 3, 4)
    assert sorted(a.address.rsplit("/", 1)[1] for a in Article.objects.all()) == ["0", "1", "2"]
    again = read()
    assert (len(again.new), again.deferred) == (0, 4)

    Article.objects.update(first_seen=timezone.now() - timedelta(hours=1))
    assert (read().deferred, Article.objects.count()) == (1, 6)
    Article.objects.update(first_seen=timezone.now() - timedelta(hours=1))
    assert (read().deferred, Article.objects.count()) == (0, 7)
    assert Feed.objects.get().etag == '"feed"'


def test_what_waits_for_the_hourly_limit_is_shown(site, read, admin_client):
    site.pages["/feed"] = feed_of(*(f"/{n}" for n in range(7)))
    read()
    assert status()["feeds_capped"] == 1
    assert "4 new articles wait" in " ".join(status()["problems"])
    page = admin_client.get(f"/admin/articles/source/{Source.objects.get().pk}/change/").content.decode()
    assert "<p>4</p>" in page or '<div class="readonly">4</div>' in page


def test_known_articles_take_no_room(site, read):
    site.pages["/feed"] = feed_of("/1", "/2", "/3")
    assert len(read().new) == 3
    site.pages["/feed"] = feed_of("/1", "/2", "/3", "/1", "/2")
    assert read().deferred == 0
