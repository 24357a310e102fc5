"""Signing in: few guesses, nobody locked out by others, no name given away."""

import pytest

from articles.web.sign_in import OF_ADDRESS, OF_NAME
from tests.pages.reading import main_words

pytestmark = pytest.mark.django_db

PASSWORD = "tall-lime-trees"


@pytest.fixture(autouse=True)
def _admin(django_user_model):
    django_user_model.objects.create_superuser("admin", password=PASSWORD)
    django_user_model.objects.create_user("viewer", password=PASSWORD, is_staff=True)


def sign_in(client, name="admin", password="wrong", **extra):
    return client.post("/admin/login/", {"username": name, "password": password, "next": "/admin/"}, **extra)


def test_after_five_wrong_guesses_the_right_one_has_to_wait(client):
    assert [sign_in(client).status_code for _ in range(OF_NAME.most)] == [200] * 5
    refused = sign_in(client, password=PASSWORD)
    assert refused.status_code == 429
    assert 60 < int(refused["Retry-After"]) <= 180
    assert "too many tries to sign in from your address" in main_words(refused)
    assert "try again in 3 minutes" in main_words(refused)
    assert client.get("/admin/").status_code == 302


def test_a_guess_too_many_elsewhere_locks_nobody_out_here(client):
    for _ in range(OF_NAME.most + 1):
        sign_in(client, REMOTE_ADDR="203.0.113.66")
    assert sign_in(client, password=PASSWORD, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_a_name_that_does_not_exist_is_answered_alike(client):
    def seen(name):
        answers = [sign_in(client, name, REMOTE_ADDR=f"203.0.113.{len(name)}") for _ in range(6)]
        return [(answer.status_code, main(answer).replace(name, "NAME")) for answer in answers]

    def main(answer):
        return " ".join(answer.content.decode().partition("<form")[0].partition("errornote")[2].split())

    assert seen("admin") == seen("nobody-of-this-name")


def test_many_names_from_one_address_are_guesses_too(client):
    statuses = [sign_in(client, f"name-{number}").status_code for number in range(OF_ADDRESS.most + 1)]
    assert statuses == [200] * OF_ADDRESS.most + [429]


def test_what_is_refused_for_one_name_is_not_counted_against_the_address(client):
    statuses = [sign_in(client).status_code for _ in range(OF_ADDRESS.most + 5)]
    assert statuses == [200] * OF_NAME.most + [429] * OF_ADDRESS.most
    assert sign_in(client, "viewer", PASSWORD).status_code == 302


def test_signing_in_clears_the_count(client):
    for _ in range(3):
        for _ in range(OF_NAME.most - 1):
            sign_in(client)
        assert sign_in(client, password=PASSWORD).status_code == 302
        client.logout()


def test_who_is_signed_in_gets_no_more_guesses_at_others(client):
    assert sign_in(client, "viewer", PASSWORD).status_code == 302
    assert [sign_in(client).status_code for _ in range(6)] == [200] * 5 + [429]


def test_another_spelling_of_the_name_is_the_same_name(client):
    names = ["admin", "Admin", "ADMIN", "aDmin", "adMin"]
    assert [sign_in(client, name).status_code for name in [*names, "admiN"]] == [200] * 5 + [429]


@pytest.mark.parametrize("name", ["ａｄｍｉｎ", " admin", "admin\u3000", "\u2003Admin", "ADMIN", "𝐚𝐝𝐦𝐢𝐧"])
def test_a_spelling_that_the_form_takes_for_the_name_is_the_same_name(client, name):
    assert sign_in(client, name.lower(), PASSWORD).status_code == 302  # Django lets it in: so it counts
    client.logout()
    assert [sign_in(client).status_code for _ in range(OF_NAME.most)] == [200] * OF_NAME.most
    assert sign_in(client, name).status_code == 429


@pytest.mark.parametrize("name", ["\x00", "ﷺ" * 5000, " " * 100_000, "a" * 300])
def test_a_name_that_is_none_is_counted_all_the_same(client, name):
    assert [sign_in(client, name).status_code for _ in range(6)] == [200] * 5 + [429]


def test_a_failure_is_logged_with_the_address_and_without_the_name(client, caplog):
    sign_in(client, "my-password-typed-too-early", REMOTE_ADDR="203.0.113.66")
    (record,) = [record for record in caplog.records if record.message == "sign-in failed"]
    assert record.visitor == "203.0.113.66"
    assert "my-password" not in caplog.text
