"""What the last check of an article came to, in words for people: made from codes.

Public pages and the admin share these. What a check stored in words besides (``Article.last_reason``) is
shown after them as it stands; nothing is decided by it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article, Outcome, ReasonCode

_BY_OUTCOME: dict[str, Promise] = {
    Outcome.BLOCKED: _("was turned away by the source"),
    Outcome.UNREACHABLE: _("could not reach the source"),
    Outcome.FAILED: _("found no usable text"),
    Outcome.MOVED: _("was led to another page"),
    Outcome.PENDING: _("found a doubtful text, which is kept only if it is seen again"),
    Outcome.REFUSED: _("was not made, because we never go to such an address"),
    Outcome.ROBOTS: _("was not made, because the source’s robots.txt does not allow it"),
}

_OF_PENDING: dict[str, Promise] = {
    ReasonCode.CAPPED: _("found another text, but it has had its versions of a day"),
    ReasonCode.WIDESPREAD: _(
        "found a change that came to many articles of this source at once. "
        "It is held until it is decided whether it belongs to the article"
    ),
    ReasonCode.UNCONFIRMED: _("did not find the article"),
    ReasonCode.HOME_PAGE: _("was led to another page, which counts only if it is seen again"),
    ReasonCode.SECTION_PAGE: _("was led to another page, which counts only if it is seen again"),
    ReasonCode.LOG_IN: _("was led to another page, which counts only if it is seen again"),
    ReasonCode.OTHER_ARTICLE: _("was led to another article, which counts only if it is seen again"),
    ReasonCode.LATER_ARTICLE: _("was led to another article, which counts only if it is seen again"),
    ReasonCode.SHARED_TARGET: _("was led to another page, which counts only if it is seen again"),
    ReasonCode.NOT_ALIKE: _("was led to another text, which is kept only if it is seen again"),
    ReasonCode.REPLACED: _("found a wholly other text, which is kept only if it is seen again"),
    ReasonCode.NOT_THE_STORY: _("was led to another story by the feed, which is watched by itself"),
}
"""Where something else than a doubtful text waits."""

_SAID_IN_FULL = frozenset({ReasonCode.CAPPED.value, ReasonCode.WIDESPREAD.value})
"""What these wait for is said by the phrase, and whether a text is kept by other sentences."""


_OF_ROBOTS = _("was not made, because the source’s robots.txt could not be read")


def what_it_found(article: Article) -> Promise | None:
    """What the last check found or met, to go on after "The last check"; None where it found the article."""
    if article.last_outcome == Outcome.PENDING and article.last_reason_code in _OF_PENDING:
        return _OF_PENDING[article.last_reason_code]
    if article.last_reason_code == ReasonCode.ROBOTS_UNREAD:
        return _OF_ROBOTS
    return _BY_OUTCOME.get(article.last_outcome)


def is_said_in_full(article: Article) -> bool:
    """Whether ``what_it_found`` says all, so that no detail is to follow it."""
    return article.last_outcome == Outcome.PENDING and article.last_reason_code in _SAID_IN_FULL
