"""E-mails about sources, to a real mail server on loopback."""

import pytest
from django.utils import timezone

from articles.health import Judged, Problem, tell
from articles.health.alerts import AGAIN_AFTER, note
from articles.models import Alert, Feed, Outage, QuotaUse, Source
from tests.factories import make_source
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db

DEAD = Problem("feeds", "no feed read since yesterday", 3)
COLLAPSED = Problem("yield", "yield collapsed: 2 articles in 24 h, usually 40", 3)


@pytest.fixture
def mail(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.ALERT_EMAILS = ["desk@example.org", "night@example.org"]
        settings.DEFAULT_FROM_EMAIL = "newsdiffs@example.org"
        yield server


@pytest.fixture
def source():
    source = make_source("The Gazette")
    Feed.objects.create(source=source, address="https://gazette.example/feed")
    return source


def found(*problems, source, well=()):
    note({source.pk: Judged(problems, well)}, timezone.now())


def tell_later():
    """The next sending, when nobody else is at it any more."""
    QuotaUse.objects.all().delete()
    return tell()


def body(message):
    return message.get_content()


def test_a_problem_is_told_once(mail, source):
    found(DEAD, source=source)
    assert tell() == 1
    (message,) = mail.messages
    assert message["Subject"] == "NewsDiffs: The Gazette: no feed read since yesterday"
    assert mail.recipients == [["desk@example.org", "night@example.org"]]
    assert f"/admin/articles/source/{source.pk}/change/" in body(message)
    found(DEAD, source=source)
    assert tell_later() == 0
    assert len(mail.messages) == 1


def test_small_problems_are_no_reason_for_an_e_mail(mail, source):
    found(
        Problem("deferred", "3 new articles wait", 1), Problem("blocked", "mostly blocked", 2), source=source
    )
    assert tell() == 0


def test_many_sources_are_one_e_mail(mail):
    sources = [make_source(f"Paper {number}") for number in range(300)]
    for source in sources:
        Feed.objects.create(source=source, address=f"https://news.example/{source.pk}")
    note({source.pk: Judged([DEAD]) for source in sources}, timezone.now())
    assert tell() == 300
    (message,) = mail.messages
    assert message["Subject"] == "NewsDiffs: 300 sources need a look"
    assert "and 200 more" in body(message)
    assert Alert.objects.filter(told=None).count() == 0


def test_nothing_is_told_during_an_outage_of_our_own(mail, source):
    Outage.objects.create(began=timezone.now(), next_probe=timezone.now())
    found(DEAD, source=source)
    assert (tell(), Alert.objects.count()) == (0, 0)


def test_what_lasts_is_told_again_after_a_week(mail, source):
    found(DEAD, source=source)
    tell()
    Alert.objects.update(told=timezone.now() - AGAIN_AFTER)
    assert tell_later() == 1
    assert "Still so" in body(mail.messages[1])


def test_recovery_is_told_once_and_then_forgotten(mail, source):
    found(DEAD, COLLAPSED, source=source)
    tell()
    found(COLLAPSED, source=source, well=["feeds"])
    assert tell_later() == 1
    assert "Over" in body(mail.messages[1])
    assert "well again" not in mail.messages[1]["Subject"]  # one of two is over
    assert "no longer: no feed read since yesterday" in body(mail.messages[1])
    assert Alert.objects.get().kind == "yield"
    assert tell_later() == 0
    found(source=source, well=["feeds", "yield"])
    assert tell_later() == 1
    assert mail.messages[2]["Subject"] == "NewsDiffs: The Gazette well again"


def test_what_is_over_before_it_was_told_is_not_told(mail, source):
    found(DEAD, source=source)
    found(source=source, well=["feeds"])
    assert (tell(), Alert.objects.count()) == (0, 0)


def test_what_can_not_be_told_is_no_recovery(mail, source):
    found(DEAD, COLLAPSED, source=source)
    tell()
    found(source=source, well=["checks"])
    assert tell_later() == 0
    assert set(Alert.objects.values_list("kind", "ended")) == {("feeds", None), ("yield", None)}


def test_what_feeds_gave_that_were_taken_away_ends_without_a_word(mail, source):
    found(DEAD, source=source)
    tell()
    Feed.objects.all().delete()
    found(source=source)
    assert (tell_later(), Alert.objects.count()) == (0, 0)


def test_a_source_paused_by_hand_is_neither_wrong_nor_well(mail, source):
    found(DEAD, source=source)
    tell()
    Source.objects.update(enabled=False)
    found(source=source)
    assert (tell_later(), Alert.objects.count()) == (0, 0)


def test_what_could_not_be_sent_is_sent_next_time(mail, source, caplog):
    mail.refuses = True
    found(DEAD, source=source)
    assert tell() == 0
    assert "could not be sent" in caplog.text
    mail.refuses = False
    assert tell_later() == 1
    assert len(mail.messages) == 1


def test_a_server_that_is_down_harms_nothing(mail, source, settings):
    settings.EMAIL_PORT = 1
    found(DEAD, source=source)
    assert tell() == 0
    assert Alert.objects.get().told is None


def test_two_workers_do_not_send_the_same(mail, source):
    found(DEAD, source=source)
    tell()
    Alert.objects.update(told=None)  # as another worker that looked at the same moment saw it
    assert tell() == 0
    assert tell_later() == 1


def test_a_name_with_a_line_break_breaks_no_header(mail):
    source = make_source("The\r\nBcc: a@example.org Gazette")
    Feed.objects.create(source=source, address="https://news.example/feed")
    found(DEAD, source=source)
    tell()
    assert mail.messages[0]["Bcc"] is None
    assert mail.recipients == [["desk@example.org", "night@example.org"]]


def test_without_addresses_nothing_is_sent(mail, source, settings):
    settings.ALERT_EMAILS = []
    found(DEAD, source=source)
    assert tell() == 0
