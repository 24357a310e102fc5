"""Kill −9 in the middle of checks, a thousand times; then count what was lost, doubled, misnumbered or stuck.

    python benchmarks/soak.py --kills 1000                                # on SQLite
    DATABASE_URL=postgres://… python benchmarks/soak.py --kills 1000      # on an empty PostgreSQL database

Workers visit eight hosts with four stories each. A story is edited as soon as its last text is stored, so
that each text must become exactly one version, in order. About half of the kills come at named steps of a
check, the others at any moment. Prints one JSON object; exits with 1 when anything is wrong.
"""

import argparse
import json
import mmap
import os
import random
import shutil
import signal
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

HOSTS, STORIES, WORKERS = 8, 4, 6
AT_STEP = 0.05
"""How likely a worker is killed at each named step."""
LEASE_SECONDS = 0.5
SETTLE_SECONDS = 120.0
"""How long the last edits may take once nobody is killed any more."""


class Texts:
    """Which text each story has now: shared by the editor and the sites, which are processes of their own."""

    def __init__(self) -> None:
        self._numbers = mmap.mmap(-1, 4 * HOSTS * STORIES)

    def number(self, story: int) -> int:
        return int(struct.unpack_from("i", self._numbers, 4 * story)[0])

    def edit(self, story: int) -> None:
        struct.pack_into("i", self._numbers, 4 * story, self.number(story) + 1)


def paragraphs(story: int, number: int) -> tuple[str, ...]:
    """The text of a story after so many edits: each adds a sentence of its own to one paragraph.

    Names tell stories apart, and no numbers: paragraphs that differ in these alone count as the same, and
    coming to many stories at once they would be taken for a change of the site's template.
    """
    plain = [
        f"This is paragraph {n} of the story of {_name(story)}, which tells at length of boats and tides."
        for n in range(9)
    ]
    for edit in range(max(number - 8, 0), number + 1):
        plain[edit % 9] += f" Edit {edit} of {_name(story)} was made by the night desk."
    return tuple(plain)


