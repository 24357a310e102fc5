"""Which of an entry's links is taken for its address, and what is said of those that have none."""

import json
from datetime import UTC, datetime

import pytest

from articles.fetch import FeedReading, LeftOut, WhyLeftOut, read_feed

HERE = "https://example.org/news/feed"


def read(text: str, url: str = HERE) -> FeedReading:
    return read_feed(text.encode(), url)


def rss(*items: str, site: str = "https://example.org/") -> str:
    return (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel>'
        f"<link>{site}</link>" + "".join(f"<item>{item}</item>" for item in items) + "</channel></rss>"
    )


def atom(*entries: str) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        + "".join(f"<entry>{entry}</entry>" for entry in entries)
        + "</feed>"
    )


def urls(reading: FeedReading) -> list[str]:
    return [entry.url for entry in reading.entries]


@pytest.mark.parametrize(
    "item",
    [
        '<guid isPermaLink="false">https://example.org/?p=1</guid>',
        '<guid isPermaLink="FALSE"> https://example.org/?p=1 </guid><link/>',
        '<guid isPermaLink="false">https://example.org/?p=1</guid><link>https://example.org/</link>',
        '<link href="https://example.org/?p=1"/><guid isPermaLink="false">77</guid>',
        '<link rdf:resource="https://example.org/?p=1"/>',
        "<link/>https://example.org/?p=1",
        "<link></link>\n https://example.org/?p=1 \n<title>x</title>",
        '<atom:link rel="self" href="https://example.org/?p=1"/>',
        '<atom:link rel="bookmark" href="https://example.org/?p=1"/>',
        "<link>\u200bhttps://example.org/\n    ?p=1\ufeff</link>",
        "<link>https://example.org/?p=1&amp;#038;utm_source=rss</link>",
        "<link>http://https://example.org/?p=1</link>",
        "<link>www.example.org/?p=1</link><guid>https://example.org/?p=1</guid>",
        "<link>https://localhost/a</link><guid>https://example.org/?p=1</guid>",
        "<LINK>https://example.org/?p=1</LINK>",
        "<Link HREF='https://example.org/?p=1'/>",
        "<GUID ISPERMALINK='false'>https://example.org/?p=1</GUID>",
        '<atom:Link Rel="alternate" Href="https://example.org/?p=1"/>',
        "<link>example.org/?p=1</link>",
        "<link>Example.org/?p=1</link>",
        "<link>&lt;https://example.org/?p=1&gt;</link>",
        '<link>"https://example.org/?p=1"</link>',
        "<link>https%3A%2F%2Fexample.org%2F%3Fp%3D1</link>",
        "<link>feed:https:///example.org/?p=1</link>",
    ],
)
def test_an_rss_item_has_its_address_wherever_it_stands(item: str) -> None:
    assert [url.replace("www.", "") for url in urls(read(rss(item)))] == ["https://example.org/?p=1"]


@pytest.mark.parametrize(
    "entry",
    [
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/1"/>',
        '<link rel="https://www.iana.org/assignments/link-relations/alternate" href="/1"/>',
        '<link rel=" Alternate " href="/1"/>',
        '<link rel="" href="/1"/>',
        '<link rel="self" href="/1"/>',
        '<link rel="self" type="application/atom+xml" href="/1.atom"/><id>https://example.org/1</id>',
        '<link rel="alternate nofollow" href="/1"/>',
        '<link rel="permalink" href="/1"/>',
        "<LINK HREF='/1'/>",
        "<link>/1</link>",
        '<content src="/1" type="text/html"/>',
        '<link rel="replies" href="/1/comments"/><link rel="enclosure" href="/1.mp3"/><id>https://example.org/1</id>',
        '<link rel="edit" href="/edit/1"/><link rel="self" href="/self/1"/><link rel="ALTERNATE" href="/1"/>',
    ],
)
def test_an_atom_entry_has_its_address_wherever_it_stands(entry: str) -> None:
    assert urls(read(atom(entry))) == ["https://example.org/1"]


