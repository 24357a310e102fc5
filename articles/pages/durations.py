"""Stretches of time in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_MONTH = 30.44 * _DAY
_YEAR = 365.25 * _DAY


def in_words(seconds: float) -> str:
    """How long after something else, in words: 'about 5 hours later'; 'earlier' for negative seconds."""
    if seconds == 0:
        return _("at the same time")
    told = _("%(length)s later") if seconds > 0 else _("%(length)s earlier")
    return told % {"length": length_in_words(seconds)}


def length_in_words(seconds: float) -> str:
    """A stretch of *seconds*, either way, as people say it: '12 minutes', 'about 5 hours', '3 days'."""
    length = abs(seconds)
    minutes, hours, days = round(length / _MINUTE), round(length / _HOUR), round(length / _DAY)
    if length < _MINUTE:
        return _("less than a minute")
    if minutes < 60:
        return minutes_in_words(minutes)
    if hours < 24:
        return _about(hours_in_words(hours))
    if length < 1.5 * _MONTH:
        return days_in_words(days)
    if length < 1.5 * _YEAR:
        months = round(length / _MONTH)
        return _about(ngettext("%(count)s month", "%(count)s months", months) % {"count": months})
    years = round(length / _YEAR)
    return _about(ngettext("%(count)s year", "%(count)s years", years) % {"count": years})


def exactly_in_words(seconds: float) -> str:
    """A setting of *seconds* without rounding, in the largest unit that goes in: '15 minutes', '24 hours'."""
    if seconds >= _HOUR and seconds % _HOUR == 0:
        return hours_in_words(int(seconds // _HOUR))
    if seconds >= _MINUTE and seconds % _MINUTE == 0:
        return minutes_in_words(int(seconds // _MINUTE))
    whole = int(seconds)
    return ngettext("%(count)s second", "%(count)s seconds", whole) % {"count": whole}


def minutes_in_words(count: int) -> str:
    """'1 minute', '12 minutes'."""
    return ngettext("%(count)s minute", "%(count)s minutes", count) % {"count": count}


def hours_in_words(count: int) -> str:
    """'1 hour', '5 hours'."""
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}


def days_in_words(count: int) -> str:
    """'1 day', '3 days'."""
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _about(length: str) -> str:
    return _("about %(length)s") % {"length": length}
