"""The lists of the admin on a narrow screen: nothing is beyond the edge."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from playwright.sync_api import Browser

from articles.models import Batch, Source, Takedown
from tests.chromium import chromium
from tests.factories import make_article, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTS = ("/admin/admin/logentry/", "/admin/articles/batch/", "/admin/articles/takedown/")


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def rows():
    """A row of each list, with long words in it."""
    source = make_source("The Harbour Courier of the Western Isles")
    Takedown.objects.create(article=make_article(source, headline="x" * 80), address="x", reason="legal")
    root = User.objects.create_superuser("root", password="x")
    Batch.objects.create(source=source, name=f"{'november-' * 10}.csv", user=root)
    LogEntry.objects.create(
        user=root,
        content_type=ContentType.objects.get_for_model(Source),
        object_id=str(source.pk),
        object_repr=source.name,
        action_flag=2,
        change_message=json.dumps([{"changed": {"fields": ["a"], "values": {"a": ["y" * 90, "z"]}}}]),
    )


@pytest.mark.parametrize("where", LISTS)
def test_a_list_fits_320_pixels(rows, browser: Browser, live_server, where):
    context = browser.new_context(viewport={"width": 320, "height": 700})
    try:
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/login/?next={where}")
        page.fill("[name=username]", "root")
        page.fill("[name=password]", "x")
        page.click("[type=submit]")
        page.wait_for_selector("#result_list")
        beyond = (
            "node => [node, ...node.querySelectorAll('td, th')].filter(one => one.getClientRects().length"
        )
        beyond += " && one.getBoundingClientRect().right > innerWidth).length"
        assert page.eval_on_selector("#result_list", beyond) == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    finally:
        context.close()
