"""Whoever asked for a takedown and gave an e-mail address is told that it is decided."""

import pytest
from django.core.mail.backends.smtp import EmailBackend
from django_q.brokers import get_broker

from articles import takedown as takedowns
from articles.models import Takedown
from articles.takedown import hiding, notice
from tests.factories import make_article
from tests.smtp import MailServer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

State = Takedown.State


@pytest.fixture
def mail(settings):
    with MailServer() as server:
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.{EmailBackend.__name__}"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.MAIL_IS_SET_UP = True
        yield server


@pytest.fixture
def asked():
    return Takedown.objects.create(
        article=make_article(headline="Ann at court"),
        address="https://news.example/ann",
        reason="personal",
        text="This is about me, Ann.",
        name="Ann",
        email="ann@example.org",
    )


@pytest.mark.parametrize("state", [State.HIDDEN, State.PARTLY, State.PURGED, State.SHOWN, State.REFUSED])
def test_a_decision_is_told_without_what_was_written(asked, mail, settings, state):
    settings.SITE_URL = "https://diffs.example"
    takedowns.decide_takedown(asked, state, "We looked at Bob's story too.")
    assert get_broker().queue_size() == 1
    takedowns.answer(asked.pk)
    (message,) = mail.messages
    body = message.get_content()
    assert mail.recipients == [["ann@example.org"]]
    assert message["Subject"] == f"NewsDiffs: your request {asked.reference}"
    assert message.get_content_type() == "text/plain"
    assert str(state.label) in body
    assert f"https://diffs.example{asked.get_absolute_url()}" in body
    for word in ("Ann", "Bob", "court", "news.example"):
        assert word not in body + str(message["Subject"])


def test_nobody_is_told_without_an_address_or_a_mail_server_or_of_spam(asked, settings):
    takedowns.decide_takedown(asked, State.HIDDEN)
    settings.MAIL_IS_SET_UP = True
    takedowns.decide_takedown(asked, State.DROPPED)
    asked.email = ""
    takedowns.decide_takedown(asked, State.HIDDEN)
    assert get_broker().queue_size() == 0


def test_what_was_forgotten_or_put_away_meanwhile_is_not_sent(asked, mail):
    Takedown.objects.update(state=State.DROPPED)
    takedowns.answer(asked.pk)
    Takedown.objects.update(state=State.HIDDEN, email="")
    takedowns.answer(asked.pk)
    Takedown.objects.all().delete()
    takedowns.answer(asked.pk)
    assert mail.messages == []


def test_a_mail_server_that_refuses_or_is_not_there_fails_nothing(asked, mail, settings, caplog):
    mail.refuses = True
    takedowns.decide_takedown(asked, State.HIDDEN)
    takedowns.answer(asked.pk)
    settings.EMAIL_PORT = 1
    takedowns.answer(asked.pk)
    assert mail.messages == []
    assert caplog.text.count("no mail could be sent of a decision") == 2
    assert "ann@example.org" not in "".join(record.getMessage() for record in caplog.records)
    assert Takedown.objects.get().state == State.HIDDEN


def test_a_queue_that_can_not_be_reached_fails_no_decision(asked, settings, monkeypatch):
    def unreachable(*args, **kwargs):
        raise ConnectionError

    settings.MAIL_IS_SET_UP = True
    monkeypatch.setattr(notice, "async_task", unreachable)
    hiding.decide_takedown(asked, State.REFUSED, "No.")
    assert Takedown.objects.get().answer == "No."
