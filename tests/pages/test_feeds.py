"""The feeds, read as feed readers read them."""

import json
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import feedparser
import pytest
from django.utils.http import http_date
from lxml import etree

from articles.models import Article, Event, Version
from tests.factories import MORNING, make_article, make_event, make_source, make_version

pytestmark = pytest.mark.django_db

FORMS = ("rss", "atom", "json")


@pytest.fixture
def article():
    article = make_article(make_source("The Gazette", slug="gazette"))
    make_version(article, ["Four people were hurt."])
    make_version(
        article,
        ["Five people were hurt."],
        excerpt=[["-", "Four "], ["+", "Five "], ["=", "people were hurt."]],
    )
    return article


def read(client, address):
    """The feed's items as feedparser has them; it must find nothing amiss."""
    feed = feedparser.parse(client.get(address).content)
    assert not feed.bozo, feed.get("bozo_exception")
    return feed.entries


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_change_is_an_item(client, article, base, form):
    (item,) = read(client, f"{base.format(article.pk)}feed.{form}")
    assert item.title == "v2: Bridge closed after storm (+1 −1 words)"
    assert item.link == f"http://127.0.0.1:8000/articles/{article.pk}/diff/1/2/"
    assert item.author == "The Gazette"
    assert item.published_parsed[:5] == (2016, 7, 18, 14, 50)
    assert item.summary == "[removed: Four] [added: Five] people were hurt."
    (content,) = (part.value for part in item.content if "<ins" in part.value)
    assert '<del style="background-color: #ffdc9e' in content
    assert '<ins style="background-color: #a9d4ff' in content
    assert (
        "first seen on 18 July 2016, 14:50 UTC; the text before was last seen on 18 July 2016, 14:20"
        in content
    )


