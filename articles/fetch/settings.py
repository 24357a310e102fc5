"""What an operator decides about fetching; everything else is a limit with a reason beside it."""

import ipaddress
from dataclasses import dataclass

Endpoint = tuple[str, int]
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class FetchSettings:
    """How the fetcher introduces itself, how long it waits and how much it takes.

    user_agent: sent with every request; names the software and a page about it, never a browser.
    allow_endpoints: exact (IP address, port) pairs open besides the public internet; see `parse_endpoints`.
    *_timeout: seconds; `total_timeout` covers name look-up, connecting and every hop of one fetch.
    wire_limit, decoded_limit: bytes of one fetch as received (all hops and headers) and of its decoded body.
    hop_limit: redirects followed.
    """

    user_agent: str
    allow_endpoints: frozenset[Endpoint] = frozenset()
    connect_timeout: float = 5.0
    read_timeout: float = 10.0
    total_timeout: float = 15.0
    wire_limit: int = 5 * MEBIBYTE
    decoded_limit: int = 8 * MEBIBYTE
    hop_limit: int = 5


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
