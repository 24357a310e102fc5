"""Whatever names articles is read into addresses, titles and dates."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import FeedEntry, FeedKind, FeedReading, discover_feeds, read_feed
from articles.fetch.feeds.dates import read_date
from articles.isolation import isolated
from tests.hostile import DOCUMENTS

HERE = "https://example.org/news/feed"
TEN = datetime(2024, 11, 20, 10, tzinfo=UTC)


def read(text: str, content_type: str = "") -> FeedReading:
    return read_feed(text.encode(), HERE, content_type)


def rss(*items: str, head: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
        f"<channel><title>The Paper</title><link>https://example.org/</link>{head}"
        + "".join(f"<item>{item}</item>" for item in items)
        + "</channel></rss>"
    )


def urls(reading: FeedReading) -> list[str]:
    return [entry.url for entry in reading.entries]


def test_rss_is_read() -> None:
    reading = read(
        rss(
            "<title>Council votes</title><link>https://example.org/1?utm_source=rss</link>"
            '<guid isPermaLink="false">one</guid><pubDate>Wed, 20 Nov 2024 10:00:00 GMT</pubDate>'
        )
    )
    assert reading == FeedReading(
        FeedKind.RSS,
        "The Paper",
        (FeedEntry("https://example.org/1", "Council votes", TEN, "one", True, True),),
        site="https://example.org/",
    )


def test_rdf_is_read() -> None:
    reading = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Paper</title></channel>'
        "<item><title>Council votes</title><link>https://example.org/1</link>"
        "<dc:date>2024-11-20T12:00:00+02:00</dc:date></item></rdf:RDF>"
    )
    assert (reading.kind, reading.title) == (FeedKind.RSS, "The Paper")
    assert reading.entries == (FeedEntry("https://example.org/1", "Council votes", TEN),)


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_rss_of_any_age_is_read(version: str) -> None:
    text = (
        f'<rss version="{version}"><channel><item><link>https://example.org/1</link></item></channel></rss>'
    )
    assert urls(read(text)) == ["https://example.org/1"]


def test_rss_090_is_read() -> None:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<item><title>A</title><link>https://example.org/1</link></item></rdf:RDF>"
    )
    assert urls(read(text)) == ["https://example.org/1"]


def test_atom_is_read() -> None:
    reading = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>The Paper</title>'
        "<entry><id>tag:example.org,2026:1</id>"
        '<title type="html">Council &lt;em&gt;votes&lt;/em&gt;</title><link rel="self" href="/self"/>'
        '<link type="application/json" href="/json"/><link type="text/html" href="/1"/>'
        "<updated>2024-11-21T10:00:00Z</updated><published>2024-11-20T10:00:00Z</published></entry></feed>"
    )
    entry = FeedEntry("https://example.org/1", "Council votes", TEN, "tag:example.org,2026:1", True, True)
    assert reading == FeedReading(FeedKind.ATOM, "The Paper", (entry,))


def test_json_feed_is_read() -> None:
    items = [
        {"id": "1", "url": "/1", "title": "Council votes", "date_published": "2024-11-20T10:00:00Z"},
        {"id": "https://example.org/2"},
        {"id": 3, "url": None, "external_url": "https://other.example/3", "title": ["?"]},
        "nonsense",
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": items}
    reading = read(json.dumps(document))
    assert (reading.kind, reading.title) == (FeedKind.JSON, "The Paper")
    assert reading.entries[0] == FeedEntry("https://example.org/1", "Council votes", TEN, "1", True, True)
    assert urls(reading)[1:] == ["https://example.org/2", "https://other.example/3"]


SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc> https://example.org/1 </loc><lastmod>2024-11-21</lastmod><news:news>
    <news:publication><news:name>The Paper</news:name></news:publication>
    <news:publication_date>2024-11-20T10:00:00Z</news:publication_date><news:title>Council votes</news:title>
  </news:news></url>
  <url><loc>https://example.org/2</loc><lastmod>2024-11-20T10:00:00Z</lastmod></url><url/>
</urlset>"""


