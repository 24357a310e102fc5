"""Adding articles and looking after sources, in a real browser against the newsroom."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo import Newsroom
from tests.end_to_end.watched import shell
from tests.running.installation import Installation, wait_until

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DJANGOS_OWN = {"label-title-only", "aria-input-field-name"}  # its search field, and the one found by typing


def faults(page: Page) -> list[str]:
    """What axe finds at both widths, and what is wider than the window."""
    found = []
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        found += [
            f"{page.url} {width}: {fault['id']} {node['html'][:120]}"
            for fault in violations
            if fault["id"] not in DJANGOS_OWN
            for node in fault["nodes"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"{page.url}: {wide} pixels too wide at {width}"] if wide > 0 else []
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_a_file_is_added_with_progress_and_the_lists_are_accessible(
    set_up_folder: Path, room: Newsroom, browser_page: Page
) -> None:
    endpoint = room.url.removeprefix("http://").rstrip("/")
    installation = Installation(set_up_folder, FETCH_ALLOW_ENDPOINTS=endpoint, FETCH_HOST_DELAY="0.01")
    stories = [room.story_url(slug) for slug in ("pier-toll", "night-ferry")]
    (set_up_folder / "list.txt").write_text("\n".join([*stories, "nonsense", stories[0]]))
    page = browser_page
    try:
        shell(
            installation,
            f"source = Source.objects.create(name='Gazette', slug='gazette', home_page='{room.url}'); "
            "from articles.health import refresh; refresh()",
        )
        installation.start()
        wait_until(lambda: installation.get("/about/") == 200, installation.output)
        site = f"http://127.0.0.1:{installation.port}"
        page.goto(f"{site}/articles/add/")
        page.get_by_label("Username").fill("admin")
        page.get_by_label("Password").fill((installation.data / "admin-password").read_text().strip())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Or a file of addresses").set_input_files(set_up_folder / "list.txt")
        page.get_by_role("button", name="Add", exact=True).click()
        # The page is not reloaded: its script shows what the worker does.
        expect(page.get_by_role("status")).to_contain_text("All 4 addresses are done.")
        kept = page.get_by_role("cell", name="added, and its text is kept")
        expect(kept).to_have_count(2)
        expect(page.get_by_role("cell", name="not added: this is no address of a page")).to_be_visible()
        found = faults(page)
        for path in ("articles/source/", "articles/article/", "articles/batch/1/change/", ""):
            page.goto(f"{site}/admin/{path}")
            found += faults(page)
        assert found == []
    finally:
        installation.close()