@pytest.mark.parametrize(
    "text",
    [
        "<RSS VERSION='2.0'><CHANNEL><TITLE>The Post</TITLE><ITEM><TITLE>A story</TITLE><LINK>/1</LINK>"
        "<GUID>id-1</GUID><PUBDATE>Tue, 01 Dec 2020 10:00:00 GMT</PUBDATE></ITEM></CHANNEL></RSS>",
        "<FEED XMLNS='http://www.w3.org/2005/Atom'><TITLE>The Post</TITLE><ENTRY><TITLE>A story</TITLE>"
        "<LINK HREF='/1'/><ID>id-1</ID><UPDATED>2020-12-01T10:00:00Z</UPDATED></ENTRY></FEED>",
        "<FEED xmlns='http://www.w3.org/2005/Atom'><Title>The Post</Title><Entry><Title>A story</Title>"
        "<Link Href='/1'/><Id>id-1</Id><Published>2020-12-01T10:00:00Z</Published></Entry></FEED>",
    ],
)
def test_a_feed_in_capitals_is_read_as_any_other(text: str) -> None:
    reading = read(text)
    [entry] = reading.entries
    assert (reading.title, entry.title, entry.guid) == ("The Post", "A story", "id-1")
    assert entry.url == "https://example.org/1"
    assert entry.published == datetime(2020, 12, 1, 10, tzinfo=UTC)


def test_atom_is_read_in_whatever_namespace() -> None:
    for space in ("", ' xmlns="http://www.w3.org/2005/atom"', ' xmlns="https://www.w3.org/2005/Atom"'):
        assert urls(read(f'<feed{space}><entry><link href="/1"/></entry></feed>')) == [
            "https://example.org/1"
        ]


def test_a_link_that_all_items_have_is_the_address_of_none() -> None:
    for link in ("https://example.org/", "https://example.org/all-news-of-today"):
        items = [f"<link>{link}</link><guid>https://example.org/story/{number}</guid>" for number in range(3)]
        assert urls(read(rss(*items))) == [f"https://example.org/story/{number}" for number in range(3)]
        assert urls(read(rss(*items[:2]))) == [f"https://example.org/story/{number}" for number in range(2)]
    objects = [
        {"url": "https://example.org/all", "id": f"https://example.org/{number}"} for number in range(3)
    ]
    document = {"version": "https://jsonfeed.org/version/1", "items": objects}
    assert urls(read(json.dumps(document))) == [f"https://example.org/{number}" for number in range(3)]


def test_a_link_that_all_items_have_is_taken_where_they_have_no_other() -> None:
    items = [
        f'<link>https://example.org/live</link><guid isPermaLink="false">{number}</guid>' for number in "abc"
    ]
    assert urls(read(rss(*items))) == ["https://example.org/live"]


def test_two_of_many_items_may_have_one_link() -> None:
    items = [
        f"<link>https://example.org/{page}</link><guid>https://example.org/?p={number}</guid>"
        for number, page in enumerate("aabc")
    ]
    assert urls(read(rss(*items))) == [f"https://example.org/{page}" for page in "abc"]


