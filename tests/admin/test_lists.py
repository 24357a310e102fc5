"""What all lists of the admin bear."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection

from articles.search import postgresql
from tests.factories import make_article, make_version

pytestmark = pytest.mark.django_db

HUGE = "9" * 23
"""A number that no database has room for."""


def addresses() -> Iterator[str]:
    """Every filter, search, page and view of every list, with that number wherever one can stand."""
    for model, site in admin.site._registry.items():
        of = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (f"{of}?{name}={HUGE}" for name in ("q", "p", "o", "id", "id__in"))
        yield from (f"{of}{HUGE}/{view}/" for view in ("change", "delete", "history"))
        for named in site.list_filter:
            name = named[0] if isinstance(named, tuple) else named
            if not isinstance(name, str):
                yield f"{of}?{name.parameter_name}={HUGE}"
            else:
                of_row = "__id" if model._meta.get_field(name).is_relation else ""
                yield f"{of}?{name}{of_row}__exact={HUGE}"
        for pattern in site.get_urls():
            if "<int:" in str(pattern.pattern):
                yield of + re.sub(r"<\w+:\w+>", HUGE, str(pattern.pattern))


@pytest.mark.parametrize("value", [HUGE, "%00", "abc%00", "abc"])
def test_values_that_no_row_can_have_break_nothing(admin_client, value):
    asked = sorted({address.replace(HUGE, value) for address in addresses()})
    assert len(asked) > 100
    for address in asked:
        assert admin_client.get(address).status_code in (200, 301, 302, 403, 404, 405), address
        assert admin_client.post(address).status_code in (200, 301, 302, 403, 404, 405), address


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the beginnings of words")
def test_words_of_which_too_many_begin_alike_are_told(admin_client, monkeypatch):
    monkeypatch.setattr(postgresql, "MOST_BEGINNING_ALIKE", 1)
    make_version(make_article(), ["Women and wolves."])
    told = "words begin with “wo”"
    assert told in admin_client.get("/admin/articles/article/?q=wo*").content.decode()
    assert told not in admin_client.get("/admin/articles/article/?q=wom*").content.decode()


def test_a_zero_byte_in_a_filter_is_said_to_be_wrong(admin_client):
    answer = admin_client.get("/admin/articles/article/?state=%00")
    assert answer.status_code == 302
    assert answer["Location"].endswith("?e=1")


def test_nor_do_actions_on_them(admin_client):
    for action in ("hide", "show_again", "check_now", "pause"):
        sent = {"action": action, "_selected_action": [HUGE], "confirmed": "1", "reason": "other"}
        assert admin_client.post("/admin/articles/article/", sent).status_code in (200, 302), action
