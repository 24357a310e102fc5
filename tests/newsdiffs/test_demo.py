"""What the demo makes ready before its newsroom starts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Feed, Host, Source
from newsdiffs.runner import demo
from newsdiffs.runner.startup import CannotStart

pytestmark = pytest.mark.django_db


def test_the_newsroom_is_watched_once_however_often_the_demo_starts():
    for _ in range(2):
        demo.watch(8001)
    assert Source.objects.get().enabled
    assert Feed.objects.get().address == "http://127.0.0.1:8001/feed.rss"


def test_a_newsroom_that_was_away_is_not_left_alone():
    demo.watch(8001)
    Host.objects.update(failures=2, pauses=1, paused_until=timezone.now() + timedelta(minutes=30))
    demo.watch(8001)
    host = Host.objects.get()
    assert (host.failures, host.pauses, host.paused_until) == (0, 0, None)


def test_the_demo_leaves_the_data_of_a_site_in_use_alone():
    demo.check_apart(demo=True)
    Source.objects.create(slug="gazette", name="The Gazette", home_page="https://news.example/")
    demo.check_apart(demo=False)
    with pytest.raises(CannotStart, match="which the demo leaves alone"):
        demo.check_apart(demo=True)


def test_a_site_leaves_the_data_of_the_demo_alone():
    demo.watch(8001)
    Source.objects.create(slug="gazette", name="Added in the demo", home_page="https://news.example/")
    demo.check_apart(demo=True)
    with pytest.raises(CannotStart, match="has the demo's data"):
        demo.check_apart(demo=False)


def test_a_source_in_use_may_be_called_as_the_demos():
    Source.objects.create(slug=demo.SLUG, name="Our harbour", home_page="https://harbour.example/")
    demo.check_apart(demo=False)
    with pytest.raises(CannotStart):
        demo.check_apart(demo=True)


def test_the_demo_tells_of_changes_at_once_unless_it_is_told_otherwise(monkeypatch):
    monkeypatch.delenv("NOTICE_DELAY", raising=False)
    assert demo.environment_for(8001)["NOTICE_DELAY"] == "0"
    monkeypatch.setenv("NOTICE_DELAY", "60")
    assert demo.environment_for(8001)["NOTICE_DELAY"] == "60"
