"""`requests`, kept to one fetch: it goes where the guard lets it, within an allowance, and remembers nothing.

Left to itself it would read proxies and passwords from the environment, spell addresses anew, drain the body
of a redirect to find the next hop, keep connections, and send its own name. Cookies live as long as the
fetch: some sites redirect visitors to the same address until they see theirs come back.
"""

import re
import ssl
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import certifi
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import Retry

from articles.fetch import address as addresses
from articles.fetch.address import Address
from articles.fetch.connection import Allowance, GuardedHTTPConnection, GuardedHTTPSConnection, metered_tls
from articles.fetch.guard import Guard

_MOST_COOKIES = 20  # of one fetch
_COOKIE_LIMIT = 2048  # characters of one Set-Cookie header
# None outlives the fetch; and http.cookiejar breaks over dates and ages that nobody can read.
_EXPIRES = re.compile(r";\s*(?:expires|max-age)\s*=[^;]*", re.IGNORECASE)


class Session(requests.Session):
    """Asks for the hops of one fetch, one by one. Close it, and every connection it made is closed.

    headers: all that are sent, besides Host and Cookie. tls: what to trust instead of Mozilla's roots.
    has_new_cookies: whether the last answer set a cookie that had not been sent to it.
    """

    def __init__(
        self, guard: Guard, allowance: Allowance, headers: dict[str, str], tls: ssl.SSLContext | None
    ) -> None:
        super().__init__()
        self.trust_env = False
        self.headers = CaseInsensitiveDict(headers)
        self.cookies.set_policy(DefaultCookiePolicy(rfc2965=False))
        self.has_new_cookies = False
        adapter = _GuardedAdapter(guard, allowance, tls)
        self.mount("http://", adapter)
        self.mount("https://", adapter)

    def ask(self, address: Address, method: str = "GET", body: bytes | None = None) -> requests.Response:
        """The head of the answer; its body waits in `raw`. Raises what `explain` explains."""
        request = _ExactRequest()
        request.prepare(method, str(address), headers=self.headers, data=body, cookies=self.cookies)
        known = {(cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in self.cookies}
        response = self.send(request, stream=True, allow_redirects=False)
        kept = {(cookie.domain, cookie.path, cookie.name, cookie.value) for cookie in self.cookies}
        self.has_new_cookies = bool(kept - known)
        for cookie in list(iter(self.cookies))[_MOST_COOKIES:]:
            self.cookies.clear(cookie.domain, cookie.path, cookie.name)
        return response

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, always: requests reads a redirect's body to its end, however long, if it knows of the hop."""


class _ExactRequest(requests.PreparedRequest):
    """A request for an address as it was checked, letter by letter."""

    def prepare_url(self, url: Any, params: Any) -> None:
        self.url = url


class _GuardedAdapter(HTTPAdapter):
    """Sends each request over a connection of its own, so that every hop is looked up and judged anew."""

    def __init__(self, guard: Guard, allowance: Allowance, tls: ssl.SSLContext | None) -> None:
        super().__init__(max_retries=Retry(total=False))
        self._guard, self._allowance = guard, allowance
        self._tls = tls
        self._pools: list[HTTPConnectionPool] = []

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """A pool of one guarded connection. There is no proxy, and `verify` cannot weaken what is trusted."""
        address = addresses.parse(request.url or "")
        options: dict[str, Any] = {
            "guard": self._guard,
            "allowance": self._allowance,
            "target": address.target,
        }
        pool: HTTPConnectionPool
        if address.scheme == "https":
            pool = _HTTPSPool(address.host, address.port, ssl_context=self._tls or _trusted_tls(), **options)
        else:
            pool = _HTTPPool(address.host, address.port, **options)
        self._pools.append(pool)
        return pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to add: the TLS context says what is trusted, and requests' own roots would join it."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """The response with few and short cookies: requests parses them all, megabytes of them."""
        head = resp._original_response.msg
        cookies = [value for value in head.get_all("Set-Cookie", []) if len(value) <= _COOKIE_LIMIT]
        for name in ("Set-Cookie", "Set-Cookie2"):
            del head[name]
        for value in cookies[:_MOST_COOKIES]:
            head["Set-Cookie"] = _EXPIRES.sub("", value)
        return super().build_response(req, resp)

    def close(self) -> None:
        for pool in self._pools:
            pool.close()
        super().close()


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = GuardedHTTPConnection


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedHTTPSConnection


@cache
def _trusted_tls() -> ssl.SSLContext:
    """Mozilla's roots, whatever the machine trusts. Made once: loading them takes about 15 ms."""
    return metered_tls(ssl.create_default_context(cafile=certifi.where()))
