"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from dateutil import parser

_LONGEST = 64  # characters; no date is longer
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# What a date leaves out is taken from here, so that one without a year is dropped.
_NO_YEAR = datetime(1, 1, 1)


def read_date(text: str) -> datetime | None:
    """The moment a feed's date names, in UTC; None if it names none between 1990 and tomorrow.

    RFC 822 (RSS), ISO 8601 (Atom, JSON Feed, sitemaps) or what dateutil makes of it. No zone counts as UTC.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    moment = _rfc822(text) or _any_format(text)
    if moment is None:
        return None
    try:
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if _EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=1) else None


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None


def _any_format(text: str) -> datetime | None:
    try:
        return parser.parse(text, default=_NO_YEAR)
    except (ValueError, TypeError, OverflowError):
        return None
