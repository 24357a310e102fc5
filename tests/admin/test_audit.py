"""Who changed what, from what to what."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.urls import reverse

from articles.models import Feed
from articles.web.audit import Alteration, alterations, note, record
from tests.admin.test_admin import form
from tests.factories import make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return User.objects.create_superuser("ann", password="of no worth")


def _request(person: User) -> Any:
    request = RequestFactory().post("/")
    request.user = person
    return request


def test_a_change_is_kept_with_its_values_before_and_after(person: User) -> None:
    source = make_source()
    record(_request(person), source, {"enabled": (True, False), "name": ("Same", "Same")}, note="by hand")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_edited_object()) == (person, source)
    assert alterations(entry) == [Alteration("enabled", True, False)]
    assert note(entry) == "by hand"
    assert str(entry.get_change_message()) == "Changed enabled."


def test_a_note_alone_is_kept_and_no_change_at_all_is_not(person: User) -> None:
    source = make_source()
    record(_request(person), source, {"name": ("a", "a")})
    assert not LogEntry.objects.exists()
    record(_request(person), source, {}, note="[checked] by hand")
    entry = LogEntry.objects.get()
    assert (alterations(entry), note(entry)) == ([], "[checked] by hand")


def test_a_value_too_long_is_cut_and_says_so(person: User) -> None:
    record(_request(person), make_source(), {"rules": ({}, {"drop": ["p" * 9000]})})
    [altered] = alterations(LogEntry.objects.get())
    assert altered.before == "{}"
    assert str(altered.after).endswith("characters)")
    assert len(str(altered.after)) < 6000


def test_a_form_of_the_admin_leaves_the_values_of_itself_and_of_its_rows(
    person: User, client: Client
) -> None:
    source = make_source(name="Before")
    feed = Feed.objects.create(source=source, address="https://news.example/feed")
    client.force_login(person)
    change = reverse("admin:articles_source_change", args=[source.pk])
    sent = form(
        **{"name": "After", "slug": source.slug, "home_page": source.home_page},
        **{"obey_noarchive": "on"},
        **{"feeds-INITIAL_FORMS": "1", "feeds-0-id": feed.pk, "feeds-0-source": source.pk},
        **{"feeds-0-address": "https://news.example/other"},
    )
    assert client.post(change, sent).status_code == 302
    assert alterations(LogEntry.objects.get()) == [
        Alteration("name", "Before", "After"),
        Alteration(
            "feed “https://news.example/other”: address",
            "https://news.example/feed",
            "https://news.example/other",
        ),
    ]


def test_a_password_is_named_and_not_shown(person: User, client: Client) -> None:
    client.force_login(person)
    other = User.objects.create_user("bob", password="first")
    new = {"password1": "quite a new one 7", "password2": "quite a new one 7", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[other.pk])
    assert client.post(address, new).status_code == 302
    entry = LogEntry.objects.get()
    assert "password" in str(entry.get_change_message()).lower()
    assert "quite a new one" not in entry.change_message
