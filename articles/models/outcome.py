"""What a check can come to: codes that are stored, counted and decided on; pages make sentences of them.

An ``Outcome`` says what kind of result it is, a ``ReasonCode`` why. The label of a reason code is what logs,
commands and the admin say of it where there is nothing more exact to tell.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """The outcome of a check, as it is stored with the article and counted for /metrics."""

    NEW_VERSION = "new-version"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    WITHHELD = "withheld"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    FAILED = "failed"
    PENDING = "held", _("pending")
    """Something was seen that counts only later, or not at all; the reason code says what it waits for. The
    stored value, the word of /metrics and of ``check --json`` is "held", which scripts may rely on."""
    REFUSED = "refused"
    ROBOTS = "robots"

    @property
    def is_failure(self) -> bool:
        """Return whether it told nothing about the article: it is asked again, later than otherwise."""
        return self in _FAILURES


_FAILURES = {Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.FAILED, Outcome.REFUSED, Outcome.ROBOTS}


class ReasonCode(models.TextChoices):
    """Why a check came to its outcome, as it is stored with the article."""

    FIRST_VERSION = "first-version", _("first version")
    TEXT_CHANGED = "text-changed", _("the text changed")

    SAME_PAGE = "same-page", _("the very same page")
    NOT_MODIFIED = "not-modified", _("the site says it has not changed (304)")
    SAME_TEXT = "same-text", _("the same text")
    SAME_TEXT_REREAD = "same-text-reread", _("the same text, read by a newer extractor")
    SAME_BUT_TICKING = "same-but-ticking", _("the same text but for what changes at every look")
    FIRST_LOOK = "first-look", _("the first look of our own at an imported article")
    FLIP_FLOP = "flip-flop", _("goes back and forth between two texts")
    HEADLINES = "headlines", _("headlines seen in turn, while the text stays")

    TRUNCATED = "truncated", _("the page is cut off before its end")
    NOT_COMPARABLE = (
        "not-comparable",
        _("the page as last fetched can't be read anew, to tell an edit from a newer extractor"),
    )
    SHRUNK = "shrunk", _("the text shrank")
    ERROR_HEADLINE = "error-headline", _("the headline reads like an error")
    WALL = "wall", _("the text speaks of a wall")
    WIDESPREAD = (
        "widespread",
        _("the same change on many articles of this source: held until it is decided what it is"),
    )
    SAME_PLACE = "same-place", _("the same place changed on many articles of this source")
    FIGURES = "live-figures", _("live figures, of which a version an hour is kept")
    CAPPED = "capped", _("it has had the versions that are kept of 24 hours")
    UNCONFIRMED = "unconfirmed", _("not found, which is not confirmed yet")

    NOT_FOUND = "not-found", _("not found (404)")
    GONE = "gone", _("gone (410)")
    LEGAL = "legal", _("withheld for legal reasons (451)")

    REFUSES_US = "refuses-us", _("the site refuses us")
    CHALLENGE = "challenge", _("a challenge page instead of the article")
    NO_ARCHIVE = "no-archive", _("the page asks not to be archived (noarchive)")

    NO_ANSWER = "no-answer", _("no answer")
    SERVER_ERROR = "server-error", _("the site could not answer")
    PUT_OFF = "put-off", _("put off")
    OUR_NETWORK = "our-network", _("our own network fails")

    HOME_PAGE = "home-page", _("redirects to a home page")
    LOG_IN = "log-in", _("redirects to a log-in")
    SECTION_PAGE = "section-page", _("redirects to a section page")
    OTHER_ARTICLE = "other-article", _("redirects to another article")
    DUPLICATE = "duplicate", _("the same story as another article")
    JOINED = "joined", _("found to be the same story as another article, and joined with it")
    LATER_ARTICLE = "later-article", _("redirects to a later article")
    SHARED_TARGET = "shared-target", _("redirects to where other articles redirect to")
    NOT_ALIKE = "not-alike", _("redirects to a page that is not alike")
    REPLACED = "replaced", _("the page says something wholly other")
    NOT_THE_STORY = "not-the-story", _("the feed names another story under its id")
    NEW_ADDRESS = "new-address", _("the address that the feed names now could not be read")
    ROBOTS_UNREAD = "robots-unread", _("its robots.txt could not be read")

    TOO_LARGE = "too-large", _("the page is too large")
    UNASKED_304 = "unasked-304", _("304 to a question without conditions")
    NOT_WHOLE = "not-whole", _("an answer without a whole page")
    EMPTY_PAGE = "empty-page", _("an empty page")
    NO_STORY = "no-story", _("no story could be read from the page")
    ONLY_BOILERPLATE = "only-boilerplate", _("nothing on the page but what was dropped as boilerplate")
    TOO_LONG = "too-long", _("the text is too long")
    PARKED = "parked", _("checks of it were begun and never ended")

    FORBIDDEN_ADDRESS = "forbidden-address", _("we never go to such an address")
    TAKEN_DOWN = "taken-down", _("it belongs to an article that was taken down for good")
    ROBOTS_TXT = "robots-txt", _("robots.txt does not let us fetch it")
