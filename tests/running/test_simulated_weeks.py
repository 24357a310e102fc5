"""A hard newspaper and a real worker over simulated days: what is learned and undone, an election night."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import chromium
from tests.end_to_end.watched import query
from tests.running.hard_paper import NIGHT, RESULTS, HardPaper, by_day
from tests.running.installation import Installation, wait_until
from tests.running.weeks import Weeks
from tests.scripted import ScriptedSite

pytestmark = pytest.mark.browser

ARTICLES, FRESH = 10, 3
_TELL_TIME = "from django.utils import timezone; print(timezone.now().isoformat())"
TEXTS = "SELECT article_id, number, text_hash, data FROM articles_version ORDER BY article_id, number"


@pytest.fixture
def weeks(ready: Installation) -> Iterator[Weeks]:
    with ScriptedSite() as site:
        yield Weeks.of(ready, lambda began, now: HardPaper(site, ARTICLES, FRESH, began, now))


def sign_in(page: Page, installation: Installation) -> None:
    page.goto(f"http://127.0.0.1:{installation.port}/admin/articles/source/1/learned/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", (installation.data / "admin-password").read_text().strip())
    page.click("input[type=submit]")


def test_days_of_a_hard_newspaper(weeks: Weeks) -> None:
    """What ticks and what stands on many articles makes versions on the first day only, and edits are all
    seen; what was learned is shown with its evidence and undone by a click; an election night is told once an
    hour."""
    with weeks.working():
        weeks.go_on_for(2)
    first, second = by_day(weeks.paper, weeks.stored(), 2)
    assert first.missed == second.missed == 0
    assert first.edits > 0
    assert second.false <= second.rechecks * 0.05
    assert second.false < first.false

    results = [(seen, text, made_of) for path, seen, text, made_of, _ in weeks.versions() if path == RESULTS]
    figures = [seen for seen, _, made_of in results[1:] if made_of == "figures"]
    assert 2 <= len(figures) <= NIGHT / timedelta(hours=1) + 1
    assert len(figures) == len(results) - 1
    # The last figures bear the time at which they were first seen, not that at which the hour was over.
    assert all(later - earlier >= timedelta(minutes=59) for earlier, later in pairwise(figures[:-1]))
    assert weeks.paper.last_result in results[-1][1]

    texts = query(weeks.installation, TEXTS)
    weeks.installation.start("--only", "site")
    wait_until(lambda: weeks.installation.get("/about/") == 200, weeks.installation.output)
    with chromium() as browser:
        page = browser.new_page()
        sign_in(page, weeks.installation)
        price = page.locator(".module", has_text="Timber for the").first
        expect(price).to_contain_text("Changes at nearly every look")
        expect(price).to_contain_text("Told from")
        expect(price.locator("bdi")).not_to_have_count(1)  # the values seen there, beside the last
        expect(price.locator("li a").first).to_contain_text("Storm")  # the article on which it was seen
        price.get_by_role("button", name="Undo: compare it").click()
        expect(page.locator(".messagelist")).to_contain_text("Decided")
        expect(page.locator(".module", has_text="Timber for the").first).to_contain_text("as you decided")
    assert query(weeks.installation, TEXTS) == texts


def test_a_moved_clock_begins_where_it_is_set(weeks: Weeks) -> None:
    now = datetime.fromisoformat(weeks.clock.manage("shell", "-v", "0", "-c", _TELL_TIME).strip())
    assert weeks.clock.now - now < timedelta(minutes=5)
