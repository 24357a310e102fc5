"""A word to the operator that somebody asks for a takedown, and to whoever asked what was decided."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, send_mail
from django.utils.translation import gettext as _
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
            _("NewsDiffs: takedown request %(reference)s") % {"reference": takedown.reference},
            _("Reason: %(reason)s\nIt waits for a decision: %(where)s\n")
            % {"reason": takedown.get_reason_display(), "where": where},
            None,
            settings.ALERT_EMAILS,
        )
    except (OSError, SMTPException):
        log.exception("no mail could be sent of a takedown request", extra={"takedown": takedown.pk})


def answer_soon(takedown: Takedown) -> None:
    """Have a worker tell whoever asked that it is decided, where an address was given and mail is set up."""
    # What was dismissed as spam is not answered: the address may be anybody's.
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
            subject=_("NewsDiffs: your request %(reference)s") % {"reference": takedown.reference},
            body=(
                _(
                    "Your request %(reference)s is decided: %(state)s.\nWhat was answered stands "
                    "here: %(where)s\n"
                )
                % {
                    "reference": takedown.reference,
                    "state": takedown.get_state_display(),
                    "where": where,
                }
            ),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[takedown.email],
            headers={"Auto-Submitted": "auto-generated"},
        ).send()
    except (OSError, SMTPException):
        log.exception("no mail could be sent of a decision", extra={"takedown": takedown.pk})
