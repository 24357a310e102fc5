"""A worker that one story kills whenever its page is read: python -m tests.end_to_end.deadly_worker SLUG.

Like the queue it starts a new one in place of one that died, but at once.
"""

import os
import signal
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from articles.watch.check import check  # noqa: E402
from articles.watch.queue import visits  # noqa: E402

slug = sys.argv[1]
read_page = vars(check)["read_page"]


def read_deadly_page(body: bytes, url: str, *rest: Any, **more: Any) -> Any:
    if url.endswith(slug):
        os.kill(os.getpid(), signal.SIGKILL)
    return read_page(body, url, *rest, **more)


def work() -> None:
    vars(check)["read_page"] = read_deadly_page
    while True:
        visits.make_round(60)
        time.sleep(0.05)


while True:
    connection.close()
    child = os.fork()
    if child == 0:
        work()
    os.waitpid(child, 0)
