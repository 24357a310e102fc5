"""The live preview in a real browser, and the page's accessibility."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Quarantine, Source
from articles.models.quarantine import signature
from tests.admin.test_rules import BOX, source
from tests.chromium import TOO_WIDE, chromium
from tests.pages.test_in_browser import RULES, WIDTHS
from tests.scripted import SENTENCES

__all__ = ["source"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("empty_queue"),
]


@pytest.fixture
def errors() -> list[str]:
    """What the browser's console saw go wrong."""
    return []


@pytest.fixture
def page(live_server, admin_client, errors) -> Iterator[Page]:
    """A page of Chromium, signed in."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        cookie = admin_client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        yield page


def test_the_preview_follows_what_is_typed_and_is_saved(page, errors, live_server, source):
    page.goto(live_server.url + reverse("admin:articles_source_rules", args=[source.pk]))
    shown = page.locator("#rules-preview")
    page.fill("#id_drop", ".letter\np:::")
    expect(page.locator(".field-drop .errorlist")).to_contain_text("Line 2")
    page.fill("#id_drop", ".letter")
    expect(shown).to_contain_text("2 times, on 2 of 2 pages")
    expect(shown.locator(".row-removed").first).to_contain_text(BOX)
    expect(page.locator(".field-drop .errorlist")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist")).to_contain_text("Saved.")
    assert Source.objects.get().rules == {"drop": [".letter"]}
    assert errors == []
    page.fill("#id_drop", "")
    expect(shown.locator(".row-added").first).to_contain_text(BOX)
    assert_accessible(page)


def test_the_page_of_a_held_change_is_accessible(page, live_server, source):
    paragraphs = {signature(BOX): (BOX, True), signature(SENTENCES[0]): (SENTENCES[0], False)}
    now = timezone.now()
    Quarantine.open_for(source, paragraphs, alike=5, checked=9, since=now, now=now)
    page.goto(
        live_server.url + reverse("admin:articles_quarantine_change", args=[Quarantine.objects.get().pk])
    )
    assert_accessible(page)
    page.get_by_role("button", name="Site boilerplate").click()
    expect(page.locator(".messagelist")).to_contain_text("Decided: dropped as site boilerplate")


def assert_accessible(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) <= 0
        faults = Axe().run(page, options={"runOnly": RULES["light"], "resultTypes": ["violations"]}).response
        assert [
            (fault["id"], [node["target"] for node in fault["nodes"]]) for fault in faults["violations"]
        ] == []
