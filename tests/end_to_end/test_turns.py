"""Hosts in turn: one that is slow, or has ten thousand articles due, holds nobody else up."""

import time
from contextlib import ExitStack
from pathlib import Path

from tests.end_to_end.watched import Worker, query, shell
from tests.running.installation import Installation, wait_until
from tests.scripted import Page, ScriptedSite, own_story

DUE = 10_000
SMALL_SITES, STORIES = 8, 3


def test_a_slow_host_and_a_huge_one_hold_nobody_up(tmp_path: Path, backing: dict[str, str]) -> None:
    with ExitStack() as stack:
        huge, slow, *small = sites = [stack.enter_context(ScriptedSite()) for _ in range(2 + SMALL_SITES)]
        for site in sites:
            site.pages |= {f"/{n}": Page(own_story(f"Story {n} of {site.endpoint}")) for n in range(STORIES)}
        slow.on_request = lambda path: time.sleep(4)
        installation = Installation(
            tmp_path,
            FETCH_ALLOW_ENDPOINTS=",".join(site.endpoint for site in sites),
            FETCH_HOST_DELAY="0.01",
            WORKERS="3",
            LOG_LEVEL="WARNING",
            **backing,
        )
        others = [f"{site.url}/{n}" for site in (slow, *small) for n in range(STORIES)]
        shell(
            installation,
            f"""
from articles.watch.feeds.poll import add_article
source = Source.objects.create(name="s", slug="s", floor_seconds=3600)
host = Host.objects.create(name="{huge.endpoint}")
Article.objects.bulk_create(
    Article(source=source, host=host, address=f"{huge.url}/{{n}}") for n in range({DUE})
)
for address in {others!r}:
    add_article(address, source)
""",
        )
        worker = Worker(installation)
        try:
            wait_until(lambda: all(_versions(installation, site) == STORIES for site in small))
            left_waiting = DUE - _checked(installation, huge)
            slow_ones_seen = _versions(installation, slow)
            # Both were worked at too: on a busy machine they may have come last.
            wait_until(lambda: len(huge.requests) > 10 and len(slow.requests) > 0)
        finally:
            worker.kill()
        assert left_waiting > DUE / 2
        assert slow_ones_seen < STORIES


def _versions(installation: Installation, site: ScriptedSite) -> int:
    return _count(installation, site, "version_count > 0")


def _checked(installation: Installation, site: ScriptedSite) -> int:
    return _count(installation, site, "checks_made > 0")


def _count(installation: Installation, site: ScriptedSite, condition: str) -> int:
    where = f"address LIKE '{site.url}/%' AND {condition}"
    return int(query(installation, f"SELECT count(*) FROM articles_article WHERE {where}")[0][0])
