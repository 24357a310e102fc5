"""Reports of mails that came back: one of ours that reached nobody stops its subscription."""

import io
import sys
from email.message import EmailMessage, Message
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Delivery, Subscription
from articles.notices.bounces import delivery_of, note_bounce
from tests.notices.conftest import BEFORE, MailServer, change, prepare, subscribed, tell

pytestmark = pytest.mark.django_db
NOBODY = "5.1.1"


def report_of(
    message_id: str, status: str = NOBODY, action: str = "failed", *, headers_only: bool = False
) -> bytes:
    """What a mail server sends back (RFC 3464)."""
    whole = MIMEMultipart("report")
    whole.set_param("report-type", "delivery-status")
    whole["Message-ID"] = "<report@mail.example>"
    whole.attach(MIMEText("I'm sorry to have to inform you that your message could not be delivered."))
    of_server, of_reader = Message(), Message()
    of_server["Reporting-MTA"] = "dns; mail.example"
    of_reader["Final-Recipient"] = "rfc822; reader@mail.example"
    of_reader["Action"], of_reader["Status"] = action, status
    of_reader["Diagnostic-Code"] = "smtp; 550 no such user"
    told = Message()
    told["Content-Type"] = "message/delivery-status"
    told.set_payload([of_server, of_reader])
    whole.attach(told)
    sent = EmailMessage()
    sent["Subject"], sent["Message-ID"] = "v2: Bridge closed", message_id
    if headers_only:
        whole.attach(MIMEText(str(sent), "rfc822-headers"))
    else:
        sent.set_content("Five people were hurt.")
        whole.attach(MIMEMessage(sent))
    return whole.as_bytes()


@pytest.fixture
def sent(article, mail_server: MailServer) -> str:
    """The Message-ID of a notice that the mail server took."""
    subscribed()
    change(article)
    assert tell() == 1
    return str(mail_server.mails[0]["Message-ID"])


@pytest.mark.parametrize("headers_only", [True, False])
def test_an_address_that_there_is_not_is_sent_nothing_more(article, mail_server, sent, headers_only):
    change(article, BEFORE)
    prepare()
    assert note_bounce(report_of(sent, headers_only=headers_only), timezone.now())
    made = Subscription.objects.get()
    assert (made.state, made.stopped) == (Subscription.State.OFF, Subscription.Stopped.BOUNCED)
    assert tell() == 0
    assert len(mail_server.mails) == 1
    assert not Delivery.objects.filter(ended=None).exists()


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.4.1", "delayed"),
        ("5.7.1", "failed"),  # what was in it was not wanted, or who we are
        ("5.2.2", "failed"),  # the mailbox is full
        ("2.0.0", "delivered"),
        (NOBODY, "relayed"),
        ("", ""),
        ("5.1.", "failed"),
    ],
)
def test_what_is_not_for_good_stops_nothing(sent, status, action):
    assert not note_bounce(report_of(sent, status, action), timezone.now())
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


@pytest.mark.parametrize(
    "message_id",
    ["<report@mail.example>", "", "<x>", "<00000000-0000-4000-8000-000000000000@localhost>", "<confirm.1@x>"],
)
def test_a_report_of_no_notice_of_ours_stops_nothing(sent, message_id):
    assert not note_bounce(report_of(message_id), timezone.now())
    assert Subscription.objects.get().state == Subscription.State.ACTIVE


@pytest.mark.parametrize(
    "report",
    [b"", b"\xff\x00" * 100, b"Action: failed\nStatus: 5.1.1\n\n", b"Content-Type: message/rfc822\n\n"],
)
def test_what_is_no_report_is_taken_for_none(report):
    assert delivery_of(report) is None


def test_a_reply_that_quotes_the_mail_is_no_report(sent):
    reply = EmailMessage()
    reply["In-Reply-To"] = reply["References"] = sent
    reply.set_content(f"Action: failed\nStatus: 5.1.1\nMessage-ID: {sent}\n")
    assert delivery_of(reply.as_bytes()) is None


def test_the_mail_server_hands_it_to_a_command(sent, monkeypatch, capsys):
    for said in ("The subscription was stopped.", "nothing was changed"):
        report = report_of(sent) if "stopped" in said else b"nonsense"
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(report)))
        call_command("note_bounce")
        assert said in capsys.readouterr().out
