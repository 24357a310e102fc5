"""How many checks one core makes in a second, and where the time goes.

    python -m benchmarks.checks [--articles N] [--rounds N] [--postgres ADDRESS]

A newspaper on loopback has articles of four kinds: it says that nothing changed (304; every tenth time it is
asked plainly and sends the page), sends the very same page, the same story among other furniture, or another
story. Each is checked as the worker checks it: a visit to its host, with robots.txt, leases, the fetch, the
reader that reads the page, the diff, and the transaction. There is no delay between two requests.

"a second of a core" counts the processor time of the worker and its children: not the newspaper's, nor
PostgreSQL's. The columns after it are milliseconds a check by the clock: *fetch* on the network; *read* the
reader, of which *extract* is the reading itself (measured again without it); *diff*; *database*
the statements and commits; *rest* Python and the ORM.
"""

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.newspaper import KINDS, newspapers, page
from benchmarks.scratch import installation

HOSTS = 8
COLUMNS = ("fetch", "read", "extract", "diff", "database", "rest")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=80, help="articles of each kind")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is checked")
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    asked = parser.parse_args()
    with (
        newspapers(HOSTS) as endpoints,
        installation(asked.postgres, FETCH_ALLOW_ENDPOINTS=",".join(endpoints)),
    ):
        print(
            f"{'PostgreSQL' if asked.postgres else 'SQLite'}, {asked.articles * asked.rounds} checks each\n"
        )
        print("| page | checks/s of a core | checks/s by the clock | " + " | ".join(COLUMNS) + " |")
        print("|---|" + "--:|" * (2 + len(COLUMNS)))
        for kind in KINDS:
            found(kind, asked.articles, endpoints)
            check_all(kind)  # the first versions
            _measure(kind, asked.articles, asked.rounds)


def found(kind: str, articles: int, endpoints: list[str]) -> None:
    from articles.models import Source
    from articles.watch.feeds.poll import add_article

    slug = kind.replace(" ", "-")
    source = Source.objects.create(name=kind, slug=slug)
    for number in range(articles):
        add_article(f"http://{endpoints[number % len(endpoints)]}/{slug}/{number}", source)


def check_all(kind: str) -> None:
    """Make every article of *kind* due, and visit hosts until none is."""
    from django.utils import timezone

    from articles.models import Article
    from articles.watch.crawl.host_session import HostSession
    from articles.watch.queue.frontier import due_hosts
    from articles.watch.queue.visits import visit

    articles = Article.objects.filter(source__name=kind)
    articles.update(next_check_at=timezone.now())
    now = timezone.now()
    while hosts := due_hosts(now, ready_by=now):
        for host_id in hosts:
            session = HostSession.take(host_id, ready_within=0.0)
            if session is not None:
                visit(session)
        now = timezone.now()


def _measure(kind: str, articles: int, rounds: int) -> None:
    from articles.models import CheckCount

    before = CheckCount.tallies()
    with _watched() as spent:
        clock, used = time.perf_counter(), processor()
        for _ in range(rounds):
            check_all(kind)
        clock, used = time.perf_counter() - clock, processor() - used
    after = CheckCount.tallies()
    outcomes = Counter({name: tally.checks for name, tally in after.items()})
    outcomes.subtract({name: tally.checks for name, tally in before.items()})
    expected = "new-version" if kind == "changed" else "unchanged"
    checks = articles * rounds
    if outcomes[expected] != checks:
        raise SystemExit(f"{kind}: {dict(outcomes)}, where {checks} × {expected} were expected")
    each = {name: 1000 * spent[name] / checks for name in ("fetch", "read", "diff", "database")}
    each["extract"] = _milliseconds_to_extract() if spent["read"] else 0.0
    each["rest"] = 1000 * clock / checks - sum(each[name] for name in ("fetch", "read", "diff", "database"))
    numbers = " | ".join(f"{each[name]:.2f}" for name in COLUMNS)
    print(f"| {kind} | {checks / used:.0f} | {checks / clock:.0f} | {numbers} |", flush=True)


def processor() -> float:
    """Seconds of processor time of this process, of the children it had, and of those it has (the reader)."""
    times = os.times()
    ours = times.user + times.system + times.children_user + times.children_system
    return ours + sum(map(_processor_of, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))


def _processor_of(child: str) -> float:
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _milliseconds_to_extract() -> float:
    from articles.watch.check.page_reading import read

    body, rounds = page(1, story=0, furniture=0).encode(), 20
    began = time.perf_counter()
    for _ in range(rounds):
        read(body, "http://127.0.0.1/1", "text/html; charset=utf-8", None)
    return 1000 * (time.perf_counter() - began) / rounds


@contextmanager
def _watched() -> Iterator[defaultdict[str, float]]:
    """Seconds spent in each part, by its name, while this is open."""
    from django.db import connection
    from django.db.backends.base.base import BaseDatabaseWrapper

    from articles.fetch import Fetcher
    from articles.isolation import isolated
    from articles.watch.check import decide

    spent: defaultdict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent[name] += time.perf_counter() - began

        return run

    def statement(execute: Callable[..., Any], *args: Any) -> Any:
        return timed("database", execute)(*args)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(Fetcher, "get", timed("fetch", Fetcher.get)))
        stack.enter_context(mock.patch("articles.watch.check.page.isolated", timed("read", isolated)))
        compared = timed("diff", decide.compare_versions)
        stack.enter_context(mock.patch("articles.watch.check.decide.compare_versions", compared))
        commit = timed("database", vars(BaseDatabaseWrapper)["_commit"])
        stack.enter_context(mock.patch.object(BaseDatabaseWrapper, "_commit", commit))
        stack.enter_context(connection.execute_wrapper(statement))
        yield spent


if __name__ == "__main__":
    main()
