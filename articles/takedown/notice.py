"""A word to the operator that somebody asks for a takedown."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django_q.tasks import async_task

from articles.models import Takedown

log = logging.getLogger(__name__)


def tell_soon(takedown: Takedown, where: str) -> None:
    """Have a worker tell of it: a mail server may take its time, and whoever asks need not wait for that.

    Does nothing where no mail is set up: the request waits in the administration all the same.
    """
    if settings.ALERT_EMAILS:
        async_task("articles.takedown.tell_of", takedown.pk, where, group="takedown")


def tell_of(pk: int, where: str) -> None:
    """Send those who get alerts a mail that takedown request *pk* waits at the address *where*.

    The mail holds nothing of what was written, as mail is kept in many places.
    """
    takedown = Takedown.objects.get(pk=pk)
    try:
        send_mail(
            f"NewsDiffs: takedown request {takedown.reference}",
            f"Reason: {takedown.get_reason_display()}\nIt waits for a decision: {where}\n",
            None,
            settings.ALERT_EMAILS,
        )
    except (OSError, SMTPException):
        log.exception("no mail could be sent of a takedown request", extra={"takedown": takedown.pk})
