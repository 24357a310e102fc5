"""A story whose slug is rewritten, seen by a real worker: one article, two versions, one event."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.watched import Worker, query, shell
from tests.running.installation import Installation, wait_until
from tests.scripted import SENTENCES, Page, ScriptedSite, story_page

OLD, NEW = "/2026/lime-trees", "/2026/lime-trees-to-be-felled"
HEADLINE, REWRITTEN = "Lime trees to be looked at", "Lime trees to be felled after all"
FELLED = (*SENTENCES, "On Friday the botanist wrote that two of the trees can not be saved by anybody.")
OTHERS = [(f"/2026/another-story-number-{n}", f"id-{n}") for n in range(24)]
"""What the feed names besides, so that one changed link among its ids is rare."""

KILLS = 4


def feed_of(*items: tuple[str, str]) -> Page:
    entries = "".join(
        f"<item><title>{path}</title><link>{path}</link><guid isPermaLink='false'>{guid}</guid></item>"
        for path, guid in items
    )
    return Page(f"<rss version='2.0'><channel>{entries}</channel></rss>", content_type="application/rss+xml")


@pytest.fixture
def site() -> Iterator[ScriptedSite]:
    with ScriptedSite() as site:
        for number, (path, _) in enumerate(OTHERS):
            text = tuple(f"{line} Number {number} was told so by {number} people." for line in SENTENCES)
            site.pages[path] = Page(story_page(f"Another story, of the number {number}", text))
        site.pages[OLD] = Page(story_page(HEADLINE))
        site.pages["/feed"] = feed_of((OLD, "story"), *OTHERS)
        yield site


@pytest.fixture
def installed(tmp_path: Path, site: ScriptedSite, backing: dict[str, str]) -> Iterator[Installation]:
    """An installation that watches the site as fast as it can."""
    made = Installation(tmp_path, FETCH_ALLOW_ENDPOINTS=site.endpoint, FETCH_HOST_DELAY="0.01", **backing)
    made.environment |= {"LEASE_SECONDS": "2", "LOG_LEVEL": "WARNING"}
    added = made.manage("import_feed", f"{site.url}/feed")
    assert added.returncode == 0, added.stderr
    shell(
        made,
        "Source.objects.update(floor_seconds=1, ceiling_seconds=1, feed_seconds=2, "
        "confirm_text_seconds=1, confirm_removal_seconds=3600); "
        # Its first reading was to be followed by one in a quarter of an hour.
        "Feed.objects.update(next_check_at=Source.objects.get().created)",
    )
    yield made
    made.close()


def rewrite(site: ScriptedSite, fate: str) -> None:
    """Headline, text and slug are rewritten; *fate*: what becomes of the old address."""
    site.pages[NEW] = Page(story_page(REWRITTEN, FELLED))
    if fate == "redirects":
        site.pages[OLD] = Page("", status=301, headers={"Location": NEW})
    elif fate == "gone":
        site.pages[OLD] = Page("", status=404)
    site.pages["/feed"] = feed_of((NEW, "story"), *OTHERS)


def state(installed: Installation) -> str:
    """What is told where it was waited for in vain."""
    feed = query(installed, "SELECT report, last_error, ids_went_back FROM articles_feed")
    story = query(
        installed,
        "SELECT id, address, last_outcome, last_reason, pending_hops, next_check_at FROM articles_article "
        "WHERE address LIKE '%lime-trees%'",
    )
    return f"{history(installed)}\n{feed}\n{story}"


def history(installed: Installation) -> list[tuple[object, ...]]:
    return query(
        installed,
        "SELECT a.address, v.number, v.headline FROM articles_version v "
        "JOIN articles_article a ON a.id = v.article_id "
        "WHERE v.headline LIKE 'Lime trees%' ORDER BY a.id, v.number",
    )


@pytest.mark.parametrize("fate", ["redirects", "stale", "gone"])
def test_one_article_with_two_versions(installed: Installation, site: ScriptedSite, fate: str) -> None:
    worker = Worker(installed)
    try:
        wait_until(lambda: history(installed) == [(site.url + OLD, 1, HEADLINE)], lambda: state(installed))
        rewrite(site, fate)
        told = [(site.url + NEW, 1, HEADLINE), (site.url + NEW, 2, REWRITTEN)]
        wait_until(lambda: history(installed) == told, lambda: state(installed))
    finally:
        worker.kill()
    moved = query(installed, "SELECT kind, address_before, address_after FROM articles_event")
    assert moved == [("moved", site.url + OLD, site.url + NEW)]


def test_a_killed_worker_leaves_no_story_in_halves(installed: Installation, site: ScriptedSite) -> None:
    worker = Worker(installed)
    try:
        wait_until(lambda: history(installed) == [(site.url + OLD, 1, HEADLINE)], lambda: state(installed))
        rewrite(site, "redirects")
        for number in range(KILLS):
            time.sleep(0.7 + 0.3 * number)  # wherever it is then
            worker.kill()
            worker = Worker(installed)
        told = [(site.url + NEW, 1, HEADLINE), (site.url + NEW, 2, REWRITTEN)]
        wait_until(lambda: history(installed) == told, lambda: state(installed))
    finally:
        worker.kill()
    assert query(installed, "SELECT count(*) FROM articles_event") == [(1,)]
