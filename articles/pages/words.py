"""How times, counts and other people's texts are set on a page."""

import re
from datetime import UTC, datetime

from django.utils.dateformat import format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.web.wording import day_and_time, number

HEADLINE_LENGTH = 300
"""Characters of a headline in lists and titles; real ones stay under it."""


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def typed(text: str) -> str:
    """What a reader typed or pasted, with spaces for line breaks and other control characters."""
    return _CONTROL.sub(" ", text).strip()


def date_and_time(when: datetime) -> str:
    """'18 July 2016, 09:50 UTC'."""
    return f"{day_and_time(when)} UTC"


def short_moment(when: datetime) -> str:
    """'18 Jul 2016, 09:50', in UTC, where room is scarce."""
    return format(when.astimezone(UTC), _("j M Y, H:i"))


def moment(when: datetime) -> SafeString:
    """The time as a ``<time>`` element, absolute and in UTC."""
    return format_html(
        '<time datetime="{}">{}</time>', f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", date_and_time(when)
    )


def clock(when: datetime) -> SafeString:
    """'14:50' as a ``<time>`` element, in UTC, for lists under headings of days."""
    utc = when.astimezone(UTC)
    return format_html('<time datetime="{}">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%H:%M}")


def day(when: datetime) -> str:
    """'Monday 18 July 2016', in UTC, as the heading of what was seen on it."""
    # Translators: the form of a day with its weekday, as in Django's filter "date".
    return format(when.astimezone(UTC), _("l j F Y"))


def moment_after(when: datetime, earlier: datetime) -> SafeString:
    """The time as a ``<time>`` element, without the day where that is the day of *earlier*: '14:50 UTC'."""
    utc = when.astimezone(UTC)
    if utc.date() != earlier.astimezone(UTC).date():
        return moment(when)
    return format_html('<time datetime="{}">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%H:%M} UTC")


def times(count: int) -> str:
    """'once', '5 times'."""
    return _("once") if count == 1 else _("%(count)s times") % {"count": number(count)}


def in_quotation_marks(words: str) -> str:
    """Words as quoted in a sentence of the page's language."""
    return _("“%(words)s”") % {"words": words}


def shortened(text: str, length: int = HEADLINE_LENGTH) -> str:
    return text if len(text) <= length else Truncator(text).chars(length)
