"""What came of one attempt to deliver, whatever the way; and the requests by which it is made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from articles.fetch import Answer, Fetcher, FetchSettings, Problem, parse_endpoints


class Trouble(models.TextChoices):
    """Why a delivery was not taken, as stored with its subscription."""

    MAIL_SERVER = "mail-server", gettext_lazy("the mail server did not take it")
    NO_SUCH_ADDRESS = "no-such-address", gettext_lazy("the mail server knows no such address")
    BAD_ADDRESS = "bad-address", gettext_lazy("the receiver’s address is none that may be asked")
    NO_ANSWER = "no-answer", gettext_lazy("the receiver could not be reached")
    TOO_SLOW = "too-slow", gettext_lazy("the receiver took too long")
    REDIRECTS = "redirects", gettext_lazy("the receiver redirects, which is not followed")
    GONE = "gone", gettext_lazy("the receiver said that it is gone (410)")
    REFUSED = "refused", gettext_lazy("the receiver refused it")
    NOT_SIGNED_IN = "not-signed-in", gettext_lazy("the account’s token or password was not taken")
    FAILING = "failing", gettext_lazy("the receiver had an error of its own")
    NONSENSE = "nonsense", gettext_lazy("the receiver’s answer makes no sense")


@dataclass(frozen=True)
class Attempt:
    """What came of it. ``trouble`` is empty where it was taken; ``status``: of HTTP, where there was one.

    ``retry_after``: seconds for which the receiver wants to be left alone; ``posted_as``: by which id it
    knows what was posted.
    """

    trouble: Trouble | None = None
    status: int | None = None
    retry_after: float | None = None
    posted_as: str = ""


class Job(Protocol):
    """What is to be sent to one receiver: ready, so that it needs no database while it waits for answers."""

    def run(self) -> Attempt: ...


@dataclass(frozen=True)
class Request:
    """One request; whoever takes it answers with 2xx."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    def run(self) -> Attempt:
        return attempt_of(self.answer())

    def answer(self) -> Answer:
        """The answer, brought by the guarded door."""
        door = _door(settings.USER_AGENT, settings.FETCH_ALLOW_ENDPOINTS)
        return door.send(
            self.url, self.body, headers=self.headers, method=self.method, total=settings.NOTICE_SECONDS
        )


def json_request(
    url: str, content: Any, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Request:
    """A request that sends *content* as JSON."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Request(url, body, {"Content-Type": "application/json", **(headers or {})}, method)


def attempt_of(answer: Answer) -> Attempt:
    """What an answer says of the attempt."""
    status = answer.status
    if answer.problem is Problem.NONE and status is not None and 200 <= status < 300:
        return Attempt(status=status)
    return Attempt(_trouble(answer), status, answer.retry_after)


def _trouble(answer: Answer) -> Trouble:
    match answer.problem, answer.status:
        case Problem.BAD_ADDRESS | Problem.REFUSED, _:
            return Trouble.BAD_ADDRESS
        case Problem.TIMEOUT, _:
            return Trouble.TOO_SLOW
        case Problem.NETWORK, None:
            return Trouble.NO_ANSWER
        case _, 410:
            return Trouble.GONE
        case _, 401 | 403:
            return Trouble.NOT_SIGNED_IN
        case _, int(status) if 300 <= status < 400:
            return Trouble.REDIRECTS
        case _, int(status) if 400 <= status < 500:
            return Trouble.REFUSED
        case _, int(status) if status >= 500:
            return Trouble.FAILING
        case _:
            return Trouble.NONSENSE


def may_be_asked(url: str) -> bool:
    """Whether the guard lets *url* be asked: an http(s) address that leads out of our network."""
    try:
        _door(settings.USER_AGENT, settings.FETCH_ALLOW_ENDPOINTS).check(url)
    except (OSError, ValueError):
        return False
    return True


@lru_cache(maxsize=1)
def _door(user_agent: str, allowed: str) -> Fetcher:
    return Fetcher(
        FetchSettings(user_agent=user_agent, allow_endpoints=parse_endpoints(allowed), wire_limit=1 << 20)
    )
