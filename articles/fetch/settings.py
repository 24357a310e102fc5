"""What an operator decides about fetching; everything else is a limit with a reason beside it."""

import ipaddress
from dataclasses import dataclass

Endpoint = tuple[str, int]
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How long one fetch waits and how much it takes; those of a page by default.

    *_timeout: seconds; `read_timeout` between two pieces (and for the first), `total_timeout` for name
    look-up, connecting and every hop. wire_limit, decoded_limit: bytes as received (all hops and headers)
    and of the decoded body. hop_limit: redirects followed.
    """

    read_timeout: float = 10.0
    total_timeout: float = 15.0
    wire_limit: int = 5 * MEBIBYTE
    decoded_limit: int = 8 * MEBIBYTE
    hop_limit: int = 10


FEED_LIMITS = Limits(
    # Some feeds are put together while one waits, and the sitemap protocol lets a sitemap have 50 MB.
    read_timeout=25.0,
    total_timeout=30.0,
    wire_limit=51 * MEBIBYTE,
    decoded_limit=50 * MEBIBYTE,
)
"""What feeds and sitemaps may take."""


@dataclass(frozen=True)
class FetchSettings:
    """How the fetcher introduces itself, and what it takes where a fetch sets no limits of its own.

    user_agent: sent with every request; names the software and a page about it, never a browser.
    allow_endpoints: exact (IP address, port) pairs open besides the public internet; see `parse_endpoints`.
    connect_timeout: seconds for one connection, of which TLS is a part. All others: as in `Limits`.
    """

    user_agent: str
    allow_endpoints: frozenset[Endpoint] = frozenset()
    connect_timeout: float = 5.0
    read_timeout: float = Limits.read_timeout
    total_timeout: float = Limits.total_timeout
    wire_limit: int = Limits.wire_limit
    decoded_limit: int = Limits.decoded_limit
    hop_limit: int = Limits.hop_limit

    @property
    def limits(self) -> Limits:
        return Limits(
            self.read_timeout, self.total_timeout, self.wire_limit, self.decoded_limit, self.hop_limit
        )


def parse_endpoints(text: str) -> frozenset[Endpoint]:
    """Read a list such as `127.0.0.1:8001,[::1]:80` into exact (IP address, port) pairs.

    Host names are refused: what a name stands for is for its owner to change.
    Raises ValueError, with words for the operator, on anything that is not an address and a port.
    """
    return frozenset(_parse_endpoint(part.strip()) for part in text.split(",") if part.strip())


def _parse_endpoint(text: str) -> Endpoint:
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or (":" in host and not bracketed):
        raise ValueError(f"{text!r} is not an IP address and a port, such as 127.0.0.1:8001 or [::1]:8001")
    try:
        address = ipaddress.ip_address(host[1:-1] if bracketed else host)
    except ValueError:
        raise ValueError(
            f"{text!r}: {host!r} is not an IP address (host names are not allowed here)"
        ) from None
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise ValueError(f"{text!r}: {port!r} is not a port between 1 and 65535")
    return str(address), int(port)
