"""A web server on loopback that does everything a hostile or broken site might, one route a trap.

It speaks through raw sockets, so that nothing corrects what it sends, and counts what it sent and was asked.
What never ends by itself ends when the client leaves or the server stops.

    with HostileServer() as server:
        server.serve("/story", b"<p>Hello</p>")
        fetcher.get(server.url("/story"))
"""

import gzip
import socket
import socketserver
import ssl
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from urllib.parse import quote, unquote

PAUSE = 0.05  # seconds between two drips: far below any read timeout
PIECE = b"x" * 65_536


@dataclass(frozen=True)
class Request:
    """What the client sent; header names in lower case."""

    path: str
    headers: dict[str, str]


class HostileServer:
    """Listens on a port of 127.0.0.1 until closed. With `tls`, speaks HTTPS."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.sent: Counter[str] = Counter()  # bytes by path
        self.closing = threading.Event()
        self._pages: dict[str, bytes] = {}
        self._tls = tls
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handle, bind_and_activate=True)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "HostileServer":
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def endpoint(self) -> tuple[str, int]:
        return "127.0.0.1", int(self._server.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.endpoint[1]}{path}"

    def redirect(self, location: str, status: int = 302) -> str:
        """An address here that redirects to `location`."""
        return self.url(f"/to/{status}/{quote(location, safe='')}")

    def serve(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer `path` with this from now on; `content_type="…"` becomes a Content-Type header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[path] = answer(body, status, named)

    def _handle(self, connection: socket.socket, address: object, server: object) -> None:
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                request = _read_request(connection)
                self.requests.append(request)
                for piece in self._answer(request):
                    connection.sendall(piece)
                    self.sent[request.path] += len(piece)
        except OSError:
            return  # the client has left, as it should

    def _answer(self, request: Request) -> Iterable[bytes]:
        if request.path in self._pages:
            return [self._pages[request.path]]
        route, _, rest = request.path.lstrip("/").partition("/")
        return ROUTES[route](Call(request, rest, self.closing))


@dataclass(frozen=True)
class Call:
    request: Request
    rest: str  # of the path, after the route
    closing: threading.Event

    def drip(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Send piece by piece, with pauses."""
        for piece in pieces:
            yield piece
            if self.closing.wait(PAUSE):
                return


Route = Callable[[Call], Iterable[bytes]]
ROUTES: dict[str, Route] = {}


def route(function: Route) -> Route:
    ROUTES[function.__name__.replace("_", "-")] = function
    return function


def answer(body: bytes = b"", status: int = 200, headers: dict[str, str] | None = None) -> bytes:
    """A whole, honest answer."""
    lines = {"Content-Length": str(len(body))} | (headers or {})
    return head(lines, status) + body


def head(headers: dict[str, str], status: int = 200) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode("latin-1")


def _read_request(connection: socket.socket) -> Request:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            raise ConnectionError("the client left before asking")
        received += piece
    first, *lines = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value for name, value in headers.items()})


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


# --- Honest answers


@route
def echo(call: Call) -> Iterable[bytes]:
    """What was asked, one header a line."""
    lines = [call.request.path, *(f"{name}: {value}" for name, value in call.request.headers.items())]
    return [answer("\n".join(lines).encode(), headers={"Content-Type": "text/plain"})]


@route
def status(call: Call) -> Iterable[bytes]:
    return [answer(b"<p>As you wished</p>", int(call.rest))]


@route
def chunked(call: Call) -> Iterable[bytes]:
    return [head({"Transfer-Encoding": "chunked"}), _chunk(b"hello "), _chunk(b"world"), b"0\r\n\r\n"]


@route
def transferred(call: Call) -> Iterable[bytes]:
    """/transferred/<Transfer-Encoding>: chunks, whatever the header says."""
    return [
        head({"Transfer-Encoding": unquote(call.rest)}),
        _chunk(b"hello "),
        _chunk(b"world"),
        b"0\r\n\r\n",
    ]


