"""Which WebSub hub a feed names, and how the hub knows it."""

import pytest

from articles.fetch import Hub, hub_in_headers, is_public_address, read_feed

URL = "https://news.example/feed"
HUB = "https://hub.example/?a=1&utm_source=x"
SELF = "https://news.example/Feed?b=2&a=1"
ATOM = "xmlns:atom='http://www.w3.org/2005/Atom'"


def link(relation: str, address: str, prefix: str = "atom:") -> str:
    return f"<{prefix}link rel='{relation}' href='{address.replace('&', '&amp;')}'/>"


def rss(links: str, in_item: str = "") -> str:
    item = f"<item><title>A</title><link>https://news.example/a</link>{in_item}</item>"
    return f"<rss version='2.0' {ATOM}><channel><title>N</title>{links}{item}</channel></rss>"


def atom(links: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>N</title>{links}</feed>"


def json_feed(more: str) -> str:
    return '{"version": "https://jsonfeed.org/version/1.1", "items": []' + more + "}"


def named(document: str) -> Hub:
    return read_feed(document.encode(), URL).hub


@pytest.mark.parametrize(
    "document",
    [
        rss(link("hub", HUB) + link("self", SELF)),
        rss(link("self", SELF) + link("HUB", HUB)),
        atom(link("hub", HUB, "") + link("self", SELF, "")),
        json_feed(f', "feed_url": "{SELF}", "hubs": [{{"type": "x"}}, {{"type": "WebSub", "url": "{HUB}"}}]'),
    ],
)
def test_both_are_kept_letter_by_letter(document):
    assert named(document) == Hub(HUB, SELF)


def test_without_a_link_to_itself_it_is_known_by_where_it_was_found():
    assert named(rss(link("hub", HUB))) == Hub(HUB, URL)


def test_of_several_hubs_the_first_that_is_one_is_taken():
    links = link("hub", "javascript:x") + link("hub", "/hub") + link("hub", HUB) + link("hub", URL)
    assert named(rss(links)) == Hub(HUB, URL)


@pytest.mark.parametrize(
    "document",
    [
        rss(link("self", SELF)),
        rss("", in_item=link("hub", HUB)),
        rss(link("hub", "")),
        rss(link("hub", "https://user:pass@hub.example/")),
        rss(link("hub", "https://hub.example/" + "x" * 3000)),
        rss(link("hub", "https://hub.example/a b")),
        json_feed(', "hubs": "x"'),
        json_feed(', "hubs": [1, null, {"type": "rssCloud", "url": "https://hub.example/"}]'),
        json_feed(', "hubs": [{"type": "WebSub", "url": 7}]'),
    ],
)
def test_what_names_none_has_none(document):
    assert named(document) == Hub()


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ([f'<{HUB}>; rel="hub", <{SELF}>; rel="self"'], Hub(HUB, SELF)),
        ([f"<{HUB}>; rel=hub", f"<{SELF}>; REL=self"], Hub(HUB, SELF)),
        ([f'<{HUB}>; rel="alternate hub"'], Hub(HUB, URL)),
        ([f'<{SELF}>; rel="self"'], Hub()),
        ([";;;,,<<>>;=,", ""], Hub()),
        ([], Hub()),
    ],
)
def test_it_is_found_in_headers(headers, found):
    assert hub_in_headers(headers, URL) == found


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://diffs.example.org", True),
        ("http://93.184.216.34/", True),
        ("http://localhost:8000", False),
        ("http://127.0.0.1", False),
        ("https://news.internal", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_whether_an_address_is_public_as_far_as_it_tells(address, public):
    assert is_public_address(address, frozenset()) is public
