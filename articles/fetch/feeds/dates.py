"""Dates as feeds write them."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser

# Names of zones that mean one thing only.
_HOURS_AHEAD = {
    **{"WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9},
    **{"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8},
}
_LONGEST = 100  # characters; no date is longer
# "GMT+0100", "UTC+1" and "GMT +01:00" mean an hour ahead; the rules for a zone's name would have it behind.
_AHEAD_OF_GMT = re.compile(
    r"\b(?:GMT|UTC|UT)\s{0,3}([+-])\s{0,3}(\d{1,2})(?::?(\d{2}))?(?!\d)", re.IGNORECASE
)
_ZONE_IN_WORDS = re.compile(r"\([^()]{0,60}\)\s{0,3}\Z")  # "(Central European Standard Time)"
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# What a date leaves out is taken from here, so that one without a year is dropped.
_NO_YEAR = datetime(1, 1, 1)


def read_date(text: str) -> datetime | None:
    """The moment a feed's date names, in UTC; None if it names none between 1990 and tomorrow.

    RFC 822 (RSS), ISO 8601 (Atom, JSON Feed, sitemaps) or what dateutil makes of it. No zone, or one whose
    name means nothing to us, counts as UTC.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = _iso8601(text) or _in_words(text)
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=1) else None


def _in_words(text: str) -> datetime | None:
    text = _AHEAD_OF_GMT.sub(_offset, _ZONE_IN_WORDS.sub("", text))
    moment = _rfc822(text)
    return _any_format(text) if moment is None or moment.tzinfo is None else moment


def _offset(match: re.Match[str]) -> str:
    return f" {match[1]}{int(match[2]):02}{match[3] or '00'}"


def _iso8601(text: str) -> datetime | None:
    """Most dates of sitemaps, in a hundredth of the time that it takes to try every format."""
    try:
        return datetime.fromisoformat(text) if text[:4].isdigit() and text[4:5] == "-" else None
    except ValueError:
        return None


def _zone(name: str | None, offset: int | None) -> int:
    """Seconds ahead of UTC, for dateutil."""
    return _HOURS_AHEAD.get(name or "", 0) * 3600 if offset is None else offset


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None


def _any_format(text: str) -> datetime | None:
    try:
        return parser.parse(text, default=_NO_YEAR, tzinfos=_zone)
    except (ValueError, TypeError, OverflowError):
        return None
