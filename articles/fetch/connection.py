"""Connections that end: every read counts against one allowance of time and bytes, shared by a fetch's hops.

urllib3's own timeouts are per read, so a server that drips header lines, chunk sizes, `100 Continue` or a
body keeps them from ever firing; and what it sends before the body is counted by nobody. Both are held here
at the socket, where every byte passes.
"""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, BinaryIO

from urllib3.connection import HTTPConnection, HTTPSConnection

from articles.fetch.answer import Limit
from articles.fetch.guard import Guard
from articles.fetch.problems import Interrupted, OutOfTime, TooLarge
from articles.fetch.settings import Limits

_HEADER = re.compile(rb"[!-9;-~]+:|\r\n")
_FOLDED = (b" ", b"\t")
_SPACE_BEFORE_COLON = re.compile(rb"\A([!-9;-~]+)[ \t]+:")
_END = b"\r\n"
_INTERIM = re.compile(rb"\A(HTTP/1\.\d) 1(?!01)\d\d(?!\d)")
_DROPPED_LIMIT = 100  # lines; http.client takes as many headers
_GLANCE = 0.5  # seconds between two looks at whether we are wanted to stop


class Allowance:
    """What one fetch may still use: seconds until its deadline, and bytes received.

    connect_timeout: seconds for one connection. interrupted: whether the fetch is to be given up; asked while
    a server lets us wait.
    """

    def __init__(
        self, limits: Limits, connect_timeout: float, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        self.connect_timeout = connect_timeout
        self.read_timeout = limits.read_timeout
        self._total = limits.total_timeout
        self._interrupted = interrupted
        self._deadline = time.monotonic() + limits.total_timeout
        self._wire_limit = self._bytes = limits.wire_limit

    def seconds(self, at_most: float) -> float:
        """A timeout for the next step. Raises OutOfTime when the fetch's time is up."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"the whole fetch took longer than {self._total:g} seconds", Limit.TOTAL_TIME)
        return min(at_most, left)

    def extend(self, seconds: float) -> None:
        """Move the deadline: so long was spent on something else."""
        self._deadline += seconds

    def glance(self, until: float) -> float:
        """A short timeout that does not pass *until*, a time of the monotonic clock.

        Raises Interrupted when the fetch is to be given up, OutOfTime when its time is up.
        """
        if self._interrupted():
            raise Interrupted("the fetch was given up")
        return min(self.seconds(_GLANCE), max(until - time.monotonic(), 0.001))

    def spend(self, received: int) -> None:
        """Count bytes received. Raises TooLarge when they are too many."""
        self._bytes -= received
        if self._bytes < 0:
            raise TooLarge(f"more than {self._wire_limit:,} bytes were sent", Limit.WIRE_SIZE)

    def check_length(self, announced: int | None) -> None:
        """Raise TooLarge for a body announced as larger than a fetch may be."""
        if announced is not None and announced > self._wire_limit:
            raise TooLarge(
                f"a body of {announced:,} bytes is more than the {self._wire_limit:,} we take",
                Limit.WIRE_SIZE,
            )


class _MeteredSocket(socket.socket):
    """Counts what it receives, and never waits beyond its allowance."""

    allowance: Allowance

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        until = time.monotonic() + self.allowance.read_timeout
        while True:
            self.settimeout(self.allowance.glance(until))
            try:
                received = super().recv_into(*args, **kwargs)
            except TimeoutError:
                if time.monotonic() >= until:
                    words = f"the server sent nothing for {self.allowance.read_timeout:g} seconds"
                    raise OutOfTime(words, Limit.READ_TIME) from None
            else:
                self.allowance.spend(received)
                return received

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(self.allowance.seconds(self.allowance.read_timeout))
        super().sendall(*args, **kwargs)


class _MeteredTLSSocket(_MeteredSocket, ssl.SSLSocket):
    pass


class _Head:
    """The lines of an answer's head as http.client is to read them.

    It takes a connection that breaks off for the end of the head, and drops all lines after one that is no
    header: a cut address would be gone to, a body's chunks or coding be taken for its text. Here the first is
    an error, and the bad line alone is dropped (or mended, where only a space stands before its colon, or a
    carriage return that ends no line, which would end one for http.client).
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._is_status = True
        self._dropped = 0
        self._dropping = False  # lines folded under a bad one go with it

    def readline(self, limit: int) -> bytes:
        line = self._stream.readline(limit)
        if self._is_status:
            self._is_status = False
            return _INTERIM.sub(rb"\1 100", line)  # http.client passes over no other, such as early hints
        if len(line) >= limit:
            return line  # http.client says itself what is wrong with it
        if not line.endswith(b"\n"):
            raise http.client.IncompleteRead(line)
        line = line.rstrip(b"\r\n").replace(b"\r", b" ") + _END
        line = _SPACE_BEFORE_COLON.sub(rb"\1:", line)
        if not line.startswith(_FOLDED):
            self._dropping = _HEADER.match(line) is None
        if self._dropping:
            self._dropped += 1
            if self._dropped > _DROPPED_LIMIT:
                raise http.client.HTTPException("too many lines that are no headers")
            return self.readline(limit)
        self._is_status = line == _END  # of "100 Continue": the answer itself follows
        return line

    def close(self) -> None:
        self._stream.close()


class _Response(http.client.HTTPResponse):
    fp: Any

    def begin(self) -> None:
        stream = self.fp
        self.fp = _Head(stream)
        try:
            super().begin()
        finally:
            self.fp = stream


class GuardedHTTPConnection(HTTPConnection):
    """An HTTP connection to an address the guard has judged."""

    response_class = _Response

    def __init__(self, *args: Any, guard: Guard, allowance: Allowance, **options: Any) -> None:
        super().__init__(*args, **options)
        self._guard, self._allowance = guard, allowance

    def _new_conn(self) -> socket.socket:
        return _connect(self._guard, self._allowance, self._dns_host, self.port)


class GuardedHTTPSConnection(GuardedHTTPConnection, HTTPSConnection):
    """The same over TLS; certificates are always verified."""

    def connect(self) -> None:
        super().connect()
        assert isinstance(self.sock, _MeteredTLSSocket)
        self.sock.allowance = self._allowance


def _connect(guard: Guard, allowance: Allowance, host: str, port: int) -> socket.socket:
    """A socket to the first address of the host that answers, all of them having been judged."""
    failure = OSError("the host name has no address")
    for ip in guard.addresses(host, port, allowance.seconds(allowance.connect_timeout)):
        sock = _MeteredSocket(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM)
        sock.allowance = allowance
        try:
            sock.settimeout(allowance.seconds(allowance.connect_timeout))
            sock.connect((ip, port))
            # A TLS handshake may follow, all of which must fit in this.
            sock.settimeout(allowance.seconds(allowance.connect_timeout))
        except OSError as error:
            sock.close()
            failure = error
        else:
            return sock
    raise failure


def metered_tls(context: ssl.SSLContext) -> ssl.SSLContext:
    """Make a context's sockets keep to an allowance."""
    context.sslsocket_class = _MeteredTLSSocket
    return context
