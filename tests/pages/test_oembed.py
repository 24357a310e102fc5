"""oEmbed, and what pages say of themselves to other sites."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.factories import make_article, make_source, make_version
from tests.pages.reading import page_of

pytestmark = pytest.mark.django_db

SITE = "https://diffs.example.org"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def article():
    article = make_article(make_source("The Gazette", slug="gazette"))
    make_version(article)
    make_version(article, ["Five people were hurt."], headline="Bridge falls & sinks")
    return article


def ask(client, url, **values):
    return client.get("/oembed", {"url": url} | values)


@pytest.mark.parametrize("page", ["", "2/", "diff/1/2/", "diff/1/2/?view=side#c1"])
def test_a_page_is_answered_with_a_link_and_its_card(client, article, page):
    response = ask(client, f"{SITE}/articles/{article.pk}/{page}")
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "version": "1.0",
        "type": "link",
        "title": "Bridge falls & sinks",
        "author_name": "The Gazette",
        "author_url": f"{SITE}/sources/gazette/",
        "provider_name": "NewsDiffs",
        "provider_url": f"{SITE}/",
        "cache_age": 30,
        "thumbnail_url": f"{SITE}/articles/{article.pk}/diff/1/2/card.png",
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }


def test_the_same_as_xml(client, article):
    url = f"{SITE}/articles/{article.pk}/diff/1/2/"
    response = ask(client, url, format="xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(response.content)
    assert root.tag == "oembed"
    assert {field.tag: field.text for field in root} == {
        name: str(value) for name, value in ask(client, url).json().items()
    }


@pytest.mark.parametrize("page", ["", "1/", "diff/1/1/"])
def test_without_a_change_there_is_no_card(client, page):
    article = make_article()
    make_version(article)
    answer = ask(client, f"{SITE}/articles/{article.pk}/{page}").json()
    assert answer["title"] == "Bridge closed after storm"
    assert "thumbnail_url" not in answer


@pytest.mark.parametrize(
    ("asked", "card"),
    [
        ({"maxwidth": "1200", "maxheight": "630"}, True),
        ({"maxwidth": "1199"}, False),
        ({"maxheight": "300"}, False),
        ({"maxwidth": "wide", "maxheight": ""}, True),
        ({"maxwidth": "9" * 5000}, True),
    ],
)
def test_a_card_too_large_for_the_asker_is_left_out(client, article, asked, card):
    answer = ask(client, f"{SITE}/articles/{article.pk}/", **asked).json()
    assert ("thumbnail_url" in answer) == card


@pytest.mark.parametrize(
    "url",
    [
        *("", "nonsense", "https://[", "/articles/{}/", "https://other.example/articles/{}/"),
        *(f"{SITE}/", f"{SITE}/sources/gazette/", f"{SITE}/nowhere/", f"{SITE}/articles/999999/"),
        *(
            f"{SITE}/articles/{{}}/9/",
            f"{SITE}/articles/{{}}/0/",
            f"{SITE}/articles/{{}}/diff/1/9/",
            f"{SITE}/articles/{{}}/diff/1/0/",
            f"{SITE}/articles/{{}}/diff/0/1/",
            f"{SITE}/articles/{{}}/diff/0/0/",
            f"{SITE}.evil.example/articles/{{}}/",
        ),
        "https://diffs.example.org@evil.example/articles/{}/",
    ],
)
def test_what_is_no_page_of_ours_is_not_found(client, article, url):
    response = ask(client, url.format(article.pk))
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")


def test_another_format_is_not_implemented(client, article):
    assert ask(client, f"{SITE}/articles/{article.pk}/", format="yaml").status_code == 501


def test_an_article_taken_down_is_gone_and_not_named(client):
    article = make_article(hidden=True)
    make_version(article)
    response = ask(client, f"{SITE}/articles/{article.pk}/")
    assert response.status_code == 410
    assert b"Bridge" not in response.content


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_it(client, url):
    for address in (url, f"{SITE}/{url}"):
        assert ask(client, address).status_code in (200, 404)


@pytest.mark.parametrize("page", ["", "diff/1/2/"])
def test_pages_tell_where_to_ask(client, article, page):
    found = page_of(client.get(f"/articles/{article.pk}/{page}")).cssselect("link[type$='+oembed']")
    assert [link.get("type") for link in found] == ["application/json+oembed", "text/xml+oembed"]
    for link in found:
        assert link.get("href").startswith(f"{SITE}/oembed?")
        assert client.get(link.get("href").removeprefix(SITE)).status_code == 200


def meta(client, address):
    page = page_of(client.get(address))
    return {
        tag.get("property") or tag.get("name"): tag.get("content") for tag in page.cssselect("meta[content]")
    }


@pytest.mark.parametrize("page", ["", "diff/1/2/"])
def test_pages_preview_their_change(client, article, page):
    found = meta(client, f"/articles/{article.pk}/{page}")
    assert found["og:title"] == "Bridge falls & sinks"
    assert found["og:url"] == f"{SITE}/articles/{article.pk}/{page}"
    assert found["og:image"] == f"{SITE}/articles/{article.pk}/diff/1/2/card.png"
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert "Was: “Bridge closed after storm” Now: “Bridge falls & sinks”" in found["og:image:alt"]
    assert found["twitter:card"] == "summary_large_image"


def test_an_article_without_changes_has_no_picture(client):
    article = make_article()
    make_version(article)
    found = meta(client, article.get_absolute_url())
    assert "og:image" not in found
    assert found["twitter:card"] == "summary"
    assert found["og:description"].endswith("no changes seen so far.")
