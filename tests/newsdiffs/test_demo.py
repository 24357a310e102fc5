"""What the demo makes ready before its newsroom starts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Feed, Host, Source
from newsdiffs.runner import demo

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
