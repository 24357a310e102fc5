"""Times as old archives write them, made aware."""

import re
from datetime import UTC, datetime, tzinfo

_WRITTEN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?", re.ASCII
)
_LATEST_EPOCH = 32_503_680_000
"""Seconds; the year 3000."""


def aware(written: object, zone: tzinfo = UTC) -> datetime | None:
    """A moment as SQL writes it (2012-06-14 09:30:00.25, with or without an offset), in UTC.

    One without an offset is of *zone*; an hour that the clocks go through twice is taken for the first one.
    None for what is no moment, such as MySQL's 0000-00-00 00:00:00.
    """
    match = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        return None
    *numbers, fraction, offset = match.groups()
    year, month, day, hour, minute, second = map(int, numbers)
    try:
        naive = datetime(year, month, day, hour, minute, second, int((fraction or "0").ljust(6, "0")[:6]))
        if offset:
            named = datetime.fromisoformat(f"{naive.isoformat()}{'+00:00' if offset == 'Z' else offset}")
            return named.astimezone(UTC)
        return naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def from_epoch(seconds: object) -> datetime | None:
    """A moment given as seconds since 1970, as a number or in digits; None for what is none."""
    try:
        number = float(seconds) if isinstance(seconds, int | float | str) else -1.0
    except ValueError:
        return None
    return datetime.fromtimestamp(number, UTC) if 0 < number < _LATEST_EPOCH else None
