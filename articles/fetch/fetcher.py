"""One fetch, from an address to an answer, redirects included."""

import http.client
import re
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3.response import HTTPResponse

from articles.fetch import address as addresses
from articles.fetch.address import Address, BadAddress, mended
from articles.fetch.answer import Answer, Validators
from articles.fetch.body import Hashed, check_transfer, read_body
from articles.fetch.connection import Allowance
from articles.fetch.guard import Guard, Resolver, look_up
from articles.fetch.problems import TooManyHops, explain
from articles.fetch.refresh import refresh_target
from articles.fetch.session import Exchange, Session
from articles.fetch.settings import FetchSettings, Limits

ACCEPT_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
ACCEPT_FEED = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VALIDATOR_LIMIT = 1024  # characters
_CONTENT_TYPE_LIMIT = 200  # characters
_SHOWN_LIMIT = 100  # characters of a bad address shown to a person
_RETRY_AFTER_LIMIT = 64  # characters
_ROBOTS_LIMIT = 1024  # characters
_MOST_ROBOTS = 20  # headers
_LINK_LIMIT = 2048  # characters
_MOST_LINKS = 50  # headers
_MOST_KEPT = 100  # headers
_SECRET_HEADERS = frozenset({"set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization"})
_RETRY_AFTER_RANGE = (1.0, 86_400.0)  # seconds
_SECONDS = r"[0-9]+(?:\.[0-9]+)?"
_PRINTABLE = re.compile(r"[\x20-\x7e\x80-\xff]*")

Hops = tuple[tuple[int, str], ...]
Passage = Callable[[Hops, str], float]


@dataclass
class _Trail:
    """Where a fetch has got to; what is known of it when it fails."""

    here: str
    hops: list[tuple[int, str]] = field(default_factory=list)
    status: int | None = None
    retry_after: float | None = None


