"""Sitemaps, however big, and whatever else than articles they list."""

import gzip

import pytest

from articles.fetch import FeedKind, FeedReading, Limit, WhyLeftOut, read_feed
from articles.fetch.feeds.article_links import date_in_address, is_listing
from articles.isolation import isolated

HERE = "https://example.org/sitemap.xml"


def sitemap(*entries: str, root: str = "urlset") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(entries)
        + f"</{root}>"
    ).encode()


def url(path: str, lastmod: str = "") -> str:
    return f"<url><loc>https://example.org{path}</loc>{lastmod and f'<lastmod>{lastmod}</lastmod>'}</url>"


def paths(reading: FeedReading) -> list[str]:
    return [entry.url.removeprefix("https://example.org") for entry in reading.entries]


@pytest.mark.parametrize(
    "listing",
    [
        "/tag/harbour/",
        "/category/world",
        "/author/jo-doe",
        "/2026/11/",
        "/2026/11/22",
        "/rubriques/monde",
        "/about",
    ],
)
def test_of_a_sitemap_of_all_sorts_of_pages_only_articles_are_taken(listing: str) -> None:
    story = "/world/council-votes-on-the-bridge"
    reading = read_feed(sitemap(url("/"), url(listing), url("/world/"), url(story)), HERE)
    assert paths(reading) == [story]
    (left,) = reading.left_out
    assert (left.why, left.count) == (WhyLeftOut.NO_ARTICLE, 3)
    assert reading.named == 4


def test_a_page_under_which_others_stand_is_a_section() -> None:
    stories = ["/sport/team-wins-the-cup-again", "/sport/2026/11/29/cup", "/sport/cup-final/"]
    reading = read_feed(sitemap(url("/sport/"), *map(url, stories), url("/sport/football")), HERE)
    assert paths(reading) == stories
    assert reading.left_out[0].examples == (
        "https://example.org/sport/",
        "https://example.org/sport/football",
    )


def test_a_story_whose_pages_stand_under_it_is_no_section() -> None:
    pages = [
        "/council-votes-to-close-bridge",
        *(f"/council-votes-to-close-bridge/{number}" for number in (2, 3)),
    ]
    assert paths(read_feed(sitemap(*map(url, pages)), HERE)) == pages


def test_a_short_address_is_believed_in_a_folder_of_articles() -> None:
    stories = ["/news/council-votes-to-close-bridge", "/news/mill-fire", "/news/harbour-plan/"]
    others = ["/tag/mill-fire", "/mill-fire", "/news/", "/news/local", "/our-team"]
    assert paths(read_feed(sitemap(*map(url, [*stories, *others])), HERE)) == stories


def test_where_nothing_looks_like_an_article_only_listings_are_left_out() -> None:
    reading = read_feed(sitemap(url("/tag/a"), url("/bridge"), url("/mill")), HERE)
    assert paths(reading) == ["/bridge", "/mill"]


def test_all_of_a_sitemap_of_articles_alone_is_taken_however_their_addresses_look() -> None:
    assert paths(read_feed(sitemap(url("/bridge"), url("/news/mill")), HERE)) == ["/bridge", "/news/mill"]


def test_the_home_page_is_no_article() -> None:
    reading = read_feed(sitemap(url("/"), url("/bridge")), HERE)
    assert (paths(reading), reading.left_out[0].why) == (["/bridge"], WhyLeftOut.HOME_PAGE)


def test_an_index_names_sitemaps_whatever_they_are_called() -> None:
    index = sitemap(
        "<sitemap><loc>https://example.org/tag/sitemap.xml</loc></sitemap>",
        "<sitemap><loc>http://www.example.org/post-1.xml</loc></sitemap>",
        root="sitemapindex",
    )
    reading = read_feed(index, HERE)
    assert reading.kind is FeedKind.SITEMAP_INDEX
    assert len(reading.entries) == 2


