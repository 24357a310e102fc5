"""Notices in chats: the JSON that each takes at its webhook, or its own address for posting.

Slack, Discord, Mattermost and Teams give an address in which their secret stands; Telegram, Matrix and ntfy
have an account or token beside. What articles say is text: nothing in it mentions anybody, or becomes markup.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from articles.models import Subscription, Way
from articles.notices.attempts import Request, json_request
from articles.notices.message import Message, Told
from articles.pages.words import shortened

TELEGRAM = "https://api.telegram.org"

_MOST = 9
"""Changes that one message names; Discord takes ten embeds, and one says how many more there are."""

_TITLE, _SUMMARY = 200, 300
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>@])")


def chat_of(message: Message) -> Request:
    """The request that tells *message*."""
    return request_of(message.subscription, message.key, message.subject, message.page, _lines(message))


def request_of(
    subscription: Subscription, key: str, subject: str, page: str, lines: list[tuple[str, str, str]]
) -> Request:
    """The request that posts *lines* (title, summary, link) under a *subject* to a subscription's chat."""
    receiver, secret = subscription.receiver, subscription.secret
    match Way(subscription.way):
        case Way.SLACK:
            return json_request(receiver, {"text": _slack(subject, lines), "unfurl_links": False})
        case Way.DISCORD:
            return json_request(receiver, _discord(subject, lines))
        case Way.MATTERMOST:
            return json_request(receiver, {"text": _markdown(subject, lines)})
        case Way.TEAMS:
            return json_request(receiver, _teams(subject, page, lines))
        case Way.TELEGRAM:
            content = {
                "chat_id": subscription.account,
                "text": shortened(_plain(subject, lines), 4000),
                "link_preview_options": {"is_disabled": True},
            }
            return json_request(f"{receiver or TELEGRAM}/bot{quote(secret, safe=':')}/sendMessage", content)
        case Way.MATRIX:
            room = quote(subscription.account, safe="")
            address = f"{receiver.rstrip('/')}/_matrix/client/v3/rooms/{room}/send/m.room.message/{key}"
            content = {"msgtype": "m.notice", "body": _plain(subject, lines)}
            return json_request(address, content, {"Authorization": f"Bearer {secret}"}, "PUT")
        case Way.NTFY:
            return _ntfy(receiver, secret, subject, page, lines)
        case way:
            raise ValueError(way)


def _lines(message: Message) -> list[tuple[str, str, str]]:
    lines = [_line(told) for told in message.told[:_MOST]]
    if message.count > len(lines):
        more = _("and %(count)s more") % {"count": f"{message.count - len(lines):,}"}
        lines.append((more, "", message.page))
    return lines


def _line(told: Told) -> tuple[str, str, str]:
    title = told.sentence or f"{told.item.source}: {told.item.title}"
    return (
        shortened(_one_line(title), _TITLE),
        shortened(_one_line(told.item.summary), _SUMMARY),
        told.item.link,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(subject: str, lines: list[tuple[str, str, str]]) -> str:
    parts = ["\n".join(filter(None, line)) for line in lines]
    return "\n\n".join(parts if len(lines) == 1 else [subject, *parts])


def _slack(subject: str, lines: list[tuple[str, str, str]]) -> str:
    """Slack's own markup: its documentation asks that these three be escaped."""

    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    parts = [
        "\n".join(filter(None, (f"<{link}|{escaped(title).replace('|', '¦')}>", escaped(summary))))
        for title, summary, link in lines
    ]
    return "\n\n".join(parts if len(lines) == 1 else [f"*{escaped(subject)}*", *parts])


def _markdown(subject: str, lines: list[tuple[str, str, str]]) -> str:
    def escaped(text: str) -> str:
        return _MARKDOWN.sub(r"\\\1", text).replace("\\@", "@\u200b")

    parts = [
        "  \n".join(filter(None, (f"[{escaped(title)}](<{link}>)", escaped(summary))))
        for title, summary, link in lines
    ]
    return "\n\n".join(parts if len(lines) == 1 else [f"**{escaped(subject)}**", *parts])


def _discord(subject: str, lines: list[tuple[str, str, str]]) -> dict[str, Any]:
    embeds = [
        {"title": shortened(title, 250), "description": summary, "url": link}
        for title, summary, link in lines
    ]
    content = "" if len(lines) == 1 else shortened(subject, 500)
    return {"content": content, "embeds": embeds[:10], "allowed_mentions": {"parse": []}}


def _teams(subject: str, page: str, lines: list[tuple[str, str, str]]) -> dict[str, Any]:
    """An adaptive card, as Teams' workflows take it."""

    def block(text: str, **more: Any) -> dict[str, Any]:
        return {"type": "TextBlock", "text": _MARKDOWN.sub(r"\\\1", text), "wrap": True, **more}

    blocks = [] if len(lines) == 1 else [block(subject, weight="Bolder")]
    for title, summary, _link in lines:
        blocks += [block(title, weight="Bolder"), *([block(summary)] if summary else [])]
    card = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "body": blocks,
        "actions": [{"type": "Action.OpenUrl", "title": _("What changed"), "url": page}],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _ntfy(receiver: str, secret: str, subject: str, page: str, lines: list[tuple[str, str, str]]) -> Request:
    """Published as JSON at the server's root: its headers would take no other letters than Latin ones."""
    parts = urlsplit(receiver)
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    content = {
        "topic": parts.path.strip("/"),
        "title": subject,
        "message": shortened(_plain(subject, lines), 3500),
        "click": page,
    }
    return json_request(root, content, {"Authorization": f"Bearer {secret}"} if secret else {})
