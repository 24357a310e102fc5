"""Notices as webhooks, signed as the Standard Webhooks specification (1.0.0) says."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from articles.api.schemas import EntryOut
from articles.exports.usage_preferences import WishesFor
from articles.notices.attempts import Attempt, Request, json_request
from articles.notices.message import Message, Told

_PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification: between 24 and 64


def new_secret() -> str:
    """A secret with which a webhook is signed, as its library takes it."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``: HMAC-SHA256 over id, time and body."""
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret.removeprefix(_PREFIX)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


@dataclass(frozen=True)
class Webhook:
    """One webhook, signed anew at each attempt; its id stays."""

    request: Request
    key: str
    secret: str

    def run(self) -> Attempt:
        now = int(time.time())
        headers = {
            **self.request.headers,
            "webhook-id": self.key,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self.secret, self.key, now, self.request.body),
        }
        return Request(self.request.url, self.request.body, headers).run()


def webhook_of(message: Message) -> Webhook:
    """The webhook that tells *message*: each change as the API has it."""
    subscription = message.subscription
    wishes = WishesFor.of_versions(told.entry.version for told in message.told if told.entry.version)
    data: dict[str, Any]
    if message.count == 1:
        data = _change(message.told[0], wishes)
    else:
        data = {
            "count": message.count,
            "changes": [_change(told, wishes) for told in message.told],
            "url": message.page,
        }
    return _signed(
        subscription.receiver,
        subscription.secret,
        message.key,
        "change" if message.count == 1 else "changes",
        data,
    )


def test_of(receiver: str, secret: str, key: str, words: str) -> Webhook:
    """A webhook that tells nothing but *words*, to try the receiver."""
    return _signed(receiver, secret, key, "test", {"text": words})


def _signed(receiver: str, secret: str, key: str, kind: str, data: dict[str, Any]) -> Webhook:
    content = {"type": kind, "timestamp": timezone.now().isoformat(), "data": data}
    return Webhook(json_request(receiver, content), key, secret)


def _change(told: Told, wishes: WishesFor) -> dict[str, Any]:
    change: dict[str, Any] = EntryOut.of(told.entry, wishes).model_dump(mode="json")
    if told.sentence:
        change["sentence"] = {"text": told.sentence, "stood_at": told.stood_at}
    return change
