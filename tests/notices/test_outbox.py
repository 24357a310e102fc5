"""From what is stored to what is told: once, all of it, and nothing that readers may not see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from articles.models import Announcement, Delivery, Evidence, Notice, Subscription, Version, announce
from articles.models.takedown import Reason
from articles.notices import outbox
from articles.notices.outbox import Told, Waiting, decide
from articles.notices.sending import send_mails
from articles.takedown.hiding import Grounds, hide
from articles.takedown.purging import purge
from articles.watch.check import join
from tests.factories import make_article, make_change, make_event, make_version
from tests.notices.conftest import AFTER, BEFORE, change, prepare, subscribed, tell, waiting
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH, check, seen, site  # noqa: F401

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_check_announces_the_version_that_it_stores(seen, site, check):  # noqa: F811
    Announcement.objects.all().delete()
    check()
    assert Announcement.objects.count() == 0
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[1:]))
    check(times=2)
    assert [one.version.number for one in Announcement.objects.all()] == [2]


def test_what_is_rolled_back_is_not_announced(article):
    with transaction.atomic():
        change(article)
        transaction.set_rollback(True)
    assert waiting() == (0, 0)


def test_a_change_is_told_once_however_often_it_is_announced(article, mail_server):
    subscribed()
    version = change(article)
    assert tell() == 1
    announce(version=version)
    assert tell() == 0
    assert len(mail_server.mails) == 1


def test_an_event_is_told_to_who_asked_for_its_kind(article, mail_server):
    subscribed(query="kind=removed")
    subscribed(email="other@mail.example", query="kind=number")
    announce(event=make_event(article))
    assert tell() == 1
    assert mail_server.mails[0]["To"] == "reader@mail.example"


def test_the_first_version_is_no_change(source, mail_server):
    subscribed(query="minor=1")
    announce(version=make_version(make_article(source), BEFORE))
    assert tell() == 0
    assert waiting() == (0, 0)


def test_it_waits_for_the_delay(article, settings, mail_server):
    settings.NOTICE_DELAY = 600
    subscribed()
    change(article)
    assert tell() == 0
    Notice.objects.update(due=timezone.now())
    assert tell() == 1


def _hide(version: Version) -> None:
    hide([version.article_id], Grounds(Reason.PERSONAL))


def _purge(version: Version) -> None:
    purge(version.article, Grounds(Reason.PERSONAL))


def _set_aside(version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(hidden=True)


def _take_down_one(version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(hidden=True, hidden_itself=True)


def _take_down_the_one_before(version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(follows_hidden=True)


@pytest.mark.parametrize("stage", ["announced", "noticed", "to be delivered"])
@pytest.mark.parametrize("happens", [_hide, _purge, _set_aside, _take_down_one, _take_down_the_one_before])
def test_nothing_is_told_of_what_was_taken_away_meanwhile(
    article, mail_server, happens, stage, no_list_of_purged
):
    subscribed()
    subscribed(email="two@mail.example", article=article, sentence={"exact": "Four people were hurt"})
    version = change(article)
    if stage != "announced":
        outbox.make_notices()
        assert Notice.objects.count() == 2
    if stage == "to be delivered":
        outbox.make_deliveries()
        assert Delivery.objects.count() == 2
    version.refresh_from_db()
    happens(version)
    prepare()
    assert send_mails(10) == 0
    assert mail_server.mails == []
    assert not Delivery.objects.filter(ended=None).exists()


@pytest.mark.parametrize("stage", ["announced", "noticed", "to be delivered"])
def test_what_is_joined_meanwhile_is_told_where_it_stands_then(article, mail_server, stage):
    subscribed()
    subscribed(email="two@mail.example", article=article, sentence={"exact": "Four people were hurt"})
    version = change(article)
    if stage != "announced":
        outbox.make_notices()
    if stage == "to be delivered":
        outbox.make_deliveries()
    older = make_article(version.source, first_seen=version.article.first_seen - timedelta(days=2))
    make_version(older, BEFORE)
    make_version(older, [*BEFORE, "The harbour was closed."])
    join.join(join.plan_join(older, version.article, Evidence.PERSON), timezone.now())
    prepare()
    assert send_mails(10) == 2
    texts = [mail.get_body(("plain",)).get_content() for mail in mail_server.mails]
    assert all(f"/articles/{older.pk}/diff/3/4/" in text for text in texts)
    assert f"/articles/{older.pk}/3/" in texts[1]  # where the sentence stood last


def test_two_addresses_found_to_be_one_story_are_told_as_one_change_and_a_move(article, mail_server):
    """Each had its first version, which is no change: together the later one changed the earlier."""
    subscribed()
    younger = make_article(article.source, first_seen=article.first_seen + timedelta(days=2))
    version = make_version(younger, AFTER, text_hash="other")
    join.join(join.plan_join(article, younger, Evidence.REDIRECT, younger.address), timezone.now())
    announced = Announcement.objects.order_by("pk")
    assert [(one.version, one.event and one.event.kind) for one in announced] == [
        (version, None),
        (None, "moved"),
    ]
    assert tell() == 2


# --- At once, as a digest, as a flood


def minutes(*numbers: float) -> list[datetime]:
    return [NOW + timedelta(minutes=number) for number in numbers]


@pytest.mark.parametrize(
    ("waiting_now", "told"),
    [
        (Waiting([]), Told.LATER),
        (Waiting(minutes(1)), Told.LATER),
        (Waiting(minutes(-1, 1)), Told.ONE_BY_ONE),
        (Waiting(minutes(*[-1] * 10)), Told.ONE_BY_ONE),
        (Waiting(minutes(*[-1] * 11)), Told.AS_ONE),
        (Waiting(minutes(*[-1] * 10, 1)), Told.LATER),  # the flood goes on
        (Waiting(minutes(*[-61] * 10, 1)), Told.AS_ONE),  # for an hour
        (Waiting(minutes(-1), told_lately=20), Told.AS_ONE),
        (Waiting(minutes(-1), digest_at=NOW + timedelta(hours=1)), Told.LATER),
        (Waiting(minutes(-1), digest_at=NOW), Told.AS_ONE),
        (Waiting(minutes(1), digest_at=NOW), Told.LATER),
    ],
)
def test_how_it_is_told(waiting_now, told):
    assert decide(waiting_now, NOW) is told


def test_a_flood_of_500_articles_is_one_digest(article, mail_server):
    subscribed()
    change(article)
    rows = list(article.versions.order_by("number"))
    for _ in range(499):
        article.pk = None
        article.save()
        for row in rows:
            row.pk, row.article = None, article
        Version.objects.bulk_create(rows)
        announce(version=rows[1])
    assert tell() == 1
    [mail] = mail_server.mails
    assert mail["Subject"].startswith("500 changes: ")
    assert "and 470 more" in mail.get_body(("plain",)).get_content()
    assert tell() == 0


def test_a_daily_digest_tells_what_came_in_its_day(article, mail_server):
    reader = subscribed(frequency=Subscription.Frequency.DAILY)
    change(article)
    change(article, BEFORE)
    assert tell() == 0
    Subscription.objects.update(digest_at=timezone.now())
    assert tell() == 1
    assert mail_server.mails[0]["Subject"].startswith("2 changes: ")
    reader.refresh_from_db()
    assert timedelta(hours=23) < reader.digest_at - timezone.now() <= timedelta(days=1)
    assert tell() == 0


def test_who_left_is_told_nothing_and_keeps_nobody_from_being_told(article, mail_server):
    gone = subscribed()
    subscribed(email="stays@mail.example")
    change(article)
    prepare()
    gone.delete()
    assert send_mails(10) == 1
    assert mail_server.mails[0]["To"] == "stays@mail.example"


def test_what_was_told_is_forgotten_after_a_week(article, mail_server):
    subscribed()
    change(article)
    tell()
    outbox.forget()
    assert Notice.objects.count() == 1
    Delivery.objects.update(ended=timezone.now() - timedelta(days=8))
    outbox.forget()
    assert (Notice.objects.count(), Delivery.objects.count()) == (0, 0)


def test_an_article_that_somebody_watches_is_not_retired_before_its_day(article):
    article.state, article.next_check_at = article.State.RETIRED, None
    article.save()
    until = timezone.now() + timedelta(days=90)
    subscribed(article=article, watch_until=until)
    article.refresh_from_db()
    assert (article.state, article.watch_until) == (article.State.WATCHED, until)
    assert article.next_check_at is not None


def test_make_change_is_a_change(article):
    assert make_change(article, AFTER).badges
