"""The whole way: hours that the watch counted, the verdict, one e-mail."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from articles.models import Feed, Health, HourCount, QuotaUse
from articles.watch.queue import tasks
from tests.factories import make_source
from tests.smtp import MailServer

COMMANDS = 10
"""Of one mail to one reader, each of which a mail server may be slow to answer."""


def test_a_slow_mail_server_is_given_up_before_the_task_is_ended():
    """A task that is ended after the mail was taken can’t mark it as sent: it would be sent again."""
    assert settings.Q_CLUSTER["timeout"] > settings.EMAIL_TIMEOUT * COMMANDS


pytestmark = pytest.mark.django_db


def test_a_source_that_failed_for_a_day_is_told_of_once(settings):
    source = make_source("The Gazette")
    Feed.objects.create(source=source, address="https://news.example/feed", last_error="HTTP status 500")
    for hours_ago in (30, 20, 2):
        HourCount.add(source.pk, timezone.now() - timedelta(hours=hours_ago), feeds_failed=1)
    with MailServer() as mail:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        settings.ALERT_EMAILS = ["desk@example.org"]
        assert tasks.health() == 1
        QuotaUse.objects.all().delete()
        assert tasks.health() == 1
        (message,) = mail.messages
        assert "no feed was ever read: HTTP status 500" in message.get_content()
        HourCount.add(source.pk, timezone.now(), feeds_read=1)
        QuotaUse.objects.all().delete()
        assert tasks.health() == 0
    assert "well again" in mail.messages[1]["Subject"]
    assert Health.objects.get().severity == 0
