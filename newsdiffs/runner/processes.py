"""What runs: the site, the worker and, in the demo, the newsroom, each as a child of one supervisor."""

import http.client
import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.conf import settings
from django.db import DatabaseError, connection

from articles.models import Heartbeat
from articles.watch.queue import clock_set_back
from articles.watch.queue.enqueue import dispatch_soon
from articles.watch.queue.upkeep import forget_leases
from newsdiffs.runner import demo, lock, startup
from newsdiffs.runner.startup import CannotStart
from newsdiffs.runner.supervisor import Child, Supervisor

logger = logging.getLogger(__name__)

NOTHING: Mapping[str, str] = {}
WORKER_SILENCE = 300.0  # seconds without a heartbeat, which comes each minute, after which a worker hangs
ANSWER_WITHIN = 10.0  # seconds a healthy site takes at most to answer /healthz


def run() -> None:
    """The site and its worker. Raises CannotStart or Running."""
    with _made_ready() as password:
        demo.check_apart(demo=False)
        _supervise([site(), worker()], _Welcome(password))


def run_demo() -> None:
    """The site, its worker, and the newsroom they watch. Raises CannotStart or Running."""
    with _made_ready() as password:
        demo.check_apart(demo=True)
        port = demo.choose_port()
        demo.watch(port)
        told = demo.environment_for(port)
        lines = (f"Its newsroom is at http://{demo.ADDRESS}:{port}/ and edits a story every few seconds.",)
        _supervise([newsroom(port), site(told), worker(told)], _Welcome(password, lines))


@contextmanager
def _made_ready() -> Iterator[str | None]:
    """Everything is ready and stays ours; the admin's password when it was made just now."""
    startup.check_settings()
    startup.check_data_dir()
    with lock.running(alone=settings.SQLITE):
        startup.check_port()
        startup.check_redis()
        password = _prepared_apart()
        if settings.SQLITE:  # its one worker is ours, and does not run yet
            forget_leases()
        yield password


def _prepared_apart() -> str | None:
    """As `startup.prepare`, in a process that ends with it: the history of the tables takes 100 MB, which
    this one would keep for as long as the site runs."""
    connection.close()
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("fork")) as apart:
        return apart.submit(startup.prepare).result()


def run_part(part: str) -> None:
    """The site or the worker alone, for a database that `setup` made ready. Raises CannotStart or Running."""
    startup.check_settings()
    startup.check_data_dir()
    startup.check_database()
    startup.check_migrations()
    startup.check_redis()
    with lock.running(alone=False):
        if part == "worker":
            _supervise([worker()])
        else:
            startup.check_port()
            startup.collect_static()
            _supervise([site()], _Welcome(None))


def check(part: str | None) -> None:
    """Raises CannotStart unless what runs is well: the site, the worker or (None) both."""
    if part != "worker":
        _check_site()
    if part != "site":
        _check_worker()


def site(told: Mapping[str, str] = NOTHING) -> Child:
    return _child("site", "-m", "gunicorn", "--config", "python:newsdiffs.runner.serving", told=told)


def worker(told: Mapping[str, str] = NOTHING) -> Child:
    alone = _free_leases if settings.SQLITE else None
    return _child("worker", "manage.py", "worker", told=told, hangs=_worker_hangs, when_ended=alone)


def newsroom(port: int) -> Child:
    diary = settings.DATA_DIR / "newsroom-diary"
    # A worker that leaves finishes what it does: a newsroom gone before it would be taken for a failing host.
    return _child(
        "newsroom",
        *("-m", "demo", "--port", str(port), "--wait", "--diary", str(diary)),
        needed=True,
    )


def _child(
    name: str,
    *arguments: str,
    told: Mapping[str, str] = NOTHING,
    hangs: Callable[[float], bool] | None = None,
    when_ended: Callable[[], None] | None = None,
    needed: bool = False,
) -> Child:
    """Python with *arguments*, run beside manage.py and *told* more settings."""
    # A relative DATA_DIR was from where we were started.
    environment = {"DATA_DIR": str(settings.DATA_DIR), "DJANGO_SETTINGS_MODULE": "newsdiffs.settings", **told}
    command = [sys.executable, *arguments]
    return Child(name, command, settings.BASE_DIR, environment, hangs, when_ended=when_ended, needed=needed)


class _Welcome:
    """Tells where the site is, once it answers."""

    def __init__(self, password: str | None, lines: tuple[str, ...] = ()) -> None:
        self._password = password
        self._lines = lines

    def __call__(self) -> bool:
        if not _site_listens():
            return False
        print(f"\nNewsDiffs is at {settings.SITE_URL}/ (Ctrl-C stops it).", *self._lines, sep="\n")
        print(f"Its administration is at {settings.SITE_URL}/admin/ ({self._admin()}).\n", flush=True)
        return True

    def _admin(self) -> str:
        path = startup.admin_password_path()
        if self._password:
            return f"name {startup.ADMIN}, password {self._password}; the password is kept in {path}"
        return (
            f"name {startup.ADMIN}; the first password is in {path}" if path.exists() else "sign in as before"
        )


def _supervise(children: list[Child], welcome: "_Welcome | None" = None) -> None:
    connection.close()
    Supervisor(children, welcome or (lambda: True)).run()


def _worker_hangs(running_for: float) -> bool:
    """Whether the heartbeat has been missing for too long while the database could have taken it."""
    if running_for < WORKER_SILENCE:
        return False
    try:
        if clock_set_back.seconds_set_back():  # the queue's own schedule waits until that time comes again
            dispatch_soon()
        silence = Heartbeat.seconds_since("dispatch")
    except DatabaseError as problem:
        logger.warning("The database does not answer: %s", problem)
        return False
    finally:
        connection.close()
    return silence is None or silence > WORKER_SILENCE


def _free_leases() -> None:
    """Let what the worker was doing when it ended go on at once: with SQLite there is no other worker."""
    try:
        forget_leases()
    except DatabaseError as problem:
        logger.warning("What the worker was doing waits until its leases run out: %s", problem)
    finally:
        connection.close()


def _check_worker() -> None:
    startup.check_database()
    silence = Heartbeat.seconds_since("dispatch")
    if silence is None or silence > WORKER_SILENCE:
        raise CannotStart(
            "No worker has given a sign of life "
            + ("yet." if silence is None else f"for {silence:.0f} seconds.")
        )


def _check_site() -> None:
    address = _own_address()
    link = http.client.HTTPConnection(address, settings.PORT, timeout=ANSWER_WITHIN)
    try:
        link.request("GET", "/healthz", headers={"Host": _own_host()})
        answer = json.load(link.getresponse())
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise CannotStart(f"The site does not answer on port {settings.PORT}: {problem}") from problem
    finally:
        link.close()
    if not answer["database"]:  # what it says of the worker is not about the site
        raise CannotStart("The site can't reach the database.")


def _site_listens() -> bool:
    try:
        socket.create_connection((_own_address(), settings.PORT), timeout=0.2).close()
    except OSError:
        return False
    return True


def _own_address() -> str:
    """Where this machine reaches its own site."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.BIND, settings.BIND)  # noqa: S104


def _own_host() -> str:
    """A host name the site answers to."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return "localhost" if host == "*" else host