def test_a_news_sitemap_is_read() -> None:
    reading = read(SITEMAP)
    assert reading.kind == FeedKind.SITEMAP
    assert reading.entries == (
        FeedEntry("https://example.org/1", "Council votes", TEN),
        FeedEntry("https://example.org/2", "", TEN),
    )


def test_a_gzipped_sitemap_is_read() -> None:
    assert read_feed(gzip.compress(SITEMAP.encode()), HERE) == read(SITEMAP)


def test_a_sitemap_index_names_sitemaps() -> None:
    reading = read("<sitemapindex><sitemap><loc>https://example.org/a.xml</loc></sitemap></sitemapindex>")
    assert (reading.kind, urls(reading)) == (FeedKind.SITEMAP_INDEX, ["https://example.org/a.xml"])


def test_a_section_page_names_the_links_to_its_own_site() -> None:
    reading = read(
        "<!doctype html><html><head><title>World</title><base href='/world/'></head><body>"
        "<a href='1'>Council <b>votes</b></a><a href='/2#top'>Two</a><a href='/2'>Two again</a>"
        "<a href='https://www.example.org/3'>Three</a><a href='https://other.example/4'>Four</a>"
        "<a href='mailto:desk@example.org'>Write</a><a href='#x'>Up</a><a>No link</a>"
        "<a href='/news/feed/'>Here</a>"
    )
    assert (reading.kind, reading.title) == (FeedKind.HTML, "World")
    assert reading.entries[0] == FeedEntry("https://example.org/world/1", "Council votes")
    assert urls(reading)[1:] == [
        "https://example.org/2",
        "https://www.example.org/3",
        "https://example.org/world/",
    ]


def test_relative_links_are_resolved_against_xml_base_or_the_site_or_the_feed() -> None:
    relative = rss("<link>1</link>")
    text = relative.replace("<item>", '<item xml:base="https://example.org/base/">')
    assert urls(read(text)) == ["https://example.org/base/1"]
    assert urls(read(text.replace("<channel>", '<channel xml:base="/other/">'))) == [
        "https://example.org/base/1"
    ]
    assert urls(read(text.replace("https://example.org/base/", "deep/"))) == [
        "https://example.org/news/deep/1"
    ]
    site = "<link>https://example.org/</link>"
    assert urls(read(relative.replace(site, "<link>https://other.example/a/</link>"))) == [
        "https://other.example/a/1"
    ]
    for no_site in ("", "<link/>", "<link>ftp://example.org/</link>", "<link>http://[</link>"):
        assert urls(read(relative.replace(site, no_site))) == ["https://example.org/news/1"]
    assert urls(read(relative.replace(site, "<link>/</link>"))) == ["https://example.org/1"]
    assert urls(read(rss("<link>/1</link>"))) == ["https://example.org/1"]
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://other.example/a/"/>'
        '<entry><link href="1"/></entry></feed>'
    )
    assert urls(read(atom)) == ["https://other.example/a/1"]
    document = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "1"}]}
    assert urls(read(json.dumps(document))) == ["https://example.org/news/1"]
    document["home_page_url"] = "https://other.example/a/"
    assert urls(read(json.dumps(document))) == ["https://other.example/a/1"]


@pytest.mark.parametrize(
    "item",
    [
        "<link>https://example.org/1</link>",
        "<link><![CDATA[ https://example.org/1 ]]></link>",
        "<guid>https://example.org/1</guid>",
        '<guid isPermaLink="true">https://example.org/1</guid><link></link>',
        '<atom:link rel="alternate" href="https://example.org/1"/>',
        '<atom:link rel="self" href="https://example.org/x"/><link>https://example.org/1</link>',
        "<link>https://track.example/x</link><feedburner:origLink>https://example.org/1</feedburner:origLink>",
        "<link>javascript:alert(1)</link><guid>https://example.org/1</guid>",
        "<title>x</title><description><p>one<br>two</description><link>https://example.org/1</link>",
    ],
)
def test_an_items_address_is_found_wherever_it_stands(item: str) -> None:
    assert urls(read(rss(item))) == ["https://example.org/1"]


