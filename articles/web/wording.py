"""How counts, times and words of our own are written in the active language."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from django.utils.dateformat import format
from django.utils.formats import number_format
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def number(count: int) -> str:
    """'1,200' in English, '1.200' in German, '1 200' in French."""
    return number_format(count, force_grouping=True)


def decimal(value: float) -> str:
    """With one digit after the point: '2.5' in English, '2,5' in German."""
    return number_format(round(value, 1), 1)


def day_and_time(when: datetime) -> str:
    """In UTC, which is not said: '18 July 2016, 09:50'."""
    return _day_and_time(when.astimezone(UTC).replace(second=0, microsecond=0), get_language())


@lru_cache(maxsize=4_096)
def _day_and_time(minute: datetime, language: str | None) -> str:
    """*minute* as written in *language*, which is the active one. A page says each of hundreds twice."""
    # Translators: the form of a day with its time, as in Django's filter "date".
    return format(minute, _("j F Y, H:i"))


def filled_later(text: Promise, values: Mapping[str, object]) -> str:
    """A lazy translation with its *values*; "%" itself would choose the language where it stands."""
    return lazy(lambda: str(text) % values, str)()


def within_a_sentence(name: str) -> str:
    """A name that begins with a capital as it stands within a sentence: German keeps its nouns' capitals."""
    return name if (get_language() or "").startswith("de") else name[:1].lower() + name[1:]
