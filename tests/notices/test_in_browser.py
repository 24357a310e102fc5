"""Subscribing as a reader does it: in a browser, which says of each form where it comes from."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from articles.models import QuotaUse, Subscription, Way
from tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_from_the_front_page_to_the_feed_of_a_topic(browser, live_server, article):
    QuotaUse.objects.all().delete()
    page = browser.new_page(locale="en-GB")
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Subscribe").click()
    page.get_by_role("link", name="set the filters").click()
    page.get_by_label("Words added or removed").fill("ferry")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Subscribe").click()
    expect(page.get_by_text("You will be told of")).to_contain_text("ferry")
    # Without a mail server a feed is all there is: nothing is asked that only a mail would need.
    expect(page.get_by_label("E-mail")).to_have_count(0)
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("link", name="/feed.rss")).to_be_visible()
    made = Subscription.objects.get()
    assert (made.way, made.query) == (Way.FEED, "q=ferry")


def test_a_language_can_be_chosen_on_these_pages_too(browser, live_server):
    page = browser.new_page(locale="en-GB")
    page.goto(f"{live_server.url}/subscriptions/new/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page).to_have_url(f"{live_server.url}/subscriptions/new/")
