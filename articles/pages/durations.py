"""Stretches of time in words."""

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_MONTH = 30.44 * _DAY
_YEAR = 365.25 * _DAY


def in_words(seconds: float) -> str:
    """How long after something else, in words: 'about 5 hours later'; 'earlier' for negative seconds."""
    if seconds == 0:
        return "at the same time"
    return f"{length_in_words(seconds)} {'later' if seconds > 0 else 'earlier'}"


def length_in_words(seconds: float) -> str:
    """A stretch of *seconds*, either way, as people say it: '12 minutes', 'about 5 hours', '3 days'."""
    length = abs(seconds)
    minutes, hours, days = round(length / _MINUTE), round(length / _HOUR), round(length / _DAY)
    if length < _MINUTE:
        return "less than a minute"
    if minutes < 60:
        return _counted(minutes, "minute")
    if hours < 24:
        return f"about {_counted(hours, 'hour')}"
    if length < 1.5 * _MONTH:
        return _counted(days, "day")
    if length < 1.5 * _YEAR:
        return f"about {_counted(round(length / _MONTH), 'month')}"
    return f"about {_counted(round(length / _YEAR), 'year')}"


def exactly_in_words(seconds: float) -> str:
    """A setting of *seconds* without rounding, in the largest unit that goes in: '15 minutes', '24 hours'."""
    for size, unit in ((_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= size and seconds % size == 0:
            return _counted(int(seconds // size), unit)
    return _counted(int(seconds), "second")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