def test_each_address_is_named_once() -> None:
    reading = read(
        rss(
            "<link>https://example.org/1</link><title>First</title>",
            "<link>http://example.org/1/?utm_source=x</link><title>Again</title>",
            "<link>https://example.org/2</link>",
        )
    )
    assert [(entry.url, entry.title) for entry in reading.entries] == [
        ("https://example.org/1", "First"),
        ("https://example.org/2", ""),
    ]


def test_entries_without_a_usable_address_are_left_out() -> None:
    reading = read(rss("<link>file:///etc/passwd</link>", "<link>http://a@b/</link>", "<title>Only</title>"))
    assert (reading.kind, reading.entries, reading.problem) == (FeedKind.RSS, (), "")
    assert reading.remarks == ("no entry has an address that can be fetched",)


def test_an_empty_feed_is_no_problem() -> None:
    assert read(rss()) == FeedReading(FeedKind.RSS, "The Paper", site="https://example.org/")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Council &amp; mayor", "Council & mayor"),
        ("Council &amp;amp; mayor", "Council & mayor"),
        ("<![CDATA[Council &amp; <b>mayor</b>]]>", "Council & mayor"),
        ("Mayor&amp;#8217;s &lt;i&gt;day&lt;/i&gt;", "Mayor’s day"),
        ("  two\n lines\t", "two lines"),
        ("a &lt; b", "a < b"),
        ("cafe\u0301", "café"),
        ("x" * 600, "x" * 500),
        ("stop\u0085bell\u0007", "stop bell"),
        ("AT&T &rsquo;s &unknown; &#0;&#x110000;", "AT&T ’s &unknown; \ufffd\ufffd"),
    ],
)
def test_titles_are_one_plain_line(written: str, title: str) -> None:
    reading = read(rss(f"<title>{written}</title><link>/1?a=1&amp;b=2</link>"))
    assert reading.entries == (FeedEntry("https://example.org/1?a=1&b=2", title),)


@pytest.mark.parametrize(
    ("text", "content_type"),
    [
        (rss("<title>é</title><link>/1</link>").encode(), ""),
        (b"\xef\xbb\xbf" + rss("<title>é</title><link>/1</link>").encode(), ""),
        (b"\n \n" + rss("<title>é</title><link>/1</link>").encode(), ""),
        (rss("<title>é</title><link>/1</link>").replace("utf-8", "iso-8859-1").encode("latin-1"), ""),
        (rss("<title>é</title><link>/1</link>").encode("latin-1"), "text/xml; charset=ISO-8859-1"),
        (rss("<title>é</title><link>/1</link>").encode("latin-1"), ""),
        (rss("<title>é</title><link>/1</link>").encode("utf-16"), ""),
        (rss("<title>é</title><link>/1</link>").encode("utf-16"), "text/xml; charset=utf-8"),
        (rss("<title>é</title><link>/1</link>").encode(), "text/xml; charset=zlib"),
        (
            rss("<title>é</title><link>/1</link>").replace("utf-8", "utf-7").encode(),
            "text/xml; charset=utf-7",
        ),
        (rss("<title>é</title><link>/1</link>").encode(), "text/xml; charset=hex"),
        (rss("<title>é</title><link>/1</link>").encode(), "text/xml; charset=iso-8859-1"),
        (rss("<title>é</title><link>/1</link>").replace("utf-8", "windows-1252").encode(), ""),
        (
            rss("<title>é</title><link>/1</link>").replace("utf-8", "iso-8859-1").encode(),
            "text/xml; charset=utf-8",
        ),
        (
            rss("<title>é</title><link>/1</link>").replace("utf-8", "windows-1252").encode("cp1252"),
            "text/xml; charset=utf-8",
        ),
        (rss("<title>é</title><link>/1</link>").encode(), "text/xml; charset=utf-16"),
        (rss("<title>é\0\x08</title><link>/1</link>").encode(), ""),
    ],
)
def test_the_encoding_is_found_without_believing_every_label(text: bytes, content_type: str) -> None:
    assert read_feed(text, HERE, content_type).entries == (FeedEntry("https://example.org/1", "é"),)


