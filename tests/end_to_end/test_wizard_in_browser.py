"""From the newsroom's address to a source at work, in four screens, as an admin does it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from demo import Newsroom
from tests.chromium import TOO_WIDE, axe_faults
from tests.running.installation import Installation

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page that is open, at both widths, and whether it is too wide."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults += [f"{page.title()}, {width}: too wide"] if page.evaluate(TOO_WIDE) > 0 else []
        # To preload, it would parse the admin's style sheets in <style> elements, which our policy forbids.
        faults += [f"{page.title()}, {width}: {fault}" for fault in axe_faults(page, RULES, preload=False)]
    return faults


def test_a_pasted_address_is_a_source_at_work_after_four_screens(
    set_up_folder: Path, room: Newsroom, browser_page: Page
) -> None:
    endpoint = room.url.removeprefix("http://").rstrip("/")
    installation = Installation(set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
    page = browser_page
    try:
        installation.start()
        installation.wait_for_site()
        page.goto(f"http://127.0.0.1:{installation.port}/admin/login/?next=/admin/articles/source/add/")
        page.fill("#id_username", "admin")
        page.fill("#id_password", (installation.data / "admin-password").read_text().strip())
        page.click("input[type=submit]")
        expect(page.locator(".step")).to_have_text("Step 1 of 4: the address")
        faults = faults_of(page)
        page.get_by_role("button", name="Show them").click()
        expect(page).to_have_title(re.compile("^Known publications"))
        faults += faults_of(page)

        page.go_back()
        page.get_by_label("Home page or feed").fill(room.url)
        page.get_by_role("button", name="Look at it").click()
        expect(page).to_have_title(re.compile("^Found at"))
        expect(page.locator(".step")).to_have_text("Step 2 of 4: what was found")
        expect(page.get_by_label(room.feed_url)).to_be_checked()
        faults += faults_of(page)

        page.get_by_role("button", name="Preview five articles").click()
        expect(page).to_have_title(re.compile("^Preview"))
        expect(page.locator(".step")).to_have_text("Step 3 of 4: the preview")
        expect(page.locator(".article blockquote")).to_have_count(5)
        expect(page.locator(".article .warnings")).to_have_count(0)
        assert page.get_by_label("Name").input_value() == "The Harbour Gazette"
        faults += faults_of(page)

        page.get_by_role("button", name="Save and watch").click()
        expect(page).to_have_title(re.compile("^The Harbour Gazette is watched"))
        expect(page.locator(".step")).to_have_text("Step 4 of 4: at work")
        # Without a hand on it: the feed is read, then article after article.
        expect(page.get_by_text("The first articles have been read")).to_be_visible()
        faults += faults_of(page)
        page.get_by_role("link", name="as readers see it").click()
        expect(page.get_by_text("This source is watched. It was last read on")).to_be_visible()
        assert faults == []
    finally:
        installation.close()
