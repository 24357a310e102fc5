"""Where requests may go: the public internet, and the single endpoints an operator opens.

Anyone can point a name at an address inside our own network, and a name can change between two look-ups.
So a name is looked up once per connection, every answer is judged, and only a judged address is connected to.
There is no switch that turns this off.
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable
from functools import lru_cache
from itertools import chain, zip_longest

from articles.fetch.address import Address, Refused, parse
from articles.fetch.answer import Limit
from articles.fetch.problems import OutOfTime
from articles.fetch.settings import Endpoint

Resolver = Callable[[str, int], list[str]]

PORTS = frozenset({80, 443})

# IANA's special-purpose registries (RFC 6890 and its updates), and Azure's metadata address: the other cloud
# providers' lie in link-local, shared or unique local space.
_FORBIDDEN_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Global unicast is 2000::/3: mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96), local and multicast are outside.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
# RFC 6761, 6762, 9476 and ICANN's: never delegated, so that they lead nowhere or inside. (`test`, `example`
# and `invalid` lead nowhere in any network.)
_INTERNAL_ENDINGS = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "private", "corp", "home", "lan", "alt"}
)
_ISATAP_IDENTIFIERS = (0x00005EFE, 0x02005EFE)


def is_public(ip: str) -> bool:
    """Whether an IP address, as the resolver wrote it, is one of the public internet."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _FORBIDDEN_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP_IDENTIFIERS:
        return False
    return not any(address in network for network in _FORBIDDEN_V6)


def is_fetchable(address: Address, allow_endpoints: frozenset[Endpoint]) -> bool:
    """Whether an address may be one of the public internet, as far as it tells by itself, with no look-up.

    An internal address that a stranger names is known by this before anything is stored of it; a name that
    leads inside is found out by `Guard` when it is connected to.
    """
    return _may_be_public(address.host, address.port, allow_endpoints)


def is_public_address(url: str, allow_endpoints: frozenset[Endpoint]) -> bool:
    """The same of an address as it is written; False for what is none."""
    try:
        return is_fetchable(parse(url), allow_endpoints)
    except ValueError:
        return False


@lru_cache(maxsize=1_000)
def _may_be_public(host: str, port: int, allow_endpoints: frozenset[Endpoint]) -> bool:
    """Cached, as a feed names few hosts many times."""
    try:
        ip = str(ipaddress.ip_address(host))
    except ValueError:
        is_open = any(port == allowed for _, allowed in allow_endpoints)  # the name may lead there
        return is_open or (port in PORTS and _is_public_name(host))
    return (ip, port) in allow_endpoints or (port in PORTS and is_public(ip))


def _is_public_name(host: str) -> bool:
    """Whether a name may be one of the public DNS: a bare word and these endings are some network's own."""
    last = host.rpartition(".")[2]
    return "." in host and last not in _INTERNAL_ENDINGS and not host.endswith(".home.arpa")


class Guard:
    """Judges ports and IP addresses, and looks up names."""

    def __init__(self, allow_endpoints: frozenset[Endpoint], resolve: Resolver) -> None:
        self._allow_endpoints = allow_endpoints
        self._resolve = resolve

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """The IP addresses of a host name to connect to, in order of preference, families taking turns.

        Raises Refused if any of them is forbidden, OutOfTime after `seconds`, OSError when look-up fails.
        """
        self._check_port(port)
        found = _within(seconds, self._resolve, host, port)
        for ip in found:
            self._check(ip, port)
        v6 = [ip for ip in found if ":" in ip]
        v4 = [ip for ip in found if ":" not in ip]
        first, second = (v6, v4) if found and ":" in found[0] else (v4, v6)
        return [ip for ip in chain.from_iterable(zip_longest(first, second)) if ip]

    def _check_port(self, port: int) -> None:
        """Raise Refused for a port that no address may be asked at: known before any name is looked up."""
        if port not in PORTS and all(port != allowed for _, allowed in self._allow_endpoints):
            raise Refused(f"port {port} is not fetched from, only 80 and 443")

    def _check(self, ip: str, port: int) -> None:
        if (ip, port) in self._allow_endpoints:
            return
        if port not in PORTS:
            raise Refused(f"port {port} is not fetched from, only 80 and 443")
        if not is_public(ip):
            raise Refused(f"{ip} is not an address of the public internet")


def look_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the system's order of preference. Raises OSError when there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _within(seconds: float, resolve: Resolver, host: str, port: int) -> list[str]:
    """Call a resolver that cannot be interrupted, and stop waiting for it after `seconds`.

    A look-up left behind ends by the system resolver's own limit; its thread does not hold up the process.
    """
    outcome: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            outcome.put(resolve(host, port))
        except Exception as error:
            outcome.put(error)

    threading.Thread(target=work, daemon=True, name="look-up").start()
    try:
        result = outcome.get(timeout=seconds)
    except queue.Empty:
        raise OutOfTime("looking up the host name took too long", Limit.CONNECT_TIME) from None
    if isinstance(result, Exception):
        raise result
    return result