def test_json_feed_has_the_same_items(client, article):
    feed = json.loads(client.get("/changes/feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://127.0.0.1:8000/changes/feed.json"
    (item,) = feed["items"]
    (rss,) = read(client, "/changes/feed.rss")
    assert (item["id"], item["url"], item["title"]) == (rss.id, rss.link, rss.title)
    assert item["date_published"] == "2016-07-18T14:50:00Z"
    assert "Five" in item["content_html"]


def test_a_change_of_the_headline_alone_counts_no_words(client, article):
    paragraphs = article.versions.get(number=2).paragraphs
    make_version(article, headline="Bridge open again", paragraphs=paragraphs)
    assert read(client, "/changes/feed.rss")[0].title == "v3: Headline changed: Bridge open again"


def test_a_right_to_left_headline_stands_apart_from_our_words(client, article):
    article.headline, article.direction = "العاصفة تغلق الجسر", "rtl"
    article.save()
    article.versions.update(headline=article.headline, headline_before="")
    (item,) = read(client, "/changes/feed.rss")
    assert item.title == "v2: \u2068العاصفة تغلق الجسر\u2069 (+1 −1 words)"


def test_a_changed_headline_and_labels_are_told(client, article):
    make_version(article, headline="Bridge open again", badges=["headline", "reverted"])
    item = read(client, "/changes/feed.rss")[0]
    assert item.title == "v3: Headline changed: Bridge open again (+1 −1 words)"
    assert item.summary == "Was: Bridge closed after storm"
    assert [tag.term for tag in item.tags] == ["Headline", "Reverted"]
    assert ">Bridge closed after storm</del>" in item.content[0].value


def test_events_are_items_too(client, article):
    make_event(article, "removed", at=MORNING + timedelta(hours=9))
    item = read(client, f"/articles/{article.pk}/feed.atom")[0]
    assert item.title == "Removed: Bridge closed after storm"
    assert item.link == f"http://127.0.0.1:8000/articles/{article.pk}/"


def test_an_event_says_between_which_moments_it_happened(client, article):
    event = make_event(article, "removed", at=MORNING + timedelta(hours=9))
    event.previous_last_seen, event.first_sign = MORNING + timedelta(hours=7), MORNING + timedelta(hours=8)
    event.save()
    assert read(client, f"/articles/{article.pk}/feed.rss")[0].summary == (
        "Removed: seen on 18 July 2016, 18:50 UTC "
        "(last there 18 July 2016, 16:50 UTC, first not found 18 July 2016, 17:50 UTC)."
    )


def test_minor_changes_are_in_an_articles_feed_and_elsewhere_when_asked_for(client, article):
    Version.objects.update(minor=True)
    assert len(read(client, f"/articles/{article.pk}/feed.rss")) == 1
    assert read(client, "/changes/feed.rss") == []
    (item,) = read(client, "/changes/feed.rss?minor=1")
    assert [tag.term for tag in item.tags] == ["Minor"]


def test_one_sources_changes(client, article):
    make_source(slug="other")
    assert len(read(client, "/changes/feed.rss?source=gazette")) == 1
    assert read(client, "/changes/feed.rss?source=other") == []
    assert read(client, "/sources/other/feed.atom") == []
    assert client.get("/sources/nobody/feed.rss").status_code == 404


def test_ids_stay_when_the_site_moves(client, article, settings):
    make_event(article)
    before = [item.id for item in read(client, "/changes/feed.rss")]
    settings.SITE_URL = "https://diffs.example.org"
    items = read(client, "/changes/feed.rss")
    assert [item.id for item in items] == before
    assert all(item.id.startswith("tag:") for item in items)
    assert all(item.link.startswith("https://diffs.example.org/") for item in items)


def test_ids_differ_between_sites_articles_and_versions(client, article):
    make_version(article, ["Six people were hurt."])
    ids = [item.id for item in read(client, "/changes/feed.rss")]
    assert len(set(ids)) == 2
    Version.objects.update(seen=MORNING + timedelta(days=1))
    assert not set(ids) & {item.id for item in read(client, "/changes/feed.rss")}


def test_a_feed_names_itself_and_its_page(client, article):
    feed = etree.fromstring(client.get("/sources/gazette/feed.rss").content)
    (own,) = feed.xpath("//atom:link[@rel='self']", namespaces={"atom": "http://www.w3.org/2005/Atom"})
    assert own.get("href") == "http://127.0.0.1:8000/sources/gazette/feed.rss"
    assert feed.findtext("channel/link") == "http://127.0.0.1:8000/sources/gazette/"


@pytest.mark.parametrize("form", FORMS)
def test_no_relative_addresses(client, article, form):
    text = client.get(f"/changes/feed.{form}").content.decode()
    assert 'href="/' not in text
    assert ">/" not in text
    assert '": "/' not in text


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
@pytest.mark.parametrize("form", FORMS)
def test_unchanged_is_answered_with_304(client, article, django_assert_max_num_queries, base, form):
    address = f"{base.format(article.pk)}feed.{form}"
    first = client.get(address)
    assert first["Last-Modified"] == http_date((MORNING + timedelta(hours=5)).timestamp())
    with django_assert_max_num_queries(4):
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    make_version(article, ["Six people were hurt."])
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_item_taken_down_changes_the_etag(client, article):
    other = make_article()
    make_version(other)
    make_version(other, ["Five."])
    first = client.get("/changes/feed.rss")
    for model in (Article, Version):
        model.objects.filter(pk__gte=other.pk if model is Article else other.versions.first().pk).update(
            hidden=True
        )
    assert client.get("/changes/feed.rss", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_hidden_articles_are_in_no_feed(client, article):
    make_event(article)
    for model in (Article, Version, Event):
        model.objects.update(hidden=True)
    assert read(client, "/changes/feed.rss?minor=1") == []
    assert read(client, "/sources/gazette/feed.atom") == []
    assert client.get(f"/articles/{article.pk}/feed.rss").status_code == 410


def test_the_newest_fifty(client):
    article = make_article()
    for number in range(56):
        make_version(article, [f"It was {number}."], seen=MORNING + timedelta(minutes=number))
    for address in ("/changes/feed.rss", f"/articles/{article.pk}/feed.rss"):
        items = read(client, address)
        assert len(items) == 50
        assert items[0].title.startswith("v56:")


def pages(client, form, address):
    """The pages of a feed, each from the address that the one before gives for it: ids of their items."""
    while address:
        content = client.get(address.removeprefix("http://127.0.0.1:8000")).content
        if form == "json":
            feed = json.loads(content)
            yield [item["id"] for item in feed["items"]]
            address = feed.get("next_url")
        else:
            read = feedparser.parse(content)
            assert not read.bozo
            yield [item.id for item in read.entries]
            address = next((link.href for link in read.feed.links if link.rel == "next"), None)


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
@pytest.mark.parametrize("form", FORMS)
def test_what_no_longer_fits_is_on_the_next_page(client, article, base, form):
    for number in range(101):
        make_version(article, [f"It was {number}."], seen=MORNING + timedelta(hours=6, minutes=number))
    make_event(article, "removed", at=MORNING + timedelta(hours=7))
    found = list(pages(client, form, f"{base.format(article.pk)}feed.{form}?source=gazette"))
    assert [len(ids) for ids in found] == [50, 50, 3]
    assert len({one for ids in found for one in ids}) == 103


def test_a_feed_is_sent_anew_when_a_next_page_comes_to_be(client, article):
    for number in range(50):
        make_version(article, [f"It was {number}."], seen=MORNING + timedelta(hours=6, minutes=number))
    Version.objects.filter(number=2).update(hidden=True)
    known = client.get("/changes/feed.rss")
    assert b'rel="next"' not in known.content
    assert client.get("/changes/feed.rss", headers={"if-none-match": known["ETag"]}).status_code == 304
    Version.objects.update(hidden=False)
    answer = client.get("/changes/feed.rss", headers={"if-none-match": known["ETag"]})
    assert answer.status_code == 200
    assert b'rel="next"' in answer.content


@pytest.mark.parametrize("form", FORMS)
def test_a_feed_that_has_all_names_no_next_page(client, article, form):
    assert len(list(pages(client, form, f"/changes/feed.{form}"))) == 1


def test_a_mangled_place_in_a_feed_is_refused(client, article):
    for base in ("/changes/", "/sources/gazette/", f"/articles/{article.pk}/"):
        assert client.get(f"{base}feed.rss?before=nowhere").status_code == 400


@pytest.mark.parametrize("address", ["/changes/feed.rss", "/changes/feed.json?minor=1"])
def test_20_items_take_as_many_queries_as_1(client, django_assert_num_queries, address):
    for expected in (1, 20):
        while Version.objects.changes().count() < expected:
            article = make_article()
            make_version(article)
            make_version(article, ["Five people were hurt."])
        with django_assert_num_queries(3):
            assert client.get(address).content.count(b"/diff/1/2/") == expected


@pytest.mark.parametrize(
    ("form", "kind"),
    [("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json")],
)
def test_content_types(client, form, kind):
    assert client.get(f"/changes/feed.{form}")["Content-Type"] == f"{kind}; charset=utf-8"


def test_other_forms_are_not_found(client):
    assert client.get("/changes/feed.xml").status_code == 404


RSS_ORDERLY = {
    "channel/title": 1,
    "channel/link": 1,
    "channel/description": 1,
    "channel/language": 1,
    "channel/lastBuildDate": 1,
    "channel/{http://www.w3.org/2005/Atom}link": 1,
}


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
def test_rss_keeps_the_rules_of_the_feed_validator(client, article, base):
    make_version(article, headline="Ampersands & <angles>", badges=["headline"])
    make_event(article, Event.Kind.REMOVED, at=MORNING + timedelta(days=1))
    address = f"{base.format(article.pk)}feed.rss"
    feed = etree.fromstring(client.get(address).content)
    assert feed.get("version") == "2.0"
    assert {path: len(feed.findall(path)) for path in RSS_ORDERLY} == RSS_ORDERLY
    (own,) = feed.findall("channel/{http://www.w3.org/2005/Atom}link")
    assert (own.get("rel"), own.get("href")) == ("self", f"http://127.0.0.1:8000{address}")
    items = feed.findall("channel/item")
    assert len(items) == 3
    for item in items:
        assert item.find("guid").get("isPermaLink") == "false"
        assert urlsplit(item.findtext("guid")).scheme == "tag"
        assert urlsplit(item.findtext("link")).netloc == "127.0.0.1:8000"
        assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo
        assert len(item.findall("{http://purl.org/dc/elements/1.1/}creator")) == 1
        assert not any(element.text is None for element in item)
    assert len({item.findtext("guid") for item in items}) == 3


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
def test_atom_keeps_the_rules_of_the_feed_validator(client, article, base):
    make_event(article, Event.Kind.REMOVED, at=MORNING + timedelta(days=1))
    feed = etree.fromstring(client.get(f"{base.format(article.pk)}feed.atom").content)
    named = {"a": "http://www.w3.org/2005/Atom"}
    for node in (feed, *feed.findall("a:entry", named)):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"a:{name}", named)) == 1, (node.tag, name)
        assert len(node.findall("a:link[@rel='alternate']", named)) == 1
        datetime.fromisoformat(node.findtext("a:updated", namespaces=named)).astimezone()
    assert len(feed.findall("a:link[@rel='self']", named)) == 1
    assert all(entry.find("a:author/a:name", named).text for entry in feed.findall("a:entry", named))


@pytest.mark.parametrize("base", ["/changes/", "/sources/gazette/", "/articles/{}/"])
def test_json_feed_has_all_that_its_version_demands(client, article, base):
    make_event(article, Event.Kind.REMOVED, at=MORNING + timedelta(days=1))
    feed = json.loads(client.get(f"{base.format(article.pk)}feed.json").content)
    assert {"version", "title", "items", "home_page_url", "feed_url"} <= set(feed)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith("http://127.0.0.1:8000/")
        assert datetime.fromisoformat(item["date_published"]).tzinfo
