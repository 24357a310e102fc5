"""A word to the operator that somebody asks for a takedown, and to whoever asked what was decided."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, send_mail
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


def answer_soon(takedown: Takedown) -> None:
    """Have a worker tell whoever asked that it is decided, where an address was given and mail is set up."""
    # What was put away as spam is not answered: the address may be anybody's.
    if settings.MAIL_IS_SET_UP and takedown.email and takedown.state != Takedown.State.DROPPED:
        async_task("articles.takedown.answer", takedown.pk, group="takedown")


def answer(pk: int) -> None:
    """Send whoever asked a mail that request *pk* is decided, and where the answer is.

    The mail names no article and nobody, and has nothing of what was written on either side.
    """
    takedown = Takedown.objects.filter(pk=pk).first()
    if takedown is None or not takedown.email or takedown.state == Takedown.State.DROPPED:
        return
    where = f"{settings.SITE_URL}{takedown.get_absolute_url()}"
    try:
        EmailMessage(
            subject=f"NewsDiffs: your request {takedown.reference}",
            body=(
                f"Your request {takedown.reference} is decided: {takedown.get_state_display()}.\n"
                f"What was answered stands here: {where}\n"
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[takedown.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    except (OSError, SMTPException):
        log.exception("no mail could be sent of a decision", extra={"takedown": takedown.pk})