def test_an_encoding_of_two_bytes_a_letter_is_believed() -> None:
    title = "港の橋を二か月間通行止めに"
    for label in ("shift_jis", "euc-jp", "iso-2022-jp"):
        body = rss(f"<title>{title}</title><link>/1</link>").replace("utf-8", label).encode(label)
        assert read_feed(body, HERE).entries == (FeedEntry("https://example.org/1", title),)


ITEM = "<item><title>A</title><link>https://example.org/1</link></item>"


@pytest.mark.parametrize(
    "text",
    [
        f"<br />\n<b>Warning</b>: undefined index<br />\n<rss version='2.0'><channel>{ITEM}</channel></rss>",
        f"<rss version=2.0><channel>{ITEM}</channel></rss>",
        f"<channel>{ITEM}</channel>",
        f"<rss><channel>{ITEM}<item><title>cut o",
        f"<rss><channel>{ITEM}<item><link>https://example.org/12",
        f"<rss><channel>{ITEM}<item><link>\n<![CDATA[https://example.org/12",
        f"<rss><channel>{ITEM}<item><guid isPermaLink='true'>https://example.org/12",
        f"<rss><channel><title>&nbsp;</title>{ITEM}</channel></rss>",
        f"<rss><channel><x:y/>{ITEM}</channel></rss>",
    ],
)
def test_broken_feeds_are_read_as_far_as_possible_and_say_so(text: str) -> None:
    reading = read(text)
    assert reading.entries == (FeedEntry("https://example.org/1", "A"),)
    assert reading.kind == FeedKind.RSS
    assert reading.remarks


def test_a_bare_ampersand_in_a_link_keeps_what_follows() -> None:
    assert urls(read(rss("<link>https://example.org/?a=1&b=2&copy=3</link>"))) == [
        "https://example.org/?a=1&b=2&copy=3"
    ]


def test_a_reference_that_is_escaped_twice_is_read_as_it_was_meant() -> None:
    assert urls(read(rss("<link>https://example.org/?a=1&amp;amp;b=2</link>"))) == [
        "https://example.org/?a=1&b=2"
    ]


def test_the_address_behind_a_counter_is_found_without_its_namespace() -> None:
    item = "<item><link>https://track.example/x</link><feedburner:origLink>https://example.org/1</feedburner:origLink>"
    assert urls(read(f"<rss><channel>{item}</item></channel></rss>")) == ["https://example.org/1"]


def test_an_rdf_items_name_is_its_address_where_it_has_no_link() -> None:
    reading = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="https://example.org/1"><title>Council votes</title></item></rdf:RDF>'
    )
    assert urls(reading) == ["https://example.org/1"]


def test_a_sitemap_of_plain_lines_is_read() -> None:
    reading = read("https://example.org/1\r\n\r\n  https://example.org/2\n")
    assert (reading.kind, urls(reading)) == (
        FeedKind.SITEMAP,
        ["https://example.org/1", "https://example.org/2"],
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("https://example.org/1\nhello", "no feed, sitemap or page"),
        (" \n", "empty"),
        ("hello", "no feed, sitemap or page"),
        ("hello <b>", "broken"),
        ("<opml/>", "no feed"),
        ("{}", "not a JSON Feed"),
        ("[1, 2", "JSON is broken"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": ' + "9" * 5000 + "}", "JSON is broken"),
    ],
)
def test_what_is_no_feed_is_explained(text: str, words: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.entries) == (FeedKind.UNKNOWN, ())
    assert words in reading.problem


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"x" * 100)[:-5], gzip.compress(bytes(9 << 20)), b"\x1f\x8b!"],
    ids=["cut off", "bomb", "no gzip"],
)
def test_a_gzip_file_that_is_broken_or_a_bomb_is_a_problem(body: bytes) -> None:
    assert read_feed(body, HERE).problem


