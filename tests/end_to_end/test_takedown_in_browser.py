"""A reader asks for a takedown, an editor hides the article, and it is gone: in a real browser."""

from collections.abc import Iterator

import pytest
import requests
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from articles.admin.accounts import roles
from tests.chromium import axe_faults, chromium
from tests.factories import make_article, make_source, make_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "tall-lime-trees"


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": WIDTHS[0], "height": 900})


def faults_of(page: Page) -> list[str]:
    """What keeps this page from being used by everybody, wide or narrow."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{page.url}, {width}: {fault}" for fault in axe_faults(page, RULES)]
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return faults


def test_asked_for_hidden_and_gone(page: Page, live_server) -> None:
    site, faults = live_server.url, []
    article = make_article(make_source("The Gazette"), headline="Storm closes bridge")
    make_version(article)
    make_version(article, ["Five people were hurt."], headline="Storm closes bridge for good")
    roles.install()
    editor = User.objects.create_user("ed", password=PASSWORD, is_staff=True)
    editor.groups.add(Group.objects.get(name=roles.EDITOR))

    page.goto(f"{site}/about/takedown/")
    page.get_by_label("Address of the article").fill("the storm")
    page.get_by_label("Reason").select_option("legal")
    page.get_by_label("What it is about").fill("A court says so.")
    page.get_by_label("Who you are").fill("Ann")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="It was not sent yet")).to_be_visible()
    expect(page.get_by_label("What it is about")).to_have_value("A court says so.")
    faults += faults_of(page)
    page.get_by_label("Address of the article").fill(f"{site}/articles/{article.pk}/diff/1/2/")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_role("heading", name="Your request was received")).to_be_visible()
    receipt = page.url
    faults += faults_of(page)

    page.goto(f"{site}/admin/articles/takedown/")
    page.fill("#id_username", "ed")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    expect(page.get_by_role("heading", name="Takedown requests")).to_be_visible()
    page.click("#result_list tbody th a")
    faults += faults_of(page)
    assert page.locator("[value=purge]").count() == 0
    page.get_by_role("radio", name="Take the article down").check()
    faults += faults_of(page)
    page.get_by_label("Answer", exact=True).locator("visible=true").fill("It is taken down.")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator(".messagelist")).to_contain_text("no reader sees it any more")

    answer = page.goto(f"{site}/articles/{article.pk}/")
    assert answer is not None
    assert answer.status == 451
    expect(page.get_by_text("Court order or other legal reason")).to_be_visible()
    faults += faults_of(page)
    for path in ("/", "/changes/feed.rss", "/sources/", "/find/?q=storm", "/about/takedown/log/"):
        assert "bridge" not in requests.get(site + path, timeout=30).text, path
    page.goto(receipt)
    expect(page.get_by_text("It is taken down.")).to_be_visible()
    page.goto(f"{site}/about/takedown/log/")
    faults += faults_of(page)
    assert faults == []
