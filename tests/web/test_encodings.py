"""Forms in encodings that nobody reads, and forms that are none."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

PART = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\r\n--x--\r\n'
PAGES = ["/sign-in/", "/sign-out/", "/about/takedown/", "/admin/login/", "/articles/add/", "/", "/nowhere/"]


def sent(path, body, content_type):
    """As anybody sends it, with the cookie that a form has."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/sign-in/")
    return client.generic("POST", path, body, content_type=content_type)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("charset", ["latin1", "utf-16", "nonsense", "idna", "rot13", "hex", '""'])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_encoding_is_refused(page, charset, kind):
    body = PART if "multipart" in kind else b"username=a%ff"
    answer = sent(page, body, f"{kind}; charset={charset}")
    assert answer.status_code == 400
    assert "UTF-8" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_ours_is_read_however_it_is_written(client, charset):
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = client.generic("POST", "/sign-in/", b"username=ada&password=wrong", content_type=kind)
    assert answer.status_code == 200
    assert "ada" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\xe9"])
def test_a_form_without_its_boundary_is_refused(page, kind):
    assert sent(page, PART, kind).status_code in (400, 403, 404)
