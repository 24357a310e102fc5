"""Actions on many at once: what they do, who may, and what is left in the log."""

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.admin import bulk_changes
from articles.admin.article import actions as article_actions
from articles.models import Article, Feed, Host, Outcome, ReasonCode, Source
from articles.watch.check.store import store
from articles.web.audit import alterations, note
from tests.factories import make_article, make_event, make_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

LATER = timezone.now() + timedelta(hours=20)
ALL = {"article": ("check_now", "pause", "resume", "clear_errors")}
ALL["source"] = (*ALL["article"], "clear_errors_and_pauses", "change_schedule")
EVERY = [(model, action) for model, actions in ALL.items() for action in actions]


@pytest.fixture
def source():
    return make_source("The Gazette", errors_in_row=4, last_error="HTTP status 500")


@pytest.fixture
def feed(source):
    return Feed.objects.create(
        source=source, address="https://news.example/feed", errors_in_row=9, next_check_at=LATER
    )


def act(client, model, action, *rows, across=False, query="", **more):
    return client.post(
        reverse(f"admin:articles_{model}_changelist") + query,
        {
            "action": action,
            "_selected_action": [row.pk for row in rows],
            "select_across": int(across),
            **more,
        },
        follow=True,
    )


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def person(django_user_model, *permissions):
    user = django_user_model.objects.create_user("-".join(permissions) or "nobody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


# --- Who may


@pytest.mark.parametrize(("model", "action"), EVERY)
@pytest.mark.parametrize("role", ["nobody", "viewer"])
def test_who_may_only_look_changes_nothing(client, django_user_model, source, model, action, role):
    article = make_article(source, errors_in_row=3, next_check_at=LATER)
    Article.objects.update(state="paused" if action == "resume" else "watched")
    before = list(Article.objects.values()), list(Source.objects.values())
    client.force_login(person(django_user_model, *([f"view_{model}"] if role == "viewer" else [])))
    answer = act(client, model, action, source if model == "source" else article)
    assert answer.status_code in (200, 403)
    assert (list(Article.objects.values()), list(Source.objects.values())) == before
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(("model", "action"), EVERY)
def test_an_editor_may(client, django_user_model, source, feed, model, action):
    article = make_article(source, errors_in_row=3, next_check_at=LATER)
    Article.objects.update(state="paused" if action == "resume" and model == "article" else "watched")
    if model == "source":
        Source.objects.update(enabled=action != "resume")
    client.force_login(person(django_user_model, f"view_{model}", f"change_{model}"))
    more = {"apply": "1", "age_divisor": "7"} if action == "change_schedule" else {}
    act(client, model, action, source if model == "source" else article, **more)
    assert LogEntry.objects.get().user.username == f"view_{model}-change_{model}"


@pytest.mark.parametrize(("model", "action"), EVERY)
def test_every_action_needs_the_forms_token(django_user_model, source, model, action):
    client = Client(enforce_csrf_checks=True)
    client.force_login(django_user_model.objects.create_superuser("admin"))
    answer = act(client, model, action, source)
    assert answer.status_code == 403
    assert not LogEntry.objects.exists()


# --- Sources


def test_pausing_is_in_the_log_with_the_values(admin_client, source):
    act(admin_client, "source", "pause", source)
    assert alterations(LogEntry.objects.get()) == [("enabled", True, False)]


def test_clearing_errors_leaves_the_hosts_alone(admin_client, source, feed):
    article = make_article(source, errors_in_row=3, next_check_at=LATER)
    Host.objects.update(paused_until=LATER, failures=2)
    act(admin_client, "source", "clear_errors", source)
    for row in (source, feed, article):
        row.refresh_from_db()
        assert row.errors_in_row == 0
    assert source.last_error == ""
    assert feed.next_check_at <= timezone.now()
    assert article.next_check_at <= timezone.now()
    assert Host.objects.filter(paused_until=None).count() == 0


def test_clearing_errors_ends_the_pauses_of_hosts_when_asked_to(admin_client, source, feed):
    make_article(source)
    Host.objects.create(name="other.example:443")
    Host.objects.update(paused_until=LATER, failures=2)
    act(admin_client, "source", "clear_errors_and_pauses", source)
    assert [host.name for host in Host.objects.exclude(paused_until=None)] == ["other.example:443"]


def test_the_schedule_of_several_sources_is_changed(admin_client, source):
    other = make_source("The Post")
    asked = act(admin_client, "source", "change_schedule", source, other)
    assert "For 2 sources: The Gazette, The Post" in " ".join(asked.content.decode().split())
    assert b"can't be shorter" not in asked.content
    done = act(
        admin_client,
        "source",
        "change_schedule",
        source,
        other,
        apply="1",
        floor_seconds="60",
        age_divisor="",
    )
    assert "The schedule of 2 sources is changed" in said(done)
    assert set(Source.objects.values_list("floor_seconds", "age_divisor")) == {(60, 5)}
    assert alterations(LogEntry.objects.first()) == [("floor_seconds", 900, 60)]


def sent_on(page):
    """What the form of a page sends by itself."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode())
    return {name: value for name, value in found if name not in ("csrfmiddlewaretoken", "theme")}


def test_the_schedule_is_changed_of_the_sources_that_were_shown(admin_client, source):
    """Whatever the list's filter finds by the time that it is sent."""
    others = [make_source(f"Paper {number}") for number in range(1200)]
    Source.objects.filter(name__startswith="Paper").update(language="de")
    across = {"query": "?language=de", "across": True}
    asked = act(admin_client, "source", "change_schedule", others[0], **across)
    assert "For 1200 sources: Paper" in " ".join(asked.content.decode().split())
    sent = sent_on(asked)
    assert len(sent) < 10
    Source.objects.update(language="fr")
    source.language = "de"
    source.save()
    address = reverse("admin:articles_source_changelist") + "?language=de"
    done = admin_client.post(address, {**sent, "apply": "1", "floor_seconds": "60"}, follow=True)
    assert "The schedule of 1200 sources is changed" in said(done)
    assert Source.objects.filter(floor_seconds=60, language="fr").count() == 1200


def test_the_schedule_of_none_is_not_changed(admin_client, source):
    sent = sent_on(act(admin_client, "source", "change_schedule", source))
    Source.objects.all().delete()
    address = reverse("admin:articles_source_changelist")
    done = admin_client.post(address, {**sent, "apply": "1", "floor_seconds": "60"}, follow=True)
    assert "Nothing to do" in said(done)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({}, "Give at least one number"),
        ({"floor_seconds": "90000"}, "it would be for The Gazette"),
        ({"floor_seconds": "60", "ceiling_seconds": "30"}, "shorter than the floor"),
        ({"age_divisor": "0"}, "greater than or equal to 1"),
        ({"age_divisor": "many"}, "whole number"),
    ],
)
def test_a_schedule_that_does_not_fit_changes_nothing(admin_client, source, numbers, words):
    answer = act(admin_client, "source", "change_schedule", source, apply="1", **numbers)
    assert words in answer.content.decode()
    source.refresh_from_db()
    assert (source.floor_seconds, source.age_divisor) == (900, 5)


