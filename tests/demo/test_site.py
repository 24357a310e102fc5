"""What visitors get: pages, feeds, statuses, and the log of who came."""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPMessage
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
import trafilatura
from lxml import html

from demo import EditKind, Newsroom

STATIC = ("tide-tables", "town-clock")


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes


def get(address: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    parts = urlsplit(address)
    assert parts.hostname
    connection = HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(
            method, parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers or {}
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def page(room: Newsroom, slug: str) -> html.HtmlElement:
    return html.document_fromstring(get(room.story_url(slug)).body.decode())


def paragraphs(tree: html.HtmlElement) -> tuple[str, ...]:
    return tuple(element.text_content() for element in tree.xpath('//div[@class="article-body"]/p'))


def test_every_story_is_served_as_its_state_says(room: Newsroom) -> None:
    for slug in room.stories:
        tree = page(room, slug)
        assert paragraphs(tree) == room.state(slug).paragraphs
        assert tree.xpath("string(//h1)") == room.state(slug).headline


def test_every_page_differs_at_every_visit_and_the_story_does_not(room: Newsroom) -> None:
    for slug in set(room.stories) - set(STATIC):
        first, second = (get(room.story_url(slug)).body for _ in range(2))
        assert first != second
        assert paragraphs(html.document_fromstring(first.decode())) == paragraphs(
            html.document_fromstring(second.decode())
        )


def test_boxes_stand_inside_the_text_and_at_other_places_each_time(room: Newsroom) -> None:
    layouts = {
        tuple(
            child.get("class") for child in page(room, "trawler-fire").xpath('//div[@class="article-body"]/*')
        )
        for _ in range(5)
    }
    assert all(len(set(layout)) > 1 for layout in layouts)
    assert len(layouts) > 1


def test_a_general_extractor_finds_every_paragraph_whole(room: Newsroom) -> None:
    for slug in room.stories:
        text = trafilatura.extract(get(room.story_url(slug)).body.decode(), include_comments=False) or ""
        assert set(room.state(slug).paragraphs) <= set(text.splitlines())


def test_an_article_says_about_itself_what_real_ones_say(room: Newsroom) -> None:
    address = room.story_url("souq-al-marfa")
    tree = page(room, "souq-al-marfa")
    headline = room.state("souq-al-marfa").headline
    data = json.loads(tree.xpath('string(//script[@type="application/ld+json"])'))
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == headline
    assert data["datePublished"] == tree.xpath("string(//article//time/@datetime)")
    assert data["inLanguage"] == tree.get("lang") == "ar"
    assert tree.get("dir") == "rtl"
    assert tree.xpath('string(//link[@rel="canonical"]/@href)') == address
    assert tree.xpath('string(//meta[@property="og:url"]/@content)') == address
    assert tree.xpath('string(//meta[@property="og:title"]/@content)') == headline


def test_home_and_section_pages_lead_to_the_stories_and_the_feeds(room: Newsroom) -> None:
    tree: Any = html.document_fromstring(get(room.url).body.decode())
    tree.make_links_absolute(room.url)
    links = set(tree.xpath("//main//a/@href"))
    assert links == {room.story_url(slug) for slug in room.stories}
    feeds = tree.xpath('//link[@rel="alternate"]')
    assert {feed.get("href"): feed.get("type") for feed in feeds} == {
        room.feed_url: "application/rss+xml",
        room.url + "feed.atom": "application/atom+xml",
    }
    for section in tree.xpath('//nav[@aria-label="Sections"]//a/@href'):
        answer = get(section)
        assert answer.status == 200
        in_section = html.document_fromstring(answer.body.decode()).xpath("//main//a/@href")
        assert in_section
        assert all(section.endswith(link.rpartition("/")[0] + "/") for link in in_section)


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
def test_a_feed_names_every_story_newest_first(room: Newsroom, name: str) -> None:
    answer = get(room.url + name)
    feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [room.story_url(slug) for slug in room.stories]
    assert [entry.title for entry in feed.entries] == [room.state(slug).headline for slug in room.stories]
    times = [entry.published_parsed for entry in feed.entries]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
@pytest.mark.parametrize(
    ("asked", "told"), [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")]
)
def test_a_feed_is_not_sent_again_until_a_story_is_edited(
    room: Newsroom, name: str, asked: str, told: str
) -> None:
    first = get(room.url + name)
    again = get(room.url + name, {asked: first.headers[told]})
    assert (again.status, again.body) == (304, b"")
    room.apply("night-ferry")
    after = get(room.url + name, {asked: first.headers[told]})
    assert after.status == 200
    assert room.state("night-ferry").headline in after.body.decode()


def test_a_fresh_edit_holds_back_the_date_that_could_not_tell_it_from_the_next(room: Newsroom) -> None:
    room.apply("night-ferry")
    answer = get(room.feed_url)
    assert "Last-Modified" not in answer.headers
    assert "ETag" in answer.headers


@pytest.mark.parametrize("slug", STATIC)
def test_a_static_article_is_the_same_bytes_until_it_is_edited(room: Newsroom, slug: str) -> None:
    first = get(room.story_url(slug))
    known = {"If-None-Match": first.headers["ETag"]}
    assert get(room.story_url(slug)).body == first.body
    assert get(room.story_url(slug), known).status == 304
    edited = room.apply(slug) is not None
    assert get(room.story_url(slug), known).status == (200 if edited else 304)


def test_other_articles_give_no_validators(room: Newsroom) -> None:
    headers = get(room.story_url("trawler-fire")).headers
    assert "ETag" not in headers
    assert "Last-Modified" not in headers


def test_an_unreadable_date_is_passed_over(room: Newsroom) -> None:
    assert get(room.feed_url, {"If-Modified-Since": "the day before yesterday"}).status == 200


def test_a_story_is_taken_down_and_comes_back(room: Newsroom) -> None:
    address, before = room.story_url("oyster-beds"), room.state("oyster-beds")
    removed = room.apply("oyster-beds")
    assert removed is not None
    assert removed.kind is EditKind.REMOVED
    assert get(address).status == room.state("oyster-beds").status == 404
    for listing in (room.feed_url, room.url + "feed.atom", room.url + "sitemap.xml", room.url):
        assert address not in get(listing).body.decode()
    restored = room.apply("oyster-beds")
    assert restored is not None
    assert restored.kind is EditKind.RESTORED
    assert get(address).status == 200
    assert room.state("oyster-beds") == before
    assert address in get(room.feed_url).body.decode()


def test_a_story_can_be_gone_for_good(room: Newsroom) -> None:
    room.apply("drone-rescue")
    assert get(room.story_url("drone-rescue")).status == 410
    assert room.apply("drone-rescue") is None


def test_robots_lead_to_the_sitemap_and_the_sitemap_to_the_stories(room: Newsroom) -> None:
    robots = get(room.url + "robots.txt").body.decode()
    (line,) = (line for line in robots.splitlines() if line.startswith("Sitemap: "))
    urls = ElementTree.fromstring(get(line.removeprefix("Sitemap: ")).body)
    locations = {element.text for element in urls.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}
    assert {room.story_url(slug) for slug in room.stories} < locations
    assert all(get(location).status == 200 for location in locations if location)


@pytest.mark.parametrize("path", ["style.css", "favicon.ico", "favicon.svg", "pictures/night-ferry.svg"])
def test_what_a_page_needs_is_there_and_may_be_kept(room: Newsroom, path: str) -> None:
    answer = get(room.url + path)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "max-age=3600"


@pytest.mark.parametrize("path", ["nowhere", "harbour/nowhere", "harbour", "pictures/nowhere.svg"])
def test_what_is_not_there_answers_404(room: Newsroom, path: str) -> None:
    assert get(room.url + path).status == 404


def test_a_query_string_does_not_change_the_page(room: Newsroom) -> None:
    answer = get(room.story_url("tide-tables") + "?utm_source=feed")
    assert answer.body == get(room.story_url("tide-tables")).body


def test_head_gives_the_headers_and_no_body(room: Newsroom) -> None:
    answer = get(room.feed_url, method="HEAD")
    assert answer.status == 200
    assert answer.body == b""
    assert answer.headers["Content-Length"] == get(room.feed_url).headers["Content-Length"]


def test_every_request_is_written_down(room: Newsroom) -> None:
    etag = get(room.feed_url, {"User-Agent": "Visitor/1"}).headers["ETag"]
    get(room.feed_url, {"If-None-Match": etag})
    get(room.url + "nowhere?x=1", method="HEAD")
    seen = [(request.method, request.path, request.status) for request in room.requests]
    assert seen == [("GET", "/feed.rss", 200), ("GET", "/feed.rss", 304), ("HEAD", "/nowhere?x=1", 404)]
    assert room.requests[0].headers["user-agent"] == "Visitor/1"
    times = [request.time for request in room.requests]
    assert times == sorted(times)


def test_two_rooms_share_nothing(room: Newsroom) -> None:
    with Newsroom() as other:
        before = other.state("night-ferry")
        room.apply("night-ferry")
        get(room.url)
        assert other.url != room.url
        assert other.state("night-ferry") == before
        assert other.requests == []
        assert page(other, "night-ferry").xpath("string(//h1)") == before.headline


def test_a_stopped_room_does_not_answer_and_opens_again_where_it_was() -> None:
    room = Newsroom()
    room.start()
    address = room.story_url("night-ferry")
    room.apply("night-ferry")
    room.stop()
    with pytest.raises(ConnectionRefusedError):
        get(address)
    with room:
        assert room.story_url("night-ferry") == address
        assert page(room, "night-ferry").xpath("string(//h1)") == room.state("night-ferry").headline


def test_a_room_has_no_address_before_it_is_started() -> None:
    with pytest.raises(RuntimeError, match="no address"):
        _ = Newsroom().url


def test_a_room_is_not_started_twice(room: Newsroom) -> None:
    with pytest.raises(RuntimeError, match="already open"):
        room.start()
