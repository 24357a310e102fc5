"""What an answer means, before its page is read (docs/architecture.md). Pure."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from articles.fetch import Answer, Problem, address_key
from articles.models import Article, ArticleLooks, Boilerplate, LearnedPlace, Outcome, ReasonCode
from articles.watch.check.looks import may_come_to_rest
from articles.watch.check.page import body_hash, reads_alike
from articles.watch.check.page_reading import headers_say_noarchive

_LOGIN = re.compile(
    r"(?:^|[/.?&=_-])(?:log-?in|sign-?in|sso|oauth2?|auth|anmelden|connexion|subscribe|consent|paywall)(?:$|[/.?&=_-])",
    re.IGNORECASE,
)
_LOGIN_WORDS = 3
_CHALLENGE_TITLE = re.compile(
    rb"<title[^>]{0,80}>\s*(?:just a moment|attention required|access denied|are you a (?:robot|human)"
    rb"|pardon our interruption|one moment,? please|checking your browser|security check|ddos protection"
    rb"|(?:human|bot|robot) (?:verification|check)|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human"
    rb"|please verify|captcha)"
)
_CHALLENGE_MARKS = (
    *(b"/cdn-cgi/challenge-platform/", b"id=challenge-form", b'id="challenge-form', b"id='challenge-form"),
    *(b"cf-browser-verification", b"_cf_chl_opt", b"captcha-delivery.com", b"px-captcha"),
    *(b"/_incapsula_resource", b"/_sec/cp_challenge/", b"sucuri_cloudproxy_js", b"awswafintegration"),
)
"""What scripts of challenges are called, in small letters: looked for one by one, which takes a tenth of the
time of one pattern of them all."""

_CHALLENGE_SIZE = 100_000
"""Bytes; a challenge stands alone on its page, an article that speaks of one is longer."""


@dataclass(frozen=True)
class Judgement:
    """The outcome to be filed, with its reason; an outcome of None says that the page is to be read."""

    outcome: Outcome | None
    code: ReasonCode | None = None
    detail: str = ""
    missing: bool = False
    """404 or 410: removed once confirmed."""

    @property
    def reason(self) -> str:
        """Why, in words for a person."""
        return self.detail or str(self.code.label if self.code else "")


READ_IT = Judgement(None)
_CHALLENGED = Judgement(Outcome.BLOCKED, ReasonCode.CHALLENGE)

_REFUSALS = frozenset({401, 402, 403, 407})
_TELLING = _REFUSALS | {408, 425, 429, 451, *range(500, 1000)}
"""Errors that say what they are, however their page ends."""


def classify(article: Article, answer: Answer) -> Judgement:
    """Return what *answer* means for *article*: what ``judge`` says, where redirects led, whether the page
    may be kept, and whether it is the same as last time."""
    is_same_page = answer.has_page and _is_same_page(article, answer)
    judgement = judge(answer, is_known=is_same_page)
    if judgement.outcome not in (None, Outcome.UNCHANGED):
        return judgement
    if answer.hops and (code := leads_away(article.address, answer.final_url)):
        return Judgement(Outcome.MOVED, code, f"{code.label}: {answer.final_url}")
    if headers_say_noarchive(answer.robots) and article.source.obey_noarchive:
        return Judgement(Outcome.BLOCKED, ReasonCode.NO_ARCHIVE)
    if judgement is READ_IT and is_same_page:
        return Judgement(Outcome.UNCHANGED, ReasonCode.SAME_PAGE)
    return judgement


def _is_same_page(article: Article, answer: Answer) -> bool:
    """Whether the page is that of the text in force, byte for byte, would be read the same way today, and no
    other text waits."""
    return (
        article.version_count > 0
        and not article.pending_hash
        and body_hash(answer.body) == article.body_hash
        and reads_alike(article)
        and not _may_come_to_rest(article)
    )


def _may_come_to_rest(article: Article) -> bool:
    """Whether something on its page is known to tick, and has not rested yet: each look counts then."""
    places = Boilerplate.of(article.source).places
    return LearnedPlace.Kind.TICKING in places.values() and may_come_to_rest(
        ArticleLooks.of(article).looks, places
    )


def judge(answer: Answer, *, is_known: bool = False) -> Judgement:
    """Return what *answer* means, as far as its status and the beginning of its page tell.

    is_known: whether this very page was read before, and so is no challenge.
    """
    if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
        return Judgement(Outcome.REFUSED, ReasonCode.FORBIDDEN_ADDRESS, answer.reason)
    status = answer.status
    if status is not None and status in _TELLING:
        return _by_status(status, answer)
    if answer.problem is Problem.TOO_LARGE:
        return Judgement(Outcome.FAILED, ReasonCode.TOO_LARGE, answer.reason)
    if answer.problem or status is None:
        return Judgement(Outcome.UNREACHABLE, ReasonCode.NO_ANSWER, answer.reason)
    if status == 304:
        if answer.sent_validators:
            return Judgement(Outcome.UNCHANGED, ReasonCode.NOT_MODIFIED)
        return Judgement(Outcome.FAILED, ReasonCode.UNASKED_304)
    if status in (404, 410):
        code = ReasonCode.NOT_FOUND if status == 404 else ReasonCode.GONE
        return Judgement(Outcome.REMOVED, code, missing=True)
    if not answer.has_page:
        return Judgement(Outcome.FAILED, ReasonCode.NOT_WHOLE, f"{ReasonCode.NOT_WHOLE.label} ({status})")
    if not answer.body.strip():
        return Judgement(Outcome.FAILED, ReasonCode.EMPTY_PAGE)
    return READ_IT if is_known or not _is_challenge(answer.body) else _CHALLENGED


def _by_status(status: int, answer: Answer) -> Judgement:
    """What an error means, whatever became of its page."""
    if status == 451:
        return Judgement(Outcome.WITHHELD, ReasonCode.LEGAL)
    if status in _REFUSALS:
        code = ReasonCode.REFUSES_US
        return Judgement(Outcome.BLOCKED, code, f"{code.label} ({status})")
    if _is_challenge(answer.body):
        return _CHALLENGED
    code = ReasonCode.SERVER_ERROR
    return Judgement(Outcome.UNREACHABLE, code, f"{code.label} ({status})")


def _is_challenge(body: bytes) -> bool:
    if len(body) >= _CHALLENGE_SIZE:
        return False
    small = body.lower()
    return any(mark in small for mark in _CHALLENGE_MARKS) or _CHALLENGE_TITLE.search(small) is not None


def leads_away(asked: str, final: str) -> ReasonCode | None:
    """Return where the redirect from *asked* to *final* leads instead of to the article; None when it may
    be its."""
    if address_key(asked) == address_key(final):
        return None
    here, there = (urlsplit(address_key(address)) for address in (asked, final))
    if there.path in ("", "/"):
        return ReasonCode.HOME_PAGE
    if _LOGIN.search(there.hostname or "") or any(map(_is_login, there.path.split("/"))):
        return ReasonCode.LOG_IN
    if here.path.startswith(there.path + "/") and _site(here.hostname) == _site(there.hostname):
        return ReasonCode.SECTION_PAGE
    return None


def _is_login(part: str) -> bool:
    """Whether a part of a path names a log-in; one of many words is a story's, whatever it is about."""
    return len(re.findall(r"[^\W_]+", part)) <= _LOGIN_WORDS and _LOGIN.search(part) is not None


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.")