PIECES = [
    *(
        "<rss>",
        "<channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        '<link href="',
        '">',
    ),
    *('<feed xmlns="http://www.w3.org/2005/Atom">', "<entry>", "<rdf:RDF>", "<sitemapindex>", "<sitemap>"),
    *("<urlset>", "<url>", "<loc>", "<!doctype html>", "<a href=", '<base href="', ' xml:base="', "http://["),
    *(
        "http://example.org/1",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE x [",
        '<!ENTITY a "b">',
        "&a;",
        "&#0;",
    ),
    *(
        "&",
        "<",
        ">",
        ":",
        "<x:y ",
        '<?xml version="1.0" encoding="utf-16"?>',
        "\x00",
        "é",
        '"',
        "Wed, 20 Nov 2024",
    ),
    *('{"version":"jsonfeed.org","items":', "[", "]", '{"url":', "}", "1e999", "null", "<pubDate>", "<guid>"),
]
documents = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25).map("".join)


@given(st.binary(max_size=300) | documents.map(str.encode))
def test_no_document_raises(body: bytes) -> None:
    read_feed(body, HERE)
    discover_feeds(body, HERE)


def test_entities_of_the_documents_own_are_not_expanded() -> None:
    text = (
        '<!DOCTYPE rss [<!ENTITY own "expanded"><!ENTITY file SYSTEM "file:///etc/hostname">]>'
        "<rss><channel><title>&own;&file;</title><item><link>https://example.org/1</link></item></channel></rss>"
    )
    reading = read(text)
    assert (reading.title, urls(reading)) == ("&own;&file;", ["https://example.org/1"])


def test_a_billion_laughs_cost_nothing() -> None:
    reading = isolated(read_feed, DOCUMENTS["billion-laughs"](), HERE)
    assert urls(reading) == ["http://example.org/1"]
    assert reading.entries[0].title == "&l11;"


def test_of_very_many_entries_the_latest_are_read() -> None:
    reading = isolated(read_feed, DOCUMENTS["many-items"](), HERE)
    assert len(reading.entries) == 5_000
    assert reading.remarks == ("50,000 entries: only the 5,000 latest are read",)


def test_a_document_nested_too_deep_says_so() -> None:
    reading = isolated(read_feed, b"<rss><channel>" + b"<item>" * 5_000, HERE)
    assert "Excessive depth" in reading.remarks[0]


def test_feeds_of_a_page_are_discovered() -> None:
    page = b"""<!doctype html><head>
        <link rel="alternate" type="application/rss+xml" href="/feed?utm_source=x">
        <link rel="ALTERNATE home" type="Application/Atom+XML; charset=utf-8" href="atom.xml">
        <link rel="alternate" type="application/feed+json" href="https://other.example/feed.json">
        <link rel="alternate" type="application/rss+xml" href="/feed?utm_source=x">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
        <link rel="alternate" type="text/html" href="/mobile"><link rel="stylesheet" href="/style.css">"""
    assert discover_feeds(page, HERE) == (
        "https://example.org/feed?utm_source=x",
        "https://example.org/news/atom.xml",
        "https://other.example/feed.json",
    )
    assert discover_feeds(b"", HERE) == ()


