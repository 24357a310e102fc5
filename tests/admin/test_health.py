"""Health in the admin: the list of sources, a source's page, and what the first page says."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.health import refresh
from articles.models import Feed, Health, Heartbeat, HourCount, Outage, Source
from tests.factories import make_article, make_source
from tests.pages.reading import main_words

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/source/"


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def dead(db):
    """A source whose only feed has failed for two days."""
    source = make_source("The Dead Post")
    Feed.objects.create(source=source, address="https://news.example/feed", last_error="HTTP <b>500</b>")
    for hours_ago in (40, 20, 2):
        HourCount.add(source.pk, timezone.now() - timedelta(hours=hours_ago), feeds_failed=1)
    refresh()
    return source


@pytest.fixture
def well(db):
    source = make_source("The Well Post", last_success=timezone.now())
    refresh()
    return source


def test_the_list_says_in_words_how_sources_fare(admin_client, dead, well):
    page = words(admin_client.get(LIST))
    assert '<span class="badge badge-failing">Failing</span> no feed was ever read: HTTP &lt;b&gt;' in page
    assert '<span class="badge badge-fine">Fine</span>' in page
    assert "0 (too new to tell)" in page


@pytest.mark.parametrize(
    ("chosen", "shown"), [("problems", ["dead"]), ("failing", ["dead"]), ("paused", ["paused"]), ("x", None)]
)
def test_the_list_is_filtered_by_health(admin_client, dead, well, chosen, shown):
    make_source("paused", enabled=False)
    rows = admin_client.get(LIST, {"health": chosen}).context["cl"].queryset
    names = {"dead": "The Dead Post", "paused": "paused"}
    assert shown is None or [row.name for row in rows] == [names[name] for name in shown]


def test_the_list_is_ordered_by_health(admin_client, dead, well):
    rows = admin_client.get(LIST, {"o": "-2"}).context["cl"].queryset
    assert [row.name for row in rows][:1] == ["The Dead Post"]


def test_a_source_paused_by_hand_is_said_to_be(admin_client, dead):
    Source.objects.update(enabled=False)
    assert "Paused</span> by you" in words(admin_client.get(LIST))


def test_nothing_is_said_to_be_fine_by_what_was_seen_while_it_was_paused(admin_client, dead):
    Source.objects.update(enabled=False)
    refresh()
    Source.objects.update(enabled=True)
    page = words(admin_client.get(LIST))
    assert '<span class="badge badge-new">New</span> resumed, not looked at since' in page
    page = main_words(admin_client.get(f"{LIST}{dead.pk}/change/"))
    assert "paused by you" not in page.lower()
    assert "Not looked at yet" in page


def test_the_page_of_a_source_tells_all_of_it(admin_client, dead):
    make_article(dead)
    refresh()
    page = words(admin_client.get(reverse("admin:articles_source_change", args=[dead.pk])))
    assert "No feed was ever read: HTTP &lt;b&gt;500&lt;/b&gt;" in page
    assert "0, too new to tell what is usual" in page
    assert "0, failed 2" in page
    assert "18 July 2016, 10:50 UTC" in page  # the next article


def test_a_source_just_added_has_not_been_looked_at(admin_client):
    source = make_source()
    assert "not looked at yet" in words(admin_client.get(LIST))
    page = admin_client.get(reverse("admin:articles_source_change", args=[source.pk]))
    assert "Not looked at yet" in words(page)


def test_the_list_takes_as_many_queries_for_many_sources_as_for_few(admin_client):
    def queries():
        refresh()
        with CaptureQueriesContext(connection) as done:
            assert admin_client.get(LIST).status_code == 200
        return len(done)

    for _ in range(5):
        make_source()
    admin_client.get(LIST)
    few = queries()
    for _ in range(45):
        make_source()
    assert queries() == few


def test_the_first_page_says_what_needs_a_look(admin_client, dead):
    make_article(dead, parked=timezone.now())
    Outage.objects.create(began=timezone.now(), next_probe=timezone.now())
    page = words(admin_client.get("/admin/"))
    assert "The worker never ran: nothing is checked" in page
    assert "Our own network fails since" in page
    assert "1 source has problems, 1 of them needs a look" in page
    assert "1 article is put aside" in page


def test_where_the_first_page_leads_the_worst_is_first_for_whoever_looks(client, dead, django_user_model):
    """The columns of who may only look are others: there is none to tick rows in."""
    yields = {"A Post": (1, 90), "B Post": (3, 10), "C Post": (2, 50)}
    for name, (severity, articles) in yields.items():
        Health.objects.create(
            source=make_source(name), computed=timezone.now(), severity=severity, articles=articles
        )
    dead.delete()
    user = django_user_model.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_source"))
    for person in (user, django_user_model.objects.create_superuser("root")):
        client.force_login(person)
        (link,) = re.findall(r'href="([^"]*health=problems[^"]*)"', client.get("/admin/").content.decode())
        shown = [source.name for source in client.get(unescape(link)).context["cl"].result_list]
        assert shown == ["B Post", "C Post", "A Post"]


def test_the_first_page_is_quiet_when_all_is_well(admin_client, well):
    Heartbeat.beat("dispatch")
    assert 'id="notices"' not in words(admin_client.get("/admin/"))


def test_the_first_page_tells_no_more_than_its_reader_may_see(client, dead, django_user_model):
    Heartbeat.beat("dispatch")
    client.force_login(django_user_model.objects.create_user("new", is_staff=True))
    assert 'id="notices"' not in words(client.get("/admin/"))


def test_readers_are_told_no_more_than_before(client, dead):
    assert "no feed was ever read" not in main_words(client.get(dead.get_absolute_url()))
    assert Health.objects.exists()


def test_times_say_that_they_are_utc(admin_client, well):
    page = words(admin_client.get(LIST))
    assert f"{well.last_success:%H:%M} UTC" in page


@pytest.fixture
def collapsed(db):
    """A source that gave 40 articles a day, and gives 2 since yesterday."""
    source = make_source("The Thin Post", last_success=timezone.now())
    Feed.objects.create(source=source, address="https://thin.example/feed", last_success=timezone.now())
    for day in range(1, 29):
        HourCount.add(source.pk, timezone.now() - timedelta(hours=24 * day + 3), articles=40, feeds_read=1)
    HourCount.add(source.pk, timezone.now(), articles=2, feeds_read=1)
    refresh()
    return source


@pytest.mark.django_db(transaction=True)
def test_a_collapsed_yield_is_accepted_as_normal(admin_client, collapsed):
    page = f"{LIST}{collapsed.pk}/change/"
    assert "Yield collapsed: 2 articles in 24 h, usually 40. If so few are normal" in words(
        admin_client.get(page)
    )
    after = words(admin_client.post(f"{LIST}{collapsed.pk}/accept-yield/", follow=True))
    assert "Accepted. What is usual is told again" in after
    assert "Accept as normal" not in after
    assert Health.objects.get().severity == 0
    history = words(admin_client.get("/admin/admin/logentry/"))
    assert "<b>usual yield</b>: 40 articles a day → counted anew from today" in history
    again = words(admin_client.post(f"{LIST}{collapsed.pk}/accept-yield/", follow=True))
    assert "Nothing to accept" in again
    assert LogEntry.objects.count() == 1


def test_who_may_only_look_is_not_offered_to_accept_it(client, collapsed, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(viewer)
    assert "Accept as normal" not in words(client.get(f"{LIST}{collapsed.pk}/change/"))
    assert client.post(f"{LIST}{collapsed.pk}/accept-yield/").status_code == 403
    assert Health.objects.get().severity == 3
