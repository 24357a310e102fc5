"""What narrows a list of changes. Every filter stands in the address, for pages and feeds alike."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.db.models import F
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import search
from articles.facts import HEADLINE, REVERTED
from articles.models import Event, EventQuerySet, Source, Version, VersionQuerySet
from articles.pages.labels import label_of

MINOR = "minor"
_CHANGES = (HEADLINE, REVERTED, MINOR)
_EVENTS = tuple(str(kind) for kind in Event.Kind)

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Filters:
    """Which changes and events are asked for; by default all but minor changes.

    ``words`` (as `articles.search.parse` reads them) are what a change added or removed. ``kind`` is a badge,
    "minor" or the kind of an event; ``least`` counts words added and removed together; ``since`` and
    ``until`` are days (UTC), both included.
    """

    words: str = ""
    source: Source | None = None
    kind: str = ""
    least: int = 0
    since: date | None = None
    until: date | None = None
    minor: bool = False

    def changes(self) -> VersionQuerySet:
        versions = Version.objects.changes()
        if self.kind in _EVENTS:
            return versions.none()
        if self.kind == MINOR:
            versions = versions.filter(minor=True)
        elif not self.minor:
            versions = versions.filter(minor=False)
        if self.kind in (HEADLINE, REVERTED):
            versions = versions.with_badge(self.kind)
        if self.least:
            versions = versions.filter(words_added__gte=self.least - F("words_removed"))
        if self.words:
            versions = search.restrict(versions, self.words)
        if self.source:
            versions = versions.filter(source=self.source)
        if self.since:
            versions = versions.filter(seen__gte=_midnight(self.since))
        if self.until:
            versions = versions.filter(seen__lt=_midnight(self.until + timedelta(days=1)))
        return versions

    def events(self) -> EventQuerySet:
        events = Event.objects.visible()
        if self.words or self.least or (self.kind and self.kind not in _EVENTS):
            return events.none()
        if self.kind:
            events = events.filter(kind=self.kind)
        if self.source:
            events = events.filter(source=self.source)
        if self.since:
            events = events.filter(at__gte=_midnight(self.since))
        if self.until:
            events = events.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        return events

    def in_words(self) -> str:
        """What is asked for, as titles of pages and feeds have it."""
        parts = [
            _("changes to articles of %(name)s") % {"name": self.source.name}
            if self.source
            else _("recent changes"),
            _("of “%(words)s”") % {"words": self.words} if self.words else "",
            label_of(self.kind).lower() if self.kind else "",
            _("at least %(least)s words") % {"least": f"{self.least:,}"} if self.least else "",
            _("from %(since)s") % {"since": self.since} if self.since else "",
            _("until %(until)s") % {"until": self.until} if self.until else "",
            _("minor ones too") if self.minor and self.kind != MINOR else "",
        ]
        return ", ".join(filter(None, parts))


class FiltersForm(forms.Form):
    """The filters as a reader fills them in, and as an address has them."""

    q = forms.CharField(label=gettext_lazy("Words added or removed"), required=False)
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("All sources"),
    )
    kind = forms.ChoiceField(choices=lambda: FiltersForm.kinds(), label=gettext_lazy("Kind"), required=False)
    min = forms.IntegerField(
        label=gettext_lazy("Words changed, at least"), min_value=0, max_value=1_000_000, required=False
    )
    to = forms.DateField(label=gettext_lazy("Until"), required=False)
    minor = forms.BooleanField(label=gettext_lazy("Minor changes too"), required=False)

    field_order = ("q", "source", "kind", "min", "from", "to", "minor")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        self.fields["kind"].error_messages["invalid_choice"] = _(
            "There is no such kind: choose one of these."
        )
        self.fields["from"] = forms.DateField(label=_("From"), required=False)  # no name for a class's body
        self.order_fields(self.field_order)
        for name in ("from", "to"):
            self.fields[name].widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            self.fields[name].error_messages["invalid"] = _("Give a day as 2026-11-22.")

    @staticmethod
    def kinds() -> list[tuple[str, str]]:
        """The kinds to choose from, in the reader's language."""
        return [("", _("Any kind")), *((kind, label_of(kind)) for kind in (*_CHANGES, *_EVENTS))]

    def clean_q(self) -> str:
        typed = str(self.cleaned_data["q"])
        if typed and (problem := search.parse(typed).problem):
            raise forms.ValidationError(problem)
        return typed

    def clean(self) -> None:
        since, until = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        for name, day in (("from", since), ("to", until)):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(
                    name,
                    _("Give a day from %(first_day)s to %(last_day)s.")
                    % {"first_day": FIRST_DAY, "last_day": LAST_DAY},
                )
        if since and until and since > until:
            self.add_error("from", _("This day is after the last day asked for."))

    def filters(self) -> Filters | None:
        """The filters asked for; None where one can't be read (``errors`` says why).

        :raises Http404: there is no such source.
        """
        if "source" in self.errors:
            raise Http404(_("There is no source of this name."))
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        return Filters(
            words=asked["q"],
            source=asked["source"],
            kind=asked["kind"],
            least=asked["min"] or 0,
            since=asked["from"],
            until=asked["to"],
            minor=asked["minor"],
        )

    @property
    def in_use(self) -> int:
        """How many filters narrow the list."""
        return sum(bool(self.data.get(name)) for name in self.fields)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
