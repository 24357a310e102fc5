"""The admin works under our content security policy: nothing of it is inline."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.running.installation import Installation, wait_until

pytestmark = pytest.mark.browser


def test_the_admin_breaks_no_rule_of_the_policy(set_up_folder: Path, browser_page: Page) -> None:
    installation = Installation(set_up_folder)
    try:
        installation.start("--only", "site")
        wait_until(lambda: installation.get("/about/") == 200, installation.output)
        site = f"http://127.0.0.1:{installation.port}"
        browser_page.goto(f"{site}/admin/")
        browser_page.fill("#id_username", "admin")
        browser_page.fill("#id_password", (installation.data / "admin-password").read_text().strip())
        browser_page.click("input[type=submit]")
        for path in ("articles/source/", "articles/article/", "articles/host/", "auth/user/1/change/"):
            browser_page.goto(f"{site}/admin/{path}")
        browser_page.goto(f"{site}/admin/articles/source/add/?plain=1")
        browser_page.fill("#id_name", "Valley Post")
        browser_page.press("#id_name", "Tab")
        assert browser_page.input_value("#id_slug") == "valley-post"  # its scripts run
        browser_page.get_by_text("Add another Feed").click()
        browser_page.fill("#id_feeds-0-address", "https://valley.example/feed")
        browser_page.click("input[name=_save]")
        assert "Valley Post" in browser_page.inner_text(".messagelist")
    finally:
        installation.close()
