"""How many checks a second a worker makes whose hosts want to rest between two requests.

    python -m benchmarks.throughput [--hosts 8 40 200] [--delays 5 1] [--seconds N] [--workers N]
                                    [--postgres ADDRESS --redis ADDRESS]

A real worker process, started as in production, watches sites on 127.0.0.1, 127.0.0.2 and so on, whose
articles are always due. What the sites see is counted there, in a process of its own: requests a second, the
shortest time between two requests of one host, and the most that one had at once. *hosts ÷ delay* is what
the hosts allow; *CPU* is what the same worker does right afterwards where no host wants to rest;
*share* is the part of the smaller of both that was reached. *cores* is the processor time of the worker's
processes a second, the databases' not counted. *load* is the machine's load before and after.
"""

import argparse
import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.newspaper import page
from benchmarks.scratch import installation

PROJECT = Path(__file__).resolve().parents[1]

ARTICLES = 3
"""Of each host: each is due again a second after it was checked."""

ANSWER_SECONDS = 0.01
"""What a site takes for an answer, so that two requests can meet."""

START_SECONDS = 300.0
"""How long a worker may take until it has asked every host."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--hosts", type=int, nargs="+", default=[8, 40, 200])
    parser.add_argument("--delays", type=float, nargs="+", default=[5.0, 1.0])
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each is watched")
    parser.add_argument(
        "--cpu-seconds", type=float, default=10.0, help="likewise without rests; 0: not at all"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--postgres", metavar="ADDRESS", help="a PostgreSQL server, instead of SQLite")
    parser.add_argument("--redis", metavar="ADDRESS", help="a Redis server, for the queue")
    asked = parser.parse_args()
    backing = "PostgreSQL" if asked.postgres else "SQLite"
    print(f"{backing}{' and Redis' if asked.redis else ''}, {asked.workers} workers\n")
    print(
        "| hosts | delay | checks/s | hosts ÷ delay | CPU | share | cores | shortest rest | at once | load |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for delay in asked.delays:
        for hosts in asked.hosts:
            before = os.getloadavg()[0]
            case = Case(
                hosts,
                delay,
                asked.seconds,
                asked.cpu_seconds,
                asked.workers,
                asked.postgres,
                asked.redis,
            )
            seen, limit = run(case)
            allowed = hosts / delay
            print(
                f"| {hosts} | {delay:g} | {seen.rate:.2f} | {allowed:.1f} | {limit:.0f} "
                f"| {seen.rate / min(allowed, limit):.0%} | {seen.cores:.2f} | {seen.shortest_rest:.2f} "
                f"| {seen.most_at_once} | {before:.1f}, {os.getloadavg()[0]:.1f} |",
                flush=True,
            )


@dataclass(frozen=True)
class Case:
    """What one worker is given to do."""

    hosts: int
    delay: float
    seconds: float
    cpu_seconds: float
    workers: int
    postgres: str | None
    redis: str | None


@dataclass(frozen=True)
class Seen:
    """What the hosts saw, and what it cost."""

    rate: float
    cores: float
    shortest_rest: float
    most_at_once: int


def run(case: Case) -> tuple[Seen, float]:
    """Watch one worker, in a process of its own, as Django is set up but once in each.

    Returns also the checks a second that it makes right afterwards where no host wants to rest.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(case, there))
    process.start()
    there.close()
    try:
        seen: tuple[Seen, float] = here.recv()
    finally:
        process.join()
    return seen


def _run(case: Case, parent: Connection) -> None:
    queue = f"newsdiffs-benchmark-{os.getpid()}"
    with sites(case.hosts) as (endpoints, ask):
        settings = {
            "FETCH_ALLOW_ENDPOINTS": ",".join(endpoints),
            "WORKERS": str(case.workers),
            "QUEUE_NAME": queue,
            "SECRET_KEY": "benchmark",
        }
        with installation(case.postgres, **settings, REDIS_URL=case.redis or ""):
            _watch(endpoints)
            try:
                seen = _observe(case.hosts, case.delay, case.seconds, ask)
                limit = float("inf")
                if case.cpu_seconds:
                    _let_all_be_asked()
                    limit = _observe(case.hosts, 0.0, case.cpu_seconds, ask).rate
                parent.send((seen, limit))
            finally:
                if case.redis:
                    _empty(case.redis, queue)


def _observe(hosts: int, delay: float, seconds: float, ask: Connection) -> Seen:
    """What the sites see of a worker that leaves *delay* seconds between two requests of one host."""
    environment = {**os.environ, "FETCH_HOST_DELAY": str(delay)}
    command = [sys.executable, "manage.py", "worker"]
    worker = subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)
    try:
        return _count(worker.pid, hosts, seconds, ask)
    finally:
        worker.terminate()
        worker.wait()


