"""Other people's text stays text, whatever it is."""

import json

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import fromstring

from articles.pages.feed_formats import FORMATS, Channel, Item
from tests.factories import MORNING, make_article, make_source, make_version
from tests.pages.reading import page_of

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"
BIDI = "‮drowssap‬ ⁦⁧"
CONTROL = "a\x01b\x0bc\x1bd\x85e\ufffef"
LONG = "word " * 10_000


@pytest.fixture
def hostile(request):
    text = request.param
    name = text[:150] if text is SCRIPT else "The Gazette"
    source = make_source(name, slug="hostile", home_page="javascript:alert(1)")
    article = make_article(source, headline=text, address=f"javascript:{text}", language='en" onload="x')
    spans = [["=", text], ["-", text], ["+", text]]
    make_version(article, [text], byline=text, excerpt=spans)
    make_version(article, [f"{text} and more"], headline=f"{text}!", byline=f"{text}?", excerpt=spans)
    make_version(article, [f"{text} and more still"], excerpt=spans)
    article.last_outcome, article.last_reason = "failed", text
    article.save()
    source.last_error, source.errors_in_row = text, 3
    source.save()
    return article


PAGES = [
    "/",
    "/sources/",
    "/sources/hostile/",
    "/sources/hostile/articles/",
    "/stats/",
    "/articles/{}/",
    "/articles/{}/2/",
    "/articles/{}/diff/1/2/",
    "/articles/{}/diff/2/1/?view=side",
    "/feeds/",
    "/find/?q=script",
    "/find/?q=word&in=added",
    "/articles/{}/?phrase=alert",
    "/subscriptions/new/?article={}",
    "/subscriptions/new/?q=script&source=hostile",
]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hostile", [SCRIPT, BIDI, CONTROL, LONG], indirect=True, ids=["script", "bidi", "control", "long"]
)
@pytest.mark.parametrize("address", PAGES)
def test_pages_hold_hostile_text_as_text(client, hostile, address):
    response = client.get(address.format(hostile.pk))
    assert response.status_code == 200
    page = page_of(response)
    scripts = page.cssselect("script")
    assert [script.get("src") for script in scripts] == ["/static/newsdiffs.js"]
    assert not page.cssselect("img, [onerror], [onload], [style]")
    links = page.cssselect("[href]:not(.bookmarklet)")
    assert not [link for link in links if link.get("href").startswith("javascript:")]


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", [BIDI], indirect=True)
@pytest.mark.parametrize("address", ["/", "/articles/{}/", "/articles/{}/2/", "/articles/{}/diff/1/2/"])
def test_text_that_turns_direction_is_fenced_in(client, hostile, address):
    for element in page_of(client.get(address.format(hostile.pk))).cssselect("main *"):
        if element.text and "‮" in element.text:
            fence = [element, *element.iterancestors()]
            assert any(outer.tag == "bdi" or outer.get("dir") or outer.tag == "p" for outer in fence)


@pytest.mark.django_db
@pytest.mark.parametrize("hostile", [LONG], indirect=True)
@pytest.mark.parametrize("address", ["/", "/sources/hostile/", "/articles/{}/"])
def test_an_endless_headline_does_not_fill_lists(client, hostile, address):
    for headline in page_of(client.get(address.format(hostile.pk))).cssselect("h1, h2, h3, title"):
        assert len(headline.text_content()) <= 320


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hostile", [SCRIPT, BIDI, CONTROL, LONG], indirect=True, ids=["script", "bidi", "control", "long"]
)
@pytest.mark.parametrize("base", ["/changes/", "/sources/hostile/", "/articles/{}/"])
def test_feeds_hold_hostile_text_as_text(client, hostile, base):
    base = base.format(hostile.pk)
    for form in ("rss", "atom"):
        feed = feedparser.parse(client.get(f"{base}feed.{form}").content)
        assert not feed.bozo
        assert len(feed.entries) == 2
        assert all(len(item.title) < 300 for item in feed.entries)
        for item in feed.entries:
            assert "alert" not in item.link
    for content in etree.fromstring(client.get(f"{base}feed.rss").content).xpath(
        "//item/description/text() | //item/*[local-name()='encoded']/text()"
    ):
        assert not fromstring(f"<div>{content}</div>").cssselect("script, img")
    assert len(json.loads(client.get(f"{base}feed.json").content)["items"]) == 2


CHANNEL = Channel("Changes", "What changed", "https://a.example/", "https://a.example/feed")


@given(st.text())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_no_text_breaks_a_feed(text):
    item = Item("tag:a.example,2026:1", text, "https://a.example/1", MORNING, text, [text], text, text)
    for name in ("rss", "atom"):
        etree.fromstring(FORMATS[name].write(CHANNEL, [item]).encode())
    json.loads(FORMATS["json"].write(CHANNEL, [item]).encode())
