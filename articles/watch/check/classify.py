"""What an answer means, before its page is read (fetch.md, "What an answer means"). Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.fetch import Answer, Problem, address_key
from articles.models import Outcome

_LOGIN = re.compile(
    r"(?:^|[/.?&=_-])(?:log-?in|sign-?in|sso|oauth2?|auth|anmelden|connexion|subscribe|consent|paywall)(?:$|[/.?&=_-])",
    re.IGNORECASE,
)
_LOGIN_WORDS = 3
_CHALLENGE = re.compile(
    rb"<title[^>]{0,80}>\s*(?:just a moment|attention required|access denied|are you a (?:robot|human)"
    rb"|pardon our interruption|one moment,? please|checking your browser|security check|ddos protection"
    rb"|(?:human|bot|robot) (?:verification|check)|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human"
    rb"|please verify|captcha)"
    rb"|/cdn-cgi/challenge-platform/|id=[\"']?challenge-form|cf-browser-verification|_cf_chl_opt"
    rb"|captcha-delivery\.com|px-captcha|/_Incapsula_Resource|/_sec/cp_challenge/|sucuri_cloudproxy_js"
    rb"|AwsWafIntegration",
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
_CHALLENGED = Judgement(Outcome.BLOCKED, "a challenge page instead of the article")

_REFUSALS = frozenset({401, 402, 403, 407})
_TELLING = _REFUSALS | {408, 425, 429, 451, *range(500, 1000)}
"""Errors that say what they are, however their page ends."""


def judge(answer: Answer) -> Judgement:
    """What *answer* means, as far as its status and addresses tell."""
    if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
        return Judgement(Outcome.REFUSED, answer.reason)
    status = answer.status
    if status is not None and status in _TELLING:
        return _by_status(status, answer)
    if answer.problem is Problem.TOO_LARGE:
        return Judgement(Outcome.FAILED, answer.reason)
    if answer.problem or status is None:
        return Judgement(Outcome.UNREACHABLE, answer.reason or "no answer")
    if status == 304:
        if answer.sent_validators:
            return Judgement(Outcome.UNCHANGED, "the site says it has not changed (304)")
        return Judgement(Outcome.FAILED, "304 to a question without conditions")
    if status in (404, 410):
        return Judgement(Outcome.REMOVED, "not found (404)" if status == 404 else "gone (410)", missing=True)
    if status != 200:
        return Judgement(Outcome.FAILED, f"an answer without a whole page ({status})")
    if not answer.body.strip():
        return Judgement(Outcome.FAILED, "an empty page")
    return _CHALLENGED if _is_challenge(answer.body) else READ_IT


def _by_status(status: int, answer: Answer) -> Judgement:
    """What an error means, whatever became of its page."""
    if status == 451:
        return Judgement(Outcome.WITHHELD, "withheld for legal reasons (451)")
    if status in _REFUSALS:
        return Judgement(Outcome.BLOCKED, f"the site refuses us ({status})")
    if _is_challenge(answer.body):
        return _CHALLENGED
    return Judgement(Outcome.UNREACHABLE, f"the site could not answer ({status})")


def _is_challenge(body: bytes) -> bool:
    return len(body) < _CHALLENGE_SIZE and _CHALLENGE.search(body) is not None


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
