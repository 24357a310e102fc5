"""A web server on loopback for benchmarks, with articles of an ordinary size that change, or do not.

Each runs in a process of its own, so that its work is not counted as the crawler's.
"""

import multiprocessing
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection

KINDS = ("not modified", "same page", "other furniture", "changed")
"""What has become of an article since it was last asked for; spelt with dashes in addresses."""

PARAGRAPHS = 20
SENTENCE_WORDS = 15
FURNITURE_LINKS = 400  # about 40 kB of page beside the story's 8 kB
_LETTERS = "etaoinshrdlu"


@contextmanager
def newspapers(hosts: int) -> Iterator[list[str]]:
    """Serve on one port of 127.0.0.1, 127.0.0.2 and so on; their endpoints, such as 127.0.0.2:4711."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(hosts, there), daemon=True)
    process.start()
    there.close()
    port = here.recv()
    try:
        yield [f"127.0.0.{number}:{port}" for number in range(1, hosts + 1)]
    finally:
        process.terminate()
        process.join()


def _serve(hosts: int, parent: Connection) -> None:
    servers = [_Server(("127.0.0.1", 0), _Handler)]
    port = servers[0].server_address[1]
    servers += [_Server((f"127.0.0.{number}", port), _Handler) for number in range(2, hosts + 1)]
    parent.send(port)
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    asked: Counter[str] = Counter()  # noqa: RUF012

    def do_GET(self) -> None:
        kind, _, number = self.path.strip("/").partition("/")
        if kind.replace("-", " ") not in KINDS:
            self.send_error(404)
            return
        key = f"{self.headers['Host']}{self.path}"
        self.asked[key] += 1
        times = self.asked[key]
        if kind == "not-modified" and self.headers.get("If-None-Match"):
            self.send_response(304)
            self.end_headers()
            return
        body = page(
            int(number),
            story=times if kind == "changed" else 0,
            furniture=times if kind == "other-furniture" else 0,
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if kind == "not-modified":
            self.send_header("ETag", f'"{number}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def page(number: int, *, story: int, furniture: int) -> str:
    """Article *number* as edited *story* times, among links of the *furniture*-th round."""
    headline, paragraphs = _story(number)
    lines = list(paragraphs)
    lines[story % PARAGRAPHS] += f" The count stood at {story} by then, the council said."
    text = "".join(f"<p>{line}</p>\n" for line in lines)
    teasers = "".join(
        f'<li class="teaser"><a href="/other/{place}-{furniture}">{link} {furniture}</a></li>'
        for place, link in enumerate(_links())
    )
    return (
        f"<!doctype html><html lang=en><head><title>{headline} | Valley Post</title>"
        f"<meta property='og:title' content='{headline}'></head><body>"
        f"<header><nav><a href='/'>Valley Post</a></nav></header>"
        f"<main><article><h1>{headline}</h1>{text}</article></main>"
        f"<aside><h2>More stories</h2><ul>{teasers}</ul></aside></body></html>"
    )


@cache
def _story(number: int) -> tuple[str, tuple[str, ...]]:
    words = random.Random(number)
    paragraphs = tuple(" ".join(_sentence(words) for _ in range(4)) for _ in range(PARAGRAPHS))
    return _sentence(words), paragraphs


@cache
def _links() -> tuple[str, ...]:
    words = random.Random(0)
    return tuple(_sentence(words, 8) for _ in range(FURNITURE_LINKS))


def _sentence(words: random.Random, count: int = SENTENCE_WORDS) -> str:
    return " ".join(_word(words) for _ in range(count)).capitalize() + "."


def _word(words: random.Random) -> str:
    return "".join(words.choices(_LETTERS, k=words.randint(2, 9)))
