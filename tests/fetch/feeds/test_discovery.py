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
        '<LINK REL="ALTERNATE" TYPE="APPLICATION/RSS+XML" HREF="/wire">',
        '<link rel="alternate nofollow" type=" application/rss+xml " href=" /wire ">',
        '<link rel="alternative" type="application/rss+xml" href="/wire">',
        '<link rel="service.feed" type="application/atom+xml" href="/wire">',
        '<link rel="home" type="application/atom+xml" href="/wire">',
        '<link rel="self" type="application/rss+xml" href="/wire">',
        '<link type="application/rss+xml" href="/wire">',
        '<link rel="alternate" type="rss" href="/wire">',
        '<a href="/wire">RSS</a>',
        '<a href="/wire">RSS 2.0</a>',
        '<a href="/wire">Entries (RSS)</a>',
        '<a href="/wire"><b>RSS</b>-Feed abonnieren</a>',
        '<a href="/wire">Flux RSS</a>',
        '<a href="/wire" title="RSS"><img src="/icon"></a>',
        '<a href="/wire"><img src="/icon" alt="Atom feed"></a>',
        '<a href="feed://example.org/wire">Subscribe</a>',
        '<a href="feed:https://example.org/wire">Subscribe</a>',
        '<a href="rss://example.org/wire">Subscribe</a>',
        '<A HREF="FEEDS://EXAMPLE.ORG/wire">Subscribe</A>',
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
        '<a href="/said">RSS</a><a href="/rss.xml">RSS</a>'
        '<link rel="alternate" type="application/json" href="/vague">'
        '<link rel="alternate" type="application/rss+xml" href="/sure">'
        '<link rel="alternate" type="application/atom+xml" href="/rss.xml">'
    )
    assert discovered(head) == (
        "https://example.org/rss.xml",
        "https://example.org/sure",
        "https://example.org/vague",
        "https://example.org/said",
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
        '<a href="https://other.example/wire">RSS</a>',
        '<a href="feed://other.example/wire">Subscribe</a>',
        '<a href="/news/">RSS</a>',
        '<a href="/rss-is-what">Why RSS died</a>',
        '<a href="/2026/12/01/the-end">The end of RSS</a>',
        '<a href="/wire">Why nobody but us has ever liked RSS</a>',
        '<a href="/wire">Feeding time</a>',
        '<link rel="service.post" type="application/x.atom+xml" href="/wire">',
        '<a href="mailto:rss@example.org">RSS</a>',
        '<a href="javascript:subscribe()">RSS</a>',
    ],
)
def test_what_is_no_feed_is_not_discovered(head: str) -> None:
    assert discovered(head) == ()


@pytest.mark.parametrize(
    "path",
    ["/rss/all.xml", "/feeds/news/world.xml", "/news.rss", "/?feed=rss2", "/news?format=feed&amp;type=rss"],
)
def test_a_link_that_ends_as_a_feed_does_or_says_so_is_discovered(path: str) -> None:
    assert discovered(f'<a href="{path}">All (RSS)</a>') == (
        f"https://example.org{path.replace('&amp;', '&')}",
    )


@pytest.mark.parametrize(
    "link", ["", ",", "<", ">;;;", "<>; rel=feed, <", "<http://[>; rel=feed", ";" * 2_000, "<,<" * 600]
)
def test_broken_headers_name_nothing_else(link: str) -> None:
    assert set(discovered("", link)) <= {"https://example.org/news/"}
