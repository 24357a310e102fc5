"""Processes that die by kill −9 while stories move and are joined, again and again, until all is done.

    python -m tests.end_to_end.mortal worker                     # reads feeds and checks stories
    python -m tests.end_to_end.mortal join_articles 1 2 --yes    # a command, with its arguments

A process is ended by SIGKILL in the middle of what it stores: at one of the first statements, the next one
some statements later, and so on; one more once it is committed. In place of one that died another goes on at
once, as the queue sees to it. Each death is told in a line, with what was stored then.
"""

import os
import signal
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from articles.models import Address, Announcement, Article, Event, FeedId, Join, Version  # noqa: E402
from articles.watch.check import check, page  # noqa: E402
from articles.watch.check.decision import Decision  # noqa: E402
from articles.watch.feeds import listing, poll  # noqa: E402
from articles.watch.feeds.entries import Candidate  # noqa: E402
from articles.watch.queue import visits  # noqa: E402

STATEMENTS_APART = 9
DEATHS_OF_ONE = 4
"""Fewer than the checks that may be begun and never ended before an article is put aside."""
LEASE_SECONDS = 0.5

_store, _take_in = vars(check)["store"], vars(poll)["take_in"]
_deaths: Counter[str] = Counter()
_told, _tell = os.pipe()
os.set_blocking(_told, False)


def die(name: str) -> NoReturn:
    os.write(_tell, f"{name}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it lives")


def dying_at(statement: int, name: str) -> Any:
    """A context in which the process dies in place of this statement to the database, counted from 0."""
    left = statement

    def count(execute: Callable[..., Any], *rest: Any) -> Any:
        nonlocal left
        if left == 0:
            die(name)
        left -= 1
        return execute(*rest)

    return connection.execute_wrapper(count)


def mortally(name: str, work: Callable[..., Any], *args: Any) -> Any:
    """Do *work* and die in it, further on than the last time, or once it is done; at last it is spared."""
    so_far = _deaths[name]
    if so_far == DEATHS_OF_ONE:
        return work(*args)
    with dying_at(so_far * STATEMENTS_APART + zlib.crc32(name.encode()) % STATEMENTS_APART, name):
        work(*args)
    die(name)


def store(article: Article, token: Any, decision: Decision) -> int:
    """Store mortally what moves a story, or joins it with another."""
    if not (decision.happening or decision.duplicate_of or decision.same_story or decision.absorbs):
        return int(_store(article, token, decision))
    what = "moved" if decision.new_address else decision.code.value
    name = f"{what} article={article.pk} version={article.version_count}"
    return int(mortally(name, _store, article, token, decision))


def take_in(feed: Any, candidates: list[Candidate], now: Any) -> Any:
    """Take in mortally what a feed names; each document anew."""
    document = zlib.crc32(" ".join(candidate.key for candidate in candidates).encode())
    return mortally(f"read document={document}", _take_in, feed, candidates, now)


def watch() -> NoReturn:
    vars(check)["store"], vars(poll)["take_in"] = store, take_in
    # Pages and feeds of the test are read in the process itself: a reader for each that dies takes its time.
    vars(page)["isolated"] = vars(listing)["isolated"] = lambda function, *args, **limits: function(*args)
    while True:
        visits.make_round(60)
        time.sleep(0.02)


def in_new_processes(work: Callable[[], object], *, after: Callable[[], None] = lambda: None) -> None:
    """Do *work* in a process, and again in another while it dies; look *after* each death."""
    while True:
        connection.close()  # or both would have it
        child = os.fork()
        if child == 0:
            try:
                work()
            finally:
                os._exit(int(sys.exc_info()[0] is not None))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            assert os.WEXITSTATUS(status) == 0, "it failed"
            return
        name = os.read(_told, 1000).decode().strip()
        _deaths[name] += 1
        print("died:", name, flush=True)
        after()


def record() -> list[list[tuple[Any, ...]]]:
    """All that a join changes, and that a check of pages that stay the same does not."""
    rows = [
        Article.objects.order_by("pk").values_list(
            "pk", "address", "joined_to", "version_count", "headline_key"
        ),
        Version.objects.order_by("pk").values_list("pk", "article", "number", "text_hash", "words_added"),
        Address.objects.order_by("pk").values_list("key", "article"),
        FeedId.objects.order_by("pk").values_list("guid", "article", "key"),
        Event.objects.order_by("pk").values_list("pk", "article", "kind"),
        Announcement.objects.order_by("pk").values_list("version", "event"),
        Join.objects.order_by("pk").values_list("older", "younger", "undone"),
    ]
    return [list(some) for some in rows]


def command(*arguments: str) -> None:
    """Carry out a command that dies on its way, at each of some statements: all is as it was before."""
    name, before = " ".join(arguments), record()

    def work() -> None:
        with dying_at(_deaths[name] * STATEMENTS_APART, name):
            call_command(*arguments)

    def look() -> None:
        assert record() == before, f"left in halves: {name}"

    in_new_processes(work, after=look)


settings.LEASE_SECONDS = LEASE_SECONDS
if sys.argv[1] == "worker":
    in_new_processes(watch)
else:
    command(*sys.argv[1:])
