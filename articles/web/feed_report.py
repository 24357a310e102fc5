"""What became of all that a feed named, in words for people: made from counts, here and nowhere else."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.fetch import WhyLeftOut
from articles.watch.feeds.entries import EntryTally, Fate, What

_WORDS: dict[What, Callable[[int], str]] = {
    Fate.KNOWN: lambda n: _("%(n)s known") % {"n": n},
    Fate.NEW: lambda n: _("%(n)s new") % {"n": n},
    Fate.MOVED: lambda n: _("%(n)s at a new address") % {"n": n},
    Fate.DEFERRED: lambda n: _("%(n)s that wait for the hourly limit") % {"n": n},
    Fate.REPEATED: lambda n: _("%(n)s named twice") % {"n": n},
    Fate.FILTERED: lambda n: _("%(n)s left out by the address filters") % {"n": n},
    Fate.BARRED: lambda n: _("%(n)s taken down for good") % {"n": n},
    Fate.OLD: lambda n: _("%(n)s too old") % {"n": n},
    WhyLeftOut.TOO_MANY: lambda n: _("%(n)s beyond what is read at once") % {"n": n},
    WhyLeftOut.NO_ARTICLE: lambda n: _("%(n)s that look like no article") % {"n": n},
    WhyLeftOut.OTHER_SITE: lambda n: _("%(n)s not on this site") % {"n": n},
    WhyLeftOut.HOME_PAGE: lambda n: (
        ngettext("%(n)s that leads to the home page", "%(n)s that lead to the home page", n) % {"n": n}
    ),
    WhyLeftOut.NOT_PUBLIC: lambda n: (
        ngettext("%(n)s internal address", "%(n)s internal addresses", n) % {"n": n}
    ),
    WhyLeftOut.NOT_WEB: lambda n: _("%(n)s without a link to a page") % {"n": n},
    WhyLeftOut.NO_LINK: lambda n: _("%(n)s without a link") % {"n": n},
    WhyLeftOut.NO_ADDRESS: lambda n: _("%(n)s without a usable link") % {"n": n},
}

NOT_TAKEN = tuple(fate for fate in _WORDS if fate not in (Fate.KNOWN, Fate.NEW, Fate.MOVED))
"""What a person may want to see examples of."""


def in_short(tally: EntryTally) -> str:
    """All that was named, such as "12 named: 7 known, 2 new, 1 not on this site, 2 without a usable link"."""
    parts = [words(tally.counts[fate]) for fate, words in _WORDS.items() if tally.counts[fate]]
    named = _("%(n)s named") % {"n": tally.named}
    return f"{named}: {', '.join(parts)}" if parts else named


def not_taken(tally: EntryTally) -> list[tuple[str, list[str]]]:
    """Of what was not taken, each reason in words with the first few examples."""
    return [
        (_WORDS[fate](tally.counts[fate]), tally.examples.get(fate, []))
        for fate in NOT_TAKEN
        if tally.counts[fate]
    ]
