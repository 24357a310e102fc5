"""Adding articles by address or file: in the admin, and as a reader who may."""

import csv
import io

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker

from articles.models import Address, Article, Batch, Source
from articles.watch.feeds.poll import add_article
from articles.watch.onboarding import batches
from articles.web.sign_in import OF_NAME
from tests.factories import make_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

ADMIN = "/admin/articles/article/add/"
PUBLIC = "/articles/add/"
STORY = "https://gazette.example/bridge"
PASSWORD = "tall-lime-trees"


@pytest.fixture(autouse=True)
def source(db):
    return make_source("The Gazette", home_page="https://gazette.example/")


def person(django_user_model, *permissions, name="ada", staff=False):
    user = django_user_model.objects.create_user(name, password=PASSWORD, is_staff=staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def reader(client, django_user_model):
    client.force_login(person(django_user_model, "add_article"))
    return client


def file(text, name="list.txt"):
    return SimpleUploadedFile(name, text.encode())


def words(answer):
    return " ".join(answer.content.decode().split())


# --- Who may


@pytest.mark.parametrize("address", [ADMIN, PUBLIC])
@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        ([], False),
        (["view_article"], False),
        (["change_article", "change_source"], False),
        (["add_article"], True),
    ],
)
def test_it_takes_the_permission(client, django_user_model, address, permissions, may):
    client.force_login(person(django_user_model, *permissions, staff=True))
    assert client.get(address).status_code == (200 if may else 403)
    assert client.post(address, {"address": STORY}).status_code == (302 if may else 403)
    assert Article.objects.exists() is may


@pytest.mark.parametrize("address", [ADMIN, PUBLIC])
def test_who_is_not_signed_in_is_asked_to(client, address):
    answer = client.post(address, {"address": STORY})
    assert answer.status_code == 302
    assert "/sign-in/?next=" in answer["Location"] or "/admin/login/?next=" in answer["Location"]
    assert not Article.objects.exists()


@pytest.mark.parametrize("address", [ADMIN, PUBLIC, "/sign-out/", "/sign-in/"])
def test_every_form_needs_its_token(django_user_model, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(django_user_model, "add_article", staff=True))
    assert client.post(address, {"address": STORY}).status_code == 403
    assert not Article.objects.exists()


def test_what_others_gave_is_not_shown(reader, django_user_model):
    other = Batch.objects.create(user=person(django_user_model, name="bob"))
    for name in ("batch", "batch-result"):
        assert reader.get(reverse(name, args=[other.pk])).status_code == 404
        assert reader.post(reverse(name, args=[other.pk])).status_code == 405


# --- One address


@pytest.mark.parametrize("address", [ADMIN, PUBLIC])
def test_an_article_is_watched_at_once(client, django_user_model, address):
    client.force_login(person(django_user_model, "add_article", staff=True))
    answer = client.post(address, {"address": " gazette.example/bridge?utm_source=x "}, follow=True)
    assert "1 added" in words(answer)
    assert "added; waits for its first check" in words(answer)
    assert Article.objects.get().address == STORY
    assert get_broker().queue_size() == 1
    assert LogEntry.objects.get().change_message == "1 addresses given"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"address": "nonsense"}, "This can’t be watched: this is no address of a page."),
        ({"address": "https://u:p@gazette.example/"}, "This can’t be watched"),
        ({"address": "https://elsewhere.example/a"}, "No source watches this site. Choose one"),
        ({}, "Give an address or a file: one of the two."),
    ],
)
def test_a_bad_address_says_what_to_do(reader, given, said):
    answer = reader.post(PUBLIC, given)
    assert said in words(answer)
    assert not Batch.objects.exists()


def test_a_known_article_is_shown_the_way_to(reader, source):
    article, _ = add_article(STORY, source)
    assert f'already: <a href="{article.get_absolute_url()}">' in words(
        reader.post(PUBLIC, {"address": STORY})
    )


def test_a_hidden_article_is_not_shown_the_way_to(reader, source):
    article, _ = add_article(STORY, source)
    Article.objects.update(hidden=True, headline="Secret")
    answer = words(reader.post(PUBLIC, {"address": STORY}))
    assert "taken down here" in answer
    assert "Secret" not in answer
    assert article.get_absolute_url() not in answer


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [
        ("blocked", "HTTP status 403", "its site does not let us read it (HTTP status 403)"),
        ("failed", "no text", "its page gives no text of an article (no text)"),
        ("robots", "robots.txt does not let us fetch it", "robots.txt forbids reading it"),
        ("refused", "10.0.0.1 is private", "may not be fetched (10.0.0.1 is private)"),
        ("unreachable", "timeout", "can’t be reached; it is tried again (timeout)"),
    ],
)
def test_what_its_first_check_came_to_is_said(reader, outcome, reason, said):
    reader.post(PUBLIC, {"address": STORY})
    Article.objects.update(last_checked=timezone.now(), last_outcome=outcome, last_reason=reason)
    page = words(reader.get(Batch.objects.get().get_absolute_url()))
    assert said in page
    assert 'data-running="no"' in page