@pytest.mark.parametrize(
    "home",
    ["https://example.org/", "http://www.example.org", "https://example.org/news/", HERE, "/?utm_source=rss"],
)
def test_a_home_page_is_no_article(home: str) -> None:
    reading = read(rss(f"<title>Home</title><link>{home}</link>", site="https://example.org/news"))
    assert urls(reading) == []
    assert reading.left_out == (LeftOut(WhyLeftOut.HOME_PAGE, 1, ("Home",)),)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("", WhyLeftOut.NO_LINK),
        ("http://i\u2764.invalid/a", WhyLeftOut.NO_ADDRESS),
        ("http://[", WhyLeftOut.NO_ADDRESS),
        ("<![CDATA[<a href='https://example.org/a'>A</a>]]>", WhyLeftOut.NO_ADDRESS),
        ("https://example.org/" + "a" * 3_000, WhyLeftOut.NO_ADDRESS),
        ("mailto:desk@example.org", WhyLeftOut.NOT_WEB),
        ("javascript:alert(1)", WhyLeftOut.NOT_WEB),
        ("file:///etc/passwd", WhyLeftOut.NOT_WEB),
        ("http://user:secret@example.org/a", WhyLeftOut.NOT_WEB),
        ("http://127.0.0.1/a", WhyLeftOut.NOT_PUBLIC),
        ("http://2130706433/a", WhyLeftOut.NOT_PUBLIC),
        ("http://0x7f.1/a", WhyLeftOut.NOT_PUBLIC),
        ("http://%31%32%37.0.0.1/a", WhyLeftOut.NOT_PUBLIC),
        ("http://[::1]/a", WhyLeftOut.NOT_PUBLIC),
        ("http://[::ffff:10.0.0.1]/a", WhyLeftOut.NOT_PUBLIC),
        ("http://169.254.169.254/latest/meta-data/", WhyLeftOut.NOT_PUBLIC),
        ("http://10.1.2.3/a", WhyLeftOut.NOT_PUBLIC),
        ("http://localhost/a", WhyLeftOut.NOT_PUBLIC),
        ("http://cms/a", WhyLeftOut.NOT_PUBLIC),
        ("http://wiki.corp/a", WhyLeftOut.NOT_PUBLIC),
        ("http://nas.home.arpa/a", WhyLeftOut.NOT_PUBLIC),
        ("http://metadata.google.internal/a", WhyLeftOut.NOT_PUBLIC),
        ("https://example.org:8443/a", WhyLeftOut.NOT_PUBLIC),
        ("http://www.google.com/url?q=http://127.0.0.1/a", WhyLeftOut.NOT_PUBLIC),
    ],
)
def test_an_entry_without_a_usable_link_is_counted_by_reason(link: str, why: WhyLeftOut) -> None:
    reading = read(rss(f"<title>Odd</title><link>{link}</link>", "<link>/story</link>"))
    assert urls(reading) == ["https://example.org/story"]
    assert reading.left_out == (LeftOut(why, 1, ("Odd",)),)
    assert (reading.named, reading.without_usable_link) == (2, 1)


def test_counts_come_with_the_first_few_examples() -> None:
    items = [f"<title>No {number}</title>" for number in range(5)] + ["<link>http://[</link>"] * 2
    assert read(rss(*items, "<link>/a</link>")).left_out == (
        LeftOut(WhyLeftOut.NO_LINK, 5, ("No 0", "No 1", "No 2")),
        LeftOut(WhyLeftOut.NO_ADDRESS, 2, ("http://[", "http://[")),
    )


def test_addresses_of_ones_own_host_and_of_open_endpoints_are_taken() -> None:
    text = rss("<link>http://127.0.0.1:8001/a</link>", "<link>http://127.0.0.1:8002/b</link>")
    own = read_feed(text.encode(), "http://127.0.0.1:8001/feed")
    assert urls(own) == ["http://127.0.0.1:8001/a"]
    both = read_feed(text.encode(), "http://127.0.0.1:8001/feed", "", frozenset({("127.0.0.1", 8002)}))
    assert urls(both) == ["http://127.0.0.1:8001/a", "http://127.0.0.1:8002/b"]


@pytest.mark.parametrize("link", ["&site;/a", "https://example.org/&section;/a", "&site;"])
def test_an_entity_that_nobody_expands_becomes_no_part_of_an_address(link: str) -> None:
    text = '<!DOCTYPE rss [<!ENTITY site "https://example.org"><!ENTITY section "world">]>' + rss(
        f"<title>A</title><link>{link}</link>"
    )
    reading = read(text)
    assert urls(reading) == []
    assert reading.left_out == (LeftOut(WhyLeftOut.NO_ADDRESS, 1, ("A",)),)


def test_a_section_page_takes_its_sub_domains_and_counts_the_rest() -> None:
    reading = read(
        "<!doctype html><a href='https://sport.example.org/a'>Sport</a><a href='https://other.example/b'>Ad</a>"
        "<a href='https://other.example/b'></a><a href='mailto:a@b.example'>Write</a><a href='/c'>C</a>",
        "https://www.example.org/",
    )
    assert urls(reading) == ["https://sport.example.org/a", "https://www.example.org/c"]
    assert reading.left_out == (LeftOut(WhyLeftOut.OTHER_SITE, 1, ("https://other.example/b",)),)
