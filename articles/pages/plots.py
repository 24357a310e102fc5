"""What the plots show of counted figures, and the numbers behind each: the same for the table and the CSV."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from articles.facts import ChangeKind, Disclosure
from articles.models import Figures
from articles.pages import charts
from articles.pages.charts import hours_in_words, percent
from articles.pages.durations import length_in_words
from articles.pages.labels import label_of
from articles.statistics import (
    DISCLOSURES,
    GROUPS,
    KINDS,
    LEAST_WATCHED,
    NOTED,
    Counts,
    Share,
    median_wait,
    shares_changed,
    wilson,
)
from articles.web.wording import number

_DAY_HOURS = 24

LEAST_CHANGES = 10
"""With fewer changes that call for a note, nothing is said of the share of those that got one."""

LEAST_ARTICLES = 10
"""With fewer articles the bars of their versions are not drawn."""

LEAST_KINDS = 10
"""With fewer changes nothing is said of their kinds."""

LEAST_IN_WEEK = 50
"""With fewer changes nothing is said of weekdays and hours."""

MANY_VERSIONS = 6
"""From so many versions on an article is said to change often."""

KINDS_COMPARED = (
    ChangeKind.HEADLINE,
    ChangeKind.NUMBER,
    ChangeKind.NAME,
    ChangeKind.QUOTE,
    ChangeKind.NEGATION,
    ChangeKind.REWRITTEN,
    ChangeKind.NOTE,
)
"""The kinds by which sources are compared."""


class Tile(NamedTuple):
    value: str
    label: str


class Numbers(NamedTuple):
    """The numbers of a plot, as its table and its CSV have them."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]


class Noted(NamedTuple):
    """Of the changes for which a correction would be due, those that a note was found for.

    ``low`` and ``high`` are the margins of the share; ``wait`` is the median time to the note in hours, None
    where there was none.
    """

    changes: int
    noted: int
    share: float
    low: float
    high: float
    wait: float | None

    @property
    def wait_in_words(self) -> str:
        return length_in_words(self.wait * 3600) if self.wait is not None else "–"


class Margins(NamedTuple):
    """A share with the margins that hold the true one 95 times in 100."""

    share: float
    low: float
    high: float


class KindsOf(NamedTuple):
    """The share of so many changes (minor ones left out) of each of ``KINDS_COMPARED``; None of few."""

    changes: int
    shares: Sequence[Margins | None]


class Rate(NamedTuple):
    """How a source's articles change, as far as was counted."""

    figures: Figures
    articles: int
    within_a_day: Share | None
    headlines: float
    changes: float
    noted: Noted | None
    kinds: KindsOf

    @property
    def bar(self) -> str:
        """The length of its bar, of 100."""
        return f"{100 * self.within_a_day.share:.1f}" if self.within_a_day else "0"


@dataclass(frozen=True)
class Plots:
    """What the templates of the plots draw."""

    figures: Figures
    tiles: list[Tile]
    shares: list[Share]
    curve: charts.Curve | None
    bars: list[charts.Bar]
    shades: list[tuple[int, str]]
    busiest: charts.Busiest | None
    changes: int
    numbers: dict[str, Numbers]
    takeaways: dict[str, str]
    enough_articles: bool
    enough_changes: bool
    enough_kinds: bool

    least_watched: ClassVar = LEAST_WATCHED
    least_articles: ClassVar = LEAST_ARTICLES
    least_kinds: ClassVar = LEAST_KINDS
    least_in_week: ClassVar = LEAST_IN_WEEK
    hours: ClassVar = charts.HOURS
    days: ClassVar = charts.DAY_LABELS
    legend: ClassVar = charts.LEGEND
    least_changes: ClassVar = LEAST_CHANGES