BIG = sitemap(
    *(
        url(
            f"/2026/11/{number:05d}-a-story-with-a-rather-long-slug-as-news-sites-like-them" + "-x" * 400,
            "2026-11-01",
        )
        for number in range(25_000)
    ),
    *(
        url(f"/2026/11/{number:05d}-a-new-story", f"2026-11-29T10:{number % 60:02}:00Z")
        for number in range(5_000)
    ),
    *(url(f"/2026/10/{number:05d}-old", "2026-10-01") for number in range(20_000)),
)


@pytest.mark.parametrize("packed", [False, True])
def test_of_fifty_thousand_addresses_the_newest_are_read_in_bounded_memory_and_time(packed: bool) -> None:
    assert 20 << 20 < len(BIG) < 50 << 20
    body = gzip.compress(BIG, 1) if packed else BIG
    reading: FeedReading = isolated(read_feed, body, HERE, memory=320 << 20, wall=60)
    assert len(reading.entries) == 5_000
    assert all(entry.url.endswith("-a-new-story") for entry in reading.entries)
    assert [(left.why, left.count) for left in reading.left_out] == [(WhyLeftOut.TOO_MANY, 45_000)]


def test_without_dates_the_days_in_addresses_say_which_are_the_newest() -> None:
    old = [url(f"/2025/01/02/a-{number}") for number in range(5_000)]
    reading = read_feed(sitemap(*old, url("/2026/11/29/new")), HERE)
    assert "/2026/11/29/new" in paths(reading)
    assert len(reading.entries) == 5_000


def test_a_big_list_of_plain_lines_is_read() -> None:
    line = b"https://example.org/" + b"a" * 400
    body = b"\n".join(line + b"%d" % number for number in range(45_000))
    assert len(body) > 17 << 20
    reading = read_feed(body, HERE)
    assert (reading.kind, len(reading.entries)) == (FeedKind.SITEMAP, 5_000)


def test_a_sitemap_cut_off_is_read_as_far_as_it_goes() -> None:
    whole = sitemap(url("/bridge"), url("/mill"), url("/harbour"))
    reading = read_feed(whole[: whole.index(b"/harbour") + 4], HERE)
    assert paths(reading) == ["/bridge", "/mill"]
    assert "broken" in reading.remarks[0]


@pytest.mark.parametrize("prefix", ["", "s:"])
def test_a_sitemap_is_known_by_its_root_behind_any_comment_and_prefix(prefix: str) -> None:
    text = (
        f"<!-- {'x' * 5_000} --><{prefix}urlset {'xmlns:s' if prefix else 'xmlns'}='http://www.sitemaps.org/schemas"
        f"/sitemap/0.9'><{prefix}url><{prefix}loc>https://example.org/a</{prefix}loc></{prefix}url></{prefix}urlset>"
    )
    assert paths(read_feed(text.encode(), HERE)) == ["/a"]


def test_what_is_too_big_says_which_limit_it_was() -> None:
    assert read_feed(b"<rss>" + b" " * (17 << 20), HERE).limit is Limit.DOCUMENT_SIZE
    assert read_feed(gzip.compress(bytes(51 << 20), 1), HERE).limit is Limit.DECODED_SIZE
    assert read_feed(b"<rss/>", HERE).limit is Limit.NONE


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://example.org/2026/11/29/a", "2026-11-29"),
        ("https://example.org/world/2026-11-29/a", "2026-11-29"),
        ("https://example.org/20261129/a.html", "2026-11-29"),
        ("https://example.org/2026/02/31/a", None),
        ("https://example.org/2026/11/a", None),
        ("https://example.org/2026112912345", None),
    ],
)
def test_the_day_that_an_address_names(address: str, day: str | None) -> None:
    found = date_in_address(address)
    assert (found and f"{found:%Y-%m-%d}") == day


@pytest.mark.parametrize("address", ["", "x", "http://[", "https://example.org", "https://example.org/%zz"])
def test_odd_addresses_are_no_listings(address: str) -> None:
    assert not is_listing(address)
