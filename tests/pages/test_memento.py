"""Memento: walked by a client library that others wrote, and by the letter of RFC 7089."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from memento_client import MementoClient

from articles.fetch import address_key
from articles.models import Address
from tests.exports.conftest import SECRET, Site
from tests.exports.conftest import site as site
from tests.factories import make_article, make_version

MORNING = datetime(2016, 7, 18, 9, 50, tzinfo=UTC)


def article_at(address: str, versions: int = 4):
    article = make_article(address=address)
    Address.objects.create(article=article, address=address, key=address_key(address))
    for number in range(versions):
        make_version(article, [f"{number} people were hurt."], seen=MORNING + timedelta(hours=number))
    return article


def test_a_client_library_walks_timegate_and_timemap(live_server, settings):
    settings.SITE_URL = live_server.url
    address = f"{live_server.url}/about/?story=1&page=2"  # an original that can be asked
    article = article_at(address)
    with MementoClient(f"{live_server.url}/timegate/", check_native_timegate=False) as library:
        found = library.get_memento_info(address, datetime(2016, 7, 18, 11, 55))
        page = f"{live_server.url}/articles/{article.pk}"
        mementos = found["mementos"]
        assert mementos["closest"] == {
            "datetime": datetime(2016, 7, 18, 11, 50),
            "http_status_code": 200,
            "uri": [f"{page}/3/"],
        }
        assert {name: told["uri"] for name, told in mementos.items()} == {
            "first": [f"{page}/1/"],
            "prev": [f"{page}/2/"],
            "closest": [f"{page}/3/"],
            "next": [f"{page}/4/"],
            "last": [f"{page}/4/"],
        }
        # From a memento the library finds its original, and goes on from there.
        again = library.get_memento_info(f"{page}/3/", datetime(2016, 1, 1))
        assert again["original_uri"] == address
        assert again["mementos"]["closest"]["uri"] == [f"{page}/1/"]


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (None, 4),
        ("Mon, 18 Jul 2016 09:49:59 GMT", 1),
        ("Mon, 18 Jul 2016 09:50:00 GMT", 1),
        ("Mon, 18 Jul 2016 10:49:59 GMT", 1),
        ("Mon, 18 Jul 2016 10:50:00 GMT", 2),
        ("Thu, 01 Jan 2037 00:00:00 GMT", 4),
    ],
)
def test_the_timegate_leads_to_what_was_in_force(client, db, asked, number):
    article = article_at("https://news.example/bridge")
    headers = {"Accept-Datetime": asked} if asked else {}
    response = client.get("/timegate/https://news.example/bridge", headers=headers)
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"/articles/{article.pk}/{number}/")
    assert "Accept-Datetime" in response.headers["Vary"]
    assert '<https://news.example/bridge>; rel="original"' in response.headers["Link"]
    assert 'rel="timemap"' in response.headers["Link"]
    assert "Memento-Datetime" not in response.headers


def test_a_memento_says_what_it_is(client, db):
    article = article_at("https://news.example/bridge?a=1")
    response = client.get(f"/articles/{article.pk}/2/")
    assert response.headers["Memento-Datetime"] == "Mon, 18 Jul 2016 10:50:00 GMT"
    links = response.headers["Link"]
    assert '<https://news.example/bridge?a=1>; rel="original"' in links
    assert '/timegate/https://news.example/bridge?a=1>; rel="timegate"' in links
    assert '/timemap/link/https://news.example/bridge?a=1>; rel="timemap"' in links


def test_the_timemap_lists_every_version(client, db):
    article = article_at("https://news.example/bridge")
    response = client.get("/timemap/link/https://news.example/bridge")
    assert response.headers["Content-Type"] == "application/link-format"
    body = response.content.decode()
    found = re.findall(r'<([^>]*)>; rel="([^"]*memento)"; datetime="([^"]*)"', body)
    assert [(where.rpartition("/articles/")[2], names) for where, names, _ in found] == [
        (f"{article.pk}/1/", "first memento"),
        (f"{article.pk}/2/", "memento"),
        (f"{article.pk}/3/", "memento"),
        (f"{article.pk}/4/", "last memento"),
    ]
    assert 'from="Mon, 18 Jul 2016 09:50:00 GMT"; until="Mon, 18 Jul 2016 12:50:00 GMT"' in body


def test_what_is_taken_down_is_no_memento(client, site: Site):
    for where in ("timegate", "timemap/link"):
        assert client.get(f"/{where}/{site.hidden.address}").status_code == 451
    body = client.get(f"/timemap/link/{site.partly.address}").content.decode()
    numbers = re.findall(rf"/articles/{site.partly.pk}/(\d)/", body)
    assert numbers == ["1", "3"]
    assert SECRET not in body
    at_hidden = site.partly.versions.get(number=2).seen.strftime("%a, %d %b %Y %H:%M:%S GMT")
    gate = client.get(f"/timegate/{site.partly.address}", headers={"Accept-Datetime": at_hidden})
    assert gate.headers["Location"].endswith(f"/articles/{site.partly.pk}/1/")
    assert f"/{site.partly.pk}/2/" not in gate.headers["Link"]


@pytest.mark.parametrize("address", ["", "nothing", "https://news.example/unseen", "https://", "%00"])
@pytest.mark.parametrize("where", ["timegate", "timemap/link"])
def test_of_what_was_not_seen_there_is_none(client, db, where, address):
    assert client.get(f"/{where}/{address}").status_code == 404


def test_a_time_that_is_none_is_refused(client, db):
    article_at("https://news.example/bridge")
    response = client.get("/timegate/https://news.example/bridge", headers={"Accept-Datetime": "yesterday"})
    assert response.status_code == 400


def test_an_address_that_would_end_a_header_does_not(client, db):
    article = article_at("https://news.example/a")
    type(article).objects.filter(pk=article.pk).update(address='https://news.example/a>; rel="x", <b ü')
    links = client.get(f"/articles/{article.pk}/1/").headers["Link"]
    assert links.count("<") == links.count(">") == 3
    assert "\u00fc" not in links
