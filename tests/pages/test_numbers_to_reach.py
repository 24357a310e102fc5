"""What a reader sees without scrolling, measured in a browser on a site like the demo's."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from articles.models import Version
from articles.statistics import refresh
from tests.chromium import chromium
from tests.factories import make_article, make_change, make_version
from tests.pages import newsroom
from tests.pages.test_in_browser import RULES, TOO_WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST_CHANGE = {1280: 260, 390: 350, 320: 380}
"""By the width of the window: how far down the first changed word may begin, being in the first paragraph."""

HEIGHTS = {1280: 900, 390: 844, 320: 640}

ENTRIES = {1280: 9, 390: 4}
"""By the width of the window: entries of the front page that are whole on its first screen."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def open_page(browser: Browser, address: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]}, color_scheme="light")
    page.goto(address)
    return page


def first_marks(page: Page) -> float:
    """How far down the first changed word that is shown begins, in pixels."""
    found: float = page.evaluate(
        """() => [...document.querySelectorAll(".comparison :is(ins, del)")]
             .find((mark) => mark.checkVisibility() && mark.getClientRects().length)
             .getBoundingClientRect().top"""
    )
    return found


def test_the_first_screen_of_the_site(browser, live_server):
    """One site for all that is measured: filling it takes longer than measuring."""
    articles = newsroom.build(timezone.now())
    refresh()
    lead = change_of_the_lead()
    faults = []
    for width, most in FIRST_CHANGE.items():
        page = open_page(browser, live_server.url + lead.diff_url, width)
        top = first_marks(page)
        faults += [f"{width}: the first change is {top} pixels down"] if top > most else []
        faults += [f"{width}: the diff is too wide"] if page.evaluate(TOO_WIDE) > 0 else []
        page.close()
    for version in Version.objects.changes().filter(words_added__gt=0)[:6]:
        page = open_page(browser, live_server.url + version.diff_url, 390)
        expect(page.locator(".comparison :is(ins, del):visible").first).to_be_in_viewport()
        page.close()
    for width, least in ENTRIES.items():
        page = open_page(browser, f"{live_server.url}/", width)
        shown = page.evaluate(
            """() => [...document.querySelectorAll(".entry")]
                 .filter((entry) => entry.getBoundingClientRect().bottom <= innerHeight).length"""
        )
        faults += [f"{width}: {shown} entries on the first screen"] if shown < least else []
        page.close()
    for address in ("/", articles["gale-live"].get_absolute_url(), lead.diff_url):
        faults += violations(browser, live_server.url + address, 320)
    assert faults == []


def change_of_the_lead() -> Version:
    """A change of a number in the first paragraph of a story with a headline of two lines on a phone."""
    article = make_article(headline="Crew treated for smoke after fire aboard trawler at quay", language="en")
    text = "Four members of the crew of the trawler were treated for the effects of smoke this morning."
    rest = ["None of them had burns, the ambulance service said.", "The fire was out by noon."]
    make_version(article, [text, *rest])
    make_change(article, [text.replace("Four", "Five"), *rest])
    return make_change(
        article, [text.replace("Four", "Five").replace("this morning", "at dawn"), *rest], minor=False
    )


def violations(browser: Browser, address: str, width: int) -> list[str]:
    """What axe finds with all that can be unfolded open, light and dark."""
    page = open_page(browser, address, width)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = [f"{address}, {width}: too wide"] if page.evaluate(TOO_WIDE) > 0 else []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme)
        response = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        found += [
            f"{address}, {width}, {scheme}: {fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in response["violations"]
            for node in fault["nodes"]
        ]
    page.close()
    return found


def test_lists_speak_the_readers_own_time(browser, live_server):
    newsroom.build(timezone.now())
    page = browser.new_page(timezone_id="Asia/Tokyo", locale="en-GB")
    page.goto(f"{live_server.url}/changes/")
    expect(page.locator(".entry-when time").first).to_contain_text("min")
    expect(page.locator("[data-zone]")).to_contain_text("Asia/Tokyo")


def test_arrow_keys_lead_to_the_neighbours_and_the_place_is_told(browser, live_server):
    article = make_article(language="en")
    for words in ("One two three.", "One two four.", "One five four."):
        make_version(article, [words, "It stays.", f"And so {words}"])
    page = browser.new_page()
    page.goto(f"{live_server.url}/articles/{article.pk}/diff/1/2/")
    page.keyboard.press("n")
    expect(page.locator("[data-stepper]")).to_contain_text("1 of 2")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/diff/2/3/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/diff/1/2/")
