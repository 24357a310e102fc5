"""The pages to which only a form leads, in a real browser: what was wrong, what was made, one's own."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from articles.models import Subscription
from tests.chromium import TOO_WIDE, axe_faults, chromium
from tests.notices.conftest import MailServer, Receiver

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_queue"),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 900})


def faults_of(page: Page) -> list[str]:
    """What keeps the page that is open from being used by everybody, wide or narrow."""
    faults = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate(TOO_WIDE)
        faults += [f"{page.title()}, {width}: {beyond} pixels too wide"] if beyond > 0 else []
        faults += [f"{page.title()}, {width}: {fault}" for fault in axe_faults(page, RULES)]
    return faults


def test_a_reader_errs_and_is_told_then_asks(
    page: Page, live_server, mail_server: MailServer, article
) -> None:
    page.goto(f"{live_server.url}/subscriptions/new/?article={article.pk}")
    page.get_by_label("Only one sentence").fill("It never said so.")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("alert")).to_contain_text("These words don’t stand in the latest version")
    expect(page.get_by_role("alert")).to_contain_text("Give the address to which the mails are to go.")
    expect(page.get_by_label("Only one sentence")).to_have_value("It never said so.")
    faults = faults_of(page)
    page.get_by_label("Only one sentence").fill("")
    page.get_by_label("E-mail").fill("reader@mail.example")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    faults += faults_of(page)
    made = Subscription.objects.get()
    page.goto(f"{live_server.url}{made.get_absolute_url()}unsubscribe/")
    page.get_by_role("button", name="Tell me no more").click()
    expect(page.get_by_role("heading", name="You are told no more")).to_be_visible()
    assert faults == []
    assert not Subscription.objects.exists()


def test_who_is_signed_in_makes_a_webhook_and_sees_it_among_his_own(
    page: Page, live_server, mail_server: MailServer, receiver: Receiver
) -> None:
    User.objects.create_user("ada", password="tall-lime-trees")
    page.goto(f"{live_server.url}/sign-in/?next=/subscriptions/new/%3Fkind=number")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("tall-lime-trees")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Be told of changes")).to_be_visible()
    faults = faults_of(page)
    page.get_by_label("How", exact=True).select_option("webhook")
    page.get_by_label("Address of the receiver").fill(f"{receiver.url}/hook")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Your webhook")).to_be_visible()
    made = Subscription.objects.get()
    expect(page.locator("main code")).to_have_text(made.secret)
    faults += faults_of(page)
    page.get_by_role("link", name="Your subscription").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("heading", name="Your subscription")).to_be_visible()
    page.goto(f"{live_server.url}/subscriptions/")
    expect(page.locator("main")).to_contain_text("recent changes, number: Webhook, active")
    faults += faults_of(page)
    assert faults == []
