"""A mail server and receivers of webhooks on loopback, and a source whose changes people ask for."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from articles.models import Announcement, Article, Notice, Source, Subscription, Version, Way, announce
from articles.notices import outbox, sending
from tests.factories import make_article, make_change, make_source, make_version
from tests.running.installation import free_port

BEFORE = (
    "Four people were hurt when the bridge closed after the storm.",
    "The mayor promised to look at the old cables in the spring of next year.",
)
AFTER = (
    "Five people were hurt when the bridge closed after the storm.",
    "The mayor promised to look at the old cables in the spring of next year.",
)


class MailServer:
    """A real SMTP server. ``mails`` holds what it took; ``refuses``: an address's answer in place of that."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}
        self.down = ""
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.down or address in self.refuses:
            return self.down or self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 taken"

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        self._controller.start()
        try:
            yield self
        finally:
            self._controller.stop()


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    with MailServer().running() as server:
        settings.MAIL_IS_SET_UP = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@dataclass
class Got:
    """What a receiver was sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """What it answers."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


class Receiver:
    """An HTTP server that takes what is sent to it. ``replies`` by the beginning of a path; ``hang``: paths
    at which it never answers before ``let_go``."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.replies: dict[str, Reply] = {}
        self.hang: set[str] = set()
        self.let_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                receiver.got.append(Got(self.command, self.path, dict(self.headers), body))
                if self.path in receiver.hang:
                    receiver.let_go.wait(30)
                    self.close_connection = True
                    return
                reply = next(
                    (one for start, one in receiver.replies.items() if self.path.startswith(start)), Reply()
                )
                content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST

            def log_message(self, *args: object) -> None:
                pass

        return Handler


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    with Receiver() as receiver:
        settings.FETCH_ALLOW_ENDPOINTS = receiver.endpoint
        yield receiver


@pytest.fixture(autouse=True)
def at_once(settings) -> None:
    settings.NOTICE_DELAY = 0


@pytest.fixture
def source(db) -> Source:
    return make_source("The Harbour Gazette", slug="harbour-gazette")


@pytest.fixture
def article(source: Source) -> Article:
    article = make_article(source, language="en")
    make_version(article, BEFORE)
    return article


def change(article: Article, paragraphs: tuple[str, ...] = AFTER, **values: object) -> Version:
    """A change of *article* as a check stores it: announced."""
    version = make_change(article, paragraphs, **values)
    announce(version=version)
    return version


def subscribed(way: Way = Way.EMAIL, **values: Any) -> Subscription:
    """An active subscription."""
    if way == Way.EMAIL:
        values = {"email": "reader@mail.example"} | values
    made = Subscription(way=way, **values)
    made.confirm(timezone.now())
    return made


def prepare() -> int:
    """What the minute's task does before anything is sent; how many deliveries were made."""
    while outbox.make_notices():
        pass
    return outbox.make_deliveries()


def tell() -> int:
    """The whole of it; how many were taken."""
    prepare()
    return sending.send_mails(10) + sending.send_posts(10)


def waiting() -> tuple[int, int]:
    return Announcement.objects.count(), Notice.objects.filter(delivery=None).count()
