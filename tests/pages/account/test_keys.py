"""Keys of the API that readers ask for: shown once, few, without texts until the operator says so."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import ApiKey
from articles.pages.account import keys as module

ASKED = {"purpose": "a thesis on headlines", "texts": "on"}


@pytest.fixture
def reader(client, db):
    client.force_login(User.objects.create_user("ann"))
    return client


def shown(response):
    return response.content.decode().partition('<code id="key">')[2].partition("<")[0]


def test_a_key_is_shown_once_and_reads_no_texts_yet(reader):
    made = reader.post("/keys/", ASKED)
    assert made.status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    key = ApiKey.of(shown(made), timezone.now())
    assert (key.texts, key.texts_wanted, key.made_by.username) == (False, True, "ann")
    assert key.ends > timezone.now()
    page = reader.get("/keys/").content.decode()
    assert key.name in page
    assert "operator’s word" in page
    assert shown(made).rpartition("_")[2] not in page
    told = {"Authorization": f"Bearer {shown(made)}"}
    assert reader.get("/api/v1/sources", headers=told).status_code == 200


def test_a_reader_ends_his_own_keys_and_no_others(reader):
    text = shown(reader.post("/keys/", ASKED))
    other = ApiKey(holder="another", made_by=User.objects.create_user("bob"))
    other.issue()
    other.save()
    key = ApiKey.objects.get(made_by__username="ann")
    assert reader.post(f"/keys/{other.pk}/end/").status_code == 404
    assert reader.get(f"/keys/{key.pk}/end/").status_code == 405
    assert reader.post(f"/keys/{key.pk}/end/").status_code == 302
    assert ApiKey.of(text, timezone.now()) is None
    assert "another" not in reader.get("/keys/").content.decode()
    assert ApiKey.objects.live(timezone.now()).get() == other


def test_few_keys_at_a_time_and_few_a_day(reader, monkeypatch):
    monkeypatch.setattr(module, "MOST", 2)
    assert [reader.post("/keys/", ASKED).status_code for _ in range(3)] == [200, 200, 400]
    assert ApiKey.objects.count() == 2
    monkeypatch.setattr(module, "MOST", 100)
    answers = {reader.post("/keys/", ASKED).status_code for _ in range(19)}
    assert answers == {200, 429}


def test_nobody_else_gets_one(client, db):
    assert client.post("/keys/", ASKED).headers["Location"] == "/sign-in/?next=/keys/"
    assert not ApiKey.objects.exists()


def test_a_form_without_a_purpose_says_so(reader):
    response = reader.post("/keys/", {"purpose": ""})
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()
