"""Rules and address filters that would hold a process up for ever are refused, each by its name."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.isolation import isolated
from articles.models import Article, Feed, Host, Source
from articles.models.validators import check_patterns, check_rules
from articles.watch.check.check import check_now
from articles.watch.crawl.host_session import HostSession
from articles.watch.crawl.polite_fetch import PoliteFetcher
from articles.watch.feeds.poll import add_article, read_feed_now
from articles.watch.onboarding import batches
from tests.isolation import jobs
from tests.scripted import Page, ScriptedSite, story_page

pytestmark = pytest.mark.django_db(transaction=True)

SLOW_FILTER = r"/(\w+-?)+/$"
SLOW_TEXT = r"^(\w+\s?)+$"
SLOW_XPATH = "//*[count(.//*[count(//*[count(//*) > 0]) > 0]) > 0]"
SLUG = "/2026/" + "word" * 12


@pytest.fixture
def source(settings):
    """A source with one stored page and a feed."""
    source = Source.objects.create(name="Valley Post", slug="valley-post")
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        settings.FETCH_HOST_DELAY = 0.0
        site.pages[SLUG] = Page(story_page(furniture="<div>" + "<p><b>Advert</b></p>" * 600 + "</div>"))
        feed = f"<rss version='2.0'><channel><item><link>{site.url}{SLUG}</link></item></channel></rss>"
        site.pages["/feed"] = Page(feed, headers={"Content-Type": "application/rss+xml"})
        Feed.objects.create(source=source, address=f"{site.url}/feed")
        yield source


def read(feed):
    Host.objects.update(next_allowed=timezone.now())
    session = HostSession.take(feed.host_id)
    assert session is not None
    try:
        return read_feed_now(feed, PoliteFetcher(session))
    finally:
        session.leave()


@pytest.mark.parametrize("field", ["only_addresses", "not_addresses"])
def test_an_address_filter_that_takes_too_long_is_an_error_of_the_form(field):
    with pytest.raises(ValidationError) as refused:
        check_patterns(field, f"/politics/\n\n{SLOW_FILTER}")
    [said] = refused.value.message_dict[field]
    assert said.startswith(f"Line 3, “{SLOW_FILTER}”, takes too long")


def test_a_percent_sign_in_a_pattern_is_shown_as_it_is():
    with pytest.raises(ValidationError) as refused:
        check_patterns("only_addresses", "(?P<a%s>x)")
    assert "(?P<a%s>x)" in refused.value.message_dict["only_addresses"][0]


@pytest.mark.parametrize(
    ("kind", "line"), [("drop", SLOW_XPATH), ("keep", SLOW_XPATH), ("drop_text", SLOW_TEXT)]
)
def test_a_rule_that_takes_too_long_is_refused_by_its_name(kind, line):
    with pytest.raises(ValidationError) as refused:
        check_rules({kind: ["p" if kind != "drop_text" else "x", line]})
    [said] = refused.value.message_dict["rules"]
    assert said.startswith(f"{kind}: “{line}” takes too long")


def test_the_rules_page_names_the_line_and_saves_nothing(admin_client, source):
    add_article(f"{source.feeds.get().address.removesuffix('/feed')}{SLUG}", source)
    answer = admin_client.post(
        reverse("admin:articles_source_rules", args=[source.pk]),
        {"started_from": json.dumps(source.rules), "drop": f".advert\n{SLOW_XPATH}", "_save": "1"},
    )
    page = answer.content.decode()
    assert "Line 2: “//*[count" in page
    assert "takes too long" in page
    assert Source.objects.get().rules == {}


def test_a_stored_rule_that_takes_too_long_can_be_replaced_and_the_check_names_it(admin_client, source):
    Source.objects.update(rules={"drop": [SLOW_XPATH]})  # as an older installation may have it
    site = source.feeds.get().address.removesuffix("/feed")
    result = check_now(add_article(f"{site}{SLUG}", Source.objects.get())[0])
    assert result.outcome.value == "failed"
    assert f"timeout, at “{SLOW_XPATH}”" in Article.objects.get().last_reason
    answer = admin_client.post(
        reverse("admin:articles_source_rules", args=[source.pk]),
        {"started_from": json.dumps({"drop": [SLOW_XPATH]}), "drop": ".advert", "_save": "1"},
    )
    assert answer.status_code == 302
    assert Source.objects.get().rules == {"drop": [".advert"]}


def test_a_stored_filter_that_takes_too_long_is_the_feeds_problem_and_a_batchs(source):
    Source.objects.update(only_addresses=SLOW_FILTER)
    feed = Feed.objects.select_related("source").get()
    result = read(feed)
    assert SLOW_FILTER in result.problem
    assert SLOW_FILTER in Feed.objects.get().last_error
    assert not Article.objects.exists()
    with pytest.raises(batches.NotAdded, match="takes too long"):
        batches._article_at(f"https://paper.example{SLUG}", feed.source)


def test_after_all_that_a_reader_serves():
    assert isolated(jobs.add_up, 1, 2) == {"sum": 3}