def _name(story: int) -> str:
    """A name for each number: 12 is Bc."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(story)).capitalize()


def serve(texts: Texts, ready: int) -> NoReturn:
    """The sites, in a process of their own: a port for each host, told to *ready*."""
    servers = []
    for host in range(HOSTS):

        class Site(BaseHTTPRequestHandler):
            base = host * STORIES

            def do_GET(self) -> None:
                if self.path == "/robots.txt":
                    self.send_error(404)
                    return
                story = self.base + int(self.path[1:])
                text = "".join(f"<p>{one}</p>" for one in paragraphs(story, texts.number(story)))
                body = (
                    f"<!doctype html><html lang=en><head><title>Story {story}</title></head><body><article>"
                    f"<h1>Story {story} of the soak</h1>{text}</article></body></html>"
                ).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Site))
    os.write(ready, json.dumps([server.server_address[1] for server in servers]).encode() + b"\n")
    for server in servers:
        threading.Thread(target=server.serve_forever).start()
    while True:
        signal.pause()


def work(chance: random.Random, told: int, *, at_step: float) -> NoReturn:
    """A worker: visits whatever host has something due, until it is killed, at a step or from outside."""

    from articles.watch.check import check, store
    from articles.watch.crawl import host_session, polite_fetch
    from articles.watch.queue import visits

    def step(name: str) -> None:
        if chance.random() < at_step:
            os.write(told, name.encode() + b"\n")
            os.kill(os.getpid(), signal.SIGKILL)

    def around(place: Any, name: str, before: str, after: str) -> None:
        function: Callable[..., Any] = getattr(place, name)

        @wraps(function)
        def stepped(*args: Any, **more: Any) -> Any:
            if before:
                step(before)
            result = function(*args, **more)
            if after:
                step(after)
            return result

        setattr(place, name, stepped)

    around(check, "_fetch", "article claimed", "fetched")
    around(check, "_decide", "", "decided")
    around(polite_fetch.PoliteFetcher, "_fetch", "robots.txt read", "answer fetched")
    around(check, "read_page", "", "page read")
    around(store, "store_version", "lease given back, not committed", "version stored, not committed")
    around(store, "store_page", "", "page stored, not committed")
    around(check, "store", "", "committed")
    around(host_session.HostSession, "leave", "before the host is left", "host left")
    around(visits, "visit", "host taken", "")
    while True:
        visits.make_round(60)
        time.sleep(0.02)


class Soak:
    """Edits, kills, and looks at what became of it."""

    def __init__(self, kills: int, seed: int) -> None:
        self.kills = kills
        self.chance = random.Random(seed)
        self.texts = Texts()
        self.steps: Counter[str] = Counter()
        self.killed = 0
        self.parked = 0
        self._workers: set[int] = set()
        self._told, self._tell = os.pipe()
        os.set_blocking(self._told, False)
        self._sites, ports = self._start_sites()
        self.addresses = [
            f"http://127.0.0.1:{ports[story // STORIES]}/{story % STORIES}"
            for story in range(HOSTS * STORIES)
        ]

    def _start_sites(self) -> tuple[int, list[int]]:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            serve(self.texts, writer)
        with os.fdopen(reader) as told:
            ports: list[int] = json.loads(told.readline())
        return child, ports

    def run(self) -> None:
        while self.killed < self.kills:
            self._keep_working(at_step=AT_STEP)
            time.sleep(0.05)
            self._edit()
            if self.killed < self.kills and self.chance.random() < 0.5:
                os.kill(self.chance.choice(sorted(self._workers)), signal.SIGKILL)
                self.steps["any moment"] += 1
        self._kill_all()
        gives_up = time.monotonic() + SETTLE_SECONDS
        while not self._all_stored() and time.monotonic() < gives_up:
            self._keep_working(at_step=0.0)
            time.sleep(0.1)
        self._kill_all()
        time.sleep(2 * LEASE_SECONDS)

    def close(self) -> None:
        self._kill_all()
        os.kill(self._sites, signal.SIGKILL)
        os.waitpid(self._sites, 0)

    def _keep_working(self, *, at_step: float) -> None:
        from django.db import connection

        connection.close()  # or the workers would share it
        for worker in tuple(self._workers):
            if os.waitpid(worker, os.WNOHANG)[0]:
                self._workers.remove(worker)
                self.killed += 1
        while len(self._workers) < WORKERS:
            chance = random.Random(self.chance.random())
            worker = os.fork()
            if worker == 0:
                try:
                    work(chance, self._tell, at_step=at_step)
                finally:
                    os._exit(3)
            self._workers.add(worker)

    def _kill_all(self) -> None:
        for worker in self._workers:
            os.kill(worker, signal.SIGKILL)
            os.waitpid(worker, 0)
        self._workers.clear()
        with suppress(BlockingIOError):
            self.steps.update(os.read(self._told, 1 << 20).decode().split("\n")[:-1])

    def _edit(self) -> None:
        """Give a new text to stories whose last one is stored; take up what was put aside, as admins do."""
        from django.utils import timezone

        from articles.models import Article

        now = timezone.now()
        parked = Article.objects.filter(parked__isnull=False)
        self.parked += parked.update(parked=None, unfinished=0, next_check_at=now)
        counts = dict(Article.objects.values_list("address", "version_count"))
        for story, address in enumerate(self.addresses):
            if counts[address] == self.texts.number(story) + 1:
                self.texts.edit(story)
                Article.objects.filter(address=address).update(next_check_at=now)

    def _all_stored(self) -> bool:
        from django.utils import timezone

        from articles.models import Article

        Article.objects.filter(parked__isnull=False).update(
            parked=None, unfinished=0, next_check_at=timezone.now()
        )
        counts = dict(Article.objects.values_list("address", "version_count"))
        return all(counts[a] == self.texts.number(story) + 1 for story, a in enumerate(self.addresses))

    def wrongs(self) -> list[str]:
        """What was lost, doubled, misnumbered or is stuck."""
        from django.utils import timezone

        from articles.models import Article, Host

        found = []
        for story, address in enumerate(self.addresses):
            article = Article.objects.get(address=address)
            expected = [(n + 1, paragraphs(story, n)) for n in range(self.texts.number(story) + 1)]
            stored = [(version.number, version.paragraphs) for version in article.versions.order_by("number")]
            if stored != expected:
                found.append(f"{address}: {len(stored)} versions of {len(expected)}, or not those texts")
            if article.version_count != len(stored):
                found.append(f"{address}: says {article.version_count} versions, has {len(stored)}")
            if article.next_check_at is None or article.parked:
                found.append(f"{address} is stuck")
        free = Host.objects.filter(pk__in=Host.objects.free(timezone.now())).count()
        if free != HOSTS:
            found.append(f"{HOSTS - free} hosts are held although nobody works")
        if Host.objects.filter(paused_until__gt=timezone.now()).exists():
            found.append("hosts are left alone")
        return found


def prepare(soak: Soak) -> None:
    """Django on a new database, with all stories watched."""
    import django

    os.environ["FETCH_ALLOW_ENDPOINTS"] = ",".join(sorted({a.split("/")[2] for a in soak.addresses}))
    os.environ |= {
        "FETCH_HOST_DELAY": "0",
        "LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "newsdiffs.settings",
    }
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from articles.models import Source
    from articles.watch.feeds.poll import add_article

    call_command("migrate", verbosity=0)
    settings.LEASE_SECONDS = LEASE_SECONDS
    source = Source.objects.create(
        name="Soak", slug="soak", floor_seconds=1, ceiling_seconds=5, versions_per_day=1_000_000
    )
    for address in soak.addresses:
        add_article(address, source)
    connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    folder = os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="newsdiffs-soak-")
    soak = Soak(options.kills, options.seed)
    began = time.monotonic()
    try:
        prepare(soak)
        soak.run()
        from articles.models import Version

        wrongs = soak.wrongs()
        figures = {
            "kills": soak.killed,
            "at": dict(soak.steps.most_common()),
            "versions": Version.objects.count(),
            "put aside and taken up again": soak.parked,
            "seconds": round(time.monotonic() - began),
            "wrong": wrongs,
        }
        print(json.dumps(figures, indent=2, ensure_ascii=False))
        return 1 if wrongs else 0
    finally:
        soak.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