def test_one_that_turns_out_to_be_another_leads_to_that(reader, source):
    reader.post(PUBLIC, {"address": STORY})
    other, _ = add_article("https://gazette.example/same", source)
    Address.objects.update(article=other)
    Article.objects.exclude(pk=other.pk).delete()
    page = words(reader.get(Batch.objects.get().get_absolute_url()))
    assert "the same story as one watched already" in page
    assert other.get_absolute_url() in page


def test_what_is_added_to_a_paused_source_does_not_wait(reader, source):
    Source.objects.update(enabled=False)
    page = words(reader.post(PUBLIC, {"address": STORY}, follow=True))
    assert "added; its source is paused, resume it to have it read" in page
    assert "waits for" not in page
    assert 'data-running="no"' in page


def test_an_article_that_was_paused_since_does_not_wait(reader):
    reader.post(PUBLIC, {"address": STORY})
    Article.objects.update(state="paused", next_check_at=None)
    page = words(reader.get(Batch.objects.get().get_absolute_url()))
    assert "added; it is not checked: it was paused" in page
    assert 'data-running="no"' in page


@pytest.mark.parametrize("address", [ADMIN, PUBLIC])
@pytest.mark.parametrize("number", ["abc", "9" * 23, "-1", "１", "1\x00", "1e3"])
def test_a_source_that_is_none_is_an_error_of_the_form(client, django_user_model, address, number):
    client.force_login(person(django_user_model, "add_article", "view_source", staff=True))
    answer = client.post(address, {"address": STORY, "source": number})
    assert answer.status_code == 200
    assert "Nothing was added yet." in words(answer)
    assert "errorlist" in words(answer)
    assert not Batch.objects.exists()


def test_of_an_article_taken_down_since_nothing_is_told(reader, admin_client, source):
    reader.post(PUBLIC, {"file": file(f"{STORY}\n{STORY}/2\n")})
    batches.work(30)
    first, second = Article.objects.order_by("pk")
    # One of them turned out to be another's story, which was then taken down.
    other, _ = add_article("https://gazette.example/same", source)
    Address.objects.filter(article=second).update(article=other)
    second.delete()
    hidden = {"hidden": True, "headline": "Secret", "last_reason": "Secret too", "last_outcome": "failed"}
    Article.objects.update(**hidden, last_checked=timezone.now())
    batch = Batch.objects.get()
    for name, asking in (
        ("batch", reader),
        ("batch-result", reader),
        ("admin:articles_batch_result", admin_client),
    ):
        told = words(asking.get(reverse(name, args=[batch.pk])))
        assert told.count("taken down here") == 2
        assert "Secret" not in told
        assert first.get_absolute_url() not in told
        assert other.get_absolute_url() not in told


# --- A file


def test_a_file_is_taken_line_by_line(reader):
    text = f"nonsense\n{STORY}\n{STORY}?utm_source=x\nhttps://elsewhere.example/a\n"
    answer = reader.post(PUBLIC, {"file": file(text)}, follow=True)
    assert "2 of 4 addresses done" in words(answer)
    batches.work(30)
    page = words(reader.get(Batch.objects.get().get_absolute_url()))
    assert "All 4 addresses are done." in page
    assert "not added: this is no address of a page" in page
    assert "given twice: as on line 2" in page
    assert "no source watches elsewhere.example" in page
    assert Article.objects.count() == 1


