"""What went wrong with an address that a person gave, and what to do about it, in plain words. Pure.

The words are stored in English with what was found, and translated where they are shown.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_noop

from articles.fetch import Answer, Cause, Problem
from articles.models import ReasonCode
from articles.watch.check.classify import judge, leads_away

SOON = timedelta(minutes=5)
_AGAIN = gettext_noop("Try again in a few minutes.")
_OTHER_WAYS = gettext_noop(
    "Try the address of a feed of the site (RSS, Atom, news sitemap): these are often open to everybody. "
    "Or ask the publication to let this crawler in: its name and contact are on the about page."
)

_OF_CAUSE = {
    Cause.NO_HOST: gettext_noop(
        "Look for a typing mistake in the host's name. If the name is right, this machine's network or name "
        "server may be failing: try another address."
    ),
    Cause.CERTIFICATE: gettext_noop(
        "Nothing is fetched from a site that can't prove who it is. Try the address with or without “www.”, "
        "or as a browser shows it once the page is open. Else only the site itself can mend it."
    ),
    Cause.CONNECTION: gettext_noop(
        "No server answers there. Try the address with http:// in place of https://, or again in a few "
        "minutes."
    ),
}


@dataclass(frozen=True)
class Trouble:
    """An answer of an address that is of no use, and what to do about it."""

    said: str
    advice: str


ROBOTS = Trouble(
    gettext_noop("robots.txt does not let us fetch it"),
    gettext_noop(
        "The site asks crawlers to keep away from this address, and that is obeyed. Try another page or a "
        "feed of the site that robots.txt leaves open, or ask the publication."
    ),
)
NO_ROBOTS = Trouble(
    gettext_noop("robots.txt can't be read just now (the server answers with an error)"),
    gettext_noop(
        "While nobody can tell what robots.txt allows, nothing is fetched. Try again in a few minutes."
    ),
)
NO_FEED = Trouble(
    gettext_noop("this is a web page, not a feed"),
    gettext_noop(
        "If it lists feeds, paste its address as a page to be looked at. If it lists stories, watch it as a "
        "section page."
    ),
)
NO_ITEMS = Trouble(
    gettext_noop("the feed names no article"),
    gettext_noop(
        "It may be empty for now, or no longer kept up. Choose another feed of the site, or a section page."
    ),
)
IN_PLACE_OF_HTTPS = gettext_noop("As no http:// or https:// was typed, http:// was tried in its place.")
BROKEN_FEED = gettext_noop(
    "Open it in a browser to see whether it is a feed at all. Only the site can mend a broken one."
)
UNREADABLE = gettext_noop("This page can't be read safely. Try a feed of the site instead.")
_LOG_IN = gettext_noop(
    "What is shown only to those who sign in is not watched. Try the address of a feed of the site (RSS, "
    "Atom, news sitemap): these are often open to everybody."
)


def trouble_of(answer: Answer, *, asked: str = "") -> Trouble | None:
    """Return what is wrong with *answer*, or None when its page can be read.

    asked: the address it was asked for, where a redirect to a log-in counts as trouble.
    """
    judgement = judge(answer)
    if judgement.outcome is not None:
        where = f", after a redirect to {answer.final_url}" if answer.hops else ""
        return Trouble(f"{judgement.reason}{where}", _advice(answer, judgement.code))
    if asked and answer.hops and leads_away(asked, answer.final_url) is ReasonCode.LOG_IN:
        return Trouble(
            f"it redirects to a log-in: {answer.final_url}",
            _LOG_IN,
        )
    return None


def may_answer_otherwise(answer: Answer) -> bool:
    """Return whether https:// came to nothing at a host that does exist, so that http:// may do.

    Not where a server answered by https:// and could not prove who it is: http:// proves less.
    """
    if answer.status is not None or answer.problem not in (Problem.NETWORK, Problem.TIMEOUT):
        return False
    return answer.cause not in (Cause.NO_HOST, Cause.CERTIFICATE)


def _advice(answer: Answer, code: ReasonCode | None) -> str:
    match answer.problem:
        case Problem.BAD_ADDRESS:
            return gettext_noop(
                "Look for a typing mistake. An address looks like https://news.example/ or news.example."
            )
        case Problem.REFUSED:
            return gettext_noop(
                "Only servers of the public internet, at their usual ports, are asked. If this one is yours, "
                "inside your network, open its exact address with the setting FETCH_ALLOW_ENDPOINTS."
            )
        case Problem.TIMEOUT if answer.status is None:
            return gettext_noop(
                "The server is slow, or keeps crawlers waiting on purpose. Try again in a few minutes."
            )
        case Problem.TOO_MANY_HOPS:
            return gettext_noop(
                "The redirects go in a circle, often for visitors who keep no cookies. "
                "Try the address to which a browser is led in the end, or a feed."
            )
        case Problem.NETWORK if answer.status is None:
            return _OF_CAUSE.get(answer.cause, _AGAIN)
    return _advice_by_status(answer, code)


def _advice_by_status(answer: Answer, code: ReasonCode | None) -> str:
    status = answer.status or 0
    if status in (404, 410):
        return gettext_noop("Look for a typing mistake, or begin with the site's home page.")
    if status in (401, 402, 403, 407, 451) or code is ReasonCode.CHALLENGE:
        return _OTHER_WAYS
    if status in (429, 503) and (answer.retry_after or 0) > SOON.total_seconds():
        until = timezone.now() + timedelta(seconds=answer.retry_after or 0)
        return f"The site asks to be left alone until {until:%d %B %Y, %H:%M} UTC. Try again then."
    if status == 429 or status >= 500:
        return _AGAIN
    if code is ReasonCode.EMPTY_PAGE:
        return gettext_noop(
            "The server sends nothing to us. Open the address in a browser; if all is well there, try again "
            "in a few minutes."
        )
    return gettext_noop("Open the address in a browser to see what is there, and try a feed of the site.")