def plots_of(figures: Figures | None) -> Plots | None:
    """What is drawn of *figures*; None where nothing was counted yet."""
    if figures is None:
        return None
    counts = Counts.from_json(figures.counts)
    shares = shares_changed(counts.first_changes, counts.unchanged)
    return Plots(
        figures,
        _tiles(counts),
        shares,
        charts.curve(shares),
        charts.bars(counts.versions, charts.version_labels()),
        charts.shades(counts.week),
        charts.busiest(counts.week),
        sum(map(sum, counts.week)),
        {name: numbers(counts) for name, numbers in NUMBERS.items()},
        {name: said for name, say in TAKEAWAYS.items() if (said := say(counts))},
        enough_articles=counts.articles >= LEAST_ARTICLES,
        enough_changes=sum(map(sum, counts.week)) >= LEAST_IN_WEEK,
        enough_kinds=sum(counts.kinds) >= LEAST_KINDS,
    )


def _tiles(counts: Counts) -> list[Tile]:
    wait = median_wait(counts.first_changes)
    return [
        Tile(
            number(counts.articles), npgettext("after their number", "article", "articles", counts.articles)
        ),
        Tile(_part(counts.changed, counts.articles), _("changed so far")),
        Tile(_part(counts.headlines_changed, counts.articles), _("with another headline so far")),
        Tile(
            length_in_words(wait * 3600) if wait is not None else "–",
            _("median time to the first change"),
        ),
    ]


def _part(some: int, of: int) -> str:
    return percent(some / of) if of else "–"


def rate_of(figures: Figures) -> Rate:
    counts = Counts.from_json(figures.counts)
    shares = shares_changed(counts.first_changes, counts.unchanged)
    return Rate(
        figures,
        counts.articles,
        next((share for share in shares if share.hours == _DAY_HOURS), None),
        counts.headlines_changed / counts.articles if counts.articles else 0.0,
        sum(map(sum, counts.week)) / counts.articles if counts.articles else 0.0,
        noted_of(counts),
        _kinds_of(counts),
    )


def _kinds_of(counts: Counts) -> KindsOf:
    changes = sum(map(sum, counts.week))
    if changes < LEAST_KINDS:
        return KindsOf(changes, [None] * len(KINDS_COMPARED))
    shares = [min(counts.kinds[KINDS.index(kind)] / changes, 1.0) for kind in KINDS_COMPARED]
    return KindsOf(changes, [Margins(share, *wilson(share, changes)) for share in shares])


def noted_of(counts: Counts) -> Noted | None:
    """How many of the changes that call for a note got one; None with fewer than ``LEAST_CHANGES``."""
    changes = sum(counts.told)
    if changes < LEAST_CHANGES:
        return None
    noted = sum(counts.told[DISCLOSURES.index(one)] for one in NOTED)
    return Noted(
        changes, noted, noted / changes, *wilson(noted / changes, changes), median_wait(counts.note_waits)
    )


# --- What each plot says, in a sentence; "" where there is too little to say anything


def _changed_said(counts: Counts) -> str:
    shares = shares_changed(counts.first_changes, counts.unchanged)
    wait = median_wait(counts.first_changes)
    if len(shares) < 2 or wait is None:
        return ""
    return _("%(share)s of the articles change within %(time)s; half of those within %(wait)s.") % {
        "share": percent(shares[-1].share),
        "time": hours_in_words(shares[-1].hours),
        "wait": length_in_words(wait * 3600),
    }


def _versions_said(counts: Counts) -> str:
    if counts.articles < LEAST_ARTICLES:
        return ""
    often = sum(counts.versions[GROUPS.index(MANY_VERSIONS - 1) + 1 :])
    return _("%(once)s of the articles have one version, %(often)s have %(least)s or more.") % {
        "once": percent(counts.versions[0] / counts.articles),
        "often": percent(often / counts.articles),
        "least": MANY_VERSIONS,
    }


