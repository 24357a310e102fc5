"""The headers that keep a browser safe, on every kind of answer."""

import pytest

from tests.factories import make_article, make_source, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    """A client that sees the error page as a browser does."""
    article = make_article(make_source(slug="gazette"), pk=1)
    make_version(article)
    make_version(article, ["Five."])
    make_article(article.source, pk=2, hidden=True)
    client.raise_request_exception = False
    return client


KINDS = [
    ("/", 200),
    ("/articles/1/", 200),
    ("/articles/1/diff/1/2/", 200),
    ("/changes/feed.rss", 200),
    ("/changes/feed.atom", 200),
    ("/changes/feed.json", 200),
    ("/robots.txt", 200),
    ("/healthz", 503),
    ("/articles/1/diff/?a=1&b=2", 302),
    ("/sources", 301),
    ("/nowhere/", 404),
    ("/articles/2/", 410),
    ("/fail/", 500),
    ("/admin/", 302),
    ("/admin/login/", 200),
]


@pytest.mark.parametrize(("address", "status"), KINDS)
def test_every_answer_is_guarded(reader, settings, address, status):
    settings.ROOT_URLCONF = "tests.pages.failing_urls"
    answer = reader.get(address)
    assert answer.status_code == status
    assert_guarded(answer)


def test_an_answer_to_a_wrong_host_is_guarded(reader):
    answer = reader.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert_guarded(answer)


def test_a_form_without_its_token_is_answered_guarded(reader):
    reader.handler.enforce_csrf_checks = True
    answer = reader.post("/admin/login/", {"username": "admin", "password": "x"})
    assert answer.status_code == 403
    assert_guarded(answer)


def test_the_admins_pages_are_guarded(admin_client):
    assert_guarded(admin_client.get("/admin/articles/source/add/"))


def assert_guarded(answer):
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Strict-Transport-Security" not in answer  # nobody asked for it
