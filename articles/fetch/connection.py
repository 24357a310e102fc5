"""Connections that end: every read counts against one allowance of time and bytes, shared by a fetch's hops.

urllib3's own timeouts are per read, so a server that drips header lines, chunk sizes, `100 Continue` or a
body keeps them from ever firing; and what it sends before the body is counted by nobody. Both are held here
at the socket, where every byte passes.
"""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection

from articles.fetch.guard import Guard
from articles.fetch.problems import Interrupted, OutOfTime, TooLarge
from articles.fetch.settings import FetchSettings

_GLANCE = 0.5  # seconds between two looks at whether we are wanted to stop


class Allowance:
    """What one fetch may still use: seconds until its deadline, and bytes received.

    interrupted: whether the fetch is to be given up; asked while a server lets us wait.
    """

    def __init__(
        self, settings: FetchSettings, total: float, interrupted: Callable[[], bool] = lambda: False
    ) -> None:
        self.connect_timeout = settings.connect_timeout
        self.read_timeout = settings.read_timeout
        self._total = total
        self._interrupted = interrupted
        self._deadline = time.monotonic() + total
        self._wire_limit = self._bytes = settings.wire_limit

    def seconds(self, at_most: float) -> float:
        """A timeout for the next step. Raises OutOfTime when the fetch's time is up."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"the whole fetch took longer than {self._total:g} seconds")
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
            raise TooLarge("more was sent than we take")

    def check_length(self, announced: int | None) -> None:
        """Raise TooLarge for a body announced as larger than a fetch may be."""
        if announced is not None and announced > self._wire_limit:
            raise TooLarge(f"a body of {announced:,} bytes is more than we take")


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
                    raise
            else:
                self.allowance.spend(received)
                return received

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(self.allowance.seconds(self.allowance.read_timeout))
        super().sendall(*args, **kwargs)


class _MeteredTLSSocket(_MeteredSocket, ssl.SSLSocket):
    pass


class GuardedHTTPConnection(HTTPConnection):
    """An HTTP connection to an address the guard has judged, to ask for one target."""

    def __init__(self, *args: Any, guard: Guard, allowance: Allowance, target: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._guard, self._allowance, self._target = guard, allowance, target

    def _new_conn(self) -> socket.socket:
        return _connect(self._guard, self._allowance, self._dns_host, self.port)

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        """Ask for the target as it was checked: `url` is what a pool makes of it, with more escapes."""
        super().putrequest(method, self._target, *args, **options)


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