def _week_said(counts: Counts) -> str:
    busiest = charts.busiest(counts.week)
    changes = sum(map(sum, counts.week))
    if busiest is None or changes < LEAST_IN_WEEK:
        return ""
    return _("Most changes are seen on %(day)s from %(hour)s to %(end)s o’clock (UTC): %(share)s of all.") % {
        "day": busiest.day,
        "hour": busiest.hour,
        "end": busiest.hour + 1,
        "share": percent(busiest.changes / changes),
    }


def _kinds_said(counts: Counts) -> str:
    if sum(counts.kinds) < LEAST_KINDS:
        return ""
    most = max(counts.kinds)
    kind = label_of(KINDS[counts.kinds.index(most)])
    return ngettext(
        "The most frequent kind is “%(kind)s”: %(count)s change.",
        "The most frequent kind is “%(kind)s”: %(count)s changes.",
        most,
    ) % {"kind": kind, "count": f"{most:,}"}


def _notes_said(counts: Counts) -> str:
    noted = noted_of(counts)
    if noted is None:
        return ""
    return _("A correction note was found for %(share)s of the changes that call for one.") % {
        "share": percent(noted.share)
    }


TAKEAWAYS = {
    "changed": _changed_said,
    "versions": _versions_said,
    "week": _week_said,
    "kinds": _kinds_said,
    "notes": _notes_said,
}
"""By the name of the plot."""


# --- The numbers


def _changed(counts: Counts) -> Numbers:
    return Numbers(
        (
            _("within"),
            _("hours"),
            _("articles watched so long"),
            _("share changed"),
            _("at least"),
            _("at most"),
        ),
        [
            (
                hours_in_words(one.hours),
                f"{one.hours:.4g}",
                one.watched,
                *_rounded(one.share, one.low, one.high),
            )
            for one in shares_changed(counts.first_changes, counts.unchanged)
        ],
    )


def _versions(counts: Counts) -> Numbers:
    return Numbers(
        (_("versions"), _("articles")), list(zip(charts.version_labels(), counts.versions, strict=True))
    )


def _week(counts: Counts) -> Numbers:
    return Numbers(
        (_("hour (UTC)"), *charts.DAYS),
        [(f"{hour:02}", *(day[hour] for day in counts.week)) for hour in range(24)],
    )


def _kinds(counts: Counts) -> Numbers:
    return Numbers(
        (_("kind of change"), _("changes")),
        [
            (label_of(kind), count)
            for kind, count in sorted(zip(KINDS, counts.kinds, strict=True), key=lambda one: -one[1])
        ],
    )


def _notes(counts: Counts) -> Numbers:
    names = {
        Disclosure.SAME_VERSION: _("a correction note came with the same version"),
        Disclosure.LATER: _("a correction note came later"),
        Disclosure.UNCLEAR: _("a note came; what it is about can’t be told"),
        Disclosure.DATE_ONLY: _("only the claimed date of change moved"),
        Disclosure.NONE: _("no correction note found"),
    }
    return Numbers(
        (_("what the page told"), _("changes")),
        [(names[one], count) for one, count in zip(DISCLOSURES, counts.told, strict=True)],
    )


NUMBERS = {"changed": _changed, "versions": _versions, "week": _week, "kinds": _kinds, "notes": _notes}
"""By the name of the CSV file."""


def rates(every: Iterable[Figures]) -> Numbers:
    rows = []
    for rate in map(rate_of, every):
        day = rate.within_a_day
        name = str(rate.figures.source.name) if rate.figures.source else _("all sources")
        within = _rounded(day.share, day.low, day.high) if day else ("", "", "")
        rows.append((name, rate.articles, *within, *_rounded(rate.headlines, rate.changes)))
    return Numbers(
        (
            *(_("source"), _("articles"), _("share changed within 24 hours"), _("at least"), _("at most")),
            *(_("share with another headline so far"), _("changes per article")),
        ),
        rows,
    )


def _rounded(*shares: float) -> tuple[str, ...]:
    return tuple(f"{share:.4f}" for share in shares)
