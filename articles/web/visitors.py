"""Who asks: the address of a visitor, behind a proxy or not; and what those are told who ask too often."""

import ipaddress
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import ngettext

UNKNOWN = "unknown"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def visitor_address(request: HttpRequest) -> IPAddress | None:
    """The visitor's IP address; None where there is none, as on a Unix socket.

    Each of the ``TRUSTED_PROXIES`` adds to X-Forwarded-For, at its end, the address that it was asked from.
    What stands before them was said by the visitor himself, and counts for nothing.
    """
    chain = [request.META.get("REMOTE_ADDR", "")]
    if settings.TRUSTED_PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        chain = [*(part for part in map(str.strip, forwarded) if part), *chain]
    return _parsed(chain[-min(settings.TRUSTED_PROXIES + 1, len(chain))])


def visitor_key(request: HttpRequest) -> str:
    """What visitors are told apart by: an address, or an IPv6 network of the size one household gets."""
    address = visitor_address(request)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address) if address else UNKNOWN


def _parsed(text: str) -> IPAddress | None:
    """An address, as proxies write it: perhaps with a port, or in brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def slow_down(request: HttpRequest, wait: float, reason: str) -> HttpResponse:
    """The answer (429) to a visitor who asks too often, and may ask again in *wait* seconds."""
    context = {"reason": reason, "wait": in_words(wait)}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(ceil(wait))
    add_never_cache_headers(response)
    return response


def in_words(seconds: float) -> str:
    """A wait as a person says it, rounded up: 1 second, 45 seconds, 3 minutes."""
    whole = ceil(seconds)
    if whole <= 90:
        return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": whole}
    minutes = ceil(whole / 60)
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
