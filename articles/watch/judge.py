"""What an answer means, before its page is read (fetch.md, "What an answer means"). Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.fetch import Answer, Problem, address_key
from articles.watch.outcome import Outcome

_LOGIN = re.compile(
    r"(?:^|[/.?&=_-])(?:log-?in|sign-?in|sso|oauth2?|auth|anmelden|connexion|subscribe|consent|paywall)(?:$|[/.?&=_-])",
    re.IGNORECASE,
)
_LOGIN_WORDS = 3
_CHALLENGE = re.compile(
    rb"<title>\s*(?:just a moment|attention required|access denied|are you a robot|pardon our interruption)"
    rb"|/cdn-cgi/challenge-platform/|id=[\"']challenge-form|captcha-delivery\.com|px-captcha",
    re.IGNORECASE,
)
_CHALLENGE_SIZE = 100_000
"""Bytes; a challenge stands alone on its page, an article that speaks of one is longer."""


@dataclass(frozen=True)
class Judgement:
    """What to file: an outcome with its reason, or (outcome None) that the page is to be read."""

    outcome: Outcome | None
    reason: str = ""
    missing: bool = False
    """404 or 410: removed once confirmed."""


READ_IT = Judgement(None)


def judge(answer: Answer) -> Judgement:
    """What *answer* means, as far as its status and addresses tell."""
    if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
        return Judgement(Outcome.REFUSED, answer.reason)
    if answer.problem is Problem.TOO_LARGE:
        return Judgement(Outcome.FAILED, answer.reason)
    if answer.problem or answer.status is None:
        return Judgement(Outcome.UNREACHABLE, answer.reason or "no answer")
    status = answer.status
    if status == 304:
        if answer.sent_validators:
            return Judgement(Outcome.UNCHANGED, "the site says it has not changed (304)")
        return Judgement(Outcome.FAILED, "304 to a question without conditions")
    if status in (404, 410):
        return Judgement(Outcome.REMOVED, "not found (404)" if status == 404 else "gone (410)", missing=True)
    if status == 451:
        return Judgement(Outcome.WITHHELD, "withheld for legal reasons (451)")
    if status in (401, 402, 403, 407):
        return Judgement(Outcome.BLOCKED, f"the site refuses us ({status})")
    if status in (408, 425, 429) or status >= 500:
        return Judgement(Outcome.UNREACHABLE, f"the site could not answer ({status})")
    if status != 200:
        return Judgement(Outcome.FAILED, f"an answer without a whole page ({status})")
    if not answer.body.strip():
        return Judgement(Outcome.FAILED, "an empty page")
    if len(answer.body) < _CHALLENGE_SIZE and _CHALLENGE.search(answer.body):
        return Judgement(Outcome.BLOCKED, "a challenge page instead of the article")
    return READ_IT


def leads_away(asked: str, final: str) -> str:
    """Why the redirect from *asked* to *final* does not lead to the article, or '' when it may."""
    if address_key(asked) == address_key(final):
        return ""
    here, there = (urlsplit(address_key(address)) for address in (asked, final))
    if there.path in ("", "/"):
        return "redirects to a home page"
    if _LOGIN.search(there.hostname or "") or any(map(_is_login, there.path.split("/"))):
        return "redirects to a log-in"
    if here.path.startswith(there.path + "/") and _site(here.hostname) == _site(there.hostname):
        return "redirects to a section page"
    return ""


def _is_login(part: str) -> bool:
    """Whether a part of a path names a log-in; one of many words is a story's, whatever it is about."""
    return len(re.findall(r"[^\W_]+", part)) <= _LOGIN_WORDS and _LOGIN.search(part) is not None


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.")
