"""While the database is away, or the disk is full, every page says so, and when to ask again."""

import errno
import json

import pytest
from django.contrib.auth.models import User
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.test import Client

from articles.web.unavailable import RETRY_SECONDS, is_unavailable
from tests.factories import make_article, make_source, make_version

PUBLIC = [
    *("/", "/changes/", "/changes/?q=storm", "/sources/", "/sources/gazette/", "/sources/gazette/articles/"),
    *("/articles/{}/", "/articles/{}/1/", "/articles/{}/1/text", "/articles/{}/diff/1/2/"),
    *("/articles/{}/diff/1/2/card.png", "/stats/", "/stats/sources.csv", "/find/?q=storm", "/feeds/"),
    *(
        "/about/takedown/log/",
        "/about/takedown/2345-6789-ABCD/",
        "/oembed?url=https://diffs.example.org/articles/{}/",
    ),
]
FEEDS = [
    f"{of}feed.{form}"
    for of in ("/changes/", "/sources/gazette/", "/articles/{}/")
    for form in ("rss", "atom", "json")
]
ADMIN = ["/admin/", "/admin/articles/source/", "/admin/articles/article/{}/change/", "/admin/auth/user/add/"]
API = ["/api/v1/sources", "/api/v1/changes", "/api/v1/articles/{}"]


def away(execute, sql, params, many, context):
    raise OperationalError("the connection was lost\nand more")


@pytest.fixture
def article(db):
    article = make_article(make_source("The Gazette", slug="gazette"))
    make_version(article)
    make_version(article, ("Five people were hurt.",))
    return article


@pytest.fixture
def visitor(article, settings):
    """Somebody who is signed in; failures are answered, not raised."""
    settings.SITE_URL = "https://diffs.example.org"
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("path", [*PUBLIC, *FEEDS, *ADMIN])
def test_every_page_says_that_it_can_not_be_made_now(visitor, article, path):
    with connection.execute_wrapper(away):
        answer = visitor.get(path.format(article.pk))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_SECONDS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer.headers
    assert "Nothing that was seen is lost." in answer.content.decode()


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/login/", "/about/takedown/"])
def test_so_does_what_is_sent(visitor, path):
    sent = {"username": "root", "password": "x", "address": "https://news.example/1", "reason": "other"}
    with connection.execute_wrapper(away):
        answer = visitor.post(path, sent | {"text": "Please.", "name": "A"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_SECONDS))


@pytest.mark.parametrize("key", ["", "Bearer nd_abc_def"])
@pytest.mark.parametrize("path", API)
def test_the_api_says_so_in_its_own_form(visitor, article, path, key):
    headers = {"Authorization": key} if key else {}
    with connection.execute_wrapper(away):
        answer = visitor.get(path.format(article.pk), headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(RETRY_SECONDS))
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Try again in a minute" in json.loads(answer.content)["detail"]


def test_the_log_has_a_line_and_no_trace(visitor, caplog):
    with connection.execute_wrapper(away):
        visitor.get("/sources/")
    told = [one for one in caplog.records if one.name == "articles.pages.errors"]
    assert [one.getMessage().rpartition(": ")[2] for one in told] == ["the connection was lost"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's disk is its own")
def test_a_full_disk_lets_read_and_refuses_what_is_sent(client):
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        most = cursor.execute("PRAGMA max_page_count").fetchone()[0]
        cursor.execute("VACUUM")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        sent = {"address": "https://news.example/1", "reason": "other", "name": "A", "text": "x" * 5000}
        assert client.post("/about/takedown/", sent).status_code == 503
        assert client.get("/").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {most}")
    assert client.post("/about/takedown/", sent).status_code == 302


@pytest.mark.parametrize(
    "problem", [DataError(), IntegrityError(), ProgrammingError(), ValueError(), None, OSError()]
)
def test_what_is_the_program_s_fault_is_not_passed_off_as_that(problem):
    assert not is_unavailable(problem)


@pytest.mark.parametrize("problem", [OperationalError(), InterfaceError(), OSError(errno.ENOSPC, "full")])
def test_what_passes_is_known(problem):
    assert is_unavailable(problem)
