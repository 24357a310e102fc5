"""The newsroom itself: a web server on one port, its stories, and a log of who asked for what."""

import threading
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socketserver import TCPServer
from types import TracebackType
from typing import NamedTuple, Self

from demo.desk import Desk
from demo.edits import Edit
from demo.site import Response, not_modified, respond
from demo.story import State

KEPT_REQUESTS = 10_000


class Request(NamedTuple):
    """One request as it was answered. `time` is when it came, in seconds since 1970; header names are in
    lower case."""

    time: float
    method: str
    path: str
    headers: Mapping[str, str]
    status: int


class Newsroom:
    """A news site at `address`:`port`; port 0 takes any free one, and a room started again takes it again.

    `start` raises OSError when the port is taken.
    """

    def __init__(self, address: str = "127.0.0.1", port: int = 0) -> None:
        self._address = address
        self._port = port
        self._desk = Desk()
        self._visits = count(1)
        self._requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self._server: _Server | None = None

    def start(self) -> None:
        if self._server is not None:
            raise RuntimeError("the newsroom is already open")
        self._server = _Server(self, (self._address, self._port))
        self._port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True
        ).start()

    def stop(self) -> None:
        """Close the site; its stories stay as they are."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The home page's address, with its slash."""
        if self._port == 0:
            raise RuntimeError("the newsroom has no address before it is started")
        return f"http://{self._address}:{self._port}/"

    @property
    def feed_url(self) -> str:
        """The RSS feed's address; the Atom feed is at /feed.atom."""
        return self.url + "feed.rss"

    @property
    def stories(self) -> list[str]:
        """The slugs of all stories, newest first, those taken down among them."""
        return [article.story.slug for article in self._desk.edition("").articles]

    def story_url(self, slug: str) -> str:
        return self.url.rstrip("/") + self._desk.article(slug).story.path

    def state(self, slug: str) -> State:
        """What the site says of this story now: the truth to hold a watcher's findings against."""
        return self._desk.article(slug).state

    def apply(self, slug: str) -> Edit | None:
        """Make the next edit of this story; None when it has no more."""
        return self._desk.apply(slug)

    def step(self) -> list[Edit]:
        """Make the next edit of the script (with others of the same instant); an empty list at its end."""
        return self._desk.step()

    @property
    def requests(self) -> list[Request]:
        """The last 10,000 requests, oldest first."""
        return list(self._requests)

    def answer(self, method: str, path: str, headers: Mapping[str, str]) -> Response:
        """Answer a visitor and write the visit down."""
        came = time.time()
        response = respond(self._desk.edition(self.url), path, visit=next(self._visits))
        if not_modified(response, headers):
            response = response.without_body()
        self._requests.append(Request(came, method, path, headers, response.status))
        return response


class _Server(ThreadingHTTPServer):
    def __init__(self, room: Newsroom, address: tuple[str, int]) -> None:
        self.room = room
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name here, which can take seconds and which nobody needs.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "HarbourGazette"
    protocol_version = "HTTP/1.1"
    timeout = 10  # seconds; a visitor who says nothing does not hold a thread

    def handle(self) -> None:
        with suppress(ConnectionError):  # a visitor who hangs up early is no fault of ours
            super().handle()

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = self.server.room.answer(self.command, self.path, headers)
        self.send_response(response.status)
        for name, value in response.headers():
            self.send_header(name, value)
        # One answer a connection: after stop() no kept-alive connection goes on being served.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: `Newsroom.requests` is the log."""