def _count(worker: int, hosts: int, seconds: float, ask: Connection) -> Seen:
    gives_up = time.monotonic() + START_SECONDS
    ask.send("reset")
    while ask.recv().hosts < hosts:
        if time.monotonic() > gives_up:
            raise SystemExit("the worker has not asked every host")
        time.sleep(0.2)
        ask.send("look")
    ask.send("reset")
    ask.recv()
    began, processor = time.monotonic(), _processor(worker)
    time.sleep(seconds)
    ask.send("look")
    counted: Counted = ask.recv()
    took, processor = time.monotonic() - began, _processor(worker) - processor
    return Seen(counted.requests / took, processor / took, counted.shortest_rest, counted.most_at_once)


def _watch(endpoints: list[str]) -> None:
    """Have articles of every host watched that have their first version already."""
    from articles.models import Article, Source
    from articles.watch.feeds.poll import add_article
    from articles.watch.queue.periodic_tasks import install_schedules
    from articles.watch.queue.visits import make_round

    for place, endpoint in enumerate(endpoints):
        # Each has a source of its own: the same text at two addresses of one source is one story.
        source = Source.objects.create(
            name=endpoint, slug=f"source-{place}", floor_seconds=3600, ceiling_seconds=3600
        )
        for number in range(ARTICLES):
            add_article(f"http://{endpoint}/same-page/{number}", source)
    while Article.objects.filter(version_count=0).exists():
        make_round(10)
    Source.objects.update(floor_seconds=1, ceiling_seconds=1)
    _let_all_be_asked()
    install_schedules()


def _let_all_be_asked() -> None:
    """Have every article due, and every host without a rest."""
    from django.utils import timezone

    from articles.models import Article, Host

    Article.objects.update(next_check_at=timezone.now())
    Host.objects.update(next_allowed=timezone.now())


def _processor(worker: int) -> float:
    """Seconds of processor time of the worker's processes, and of those children of theirs that ended."""
    ticks = 0
    parents: dict[int, int] = {}
    times: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = folder.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        parents[int(folder.name)] = int(fields[1])
        times[int(folder.name)] = sum(map(int, fields[11:15]))
    for pid in times:
        above = pid
        while above not in (worker, 0):
            above = parents.get(above, 0)
        ticks += times[pid] if above == worker else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _empty(address: str, queue: str) -> None:
    import redis

    with closing(redis.Redis.from_url(address)) as client:
        for key in client.scan_iter(f"*{queue}*"):
            client.delete(key)


@dataclass
class Counted:
    """What the sites have seen since the last reset."""

    requests: int = 0
    hosts: int = 0
    shortest_rest: float = float("inf")
    most_at_once: int = 0


@dataclass
class _Counter:
    """The requests of each host."""

    last: dict[str, float] = field(default_factory=dict)
    open: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: set[str] = field(default_factory=set)
    counted: Counted = field(default_factory=Counted)

    def begin(self, host: str) -> None:
        now = time.monotonic()
        self.open[host] += 1
        self.asked.add(host)
        self.counted.requests += 1
        self.counted.hosts = len(self.asked)
        self.counted.most_at_once = max(self.counted.most_at_once, self.open[host])
        if host in self.last:
            self.counted.shortest_rest = min(self.counted.shortest_rest, now - self.last[host])
        self.last[host] = now

    def end(self, host: str) -> None:
        self.open[host] -= 1

    def reset(self) -> None:
        self.asked.clear()
        self.counted = Counted()


@contextmanager
def sites(hosts: int) -> Iterator[tuple[list[str], Connection]]:
    """Serve articles at so many addresses of this machine; their endpoints, and a line to ask for the counts.

    What is sent on it is "look" or "reset"; the answer is a ``Counted``.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(hosts, there), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv(), here
    finally:
        process.terminate()
        process.join()


def _serve(hosts: int, parent: Connection) -> None:
    asyncio.run(_serve_until_killed(hosts, parent))


async def _serve_until_killed(hosts: int, parent: Connection) -> None:
    counter = _Counter()
    pages = {
        number: page(number, story=0, furniture=0).encode("utf-8", "replace") for number in range(ARTICLES)
    }

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = writer.get_extra_info("sockname")[0]
        head = await reader.readuntil(b"\r\n\r\n")
        counter.begin(host)
        await asyncio.sleep(ANSWER_SECONDS)
        path = head.split(b" ", 2)[1]
        number = path.rpartition(b"/")[2]
        if path.startswith(b"/same-page/") and number.isdigit():
            body, status = pages[int(number)], b"200 OK"
        else:
            body, status = b"not here", b"404 Not Found"
        lines = (
            b"HTTP/1.1 " + status,
            b"Content-Type: text/html; charset=utf-8",
            b"Connection: close",
            b"Content-Length: " + str(len(body)).encode(),
        )
        counter.end(host)
        writer.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    first = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = first.sockets[0].getsockname()[1]
    names = [f"127.0.0.{number}" for number in range(1, hosts + 1)]
    servers = [first, *[await asyncio.start_server(answer, name, port) for name in names[1:]]]
    parent.send([f"{name}:{port}" for name in names])

    def tell() -> None:
        if parent.recv() == "reset":
            counter.reset()
        parent.send(counter.counted)

    asyncio.get_running_loop().add_reader(parent.fileno(), tell)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    main()
