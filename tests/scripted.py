"""A web server on loopback whose every answer a test writes down beforehand."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class Page:
    """One answer: body as bytes or text, sent as it stands."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


class ScriptedSite:
    """``site.pages[path] = Page(…)``; ``site.requests`` holds (method, path, headers) as they came.

    ``on_request`` is called with the path while each is answered.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.hang_up = False  # leave every client without an answer
        self.on_request: Callable[[str], object] = lambda path: None
        self.times: list[float] = []  # of the requests
        self.most_at_once = 0
        self._answering = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The home page's address, without a slash at its end."""
        return f"http://{self.endpoint}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.requests]

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if site.hang_up:
                    self.close_connection = True
                    return
                with site._lock:
                    site.requests.append((self.command, self.path, dict(self.headers)))
                    site.times.append(time.monotonic())
                    site._answering += 1
                    site.most_at_once = max(site.most_at_once, site._answering)
                try:
                    site.on_request(self.path)
                    self._give()
                finally:
                    with site._lock:
                        site._answering -= 1

            def _give(self) -> None:
                page = site.pages.get(self.path, Page("not here", status=404))
                etag = page.headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    page = Page(b"", status=304, headers=page.headers)
                body = page.body.encode() if isinstance(page.body, str) else page.body
                self.send_response(page.status)
                if page.status != 304:
                    self.send_header("Content-Type", page.content_type)
                    self.send_header("Content-Length", str(len(body)))
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        return Handler


SENTENCES = (
    "The council met on Tuesday to speak of the old lime trees in the square behind the station.",
    "A surveyor had found that four of them were hollow and might not stand another winter storm.",
    "Residents asked for a second opinion, and the mayor promised to send for a botanist from the coast.",
    "The trees were planted in the year the railway came, by the children of the two village schools.",
    "Until the report is in, nobody may park beneath them, and the market moves to the school yard.",
    "The gardener who has tended them for thirty years said that trees are seldom asked for their opinion.",
)


def own_story(headline: str) -> str:
    """A page whose text is no other's: the same text at two addresses is one story."""
    return story_page(headline, tuple(f"{headline}: {sentence}" for sentence in SENTENCES))


def story_page(
    headline: str = "Lime trees in the square to be looked at again",
    paragraphs: tuple[str, ...] = SENTENCES,
    *,
    head: str = "",
    furniture: str = "",
) -> str:
    """An article's page of our own, plain but whole."""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline} | Valley Post</title>"
        f"<meta property='og:title' content='{headline}'>{head}</head><body>"
        f"<nav><a href='/'>Valley Post</a></nav><main><article><h1>{headline}</h1>{text}</article></main>"
        f"<aside>{furniture}</aside></body></html>"
    )