class Fetcher:
    """Fetches from public addresses only, within limits of time and size.

    settings: who we are and the limits. resolve: turns a host name and port into IP addresses.
    tls: what to trust instead of Mozilla's roots; made by `metered_tls`. interrupted: whether a fetch under
    way is to be given up, which raises Interrupted.
    Keeps nothing between fetches: no cookies, no connections, no proxy or password from the environment.
    Within one, a cookie goes back to the site that set it: some redirect until they see theirs.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        resolve: Resolver = look_up,
        tls: ssl.SSLContext | None = None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._interrupted = interrupted
        self._guard = Guard(settings.allow_endpoints, resolve)
        self._tls = tls

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        limits: Limits | None = None,
        total: float | None = None,
        accept: str = ACCEPT_PAGE,
        passage: Passage = lambda hops, url: 0.0,
        hops: Hops = (),
    ) -> Answer:
        """Ask for `url`, following redirects and pages that only lead on; conditionally with `validators`.

        limits: the settings' if not given. total: seconds for everything, in place of the limits' own.
        accept: the Accept header.
        passage: called with the hops so far and each address that they lead to, before it is asked for; it
        returns the seconds to add to the deadline, and what it raises ends the fetch.
        hops: those of an earlier fetch that led to `url`; passage is called for it too then.
        Never raises for anything that the address, the network or the server does: see `Answer.problem`.
        """
        started = time.monotonic()
        trail = _Trail(here=url, hops=list(hops))
        conditions = _conditions(validators)
        headers = self._headers(accept) | conditions
        limits = limits or self._settings.limits
        limits = limits if total is None else replace(limits, total_timeout=total)
        allowance = Allowance(limits, self._settings.connect_timeout, self._interrupted)
        try:
            with Session(self._guard, allowance, headers, self._tls) as session:
                answer = self._follow(trail, session, allowance, limits, passage)
        except Exception as error:
            answer = _failed(trail, error)
        return replace(
            answer,
            url=url,
            hops=tuple(trail.hops),
            seconds=time.monotonic() - started,
            sent_validators=bool(conditions),
        )

    def send(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str],
        method: str = "POST",
        total: float | None = None,
    ) -> Answer:
        """Send *body* to `url`, by the same guard and within the same limits as `get`.

        headers: besides those that say who we are; none of them is kept in the answer if it is a credential.
        total: seconds for everything. A redirect is the answer: what is sent is for this address alone.
        Never raises for anything that the address, the network or the server does: see `Answer.problem`.
        """
        started = time.monotonic()
        trail = _Trail(here=url)
        limits = self._settings.limits
        if total is not None:
            limits = replace(limits, total_timeout=total, read_timeout=min(limits.read_timeout, total))
        allowance = Allowance(limits, self._settings.connect_timeout, self._interrupted)
        try:
            with Session(self._guard, allowance, self._headers("*/*") | dict(headers), self._tls) as session:
                address = addresses.parse(url)
                trail.here = str(address)
                exchange = session.ask(address, method, body)
                with closing(exchange.response) as response:
                    trail.status = response.status
                    trail.retry_after = _retry_after(response.headers.get("Retry-After", ""))
                    answer = _take(trail, exchange, allowance, limits)
        except Exception as error:
            answer = _failed(trail, error)
        return replace(answer, url=url, seconds=time.monotonic() - started)

    def check(self, url: str) -> None:
        """Raise Refused or BadAddress if `url` would not be asked for, OSError if its host is not found."""
        address = addresses.parse(url)
        self._guard.addresses(address.host, address.port, self._settings.connect_timeout)

    def _headers(self, accept: str) -> dict[str, str]:
        return {
            "User-Agent": self._settings.user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }

    def _follow(
        self, trail: _Trail, session: Session, allowance: Allowance, limits: Limits, passage: Passage
    ) -> Answer:
        """Ask hop by hop. Each hop has its own connection, so a redirect's body is dropped, never drained."""
        address = addresses.parse(trail.here)
        if trail.hops:
            allowance.extend(passage(tuple(trail.hops), str(address)))
        while True:
            trail.here = str(address)
            onward: Address | None = None
            exchange = session.ask(address)
            with closing(exchange.response) as response:
                trail.status = response.status
                trail.retry_after = _retry_after(response.headers.get("Retry-After", ""))
                location = _location(response)
                if location is None:
                    answer = _take(trail, exchange, allowance, limits)
                    onward = _refreshed(answer, response, trail, is_bounce=session.has_new_cookies)
                    if onward is None:
                        return answer
            trail.hops.append((response.status, trail.here))
            trail.status = trail.retry_after = None
            if len(trail.hops) > limits.hop_limit:
                raise TooManyHops(f"more than {limits.hop_limit} redirects")
            address = onward or _next_hop(location or "", trail)
            trail.here = str(address)
            allowance.extend(passage(tuple(trail.hops), trail.here))


def _failed(trail: _Trail, error: Exception) -> Answer:
    """The answer where there is none. An error that is ours is raised."""
    explanation = explain(error)
    return Answer(
        url=trail.here,
        final_url=trail.here,
        status=trail.status,
        retry_after=trail.retry_after,
        problem=explanation.problem,
        reason=explanation.reason,
        limit=explanation.limit,
        cause=explanation.cause,
    )


def _take(trail: _Trail, exchange: Exchange, allowance: Allowance, limits: Limits) -> Answer:
    """The final answer, its body read."""
    response = exchange.response
    if response.status < 200:
        raise http.client.HTTPException(f"the server sent an interim answer ({response.status}) and no more")
    allowance.check_length(response.length_remaining)
    check_transfer(response.headers.get("Transfer-Encoding", ""))
    stream = Hashed(response)
    body = read_body(stream, response.headers.get("Content-Encoding", ""), limits.decoded_limit)
    return Answer(
        url=trail.here,
        final_url=trail.here,
        status=response.status,
        content_type=_content_type(response.headers.get("Content-Type", "")),
        body=body,
        robots=_robots(response),
        links=_links(response),
        validators=Validators(
            etag=_validator(response.headers.get("ETag", "")),
            last_modified=_validator(response.headers.get("Last-Modified", "")),
        ),
        retry_after=trail.retry_after,
        reason=f"the server answered {response.status}",
        received=stream.sha256,
        request_headers=_kept_headers(exchange.sent.items()),
        response_headers=_kept_headers(response.headers.items()),
    )