@route
def until_closed(call: Call) -> Iterable[bytes]:
    return [head({}), b"hello world"]


@route
def encoded(call: Call) -> Iterable[bytes]:
    """/encoded/<how>/<Content-Encoding>"""
    how, _, coding = call.rest.partition("/")
    text = b"hello world" * 100
    raw_deflate = zlib.compressobj(wbits=-15)
    bodies = {
        "plain": text,
        "gzip": gzip.compress(text),
        "two-members": gzip.compress(text[:300]) + gzip.compress(text[300:]),
        "many-members": gzip.compress(b"") * 10_000,
        "padded": gzip.compress(text) + b"\0" * 100,
        "cut": gzip.compress(text)[:-9],
        "twice": gzip.compress(gzip.compress(text)),
        "zlib": zlib.compress(text),
        "deflate": raw_deflate.compress(text) + raw_deflate.flush(),
        "empty": b"",
    }
    return [answer(bodies[how], headers={"Content-Encoding": unquote(coding)})]


@route
def etag(call: Call) -> Iterable[bytes]:
    """Has one version; honours conditions."""
    given = {"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
    if call.request.headers.get("if-none-match") == '"v1"':
        return [head(given, 304)]
    return [answer(b"version 1", headers=given)]


@route
def robots_tags(call: Call) -> Iterable[bytes]:
    """/robots-tags/<header>/<header>…: an X-Robots-Tag header each."""
    lines = "".join(f"X-Robots-Tag: {unquote(value)}\r\n" for value in call.rest.split("/"))
    return [f"HTTP/1.1 200 OK\r\n{lines}Content-Length: 5\r\n\r\nstory".encode("latin-1")]


@route
def retry_after(call: Call) -> Iterable[bytes]:
    return [answer(b"slow down", 429, {"Retry-After": unquote(call.rest)})]


@route
def to(call: Call) -> Iterable[bytes]:
    """/to/<status>/<Location, quoted>"""
    code, _, location = call.rest.partition("/")
    return [head({"Location": unquote(location, "latin-1"), "Content-Length": "0"}, int(code))]


@route
def hops(call: Call) -> Iterable[bytes]:
    """/hops/3 redirects three times."""
    left = int(call.rest)
    return [answer(b"arrived") if left == 0 else answer(b"", 302, {"Location": f"/hops/{left - 1}"})]


@route
def bounce(call: Call) -> Iterable[bytes]:
    """/bounce/<how>: the story for whoever brings back the cookie that everybody else is given."""
    if "seen=1" in call.request.headers.get("cookie", ""):
        return [answer(b"<h1>The story</h1>", headers={"Content-Type": "text/html"})]
    given = {"Set-Cookie": "seen=1; Path=/; Expires=Thu, 01 Dec 2099 00:00:00 GMT"}
    if call.rest == "by-page":
        return [answer(b'<meta http-equiv="refresh" content="0">', headers=given)]
    if call.rest == "by-page-with-address":
        page = f'<meta http-equiv="refresh" content="0;url={call.request.path}">'.encode()
        return [answer(page, headers=given)]
    return [answer(b"", 302, given | {"Location": call.request.path})]


@route
def cookie_flood(call: Call) -> Iterable[bytes]:
    """Sets 80 cookies, the first 50 of them long, and redirects."""
    lines = "".join(f"Set-Cookie: c{i}={'x' * (5_000 if i < 50 else 5)}\r\n" for i in range(80))
    return [f"HTTP/1.1 302 Found\r\n{lines}Location: /echo\r\nContent-Length: 0\r\n\r\n".encode()]


@route
def cookie(call: Call) -> Iterable[bytes]:
    return [answer(b"", 302, {"Location": "/echo", "Set-Cookie": "session=1; Path=/"})]


# --- Lies


@route
def cookie_nobody_can_read(call: Call) -> Iterable[bytes]:
    """http.cookiejar warns of a bug of its own when it meets this year."""
    return [answer(b"story", headers={"Set-Cookie": f"a=b; expires=1 Jan {'1' * 49_000}"})]


@route
def lying_304(call: Call) -> Iterable[bytes]:
    return [head({"ETag": '"v1"'}, 304)]


@route
def long_validators(call: Call) -> Iterable[bytes]:
    return [answer(b"x", headers={"ETag": f'"{"x" * 1024}"', "Last-Modified": "y" * 2000})]


@route
def cut_short(call: Call) -> Iterable[bytes]:
    return [head({"Content-Length": "1000"}), b"only this"]


@route
def chunks_cut_short(call: Call) -> Iterable[bytes]:
    return [head({"Transfer-Encoding": "chunked"}), _chunk(b"only this"), b"ff\r\nand th"]


@route
def head_cut_short(call: Call) -> Iterable[bytes]:
    """/head-cut-short/<status>: leaves in the middle of an address."""
    return [f"HTTP/1.1 {call.rest} Whatever\r\nLocation: /echo/th".encode()]


@route
def unended_head(call: Call) -> Iterable[bytes]:
    """/unended-head/<status>: leaves between two headers."""
    return [f"HTTP/1.1 {call.rest} Whatever\r\nLocation: /echo\r\n".encode()]


@route
def bad_header(call: Call) -> Iterable[bytes]:
    """/bad-header/<line, quoted>: among the headers that count."""
    return [
        b"HTTP/1.1 200 Whatever\r\nContent-Type: text/x-found\r\n" + unquote(call.rest).encode("latin-1"),
        b"\r\nTransfer-Encoding: chunked\r\n\r\n",
        _chunk(b"hello "),
        _chunk(b"world"),
        b"0\r\n\r\n",
    ]


@route
def spaced_headers(call: Call) -> Iterable[bytes]:
    lines = b"HTTP/1.1 200 OK\r\nContent-Type : text/x-found\r\nTransfer-Encoding\t: chunked\r\n\r\n"
    return [lines, _chunk(b"hello world"), b"0\r\n\r\n"]


@route
def no_headers_at_all(call: Call) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from repeat(b"x\n" * 10_000)


@route
def no_location(call: Call) -> Iterable[bytes]:
    return [answer(b"somewhere", 302)]


@route
def early_hints_only(call: Call) -> Iterable[bytes]:
    return [head({"Link": "</style.css>"}, 103)]


@route
def early_hints(call: Call) -> Iterable[bytes]:
    return [
        head({}, 102),
        head({"Link": "</style.css>", "Content-Type": "text/x-hint"}, 103),
        head({"Content-Type": "text/x-found", "Content-Length": "5"}),
        b"hello",
    ]


@route
def two_lengths(call: Call) -> Iterable[bytes]:
    return [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"]


@route
def not_http(call: Call) -> Iterable[bytes]:
    return [b"220 mail.example.org ESMTP\r\n"]


@route
def hang_up(call: Call) -> Iterable[bytes]:
    return []


# --- What takes for ever


@route
def silent(call: Call) -> Iterable[bytes]:
    call.closing.wait()
    return []


@route
def drip_status(call: Call) -> Iterable[bytes]:
    return call.drip([b"HTTP/1.1 200 OK"[index : index + 1] for index in range(9)] + [b"0"] * 10_000)


@route
def drip_headers(call: Call) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    yield from call.drip(repeat(b"x"))


@route
def drip_continue(call: Call) -> Iterable[bytes]:
    return call.drip(repeat(b"HTTP/1.1 100 Continue\r\n\r\n"))


@route
def drip_body(call: Call) -> Iterable[bytes]:
    yield head({"Content-Length": "1000000"})
    yield from call.drip(repeat(b"x"))


@route
def drip_chunk_size(call: Call) -> Iterable[bytes]:
    yield head({"Transfer-Encoding": "chunked"})
    yield from call.drip(repeat(b"0"))


@route
def drip_gzip(call: Call) -> Iterable[bytes]:
    yield head({"Content-Encoding": "gzip"})
    yield from call.drip(bytes([byte]) for byte in gzip.compress(PIECE) * 1000)


@route
def drip_hops(call: Call) -> Iterable[bytes]:
    """Each hop takes a third of a second: no single one is slow."""
    call.closing.wait(0.3)
    return [answer(b"", 302, {"Location": f"/drip-hops/{int(call.rest) + 1}"})]


# --- What never ends, as fast as it can


@route
def redirect_flood(call: Call) -> Iterable[bytes]:
    yield head({"Location": "/echo"}, 302)
    yield from repeat(PIECE)


@route
def endless_body(call: Call) -> Iterable[bytes]:
    yield head({"Content-Type": "text/html"})
    yield from repeat(PIECE)


@route
def endless_chunks(call: Call) -> Iterable[bytes]:
    yield head({"Transfer-Encoding": "chunked"})
    yield from repeat(_chunk(PIECE))


@route
def endless_chunk_extension(call: Call) -> Iterable[bytes]:
    yield head({"Transfer-Encoding": "chunked"}) + b"5;"
    yield from repeat(PIECE)


@route
def endless_trailer(call: Call) -> Iterable[bytes]:
    yield head({"Transfer-Encoding": "chunked"}) + _chunk(b"hello") + b"0\r\n"
    yield from repeat(b"X-More: " + PIECE[:60_000] + b"\r\n")


@route
def chunk_of_size(call: Call) -> Iterable[bytes]:
    """/chunk-of-size/-1: any size announced, sent without end."""
    yield head({"Transfer-Encoding": "chunked"}) + call.rest.encode() + b"\r\n"
    yield from repeat(PIECE)


@route
def endless_header(call: Call) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    yield from repeat(PIECE)


@route
def endless_headers(call: Call) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from repeat(b"X-Header: " + PIECE[:60_000] + b"\r\n")


@route
def endless_continue(call: Call) -> Iterable[bytes]:
    return repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@route
def announced_huge(call: Call) -> Iterable[bytes]:
    yield head({"Content-Length": str(1 << 40)})
    yield from repeat(PIECE)


@route
def gzip_bomb(call: Call) -> Iterable[bytes]:
    """100 MB in 100 KB."""
    return [answer(gzip.compress(bytes(100 << 20), 9), headers={"Content-Encoding": "gzip"})]


@route
def endless_gzip(call: Call) -> Iterable[bytes]:
    yield head({"Content-Encoding": "gzip"})
    yield from repeat(gzip.compress(bytes(1 << 20)))


@route
def loop(call: Call) -> Iterable[bytes]:
    return [answer(b"", 301, {"Location": "/loop"})]


# --- Documents that hurt parsers


@route
def page(call: Call) -> Iterable[bytes]:
    return [answer(DOCUMENTS[call.rest](), headers={"Content-Type": "text/html"})]


def many_attributes() -> bytes:
    """One tag with 100,000 attributes, 0.9 MB: half a minute of CPU."""
    return b"<!doctype html><p " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">text"


def deep_nesting() -> bytes:
    """The sentence lies deeper than parsers go."""
    return b"<!doctype html>" + b"<div>" * 5_000 + b"the rest of the story"


def billion_laughs() -> bytes:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    return (
        b'<!DOCTYPE rss [<!ENTITY l0 "ha">'
        + entities
        + b"]><rss><channel><title>&l11;</title><item><title>&l11;"
        b"</title><link>http://example.org/1</link></item></channel></rss>"
    )


def many_items() -> bytes:
    items = b"".join(
        b"<item><title>Story %d</title><link>http://example.org/%d</link></item>" % (n, n)
        for n in range(50_000)
    )
    return b"<rss version='2.0'><channel><title>Many</title>" + items + b"</channel></rss>"


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "many-attributes": many_attributes,
    "deep-nesting": deep_nesting,
    "billion-laughs": billion_laughs,
    "many-items": many_items,
}
