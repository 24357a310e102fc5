"""What the API answers: what readers may see, page by page, and nothing that is taken down."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from openapi_spec_validator import validate

from articles.models import ApiKey, FetchedPage, Host
from articles.models.capture import store_page
from tests.api.conftest import SECRET, Archive
from tests.factories import make_article, make_version

ROOT = "/api/v1"


def read(client: Client, path: str, status: int = 200, **headers: str):
    response = client.get(f"{ROOT}{path}", headers=headers)
    assert response.status_code == status, response.content
    return response.json()


def test_the_description_is_valid_openapi(client):
    described = read(client, "/openapi.json")
    validate(described)
    assert described["openapi"].startswith("3.1")
    answers = described["paths"]["/api/v1/changes"]["get"]["responses"]
    assert list(answers["429"]["content"]) == ["application/problem+json"]


def test_articles_and_versions(client, archive: Archive):
    told = read(client, f"/articles/{archive.open.pk}")
    assert (told["source"], told["versions"], told["headline"]) == ("harbour", 2, "Bridge closed")
    rows = read(client, f"/articles/{archive.open.pk}/versions")["items"]
    assert [row["number"] for row in rows] == [1, 2]
    assert rows[0]["change"] is None
    assert (rows[1]["change"]["words_added"], rows[1]["change"]["words_removed"]) == (1, 1)
    assert rows[1]["seen"].endswith("Z")
    assert rows[1]["previous_last_seen"] < rows[1]["seen"]


def test_texts_are_for_keys_that_may_read_them(client, archive: Archive, settings):
    path = f"/versions/{archive.second.pk}"
    assert read(client, path)["paragraphs"] is None
    plain, full = (ApiKey(holder="a reader", texts=texts) for texts in (False, True))
    without, with_texts = plain.issue(), full.issue()
    ApiKey.objects.bulk_create([plain, full])
    assert read(client, path, Authorization=f"Bearer {without}")["paragraphs"] is None
    told = read(client, path, Authorization=f"Bearer {with_texts}")
    assert told["paragraphs"][0] == "Five people were hurt."
    settings.API_OPEN_TEXTS = True
    assert read(client, path)["paragraphs"][0] == "Five people were hurt."


def test_a_diff_tells_what_changed_and_counts_what_did_not(client, archive: Archive, settings):
    path = f"/articles/{archive.open.pk}/diff/1/2"
    told = read(client, path)
    edited, same = told["rows"]
    assert edited["spans"][:2] == [["-", "Four "], ["+", "Five "]]
    assert (same["kind"], same["spans"], same["words"]) == ("same", None, 6)
    (fact,) = told["facts"]
    assert (fact["kind"], fact["before"], fact["after"]) == ("number", "Four", "Five")
    settings.API_OPEN_TEXTS = True
    assert read(client, path)["rows"][1]["spans"] == [["=", "The bridge stays closed until Monday."]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"removed", 2}),
        ("?kind=removed", {"removed"}),
        ("?min=3", set()),
        ("?q=five", {2}),
        ("?source=harbour", {"removed", 2}),
        ("?to=2001-01-01", set()),
    ],
)
def test_changes_have_the_filters_of_the_page(client, archive: Archive, query, found):
    rows = read(client, f"/changes{query}")["items"]
    assert {row["event"]["kind"] if row["event"] else row["version"]["number"] for row in rows} == found


def test_events(client, archive: Archive):
    assert [row["id"] for row in read(client, "/events")["items"]] == [archive.event.pk]
    assert read(client, "/events?kind=moved")["items"] == []


def test_an_address_leads_to_its_article(client, archive: Archive):
    told = read(client, f"/lookup?address={archive.open.address}")
    assert (told["article"]["id"], told["source"]) == (archive.open.pk, "harbour")
    assert read(client, "/lookup?address=https://elsewhere.example/1")["article"] is None
    assert read(client, "/lookup?address=nothing", status=400)["title"] == "Bad Request"


def test_words_are_found(client, archive: Archive):
    (found,) = read(client, "/search?q=bridge")["items"]
    assert found["article"]["id"] == archive.open.pk
    assert [piece["text"] for piece in found["passage"] if piece["hit"]] == ["bridge"]


def test_nothing_that_is_taken_down_stands_in_any_answer(client, archive: Archive, settings):
    settings.API_OPEN_TEXTS = True
    pk, partly = archive.hidden.pk, archive.partly.pk
    for path, status in (
        (f"/articles/{pk}", 410),
        (f"/articles/{pk}/versions", 410),
        (f"/articles/{pk}/diff/1/2", 410),
        (f"/versions/{archive.of_hidden.pk}", 410),
        (f"/versions/{archive.taken_down.pk}", 410),
        (f"/articles/{partly}/diff/1/2", 410),
        (f"/articles/{partly}/diff/2/3", 410),
        (f"/articles/{partly}/diff/1/3", 200),
        (f"/articles/{partly}/versions", 200),
        (f"/articles/{partly}", 200),
        ("/articles", 200),
        ("/changes?minor=true", 200),
        ("/events", 200),
        (f"/search?q={SECRET.lower()}", 200),
    ):
        response = client.get(f"{ROOT}{path}")
        assert response.status_code == status, path
        assert SECRET.lower() not in response.content.decode().lower(), path


@pytest.mark.parametrize("path", ["/articles?limit=7", "/changes?limit=7&minor=true", "/sources?limit=1"])
def test_every_row_is_on_one_page(client, archive: Archive, path):
    for _ in range(20):
        article = make_article()
        make_version(article)
        make_version(article, ("Nobody was hurt.",))
    seen, address = [], f"{ROOT}{path}"
    while address:
        response = client.get(address)
        told = response.json()
        seen += [str(row) for row in told["items"]]
        link = response.headers.get("Link", "")
        assert (re.match(r'<(.*)>; rel="next"$', link) or ["", None])[1] == told["next"]
        parts = urlsplit(told["next"] or "")
        address = told["next"] and f"{parts.path}?{parts.query}"
    assert len(seen) == len(set(seen)) >= 20


def test_rare_articles_are_looked_for_a_stretch_at_a_time(client, archive: Archive, monkeypatch):
    monkeypatch.setattr("articles.api.endpoints.LOOKED_AT", 3)
    rare = make_article(state="removed")
    make_version(rare)
    for _ in range(7):
        make_version(make_article())
    found, path = [], "/articles?state=removed"
    for _ in range(10):
        told = read(client, path)
        found += [row["id"] for row in told["items"]]
        if not told["next"]:
            break
        path = told["next"].partition(ROOT)[2]
    assert found == [rare.pk]


def test_answers_take_few_queries(client, archive: Archive, django_assert_max_num_queries):
    for _ in range(10):
        make_version(make_article(), ("Nobody was hurt.",))
    for path, most in (
        ("/articles", 1),
        ("/articles?state=watched&source=harbour", 3),
        (f"/articles/{archive.open.pk}/versions", 4),
        (f"/articles/{archive.open.pk}/diff/1/2", 6),
        ("/changes", 4),
        ("/search?q=hurt", 5),
        ("/events", 1),
        ("/sources", 1),
        ("/stats", 1),
        (f"/lookup?address={archive.open.address}", 2),
    ):
        with django_assert_max_num_queries(most):
            read(client, path)


def test_what_sites_wish_is_passed_on(client, archive: Archive):
    store_page(
        archive.open,
        2,
        FetchedPage(b"<p>", archive.open.address, response_headers=(("tdm-reservation", "1"),)),
        archive.second.seen,
    )
    Host.objects.update(content_usage=[["/", "train-ai=n"]])
    told = {"tdm_reservation": True, "tdm_policy": "", "content_usage": "train-ai=n", "robots": ""}
    assert read(client, f"/versions/{archive.second.pk}")["wishes"] == told
    assert read(client, f"/articles/{archive.open.pk}/versions")["items"][1]["wishes"] == told
    assert read(client, f"/articles/{archive.open.pk}/diff/1/2")["after"]["wishes"] == told
    [change] = [row for row in read(client, "/changes")["items"] if row["version"]]
    assert change["version"]["wishes"] == told
    first = read(client, f"/versions/{archive.first.pk}")["wishes"]
    assert (first["tdm_reservation"], first["content_usage"]) == (None, "train-ai=n")