def _refreshed(answer: Answer, response: HTTPResponse, trail: _Trail, *, is_bounce: bool) -> Address | None:
    """Where a page leads to of itself, None if it is one to read.

    It may lead to itself where it is a bounce: it has set a cookie, and wants to see it.
    """
    if not answer.has_page:
        return None
    try:
        written = refresh_target(_utf8(response.headers.get("Refresh", "")), answer.body)
        address = None if written is None else addresses.parse(mended(written), base=trail.here)
    except BadAddress:
        return None  # for an app, or broken: then the page is what there is
    return None if str(address) == trail.here and not is_bounce else address


def _location(response: HTTPResponse) -> str | None:
    """Where a response redirects to, None if it does not. Headers come as Latin-1 but are mostly UTF-8."""
    if response.status not in _REDIRECTS:
        return None
    return _utf8(response.headers.get("Location", "").strip()) or None


def _utf8(header: str) -> str:
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header


def _robots(response: HTTPResponse) -> tuple[str, ...]:
    """The X-Robots-Tag headers, unjoined: a robot named in one says nothing of the next."""
    values = response.headers.getlist("X-Robots-Tag")
    return tuple(value.strip()[:_ROBOTS_LIMIT] for value in values[:_MOST_ROBOTS])


def _kept_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers that may be kept: no cookies and no credentials, none longer than others are ever asked for."""
    kept = [(name, value) for name, value in headers if name.lower() not in _SECRET_HEADERS]
    return tuple(
        (_printable(name), _printable(value))
        for name, value in kept[:_MOST_KEPT]
        if len(value) <= _LINK_LIMIT
    )


def _printable(value: str) -> str:
    """A header without the control characters that a database refuses."""
    return _utf8("".join(_PRINTABLE.findall(value)).strip())


def _links(response: HTTPResponse) -> tuple[str, ...]:
    """The Link headers, without the control characters that a database refuses."""
    values = response.headers.getlist("Link")[:_MOST_LINKS]
    return tuple(_printable(value) for value in values if len(value) <= _LINK_LIMIT)


def _next_hop(location: str, trail: _Trail) -> Address:
    """Where a redirect leads. `&#038;` in it is taken for `&`, unless that led here already."""
    try:
        address = addresses.parse(mended(location), base=trail.here)
        if str(address) == trail.here:
            address = addresses.parse(location, base=trail.here)
    except BadAddress as error:
        raise type(error)(f"it redirects to {location[:_SHOWN_LIMIT]!r}: {error}") from None
    return address


def _conditions(validators: Validators | None) -> dict[str, str]:
    """The headers that ask "only if it has changed"; only what can stand in a header."""
    if validators is None:
        return {}
    conditions = {
        "If-None-Match": _validator(validators.etag),
        "If-Modified-Since": _validator(validators.last_modified),
    }
    return {name: value for name, value in conditions.items() if value}


def _validator(value: str) -> str:
    value = value.strip()
    return value if len(value) <= _VALIDATOR_LIMIT and _PRINTABLE.fullmatch(value) else ""


def _content_type(value: str) -> str:
    """The header without the control characters that a database refuses."""
    return "".join(_PRINTABLE.findall(value)).strip()[:_CONTENT_TYPE_LIMIT]


def _retry_after(value: str) -> float | None:
    """Seconds to wait, from a number of seconds or an HTTP date (RFC 9110, section 10.2.3).

    Of several (a server and what stands before it each said theirs) the longest.
    """
    value = value.strip()[:_RETRY_AFTER_LIMIT]
    try:
        if re.fullmatch(rf"{_SECONDS}(?:\s*,\s*{_SECONDS})*", value):
            seconds = max(map(float, value.split(",")))
        else:
            when = parsedate_to_datetime(value)
            seconds = (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    shortest, longest = _RETRY_AFTER_RANGE
    return min(max(seconds, shortest), longest)