def test_the_result_is_a_file_that_is_no_formula(reader):
    reader.post(PUBLIC, {"file": file(f"=HYPERLINK(1)\n+1\n@x\n-2\n{STORY}\n")})
    batches.work(30)
    answer = reader.get(reverse("batch-result", args=[Batch.objects.get().pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["'=HYPERLINK(1)", "'+1", "'@x", "'-2", STORY]
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_result_says_what_the_page_says(reader, source):
    reader.post(PUBLIC, {"file": file(f"{STORY}\n{STORY}/2\n")})
    batches.work(30)
    other, _ = add_article("https://gazette.example/same", source)
    Address.objects.filter(address=STORY).update(article=other)
    Article.objects.get(address=STORY).delete()
    answer = reader.get(reverse("batch-result", args=[Batch.objects.get().pk]))
    first, second = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    assert first[3:] == ["the same story as one watched already", other.get_absolute_url()]
    assert second[3] == "added; waits for its first check"


def test_too_large_a_file_takes_nothing(reader):
    answer = reader.post(PUBLIC, {"file": file("x" * 1_000_001)})
    assert "more than 1,000,000 bytes" in words(answer)
    assert not Batch.objects.exists()


def test_the_page_of_ten_thousand_takes_few_queries(reader, source, django_assert_max_num_queries):
    lines = "\n".join(f"https://gazette.example/{number}" for number in range(10_000))
    reader.post(PUBLIC, {"file": file(lines)})
    with django_assert_max_num_queries(9):
        page = reader.get(Batch.objects.get().get_absolute_url())
    assert "0 of 10000 addresses done" in words(page)


def test_the_admin_shows_what_was_given(admin_client):
    admin_client.post(ADMIN, {"file": file(f"{STORY}\n<script>alert(1)</script>\n")})
    batches.work(30)
    batch = Batch.objects.get()
    assert "list.txt" in words(admin_client.get("/admin/articles/batch/"))
    page = words(admin_client.get(reverse("admin:articles_batch_change", args=[batch.pk])))
    assert "<script>alert" not in page
    assert admin_client.get(reverse("admin:articles_batch_result", args=[batch.pk])).status_code == 200


def test_the_admin_s_result_takes_a_permission(client, django_user_model):
    client.force_login(person(django_user_model, staff=True))
    batch = Batch.objects.create()
    for name in ("change", "result"):
        assert client.get(reverse(f"admin:articles_batch_{name}", args=[batch.pk])).status_code == 403


def test_the_admin_shows_to_who_may_only_add_what_he_gave(client, django_user_model):
    giver = person(django_user_model, "add_article", staff=True)
    own = Batch.objects.create(user=giver, name="own.csv")
    other = Batch.objects.create(user=person(django_user_model, name="bob"), name="secret.csv")
    client.force_login(giver)
    shown = words(client.get("/admin/articles/batch/"))
    assert "own.csv" in shown
    assert "secret.csv" not in shown
    for name in ("change", "result"):
        assert client.get(reverse(f"admin:articles_batch_{name}", args=[own.pk])).status_code == 200
        assert client.get(reverse(f"admin:articles_batch_{name}", args=[other.pk])).status_code == 404


def test_the_admin_s_form_finds_a_source_by_typing_where_readers_choose(client, django_user_model, source):
    for number in range(30):
        make_source(f"Paper {number}")
    client.force_login(person(django_user_model, "add_article", "view_source", staff=True))
    page = words(client.get(ADMIN))
    assert "Paper 1" not in page
    assert "admin-autocomplete" in page
    assert "the one that watches its site" in page
    assert "autocomplete.js" in page
    assert "Paper 1" in words(client.get(PUBLIC))
    given = {"address": "https://elsewhere.example/a", "source": source.pk}
    assert "1 added" in words(client.post(ADMIN, given, follow=True))
    page = words(client.post(ADMIN, {"address": "nonsense", "source": source.pk}))
    assert "The Gazette" in page  # what was chosen stays


# --- Signing in


def test_a_reader_signs_in_and_goes_on_where_he_was(client, django_user_model):
    person(django_user_model, "add_article")
    page = client.get(f"{PUBLIC}?address={STORY}", follow=True)
    where = page.redirect_chain[-1][0]
    data = {"username": "ada", "password": PASSWORD, "next": f"{PUBLIC}?address={STORY}"}
    answer = client.post(where, data, follow=True)
    assert f'value="{STORY}"' in words(answer)
    assert "Signed in as ada" in words(answer)
    assert client.post("/sign-out/").status_code == 302
    assert client.get(PUBLIC).status_code == 302


def test_signing_in_leads_to_no_other_site(client, django_user_model):
    person(django_user_model)
    data = {"username": "ada", "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/sign-in/", data)["Location"] == "/"


def test_guesses_are_few_and_counted_with_those_at_the_admins_page(client, django_user_model):
    person(django_user_model)
    data = {"username": "ada", "password": "wrong"}
    pages = ["/sign-in/", "/admin/login/"] * OF_NAME.most
    assert [client.post(page, data).status_code for page in pages[: OF_NAME.most]] == [200] * OF_NAME.most
    assert client.post("/sign-in/", data | {"password": PASSWORD}).status_code == 429


def test_signing_out_needs_post(reader):
    assert reader.get("/sign-out/").status_code == 405


def test_an_unknown_address_leads_those_who_may_to_adding_it(reader, django_user_model):
    there = f"{PUBLIC}?address=https%3A%2F%2Fgazette.example%2Fbridge"
    answer = reader.get("/find/", {"q": STORY})
    assert there in words(answer)
    assert "Cookie" in answer["Vary"]
    assert there not in words(Client().get("/find/", {"q": STORY}))
    assert Source.objects.count() == 1
