"""Notices by e-mail: text and HTML, with one-click unsubscription (RFC 8058)."""

from smtplib import SMTPException, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Subscription
from articles.notices.attempts import Attempt, Trouble
from articles.notices.message import Message, in_language_of
from articles.pages.absolute import absolute


class MailServer:
    """One connection to the mail server, opened when it is first needed; use it with ``with``."""

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(self, *exception: object) -> None:
        self._connection.close()

    def send(self, mail: EmailMessage) -> Attempt:
        """Hand one mail over. Nothing that the server says is kept: it may repeat the address."""
        mail.connection = self._connection
        try:
            mail.send()
        except SMTPRecipientsRefused as refusal:
            codes = [code for code, _words in refusal.recipients.values()]
            known = any(code < 500 for code in codes)
            return Attempt(Trouble.MAIL_SERVER if known else Trouble.NO_SUCH_ADDRESS)
        except (OSError, SMTPException):
            self._connection.close()
            return Attempt(Trouble.MAIL_SERVER)
        return Attempt()


def mail_of(message: Message) -> EmailMessage:
    """The mail that tells *message*. Its Message-ID is the same at each attempt."""
    subscription = message.subscription
    with in_language_of(subscription):
        leave = absolute(reverse("unsubscribe", args=[subscription.token]))
        manage = absolute(subscription.get_absolute_url())
        context = {"message": message, "leave": leave, "manage": manage}
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=_text(message, leave, manage),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[subscription.email],
            headers=_headers(message.key)
            | {
                "List-Unsubscribe": f"<{leave}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "List-Id": f"NewsDiffs <changes.{_host()}>",
            },
        )
        mail.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return mail


def confirmation_of(subscription: Subscription) -> EmailMessage:
    """The mail that asks whether its reader wants to be told.

    Nothing that was typed stands in it: it may go to somebody who never asked for it.
    """
    with in_language_of(subscription):
        link = absolute(reverse("confirm-subscription", args=[subscription.token]))
        body = _(
            "Somebody, you we hope, asked at %(site)s that changes to news articles be told to this "
            "address.\n\nLook at what was asked for, and confirm it, here:\n%(link)s\n\n"
            "If it was not you, do nothing: this address is then deleted in three days, and nothing else is "
            "sent to it.\n"
        ) % {"site": settings.SITE_URL, "link": link}
        return EmailMessage(
            subject=_("NewsDiffs: confirm your subscription"),
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[subscription.email],
            headers=_headers(f"confirm.{subscription.pk}"),
        )


def stopped_of(subscription: Subscription, email: str) -> EmailMessage:
    """The mail that tells the owner of a webhook or bot that it was switched off, and why."""
    with in_language_of(subscription):
        body = _(
            "Your subscription “%(name)s” at %(site)s was switched off: %(why)s.\n\nWhat was not delivered "
            "stands in the list of changes. Switch it on again here:\n%(link)s\n"
        ) % {
            "name": str(subscription),
            "site": settings.SITE_URL,
            "why": subscription.get_stopped_display(),
            "link": absolute(subscription.get_absolute_url()),
        }
        return EmailMessage(
            subject=_("NewsDiffs: a subscription was switched off"),
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[email],
            headers=_headers(f"stopped.{subscription.pk}.{subscription.failures}"),
        )


def _headers(key: str) -> dict[str, str]:
    return {"Message-ID": f"<{key}@{_host()}>", "Auto-Submitted": "auto-generated"}


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _text(message: Message, leave: str, manage: str) -> str:
    parts = []
    for told in message.told:
        lines = [told.sentence, told.item.title, told.item.source, told.item.summary]
        if told.stood_at:
            lines.append(_("It stood last in this version: %(link)s") % {"link": told.stood_at})
        parts.append("\n".join(filter(None, [*lines, told.item.link])))
    if message.more:
        more = ngettext("and %(count)s more:", "and %(count)s more:", message.more)
        parts.append(f"{more % {'count': f'{message.more:,}'}} {message.page}")
    parts.append(
        _(
            "-- \nYou are told this as you subscribed to: %(asked)s.\nUnsubscribe: %(leave)s\n"
            "Your subscription: %(manage)s"
        )
        % {"asked": message.asked, "leave": leave, "manage": manage}
    )
    return "\n\n".join(parts) + "\n"
