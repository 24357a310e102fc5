"""Every page of the admin in a real browser: accessible in both schemes, and no wider than the window."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

from tests.admin import states
from tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = (
    (1280, "light", ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]),
    (390, "light", ["wcag2a", "wcag2aa", "wcag22aa"]),
    (390, "dark", ["color-contrast", "link-in-text-block"]),
)
"""What is the same in both schemes but for colours, or at both widths but for the layout: looked at once."""

LIKE_ANOTHER = {
    *(f"list of {model}" for model in ("version", "event", "host", "proposal", "quarantine", "batch")),
    *("list of takedownstep", "list of apikey", "sources with problems", "the app's lists", "an event"),
    *("list of delivery", "list of archivedcopy", "list of hubsubscription", "ending a subscription"),
    *("an entry of the log", "a host", "a version", "groups", "wizard: looking", "takedown: of no article"),
    *("a list that finds nothing", "a key", "deleting an account", "one's own password", "accounts"),
}
"""Pages that are made by the template of one that is looked at; only their width is measured."""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
    faults = [*faults_of("signing in", page), *too_wide("signing in", page)]
    sign_in(page)
    pages = states.build()
    assert pages.keys() >= LIKE_ANOTHER
    for name, path in pages.items():
        page.goto(live_server.url + path)
        faults += too_wide(name, page)
        faults += [] if name in LIKE_ANOTHER else faults_of(name, page)
    assert faults == []


def too_wide(name: str, page: Page) -> list[str]:
    page.set_viewport_size({"width": 320, "height": 900})
    beyond = page.evaluate(TOO_WIDE)
    return [f"{name}: {beyond} pixels too wide for 320"] if beyond > 0 else []


def faults_of(name: str, page: Page) -> list[str]:
    """What is wrong with the page shown, in both widths and schemes."""
    found = []
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        beyond = page.evaluate(TOO_WIDE)
        found += [f"{name}, {width}: {beyond} pixels too wide"] if beyond > 0 else []
        answer = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        found += [
            f"{name}, {width}, {scheme}: {fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in answer["violations"]
            for node in fault["nodes"]
        ]
    return found
