"""Whose address a request is counted for."""

import pytest
from django.test import RequestFactory

from articles.web.visitors import in_words, visitor_address, visitor_key


def request(peer, forwarded=None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "visitor"),
    [
        (0, "203.0.113.1", None, "203.0.113.1"),
        (0, "203.0.113.1", "198.51.100.9", "203.0.113.1"),  # anybody may say that
        (1, "127.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "10.1.1.1, 198.51.100.9", "198.51.100.9"),  # he said 10.1.1.1 himself
        (1, "127.0.0.1", None, "127.0.0.1"),  # asked on this machine, past the proxy
        (1, "127.0.0.1", " , ", "127.0.0.1"),
        (2, "127.0.0.1", "1.2.3.4, 198.51.100.9, 203.0.113.2", "198.51.100.9"),
        (2, "127.0.0.1", "198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "198.51.100.9:4711", "198.51.100.9"),
        (1, "127.0.0.1", "[2001:db8::9]:4711", "2001:db8::9"),
        (1, "127.0.0.1", "::ffff:198.51.100.9", "198.51.100.9"),
        (1, "127.0.0.1", "unknown", None),
        (0, "", None, None),
    ],
)
def test_the_address_is_what_the_last_one_we_trust_saw(settings, proxies, peer, forwarded, visitor):
    settings.TRUSTED_PROXIES = proxies
    found = visitor_address(request(peer, forwarded))
    assert (found and str(found)) == visitor


def test_visitors_without_an_address_are_one():
    assert visitor_key(request("")) == "unknown"
    assert visitor_key(request("2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (1.5, "2 seconds"), (90, "90 seconds"), (91, "2 minutes"), (900, "15 minutes")],
)
def test_waits_are_said_rounded_up(seconds, words):
    assert in_words(seconds) == words
