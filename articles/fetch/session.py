"""`urllib3`, kept to one fetch: it goes where the guard lets it, within an allowance, and remembers nothing.

Each hop has a connection of its own, so that it is looked up and judged anew. Cookies live as long as the
fetch: some sites redirect visitors to the same address until they see theirs come back.
"""

import http.client
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import NamedTuple, cast
from urllib.request import Request

import certifi
from urllib3.response import HTTPResponse

from articles.fetch.address import Address
from articles.fetch.connection import Allowance, GuardedHTTPConnection, GuardedHTTPSConnection, metered_tls
from articles.fetch.guard import Guard

_MOST_COOKIES = 20  # of one fetch
_COOKIE_LIMIT = 2048  # characters of one Set-Cookie header
# None outlives the fetch; and http.cookiejar breaks over dates and ages that nobody can read.
_EXPIRES = re.compile(r";\s*(?:expires|max-age)\s*=[^;]*", re.IGNORECASE)


class Exchange(NamedTuple):
    """The head of an answer, whose body waits in it, and the headers that were sent."""

    response: HTTPResponse
    sent: Mapping[str, str]


class Session:
    """Asks for the hops of one fetch, one by one. Use it as a context: every connection that it made is
    closed then.

    headers: all that are sent, besides Host and Cookie. tls: what to trust instead of Mozilla's roots.
    has_new_cookies: whether the last answer set a cookie that had not been sent to it.
    """

    def __init__(
        self, guard: Guard, allowance: Allowance, headers: dict[str, str], tls: ssl.SSLContext | None
    ) -> None:
        self._guard, self._allowance, self._headers, self._tls = guard, allowance, headers, tls
        self._cookies = CookieJar(DefaultCookiePolicy(rfc2965=False))
        self._connections: list[GuardedHTTPConnection] = []
        self.has_new_cookies = False

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *exception: object) -> None:
        for connection in self._connections:
            connection.close()

    def ask(self, address: Address, method: str = "GET", body: bytes | None = None) -> Exchange:
        """Send a request for *address*, letter by letter as it was checked; the head of the answer.

        Raises what `explain` explains.
        """
        headers = self._headers | self._cookies_for(address)
        connection = self._connection_to(address)
        connection.connect()
        with suppress(BrokenPipeError, ConnectionResetError):  # who wants no more may have said why
            connection.request(
                method, address.target, body, headers, preload_content=False, decode_content=False
            )
        response = connection.getresponse()
        self._take_cookies(address, response.headers.getlist("Set-Cookie"))
        return Exchange(response, headers)

    def _connection_to(self, address: Address) -> GuardedHTTPConnection:
        connection: GuardedHTTPConnection
        if address.scheme == "https":
            connection = GuardedHTTPSConnection(
                address.host,
                address.port,
                ssl_context=self._tls or _trusted_tls(),
                guard=self._guard,
                allowance=self._allowance,
            )
        else:
            connection = GuardedHTTPConnection(
                address.host, address.port, guard=self._guard, allowance=self._allowance
            )
        self._connections.append(connection)
        return connection

    def _cookies_for(self, address: Address) -> dict[str, str]:
        """The Cookie header, where there are any cookies for *address*."""
        if not len(self._cookies):
            return {}
        request = Request(str(address))  # noqa: S310 (names what is asked for, and asks for nothing)
        self._cookies.add_cookie_header(request)
        cookies = request.get_header("Cookie")
        return {"Cookie": cookies} if cookies else {}

    def _take_cookies(self, address: Address, given: list[str]) -> None:
        """Keep what an answer set: few cookies, and short ones."""
        known = self._known_cookies()
        if given:
            request = Request(str(address))  # noqa: S310 (likewise)
            self._cookies.extract_cookies(cast("http.client.HTTPResponse", _Given(given)), request)
        self.has_new_cookies = bool(self._known_cookies() - known)
        for cookie in list(self._cookies)[_MOST_COOKIES:]:
            self._cookies.clear(cookie.domain, cookie.path, cookie.name)

    def _known_cookies(self) -> set[tuple[str, str, str, str | None]]:
        return {(cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in self._cookies}


class _Given:
    """Set-Cookie headers as http.cookiejar takes them: it parses them all, megabytes of them."""

    def __init__(self, headers: list[str]) -> None:
        self._head = Message()
        for value in [value for value in headers if len(value) <= _COOKIE_LIMIT][:_MOST_COOKIES]:
            self._head["Set-Cookie"] = _EXPIRES.sub("", value)

    def info(self) -> Message:
        return self._head


@cache
def _trusted_tls() -> ssl.SSLContext:
    """Mozilla's roots, whatever the machine trusts. Made once: loading them takes about 15 ms."""
    return metered_tls(ssl.create_default_context(cafile=certifi.where()))
