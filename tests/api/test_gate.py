"""Keys, limits, caches, other sites' scripts, and problems."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from articles.models import ApiKey
from articles.search import postgresql
from tests.factories import make_article, make_version

PATH = "/api/v1/sources"


def issued(**values: object) -> tuple[ApiKey, str]:
    key = ApiKey(holder="a reader", **values)
    text = key.issue()
    key.save()
    return key, text


def test_only_a_hash_of_a_key_is_kept(db):
    key, text = issued()
    secret = text.partition("_")[2].partition("_")[2]
    assert secret
    assert secret not in str(ApiKey.objects.values().get())
    assert ApiKey.of(text, timezone.now()) == key


@pytest.mark.parametrize("change", ["ended", "cut", "other", "empty", "no name", "not ours"])
def test_what_is_no_key_opens_nothing(client, db, change):
    key, text = issued(ends=timezone.now() - timedelta(seconds=1) if change == "ended" else None)
    wrong = {
        "ended": text,
        "cut": text[:-1],
        "other": text[:-1] + ("a" if text[-1] != "a" else "b"),
        "empty": f"nd_{key.name}_",
        "no name": "nd__",
        "not ours": "\u00e9" * 2000,
    }[change]
    response = client.get(PATH, headers={"Authorization": f"Bearer {wrong}"})
    assert response.status_code == 401
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "Bearer" in response.headers["WWW-Authenticate"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_key_stands_in_no_log(client, db, caplog):
    _, text = issued()
    with caplog.at_level(logging.DEBUG):
        assert client.get(PATH, headers={"Authorization": f"Bearer {text}"}).status_code == 200
        assert client.get(PATH, headers={"Authorization": f"Bearer {text}x"}).status_code == 401
    assert text.rpartition("_")[2] not in caplog.text


def test_the_limit_is_told_and_kept(client, db, settings):
    settings.API_LIMIT = 3
    answers = [client.get(PATH) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit"].partition(";t")[0] for answer in answers] == [
        f'"minute";r={left}' for left in (2, 1, 0, 0)
    ]
    assert answers[0].headers["RateLimit-Policy"] == '"minute";q=3;w=60'
    assert 0 < int(answers[3].headers["Retry-After"]) <= 20
    assert answers[3].json()["status"] == 429
    _, text = issued(per_minute=2)
    assert client.get(PATH, headers={"Authorization": f"Bearer {text}"}).status_code == 200


def test_guessing_keys_is_limited_too(client, db, settings):
    settings.API_LIMIT = 1
    wrong = {"Authorization": "Bearer nd_0123_x"}
    assert [client.get(PATH, headers=wrong).status_code for _ in range(2)] == [401, 429]


def test_an_answer_that_is_known_is_not_sent_again(client, db):
    first = client.get(PATH)
    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in first.headers["Vary"]


def test_with_a_key_no_shared_cache_keeps_it(client, db):
    _, text = issued()
    assert "private" in client.get(PATH, headers={"Authorization": f"Bearer {text}"}).headers["Cache-Control"]
    assert "public" in client.get(PATH).headers["Cache-Control"]


def test_scripts_of_other_sites_may_read(client, db):
    response = client.options(PATH, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 204
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert client.head(PATH).status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, db, method):
    response = getattr(client, method)(PATH)
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing", 404),
        ("articles/0", 422),
        (f"articles/{10**30}", 422),
        ("articles/x/versions", 422),
        ("articles?limit=201", 422),
        ("articles?cursor=-1", 400),
        ("articles?cursor=99999999999999999999", 400),
        ("articles?source=a%00b", 422),
        ("articles?changed_since=soon", 422),
        ("changes?cursor=20260101T000000.000000x1", 400),
        ("changes?q=-a", 400),
        ("changes?kind=odd", 400),
        ("changes?from=0001-01-01", 400),
        ("changes?source=nobody", 404),
        ("lookup", 422),
        ("lookup?address=%00", 400),
        ("search?q=%00", 400),
    ],
)
def test_problems_are_told(client, db, path, status):
    response = client.get(f"/api/v1/{path}")
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    assert response.json().keys() == {"title", "status", "detail"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
@pytest.mark.parametrize("path", ["changes", "search"])
def test_words_of_which_too_many_begin_alike_are_told(client, db, monkeypatch, path):
    monkeypatch.setattr(postgresql, "MOST_BEGINNING_ALIKE", 1)
    make_version(make_article(), ["Women and wolves."])
    assert client.get(f"/api/v1/{path}?q=wom*").status_code == 200
    refused = client.get(f"/api/v1/{path}?q=wo*")
    assert refused.status_code == 400
    assert "words begin with “wo”" in refused.json()["detail"]


def test_a_key_is_made_in_the_admin_and_shown_once(client, db):
    client.force_login(User.objects.create_superuser("boss"))
    told = {"holder": "A university", "texts": "on", "per_minute": "600", "ends_0": "", "ends_1": ""}
    made = client.post("/admin/articles/apikey/add/", told)
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    text = made.content.decode().partition('<code id="key">')[2].partition("<")[0]
    key = ApiKey.of(text, timezone.now())
    assert key is not None
    assert (key.texts, key.holder) == (True, "A university")
    secret = text.rpartition("_")[2]
    for path in ("", f"{key.pk}/change/", f"{key.pk}/history/"):
        page = client.get(f"/admin/articles/apikey/{path}")
        assert page.status_code == 200
        assert secret not in page.content.decode()
