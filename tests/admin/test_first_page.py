"""The admin's first page: what needs somebody, with the way to it, for a bounded number of queries."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles.admin.accounts import roles
from articles.admin.last_day import HEIGHT, last_day
from articles.models import Feed, Heartbeat, HourCount, Outage, Takedown, Version
from tests.admin import states
from tests.factories import make_article, make_source, make_version

pytestmark = pytest.mark.django_db

MOST_QUERIES = 20
"""However much is wrong, and however many sources there are."""


def words(answer):
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub("<[^>]*>", " ", text)).split())


@pytest.fixture
def trouble():
    states.build()


def test_what_needs_somebody_is_named_with_the_way_to_it(admin_client, trouble):
    answer = admin_client.get("/admin/")
    page, shown = answer.content.decode(), words(answer)
    for told in (
        "2 takedown requests wait for a decision",
        "Personal data, ",
        "1 change found on many articles at once waits for a decision",
        "the same change on 12 of 14 articles",
        "1 source has problems, 1 of them needs a look",
        "no feed could be read for 2 days",
        "2 feeds have lost their addresses",
        "The Gazette: it leads to https://news.example/feed for good",
        "not read 9 times in a row (the server answered 404)",
        "1 article is put aside",
        "1 pair of articles may be one story",
        "1 source shows what may be no part of its stories",
    ):
        assert told in shown
    links = set(re.findall(r'href="([^"]+)"', page.partition('id="notices"')[2].partition("day-heading")[0]))
    assert len(links) >= 12
    for link in links:
        assert admin_client.get(unescape(link).partition("#")[0]).status_code == 200, link
    assert (
        shown.index("takedown requests wait") < shown.index("source has problems") < shown.index("Audit log")
    )


def test_with_nothing_to_do_it_says_so(admin_client):
    Heartbeat.beat("dispatch")
    shown = words(admin_client.get("/admin/"))
    assert "Nothing needs you now." in shown
    assert "Nothing was checked." in shown


def test_what_stops_everything_comes_first(admin_client, trouble):
    Heartbeat.objects.all().delete()
    Outage.objects.create(began=timezone.now(), next_probe=timezone.now())
    shown = words(admin_client.get("/admin/"))
    assert shown.index("The worker never ran: nothing is checked.") < shown.index("Our own network fails")
    assert shown.index("Our own network fails") < shown.index("takedown requests")


def test_a_source_is_looked_at_from_here(admin_client):
    assert 'action="/admin/articles/source/add/look/"' in admin_client.get("/admin/").content.decode()
    answer = admin_client.post("/admin/articles/source/add/look/", {"address": "news.example"})
    assert answer.status_code == 302


def test_its_queries_do_not_grow(admin_client, trouble, django_assert_max_num_queries):
    for number in range(40):
        source = make_source(f"Post {number}")
        feed = Feed.objects.create(source=source, address=f"https://{number}.example/feed")
        Feed.objects.filter(pk=feed.pk).update(errors_in_row=5, last_error="gone")
        Takedown.objects.create(article=make_article(source), address="x", reason="other")
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = admin_client.get("/admin/")
    assert "and 37 more" in words(answer)  # of 42 requests five are named


def test_a_viewer_sees_no_request_and_may_add_nothing(client, trouble):
    viewer = User.objects.create_user("vi", is_staff=True)
    viewer.groups.add(Group.objects.get(name=roles.VIEWER))
    client.force_login(viewer)
    shown = words(client.get("/admin/"))
    assert "takedown request" not in shown.partition("The last 24 hours")[0]
    assert "1 source has problems" in shown
    assert "Look at it" not in shown


def test_who_may_see_no_source_is_told_no_figures(client, trouble):
    client.force_login(User.objects.create_user("new", is_staff=True))
    shown = words(client.get("/admin/"))
    assert "Gazette" not in shown
    assert "The last 24 hours" not in shown


def test_the_day_is_counted_by_the_hour():
    now = timezone.now().replace(minute=30)
    source, other = make_source("A"), make_source("B")
    HourCount.add(source.pk, now, checks=6, unreachable=2, articles=3)
    HourCount.add(other.pk, now, checks=4, blocked=1, feeds_failed=5)
    HourCount.add(source.pk, now - timedelta(hours=23), checks=5)
    HourCount.add(source.pk, now - timedelta(hours=24), checks=100)  # no longer of it
    article = make_article(source)
    for hours in (30, 2, 1):
        make_version(article, (f"Version of {hours} hours ago.",), seen=now - timedelta(hours=hours))
    Version.objects.filter(number=3).update(hidden=True)
    day = last_day(now)
    assert (day.checks, day.failed, day.articles, day.feeds_failed, day.changes) == (15, 3, 3, 5, 1)
    assert len(day.hours) == 24
    assert [(hour.checks, hour.failed) for hour in (day.hours[0], day.hours[-1])] == [(5, 0), (10, 3)]
    assert day.hours[-1].top == 0
    assert day.hours[-1].failed_height == pytest.approx(HEIGHT * 0.3)
    assert day.hours[0].well_height == pytest.approx(HEIGHT * 0.5)
