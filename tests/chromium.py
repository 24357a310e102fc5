"""A real Chromium to drive, and what may be wrong with the page that it shows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import services
from tests.running.installation import PATIENCE

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""For `Page.evaluate`: by how many pixels the page is wider than its window."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser. What a test expects of its pages comes when it comes: on a busy machine that is no fault."""
    expect.set_options(timeout=1000 * PATIENCE)
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=services.chromium(), args=services.CHROMIUM_OPTIONS
        )
        yield browser
        browser.close()


def axe_faults(page: Page, rules: Sequence[str], *, preload: bool = True) -> list[str]:
    """What axe finds wrong with the page shown by these *rules*: which one, where, and how to mend it.

    preload: let axe look at style sheets of other sites by parsing them in the page.
    """
    options = {"runOnly": [*rules], "resultTypes": ["violations"], "preload": preload}
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in Axe().run(page, options=options).response["violations"]
        for node in fault["nodes"]
    ]
