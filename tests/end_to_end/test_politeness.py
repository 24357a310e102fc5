"""A good guest, measured where it counts: at the sites, over all workers."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.end_to_end.watched import Worker, query, shell
from tests.running.installation import Installation, wait_until
from tests.scripted import Page, ScriptedSite, own_story

DELAY = 0.2
STORIES = 6
CHECKS = 4  # of each story


class WatchedSite(ScriptedSite):
    """Stories with validators, and one that robots.txt keeps to itself."""

    def __init__(self, robots: str) -> None:
        super().__init__()
        self.pages["/robots.txt"] = Page(robots, content_type="text/plain")
        self.pages |= {
            f"/{n}": Page(own_story(f"Story {n} of {self.endpoint}"), headers={"ETag": f'"{n}"'})
            for n in range(STORIES)
        }
        self.pages["/secret"] = Page(own_story("Secret"))
        # Slow enough for two requests to meet.
        self.on_request = lambda path: time.sleep(0.02)


@pytest.fixture
def sites() -> Iterator[list[WatchedSite]]:
    with ExitStack() as stack:
        yield [stack.enter_context(WatchedSite("User-agent: *\nDisallow: /secret\n")) for _ in range(3)]


def test_what_the_sites_see_of_two_workers_of_three(
    tmp_path: Path, sites: list[WatchedSite], backing: dict[str, str]
) -> None:
    installation = Installation(
        tmp_path,
        FETCH_ALLOW_ENDPOINTS=",".join(site.endpoint for site in sites),
        FETCH_HOST_DELAY=str(DELAY),
        WORKERS="3",
        LOG_LEVEL="WARNING",
        **backing,
    )
    addresses = [f"{site.url}/{page}" for site in sites for page in (*range(STORIES), "secret")]
    shell(
        installation,
        "from articles.watch.feeds.poll import add_article; "
        "source = Source.objects.create(name='s', slug='s', floor_seconds=1, ceiling_seconds=1); "
        f"[add_article(address, source) for address in {addresses!r}]",
    )
    workers = [Worker(installation) for _ in range(2)]
    try:
        wait_until(
            lambda: _least_checks(sites) >= CHECKS and _outcomes_of_secrets(installation) == {"robots"},
            installation.output,
        )
    finally:
        for worker in workers:
            worker.kill()

    for site in sites:
        assert site.most_at_once == 1
        assert all(later - earlier >= DELAY for earlier, later in pairwise(site.times))
        assert site.paths()[0] == "/robots.txt"
        assert Counter(site.paths())["/robots.txt"] == 1
        assert "/secret" not in site.paths()
        assert len({headers["User-Agent"] for _, _, headers in site.requests}) == 1
    _check_conditions(sites)
    _check_contact_page(installation, sites)


def _least_checks(sites: list[WatchedSite]) -> int:
    return min(Counter(site.paths())[f"/{n}"] for site in sites for n in range(STORIES))


def _outcomes_of_secrets(installation: Installation) -> set[str]:
    secrets = "SELECT last_outcome FROM articles_article WHERE address LIKE '%secret'"
    return {outcome for (outcome,) in query(installation, secrets)}


def _check_conditions(sites: list[WatchedSite]) -> None:
    """Of the pages asked for again before the tenth check all are asked for with their validator."""
    for site in sites:
        asked = defaultdict(list)
        for _, path, headers in site.requests:
            asked[path].append("If-None-Match" in headers)
        for number in range(STORIES):
            first, *again = asked[f"/{number}"][:9]
            assert not first
            assert all(again)


def _check_contact_page(installation: Installation, sites: list[WatchedSite]) -> None:
    """The address in the User-Agent answers, and says who we are."""
    agent = sites[0].requests[0][2]["User-Agent"]
    product, _, contact = agent.partition(" ")
    assert product.startswith("NewsDiffs/")
    address = contact.removeprefix("(+").removesuffix(")")
    installation.start("--only", "site")
    wait_until(lambda: installation.get("/about/") == 200, installation.output)
    about = requests.get(address, timeout=10)
    assert about.status_code == 200
    assert agent in about.text
    installation.close()