def test_links_that_end_as_feeds_do_are_discovered_after_those_that_are_declared() -> None:
    page = b"""<!doctype html><body><a href="/rss.xml">RSS</a> <a href="/world/feed/">World</a>
        <a href="/news/story-about-rss">A story</a> <a href="https://other.example/rss">Elsewhere</a>
        <link rel="alternate" type="application/atom+xml" href="/all.atom">
        <a href="/all.atom">All</a> <a href="/feeds/">Feeds</a> <a>none</a>"""
    assert discover_feeds(page, HERE) == (
        "https://example.org/all.atom",
        "https://example.org/rss.xml",
        "https://example.org/world/feed/",
        "https://example.org/feeds/",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 20 Nov 2024 10:00:00 GMT",
        "Wed, 20 Nov 2024 10:00:00 +0000",
        "20 Nov 2024 05:00 EST",
        "Wed, 20 Nov 2024 05:00:00 EST",
        "Wed, 20 Nov 2024 11:00:00 CET",
        "Wed, 20 Nov 2024 10:00:00 -0000",
        "Wed, 20 Nov 2024 10:00:00 XYZ",
        "2024-11-20 10:00 -00:00",
        "2024-11-20T10:00:00Z",
        "2024-11-20T11:00:00.000+01:00",
        "2024-11-20 10:00:00",
        "Wed, 20 Nov 2024 11:00:00 GMT+0100",
        "Wed, 20 Nov 2024 11:00:00 GMT+01:00",
        "Wed, 20 Nov 2024 11:00:00 UTC+1",
        "Wed, 20 Nov 2024 05:00:00 GMT -0500",
        "Wed Nov 20 2024 11:00:00 GMT+0100 (Central European Standard Time)",
        "2024-11-20 15:30 gmt+5:30",
        "2024-11-20T11:00:00 UTC+01",
        "Wed, 20 Nov 2024 11:00:00 +0100 (CET)",
        "20241120T100000Z",
        " 20 November 2024 10:00 UTC ",
    ],
)
def test_dates_are_read_as_utc(text: str) -> None:
    assert read_date(text) == TEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "10:00",
        "20 November",
        "1989-12-31",
        "2999-01-01",
        "0000-00-00",
        "0001-01-01T00:00:00+23:59",
        "9" * 60,
        "2024-11-20T10:00:00Z" + " " * 100 + "x",
        "Wed, 20 Nov 2024 10:00:00 +99999999999999999999",
    ],
)
def test_what_is_no_date_between_1990_and_tomorrow_is_dropped(text: str) -> None:
    assert read_date(text) is None


@given(st.text("0123456789:-+ TZ,.JanFriGMT/eE", max_size=64))
def test_no_date_raises(text: str) -> None:
    read_date(text)


@pytest.mark.parametrize(
    "body",
    [
        b" " * 5_000_000,
        b" " * 5_000_000 + b"<?xml version='1.0'?><rss>",
        b"<rss><channel><title>" + b"&" * 5_000_000,
        b"<rss><channel><item><link>" + b" " * 4_000_000 + b"<",
        b"http://a b\n" * 500_000,
        b"<rss><channel><item>" + b"<link href='http://['/>" * 400_000,
        b"<rss><channel>" + b"<item><link>http://[</link><guid>&amp;a;&amp;b;</guid></item>" * 100_000,
        b"<urlset><url><loc>http://[</loc></url>" + b"<url/>" * 1_000_000,
        b"<sitemapindex>" * 1_000_000,
        b"<rss><channel><title>" + b"<![CDATA[" * 500_000,
        b"<rss><channel><item><title>" + b"&lt;a" * 1_000_000 + b"</title></item></channel></rss>",
        b"<" * 5_000_000,
        b"<!--" * 1_000_000,
        b"<?" * 2_000_000,
    ],
    ids=lambda body: f"{body[:30].strip()!r}",
)
def test_floods_are_read_within_the_usual_limits(body: bytes) -> None:
    assert isolated(read_feed, body, HERE).entries == ()


def test_a_long_address_that_was_cut_off_takes_little_memory() -> None:
    body = b"<rss><channel><item><link>" + b"x" * 4_000_000
    assert isolated(read_feed, body, HERE, memory=256 << 20).entries == ()
