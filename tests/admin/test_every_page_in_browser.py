"""Every page of the admin in a real browser: accessible in both schemes, and no wider than the window."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

from tests.admin import states
from tests.chromium import TOO_WIDE, axe_faults, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = (
    (1280, "light", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
    (320, "light", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
    (320, "dark", ["color-contrast", "link-in-text-block"]),
)
"""What is the same in both schemes but for colours is looked at once."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """Where the superuser is signed in."""
    User.objects.create_superuser("root", password="x")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/?next=/admin/password_change/done/")
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.fill("[name=username]", "root")
    page.fill("[name=password]", "x")
    page.click("[type=submit]")


def test_every_page_is_accessible_and_no_wider_than_the_window(page, live_server):
    faults = faults_of("signing in", page)
    sign_in(page)
    for name, path in states.build().items():
        page.goto(live_server.url + path)
        faults += faults_of(name, page)
    assert faults == []


def test_no_page_is_wider_than_the_window_in_the_language_of_the_longest_words(browser, live_server):
    User.objects.create_superuser("root", password="x")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="de-DE")
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    sign_in(page)
    faults = []
    for name, path in states.build().items():
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.lang") == "de"
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate(TOO_WIDE)
            faults += [f"{name}, {width}: {beyond} pixels too wide"] if beyond > 0 else []
    context.close()
    assert faults == []


def faults_of(name: str, page: Page) -> list[str]:
    """What is wrong with the page shown, in both widths and schemes."""
    found = []
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        beyond = page.evaluate(TOO_WIDE)
        found += [f"{name}, {width}: {beyond} pixels too wide"] if beyond > 0 else []
        found += [f"{name}, {width}, {scheme}: {fault}" for fault in axe_faults(page, rules)]
    return found
