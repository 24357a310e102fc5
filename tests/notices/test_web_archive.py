"""Asking web.archive.org, and a hub: with servers of ours in their place."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from articles.fetch import Answer
from articles.models import ArchivedCopy, Version
from articles.notices import tasks, web_archive, websub
from articles.notices.web_archive import save_pages
from tests.notices.conftest import Reply, change, prepare

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_queue")]
State = ArchivedCopy.State
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def archive(receiver, settings, monkeypatch):
    settings.WEB_ARCHIVE_KEYS = "access:very-secret"
    monkeypatch.setattr(web_archive, "SERVICE", receiver.url)
    return receiver


def due() -> None:
    ArchivedCopy.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now())


def test_without_keys_nothing_is_asked(article, receiver):
    change(article)
    prepare()
    assert (ArchivedCopy.objects.count(), save_pages(5), receiver.got) == (0, 0, [])


def test_a_copy_is_asked_for_looked_at_and_shown(article, archive, client):
    version = change(article)
    prepare()
    archive.replies["/save/status/"] = Reply(body={"status": "success", "timestamp": "20261201101112"})
    archive.replies["/save"] = Reply(body={"url": article.address, "job_id": "spn2-1/x"})
    assert save_pages(5) == 0
    [asked] = archive.got
    assert parse_qs(asked.body.decode())["url"] == [article.address]
    assert asked.headers["Authorization"] == "LOW access:very-secret"
    assert save_pages(5) == 0  # not before a minute
    assert len(archive.got) == 1
    due()
    assert save_pages(5) == 1
    looked = archive.got[1]
    assert (looked.method, looked.path) == ("GET", "/save/status/spn2-1%2Fx")
    saved = f"https://web.archive.org/web/20261201101112/{article.address}"
    assert ArchivedCopy.objects.get().address == saved
    assert saved in client.get(version.get_absolute_url()).content.decode()
    due()
    assert save_pages(5) == 0


def answered(body: str, status: int = 200, **more) -> Answer:
    return Answer("u", "u", status=status, body=body.encode(), **more)


@pytest.mark.parametrize(
    ("answer", "state", "wait"),
    [
        (answered('{"status": "pending"}'), State.ASKED, timedelta(minutes=1)),
        (answered('{"status": "error", "status_ext": "error:blocked-url"}'), State.REFUSED, None),
        (
            answered('{"status": "error", "status_ext": "error:user-session-limit"}'),
            State.WAITING,
            timedelta(minutes=5),
        ),
        (answered("", 429, retry_after=900.0), State.WAITING, timedelta(minutes=15)),
        (answered("no json", 502), State.WAITING, timedelta(minutes=5)),
        (answered("[]"), State.WAITING, timedelta(minutes=5)),
        (answered('{"status": "success", "timestamp": "evil"}'), State.WAITING, timedelta(minutes=5)),
        (Answer("u", "u"), State.WAITING, timedelta(minutes=5)),
    ],
)
def test_failures_are_told_from_refusals(article, answer, state, wait):
    copy = ArchivedCopy(version=article.versions.get())
    found = web_archive.after(copy, answer, NOW)
    assert (found["state"], found["next_attempt_at"]) == (state, NOW + wait if wait else None)


def test_after_six_failures_it_is_left(article):
    copy = ArchivedCopy(version=article.versions.get(), attempts=5)
    found = web_archive.after(copy, answered("", 500), NOW)
    assert (found["state"], found["next_attempt_at"]) == (State.FAILED, None)


def test_what_was_hidden_meanwhile_is_not_asked_for(article, archive):
    change(article)
    prepare()
    Version.objects.update(hidden=True)
    assert (save_pages(5), archive.got) == (0, [])
    assert not ArchivedCopy.objects.exists()


# --- WebSub


def test_the_hub_is_told_of_every_feed_with_the_change(article, receiver, settings, client):
    settings.HUB_URL = f"{receiver.url}/hub"
    version = change(article)
    feeds = websub.feeds_of([version])
    assert tasks.tell_hub(feeds)
    form = parse_qs(receiver.got[0].body.decode())
    assert form["hub.mode"] == ["publish"]
    assert form["hub.url"] == feeds
    assert len(feeds) == 9
    for feed in feeds:
        link = client.get(feed.partition(settings.SITE_URL)[2]).headers["Link"]
        assert link == f'<{receiver.url}/hub>; rel="hub", <{feed}>; rel="self"'
    receiver.replies["/hub"] = Reply(500)
    assert not tasks.tell_hub(feeds)


def test_no_hub_is_told_of_first_or_hidden_versions(article, settings, monkeypatch):
    settings.HUB_URL = "https://hub.example/"
    queued = []
    monkeypatch.setattr(websub, "async_task", lambda *task, **more: queued.append(task))
    first = article.versions.get()
    websub.tell_hub_soon([first])
    hidden = change(article)
    hidden.hidden = True
    websub.tell_hub_soon([hidden])
    assert queued == []
    hidden.hidden = False
    websub.tell_hub_soon([hidden])
    assert len(queued) == 1