# --- Articles


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "watched"),
        (["removed"], "removed"),
        (["removed", "restored"], "watched"),
        (["withheld"], "withheld"),
    ],
)
def test_a_paused_article_resumes_as_what_it_was(admin_client, source, events, state):
    article = make_article(source, state=state)
    for number, kind in enumerate([*events, "moved"]):
        make_event(article, kind, at=timezone.now() + timedelta(hours=number))
    assert "1 article is paused" in said(act(admin_client, "article", "pause", article))
    article.refresh_from_db()
    assert (article.state, article.next_check_at) == ("paused", None)
    assert "1 article is checked again" in said(act(admin_client, "article", "resume", article))
    article.refresh_from_db()
    assert article.state == state
    assert article.next_check_at <= timezone.now()
    assert [note(entry) for entry in LogEntry.objects.order_by("pk")] == ["pause", "resume"]


def test_what_is_not_paused_does_not_resume(admin_client, source):
    retired = make_article(source, state="retired", next_check_at=None)
    assert "Nothing to do" in said(act(admin_client, "article", "resume", retired))
    assert "Nothing to do" in said(act(admin_client, "article", "pause", retired))
    retired.refresh_from_db()
    assert (retired.state, retired.next_check_at) == ("retired", None)


def test_a_check_under_way_does_not_end_a_pause(admin_client, source):
    from articles.watch.check.decision import Decision

    article = make_article(source)
    token = Article.objects.claim(article.pk, timezone.now(), 60)
    under_way = Article.objects.get()
    act(admin_client, "article", "pause", article)
    store(under_way, token, Decision(Outcome.UNCHANGED, ReasonCode.SAME_TEXT))
    article.refresh_from_db()
    assert (article.state, article.next_check_at) == ("paused", None)


def test_clearing_errors_takes_up_what_was_put_aside(admin_client, source):
    parked = make_article(source, parked=timezone.now(), unfinished=4, next_check_at=LATER)
    failing = make_article(source, errors_in_row=7, next_check_at=LATER)
    quiet = make_article(source, next_check_at=LATER)
    retired = make_article(source, errors_in_row=2, next_check_at=None, state="retired")
    answer = act(admin_client, "article", "clear_errors", parked, failing, quiet, retired)
    assert "3 articles are tried again" in said(answer)
    assert not Article.objects.filter(errors_in_row__gt=0).exists()
    due = Article.objects.filter(next_check_at__lte=timezone.now())
    assert set(due) == {parked, failing}


def test_all_of_a_list_are_changed_in_slices_and_counted_honestly(admin_client, source, monkeypatch):
    monkeypatch.setattr(article_actions, "MOST_ENTRIES", 5)
    monkeypatch.setattr(bulk_changes, "SLICE", 3)
    articles = [make_article(source, next_check_at=LATER) for _ in range(10)]
    other = make_article(make_source(), next_check_at=LATER)
    query = f"?source__id__exact={source.pk}"
    answer = act(admin_client, "article", "pause", articles[0], across=True, query=query)
    assert "10 articles are paused" in said(answer)
    other.refresh_from_db()
    assert other.state == "watched"
    entry = LogEntry.objects.get()
    assert entry.object_repr == "10 articles"
    assert query in note(entry)
    assert admin_client.get("/admin/").status_code == 200  # which shows the entry


def test_what_the_time_is_too_short_for_goes_on_when_done_again(source, monkeypatch):
    monkeypatch.setattr(bulk_changes, "SLICE", 3)
    for _ in range(10):
        make_article(source, next_check_at=LATER)
    waiting = Article.objects.filter(next_check_at=LATER)
    times = iter([0, 0, 1, 99])
    monkeypatch.setattr(bulk_changes.time, "monotonic", lambda: next(times))
    assert bulk_changes.in_slices(waiting, article_actions.make_due, seconds=10) == (6, False)
    times = iter([0] * 9)
    assert bulk_changes.in_slices(waiting, article_actions.make_due, seconds=10) == (4, True)


def test_the_list_does_not_say_that_ten_thousand_are_all(admin_client, source, monkeypatch):
    from articles.admin import lists

    monkeypatch.setattr(lists, "MOST_COUNTED", 60)
    for _ in range(70):
        make_article(source)
    page = " ".join(admin_client.get(reverse("admin:articles_article_changelist")).content.decode().split())
    assert "Select all articles (over 60)" in page
    assert "Select all 60" not in page
