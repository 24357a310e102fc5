"""How to cite a version, or the change between two: as a line of text and as BibTeX."""

import re
from datetime import datetime
from typing import NamedTuple

from django.utils.dateformat import format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.pages.absolute import absolute
from articles.pages.words import date_and_time, in_quotation_marks, shortened

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "{}$&#_%"},
}
_SPECIALS = re.compile("[" + re.escape("".join(_SPECIAL)) + "]")

_BY = re.compile(r"^\s*by\b[\s:]*", re.IGNORECASE)

_LONGEST = 500


class Citation(NamedTuple):
    permalink: str
    text: str
    bibtex: str


def of_version(article: Article, version: Version, now: datetime) -> Citation:
    """The citation of one version of *article*, cited *now*."""
    last_seen = (
        "; " + _("old text last seen %(time)s") % {"time": date_and_time(version.previous_last_seen)}
        if version.previous_last_seen
        else ""
    )
    return _citation(article, version, _seen(version, last_seen), version.get_absolute_url(), now)


def of_change(article: Article, before: Version, after: Version, path: str, now: datetime) -> Citation:
    """The citation of the change shown at *path*, cited *now*.

    Of neighbouring versions it says the bracket: when the old text was last and the new one first seen.
    """
    adjacent = before.number + 1 == after.number
    last_seen = (
        ", " + _("last seen %(time)s") % {"time": date_and_time(after.previous_last_seen)}
        if adjacent and after.previous_last_seen
        else ""
    )
    what = _("%(after)s compared with %(before)s") % {
        "after": _seen(after),
        "before": _seen(before, last_seen),
    }
    return _citation(article, after, what, path, now)


def _seen(version: Version, last_seen: str = "") -> str:
    seen = _("first seen %(time)s") % {"time": date_and_time(version.seen)}
    numbered = _("version %(number)s") % {"number": version.number}
    return f"{numbered} ({seen}{last_seen})"


def _citation(article: Article, version: Version, what: str, path: str, now: datetime) -> Citation:
    headline = shortened(version.headline or str(article), _LONGEST)
    source = article.source.name
    permalink = absolute(path)
    # Translators: the form of a day, as in Django's filter "date".
    cited = _("cited %(day)s") % {"day": format(now, _("j F Y"))}
    at_the_source = _("Original: %(address)s") % {"address": article.address}
    text = (
        f"{source}: {in_quotation_marks(headline)}, {what}. NewsDiffs, {permalink} ({cited}). {at_the_source}"
    )
    note = _("original: %(address)s") % {"address": article.address}
    fields = {
        # A second pair of braces keeps the capitals, and makes one author of a name of several words and of
        # a byline: no rule tells in every language where one name ends.
        "author": f"{{{_escaped(_author(version) or source)}}}",
        "title": f"{{{_escaped(headline)}}}",
        "publisher": f"{{{_escaped(source)}}}",
        "howpublished": "NewsDiffs",
        "year": f"{version.seen.year}",
        "note": _escaped(f"{capfirst(what)}; {note}"),
        "url": _escaped(permalink),
        "urldate": f"{now:%Y-%m-%d}",
    }
    key = "newsdiffs-" + "-".join(re.findall(r"\d+", path))
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return Citation(permalink, text, f"@misc{{{key},\n{lines}\n}}")


def _author(version: Version) -> str:
    return shortened(_BY.sub("", version.byline).strip(), _LONGEST)


def _escaped(text: str) -> str:
    r"""*text* with what TeX would take for a command written out: '50 %' is '50 \%'."""
    return _SPECIALS.sub(lambda match: _SPECIAL[match[0]], " ".join(text.split()))
