"""Feeds are discovered however a page names them."""

import pytest

from articles.fetch import discover_feeds

HERE = "https://example.org/news/"


def discovered(head: str, *links: str) -> tuple[str, ...]:
    return discover_feeds(f"<!doctype html><html><head>{head}</head><body>".encode(), HERE, links)


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" type="text/xml" href="/wire">',
        '<link rel="alternate" type="application/xml; charset=utf-8" href="/wire">',
        '<link rel="alternate" type="application/x-rss+xml" href="/wire">',
        '<link rel="alternate" type="application/x.atom+xml" href="/wire">',
        '<link rel="alternate" type="text/rss+xml" href="/wire">',
        '<link rel="alternate" type="application/rss" href="/wire">',
        '<link rel="alternate" type="application/json" href="/wire">',
        '<link rel="Alternate Feed" type="application/json" href="/wire">',
        '<link rel="feed" href="/wire">',
        "<link rel=FEED type='application/atom+xml' href=/wire>",
        '<link rel="alternate" type="application/rss+xml" href="feed://example.org/wire">',
        '<a rel="feed" href="/wire">Wire</a>',
        '<a type="application/rss+xml" href="/wire">Wire</a>',
        '<link rel="alternate" type="application/rss+xml" href="\u200b/wire\n">',
    ],
)
def test_a_feed_is_discovered_in_the_page(head: str) -> None:
    assert [address.replace("http:", "https:") for address in discovered(head)] == [
        "https://example.org/wire"
    ]


@pytest.mark.parametrize(
    "link",
    [
        '</wire>; rel="alternate"; type="application/rss+xml"',
        "<../wire>;rel=alternate;type=application/atom+xml",
        '<https://example.org/wire>; REL="feed"',
        '</style.css>; rel=preload, </wire>; rel="alternate"; type="text/xml"; title="News, all"',
    ],
)
def test_a_feed_is_discovered_in_a_header(link: str) -> None:
    assert discovered("", link) == ("https://example.org/wire",)
    assert discover_feeds(b"", HERE, [link]) == ("https://example.org/wire",)


def test_the_surest_come_first() -> None:
    head = (
        '<a href="/rss.xml">RSS</a><link rel="alternate" type="application/json" href="/vague">'
        '<link rel="alternate" type="application/rss+xml" href="/sure">'
        '<link rel="alternate" type="application/atom+xml" href="/rss.xml">'
    )
    assert discovered(head) == (
        "https://example.org/rss.xml",
        "https://example.org/sure",
        "https://example.org/vague",
    )


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" type="application/json" href="https://example.org/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=x">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?url=x&format=xml">',
        '<link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="feed" type="text/html" href="/blog">',
        '<link rel="stylesheet" type="text/xml" href="/style">',
        '<link rel="alternate" type="application/xhtml+xml" href="/mobile">',
        '<a href="https://other.example/rss">Elsewhere</a>',
    ],
)
def test_what_is_no_feed_is_not_discovered(head: str) -> None:
    assert discovered(head) == ()


@pytest.mark.parametrize(
    "link", ["", ",", "<", ">;;;", "<>; rel=feed, <", "<http://[>; rel=feed", ";" * 2_000, "<,<" * 600]
)
def test_broken_headers_name_nothing_else(link: str) -> None:
    assert set(discovered("", link)) <= {"https://example.org/news/"}
