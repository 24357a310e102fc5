"""The audit log's page: who, what, from what to what; looked at by those who may, changed by nobody."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.urls import reverse

from articles.web.audit import record
from tests.factories import make_article, make_source

pytestmark = pytest.mark.django_db

LIST = "/admin/admin/logentry/"


@pytest.fixture
def ann():
    return User.objects.create_user("ann", password="tall-lime-trees", is_staff=True)


@pytest.fixture
def entry(rf, ann):
    request = rf.post("/")
    request.user = ann
    record(
        request, make_source("The <b>Gazette</b>"), {"enabled": (True, False), "slug": ("", "g")}, note="why"
    )
    return LogEntry.objects.get()


def test_it_says_who_changed_what_from_what_to_what(admin_client, entry):
    for address in (LIST, f"{LIST}{entry.pk}/change/"):
        page = admin_client.get(address).content.decode()
        assert "ann" in page
        assert "<b>enabled</b>: yes → no" in page
        assert "<b>slug</b>: (empty) → g" in page
        assert "why" in page
        assert "The &lt;b&gt;Gazette&lt;/b&gt;" in page


def test_it_is_found_by_person_kind_and_object(admin_client, entry, ann):
    other = User.objects.create_user("bob", is_staff=True)
    number = f"{LIST}{entry.pk}/change/"
    for query, found in {
        f"person={ann.pk}": True,
        f"person={other.pk}": False,
        f"kind={entry.content_type_id}": True,
        f"kind={entry.content_type_id + 1}": False,
        "q=The": True,
        "q=ann": True,
        "q=bob": False,
        f"q={entry.object_id}": True,
        "person=x": True,
    }.items():
        page = admin_client.get(f"{LIST}?{query}").content.decode()
        assert (number in page) is found, query


def test_nobody_changes_or_deletes_an_entry(admin_client, entry):
    assert admin_client.post(f"{LIST}{entry.pk}/change/", {"change_message": "x"}).status_code == 403
    assert admin_client.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    admin_client.post(LIST, sent)
    assert LogEntry.objects.get() == entry


def test_it_takes_the_same_queries_however_long_it_is(
    admin_client, entry, rf, ann, django_assert_max_num_queries
):
    request = rf.post("/")
    request.user = ann
    for number in range(60):
        record(request, make_article(), {"hidden": (False, True)}, note=str(number))
    with django_assert_max_num_queries(9):
        admin_client.get(LIST)


def test_a_sign_in_and_a_new_password_are_told_without_values(client, ann, admin_user):
    sent = {"username": "ann", "password": "tall-lime-trees", "next": "/admin/"}
    assert client.post("/admin/login/", sent).status_code == 302
    client.force_login(admin_user)
    password = reverse("admin:auth_user_password_change", args=[ann.pk])
    sent = {"password1": "short-oak-trees", "password2": "short-oak-trees", "usable_password": "true"}
    assert client.post(password, sent).status_code == 302
    page = client.get(LIST).content.decode()
    assert "signed in" in page
    assert "password" in page.lower()
    assert "oak" not in page
    assert not [e for e in LogEntry.objects.all() if "oak" in e.change_message or "pbkdf" in e.change_message]


def test_ones_own_new_password_is_told_without_values(client, ann):
    client.force_login(ann)
    new = {
        "old_password": "tall-lime-trees",
        "new_password1": "short-oaks-9",
        "new_password2": "short-oaks-9",
    }
    assert client.post("/admin/password_change/", new | {"old_password": "wrong"}).status_code == 200
    assert not LogEntry.objects.exists()
    assert client.post("/admin/password_change/", new).status_code == 302
    entry = LogEntry.objects.get()
    assert (entry.user, entry.change_message) == (ann, "changed the password")
    client.logout()
    assert "/admin/login/" in client.post("/admin/password_change/", new).url
    assert LogEntry.objects.count() == 1


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_it_is_downloaded_as_a_file_by_the_lists_own_filters(admin_client, entry, ann, rf):
    request = rf.post("/")
    request.user = User.objects.create_user("bob")
    record(request, make_article(), {}, note="=1+1")
    assert f"{LIST}csv/?person={ann.pk}" in admin_client.get(f"{LIST}?person={ann.pk}").content.decode()
    answer = admin_client.get(f"{LIST}csv/")
    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="audit-log.csv"' in answer["Content-Disposition"]
    newest, *of_ann = [row for row in rows_of(answer) if row["user"] in ("ann", "bob")]
    assert (newest["user"], newest["kind"], newest["note"]) == ("bob", "article", "'=1+1")
    assert [(row["field"], row["old"], row["new"]) for row in of_ann] == [
        ("enabled", "yes", "no"),
        ("slug", "(empty)", "g"),
    ]
    assert of_ann[0]["object"] == "The <b>Gazette</b>"
    assert {row["user"] for row in rows_of(admin_client.get(f"{LIST}csv/?person={ann.pk}"))} == {"ann"}
    assert rows_of(admin_client.get(f"{LIST}csv/?q=nobody")) == []


def test_a_formula_in_any_cell_is_harmless(admin_client, rf, ann):
    request = rf.post("/")
    request.user = ann
    record(request, make_source("@SUM(A1)"), {"=field": ("+1", "-1")}, note="\t=2")
    (row,) = [row for row in rows_of(admin_client.get(f"{LIST}csv/")) if row["user"] == "ann"]
    told = (row["object"], row["field"], row["old"], row["new"], row["note"])
    assert told == ("'@SUM(A1)", "'=field", "'+1", "'-1", "'\t=2")


def test_the_file_is_for_those_who_may_see_the_log(client, entry, ann):
    client.force_login(ann)
    assert client.get(f"{LIST}csv/").status_code == 403


def test_a_file_by_a_filter_that_is_none_leads_to_the_list(admin_client, entry):
    answer = admin_client.get(f"{LIST}csv/?nonsense=1")
    assert (answer.status_code, answer["Location"]) == (302, LIST)
