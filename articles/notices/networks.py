"""Notices as posts of a bot: on Mastodon and on Bluesky, with the card of the change as a picture.

Changes of one article make a thread. Posting twice makes one post: Mastodon is given a key of the delivery
(for an hour it knows it), on Bluesky the post is put under a key that is the delivery's own.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from articles.fetch import Answer
from articles.models import Delivery, Subscription, Version
from articles.notices.attempts import Attempt, Request, Trouble, attempt_of, json_request
from articles.notices.message import Message
from articles.pages import cards
from articles.pages.words import shortened

_MASTODON_LENGTH, _BLUESKY_LENGTH = 430, 250
"""Characters of words beside the link: the networks take 500 and 300 with it."""

_ALT_LENGTH = 1000
_TID_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Post:
    """What is posted: words, a link, and a picture with its words where there is one to show."""

    words: str
    link: str
    language: str = ""
    picture: bytes = b""
    alt: str = ""


@dataclass(frozen=True)
class MastodonPost:
    """A post on Mastodon. ``reply_to``: the id of the post before it in its thread."""

    server: str
    token: str
    key: str
    post: Post
    reply_to: str = ""

    def run(self) -> Attempt:
        media: list[str] = []
        if self.post.picture:
            uploaded = self._upload()
            if (found := _read(uploaded)) is None or "id" not in found:
                return _failed(uploaded)
            media = [str(found["id"])]
        answer = self._send(media, self.reply_to)
        if answer.status in (404, 422) and self.reply_to:
            answer = self._send(media, "")  # the post before it is gone
        found = _read(answer)
        if found is None or "id" not in found:
            return _failed(answer)
        return Attempt(status=answer.status, posted_as=str(found["id"])[:500])

    def _send(self, media: list[str], reply_to: str) -> Answer:
        content: dict[str, Any] = {"status": f"{self.post.words}\n\n{self.post.link}", "media_ids": media}
        if reply_to:
            content["in_reply_to_id"] = reply_to
        if self.post.language:
            content["language"] = self.post.language
        headers = {**self._signed_in(), "Idempotency-Key": self.key + ("" if reply_to else "-alone")}
        return json_request(f"{self.server}/api/v1/statuses", content, headers).answer()

    def _upload(self) -> Answer:
        boundary = uuid.uuid4().hex
        alt = self.post.alt.encode("utf-8", "replace")
        body = b"\r\n".join(
            (
                f"--{boundary}".encode(),
                b'Content-Disposition: form-data; name="file"; filename="card.png"',
                b"Content-Type: image/png",
                b"",
                self.post.picture,
                f"--{boundary}".encode(),
                b'Content-Disposition: form-data; name="description"',
                b"",
                alt,
                f"--{boundary}--".encode(),
                b"",
            )
        )
        headers = {**self._signed_in(), "Content-Type": f"multipart/form-data; boundary={boundary}"}
        return Request(f"{self.server}/api/v2/media", body, headers).answer()

    def _signed_in(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class BlueskyPost:
    """A post on Bluesky. ``reply_to``: what was known of the post before it in its thread, as JSON."""

    server: str
    account: str
    password: str
    key: str
    made: datetime
    post: Post
    reply_to: str = ""

    def run(self) -> Attempt:
        credentials = {"identifier": self.account, "password": self.password}
        answer = json_request(self._method("com.atproto.server.createSession"), credentials).answer()
        session = _read(answer)
        if session is None or "accessJwt" not in session or "did" not in session:
            return _failed(answer)
        signed_in = {"Authorization": f"Bearer {session['accessJwt']}"}
        record = self._record()
        if self.post.picture:
            headers = {**signed_in, "Content-Type": "image/png"}
            answer = Request(self._method("com.atproto.repo.uploadBlob"), self.post.picture, headers).answer()
            uploaded = _read(answer)
            if uploaded is None or "blob" not in uploaded:
                return _failed(answer)
            image = {"alt": self.post.alt, "image": uploaded["blob"]}
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [image]}
        content = {
            "repo": session["did"],
            "collection": "app.bsky.feed.post",
            "rkey": tid(self.made, self.key),
            "record": record,
        }
        answer = json_request(self._method("com.atproto.repo.putRecord"), content, signed_in).answer()
        found = _read(answer)
        if found is None or "uri" not in found or "cid" not in found:
            return _failed(answer)
        own = {"uri": found["uri"], "cid": found["cid"]}
        root = _known(self.reply_to).get("root", own)
        return Attempt(status=answer.status, posted_as=json.dumps({"own": own, "root": root}))

    def _method(self, name: str) -> str:
        return f"{self.server}/xrpc/{name}"

    def _record(self) -> dict[str, Any]:
        text = f"{self.post.words}\n\n{self.post.link}"
        start = len(f"{self.post.words}\n\n".encode())
        link = {"$type": "app.bsky.richtext.facet#link", "uri": self.post.link}
        place = {"byteStart": start, "byteEnd": start + len(self.post.link.encode())}
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": self.made.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "facets": [{"index": place, "features": [link]}],
        }
        if self.post.language:
            record["langs"] = [self.post.language]
        if known := _known(self.reply_to):
            record["reply"] = {"root": known["root"], "parent": known["own"]}
        return record


def tid(made: datetime, key: str) -> str:
    """The record key of a post (atproto's TID): of a time in microseconds and ten bits, here the key's."""
    number = (int(made.timestamp() * 1_000_000) << 10) | (uuid.UUID(key).int & 0x3FF)
    return "".join(_TID_LETTERS[(number >> shift) & 31] for shift in range(60, -1, -5))


def mastodon_of(message: Message, delivery: Delivery) -> MastodonPost:
    subscription = message.subscription
    return MastodonPost(
        subscription.receiver.rstrip("/"),
        subscription.secret,
        message.key,
        _post(message, _MASTODON_LENGTH),
        _posted_before(subscription, message),
    )


def bluesky_of(message: Message, delivery: Delivery) -> BlueskyPost:
    subscription = message.subscription
    return BlueskyPost(
        subscription.receiver.rstrip("/"),
        subscription.account,
        subscription.secret,
        message.key,
        delivery.made,
        _post(message, _BLUESKY_LENGTH),
        _posted_before(subscription, message),
    )


def _post(message: Message, length: int) -> Post:
    if message.count > 1:
        return Post(shortened(message.subject, length), message.page)
    told = message.told[0]
    version = told.entry.version
    labels = ", ".join(map(str, told.item.labels))
    title = f"{told.item.source}: {told.item.title}"
    words = shortened(" – ".join(filter(None, (told.sentence, title, labels))), length)
    language = told.entry.article.language.split("-")[0][:2].lower()
    if version is None:
        return Post(_unmentioned(words), message.page, language)
    before = Version.objects.get(article=version.article_id, number=version.number - 1)
    card = cards.card_of(told.entry.article, before, version)
    return Post(
        _unmentioned(words),
        message.page,
        language,
        cards.draw(card),
        shortened(_("The change as a picture: %(words)s") % {"words": card.words}, _ALT_LENGTH),
    )


def _unmentioned(words: str) -> str:
    """*words* without anything that would call somebody or make a tag."""
    return words.replace("@", "@\u200b").replace("#", "#\u200b")


def _posted_before(subscription: Subscription, message: Message) -> str:
    """By which id the network knows the last post about the same article; "" for none."""
    if message.count > 1:
        return ""
    article = message.told[0].entry.article.pk
    posts = subscription.deliveries.filter(notices__article=article, digest=False).exclude(posted_as="")
    return posts.order_by("-ended").values_list("posted_as", flat=True).first() or ""


def _read(answer: Answer) -> dict[str, Any] | None:
    """The JSON object of an answer that says yes; None for any other."""
    if attempt_of(answer).trouble is not None:
        return None
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _failed(answer: Answer) -> Attempt:
    attempt = attempt_of(answer)
    return Attempt(attempt.trouble or Trouble.NONSENSE, attempt.status, attempt.retry_after)


def _known(posted_as: str) -> Mapping[str, Any]:
    found: Any = json.loads(posted_as) if posted_as else {}
    return found if isinstance(found, dict) else {}
