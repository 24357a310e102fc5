"""What a reader sees without scrolling, measured in a browser on a site like the demo's."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from articles.models import Version
from articles.statistics import refresh
from tests import fast_flush
from tests.chromium import TOO_WIDE, axe_faults, chromium
from tests.factories import make_article, make_change, make_version
from tests.pages import newsroom
from tests.pages.test_in_browser import RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

FIRST_CHANGE = {1280: 260, 390: 350, 320: 380}
"""By the width of the window: how far down the first changed word may begin, being in the first paragraph."""

HEIGHTS = {1280: 900, 390: 844, 320: 640}

ENTRIES = {1280: 9, 390: 4}
"""By the width of the window: entries of the front page that are whole on its first screen."""

DIFFS_LOOKED_AT = 6
"""Changes of the newsroom whose first changed word, or moved paragraph, must be on a phone's first screen."""


PATIENCE = 10.0
"""Seconds a thread of the site may take to see that the browser is gone."""


@dataclass(frozen=True)
class Site:
    """A site that is looked at, not changed: its address, and the paths of some pages.

    lead: a change in the first paragraph below a headline of two lines; stepped: an article of three
    versions, each with two changes.
    """

    address: str
    live_story: str
    lead: str
    stepped: str
    diffs: tuple[str, ...]


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """One site for all tests here: filling it takes longer than measuring."""
    with django_db_blocker.unblock():
        articles = newsroom.build(timezone.now())
        refresh()
        diffs = Version.objects.changes().filter(words_added__gt=0).order_by("pk")[:DIFFS_LOOKED_AT]
        paths = tuple(version.diff_url for version in diffs)
        server = LiveServer("localhost")
        yield Site(
            server.url, articles["gale-live"].get_absolute_url(), lead().diff_url, stepped_through(), paths
        )
        for thread in threading.enumerate():
            if "process_request_thread" in thread.name:  # it closes its connection to the database
                thread.join(PATIENCE)
        server.stop()
        fast_flush.delete_rows()


def lead() -> Version:
    """A change of a number in the first paragraph of a story with a headline of two lines on a phone."""
    article = make_article(headline="Crew treated for smoke after fire aboard trawler at quay", language="en")
    text = "Four members of the crew of the trawler were treated for the effects of smoke this morning."
    rest = ["None of them had burns, the ambulance service said.", "The fire was out by noon."]
    make_version(article, [text, *rest])
    make_change(article, [text.replace("Four", "Five"), *rest])
    return make_change(
        article, [text.replace("Four", "Five").replace("this morning", "at dawn"), *rest], minor=False
    )


def stepped_through() -> str:
    article = make_article(language="en")
    for words in ("One two three.", "One two four.", "One five four."):
        make_version(article, [words, "It stays.", f"And so {words}"])
    return article.get_absolute_url()


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """Closed before the site, so that no line to it is open when that ends."""
    with chromium() as browser:
        yield browser


def open_page(browser: Browser, address: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]}, color_scheme="light")
    page.goto(address)
    return page


def first_mark(page: Page) -> float:
    """How far down the first changed word that is shown begins, in pixels."""
    found: float = page.evaluate(
        """() => [...document.querySelectorAll(".comparison :is(ins, del)")]
             .find((mark) => mark.checkVisibility() && mark.getClientRects().length)
             .getBoundingClientRect().top"""
    )
    return found


def test_the_first_changed_word_is_near_the_top(browser, site, capsys):
    tops, faults = {}, []
    for width, most in FIRST_CHANGE.items():
        page = open_page(browser, site.address + site.lead, width)
        tops[width] = first_mark(page)
        faults += [f"{width}: the first change is {tops[width]} pixels down"] if tops[width] > most else []
        faults += [f"{width}: the diff is too wide"] if page.evaluate(TOO_WIDE) > 0 else []
        page.close()
    with capsys.disabled():
        print("\nPixels to the first changed word, by width:", tops)
    assert faults == []


def test_it_is_on_a_phones_first_screen_in_every_story(browser, site):
    page = open_page(browser, site.address, 390)
    for path in site.diffs:
        page.goto(site.address + path)
        expect(page.locator(".comparison :is(ins, del, .row-moved):visible").first).to_be_in_viewport()
    page.close()


def test_entries_on_the_first_screen(browser, site, capsys):
    counts = {}
    for width in ENTRIES:
        page = open_page(browser, f"{site.address}/", width)
        counts[width] = page.evaluate(
            """() => [...document.querySelectorAll(".entry")]
                 .filter((entry) => entry.getBoundingClientRect().bottom <= innerHeight).length"""
        )
        page.close()
    with capsys.disabled():
        print("\nEntries on the first screen, by width:", counts)
    assert [f"{width}: {counts[width]} entries" for width in ENTRIES if counts[width] < ENTRIES[width]] == []


def test_with_all_that_can_be_unfolded_open(browser, site):
    """Light and dark, at the narrowest."""
    faults = []
    for path in ("/", site.live_story, site.lead):
        page = open_page(browser, site.address + path, 320)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        faults += [f"{path}: too wide"] if page.evaluate(TOO_WIDE) > 0 else []
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            faults += [f"{path}, {scheme}: {fault}" for fault in axe_faults(page, rules)]
        page.close()
    assert faults == []


def test_lists_speak_the_readers_own_time(browser, site):
    page = browser.new_page(timezone_id="Asia/Tokyo", locale="en-GB")
    page.goto(f"{site.address}/changes/")
    expect(page.locator(".entry-when time").first).to_contain_text("min")
    expect(page.locator("[data-zone]")).to_contain_text("Asia/Tokyo")
    page.close()


def test_arrow_keys_lead_to_the_neighbours_and_the_place_is_told(browser, site):
    page = browser.new_page()
    page.goto(f"{site.address}{site.stepped}diff/1/2/")
    page.keyboard.press("n")
    expect(page.locator("[data-stepper]")).to_contain_text("1 of 2")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/diff/2/3/")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/diff/1/2/")
    page.close()
