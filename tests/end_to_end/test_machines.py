"""Workers on several machines, on one PostgreSQL and Redis: a data folder each, and killed in turn."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from tests import services
from tests.end_to_end.watched import Worker, query, shell
from tests.running.installation import Installation, wait_until
from tests.running.set_up import OnPostgreSQL
from tests.scripted import Page, ScriptedSite, own_story

pytestmark = [pytest.mark.postgres, pytest.mark.redis]

MACHINES = 3
STORIES = 3
DELAY = 0.2


class ChangingSite(ScriptedSite):
    """Stories that are edited now and then, each answered slowly enough for two requests to meet."""

    def __init__(self) -> None:
        super().__init__()
        self.pages["/robots.txt"] = Page("", content_type="text/plain")
        self.edit(0)
        self.on_request = lambda path: time.sleep(0.02)

    def edit(self, number: int) -> None:
        self.pages |= {
            f"/{n}": Page(own_story(f"Story {n} of {self.endpoint}, edition {number}"))
            for n in range(STORIES)
        }


@pytest.fixture
def sites() -> Iterator[list[ChangingSite]]:
    with ExitStack() as stack:
        yield [stack.enter_context(ChangingSite()) for _ in range(2)]


@pytest.fixture
def machines(
    tmp_path: Path, sites: list[ChangingSite], set_up_on_postgresql: OnPostgreSQL
) -> Iterator[list[Installation]]:
    name = set_up_on_postgresql.database
    with services.postgres_database(name) as database, services.redis_queue() as queue:
        yield [
            Installation(
                tmp_path / f"machine-{number}",
                DATABASE_URL=database,
                SECRET_KEY="the same on all machines of an installation",
                FETCH_ALLOW_ENDPOINTS=",".join(site.endpoint for site in sites),
                FETCH_HOST_DELAY=str(DELAY),
                LEASE_SECONDS="2",
                WORKERS="1",
                LOG_LEVEL="WARNING",
                **queue,
            )
            for number in range(MACHINES)
        ]


def test_machines_that_die_in_turn_lose_nothing_and_ask_one_thing_at_a_time(
    machines: list[Installation], sites: list[ChangingSite]
) -> None:
    for machine in machines:
        machine.data.parent.mkdir()
    first = machines[0]
    addresses = [f"{site.url}/{number}" for site in sites for number in range(STORIES)]
    shell(
        first,
        "from articles.watch.feeds.poll import add_article; "
        "source = Source.objects.create(name='s', slug='s', floor_seconds=1, ceiling_seconds=1, "
        "confirm_text_seconds=1); "
        f"[add_article(address, source) for address in {addresses!r}]",
    )

    def all_have(versions: int) -> bool:
        return numbers(first) == [*range(1, versions + 1)] * len(addresses)

    workers = [Worker(machine) for machine in machines]
    try:
        wait_until(lambda: all_have(1), first.output)
        for turn, machine in enumerate(machines, start=1):
            asked = sum(len(site.requests) for site in sites)
            for site in sites:
                site.edit(turn)
            wait_until(lambda: sum(len(site.requests) for site in sites) > asked)  # noqa: B023
            workers[turn - 1].kill()
            wait_until(lambda: all_have(turn + 1), first.output)  # noqa: B023
            workers[turn - 1] = Worker(machine)
    finally:
        for worker in workers:
            worker.kill()

    for site in sites:
        assert site.most_at_once == 1
        assert all(later - earlier >= DELAY for earlier, later in pairwise(site.times))


def numbers(installation: Installation) -> list[int]:
    """The numbers of all versions, article by article."""
    rows = query(installation, "SELECT number FROM articles_version ORDER BY article_id, number")
    return [number for (number,) in rows]
