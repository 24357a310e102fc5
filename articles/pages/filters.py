"""What narrows a list of changes. Every filter stands in the address, for pages and feeds alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from html import escape
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.http import Http404, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import search
from articles.facts import ChangeKind
from articles.models import SIZES, Event, EventQuerySet, Source, Version, VersionQuerySet
from articles.models.version import kind_bits
from articles.pages.labels import label_of
from articles.web.wording import number, within_a_sentence

MINOR = ChangeKind.MINOR.value
_CHANGES = tuple(kind.value for kind in ChangeKind)
_EVENTS = tuple(str(kind) for kind in Event.Kind)

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Filters:
    """Which changes and events are asked for; by default all but minor changes.

    ``words`` (as `articles.search.parse` reads them) are what a change added or removed. ``kinds`` are
    those of changes and of events, any of which will do; ``least`` counts words added and removed together;
    ``since`` and ``until`` are days (UTC), both included.
    """

    words: str = ""
    source: Source | None = None
    kinds: tuple[str, ...] = ()
    least: int = 0
    since: date | None = None
    until: date | None = None
    minor: bool = False

    @property
    def kinds_by_index(self) -> tuple[str, ...]:
        """The kinds of changes whose indexes find them: ``VersionQuerySet.first_of_kinds`` is handed these.

        The index of a source, or of the large changes, is the shorter list: then ``changes`` has the kinds.
        """
        return () if self._is_narrow else self.change_kinds

    @property
    def change_kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind in self.kinds if kind in _CHANGES)

    @property
    def _is_narrow(self) -> bool:
        return self.source is not None or self.least >= SIZES[0]

    def changes(self) -> VersionQuerySet:
        """The changes asked for, but for ``kinds_by_index`` and ``words``."""
        versions = Version.objects.changes()
        if self.kinds and not self.change_kinds:
            return versions.none()
        if not self.minor and MINOR not in self.kinds:
            by_bits = self._is_narrow or self.kinds
            versions = versions.not_minor() if by_bits else versions.filter(minor=False)
        if self._is_narrow and self.change_kinds:
            versions = versions.of_any_kind(self.change_kinds)
        if self.least:
            versions = versions.at_least(self.least)
        if self.source:
            versions = versions.filter(source=self.source)
        begins, ends = self._bounds
        if begins:
            versions = versions.filter(seen__gte=begins)
        if ends:
            versions = versions.filter(seen__lt=ends)
        return versions

    def events(self) -> EventQuerySet:
        events = Event.objects.visible()
        kinds = [kind for kind in self.kinds if kind in _EVENTS]
        if self.words or self.least or (self.kinds and not kinds):
            return events.none()
        if kinds:
            events = events.filter(kind__in=kinds)
        if self.source:
            events = events.filter(source=self.source)
        begins, ends = self._bounds
        if begins:
            events = events.filter(at__gte=begins)
        if ends:
            events = events.filter(at__lt=ends)
        return events

    def take_version(self, version: Version) -> bool:
        """Whether *version*, a change that readers may see, is one of ``changes()`` of the kinds asked for,
        whatever words it changed. No query."""
        if version.words_added + version.words_removed < self.least:
            return False
        if self.kinds and not version.kind_bits & self._kind_bits:
            return False
        if version.minor and not self.minor and MINOR not in self.kinds:
            return False
        return self._takes(version.source_id, version.seen)

    def take_event(self, event: Event) -> bool:
        """Whether *event*, which readers may see, is one of ``events()``. No query."""
        if self.words or self.least or (self.kinds and event.kind not in self.kinds):
            return False
        return self._takes(event.source_id, event.at)

    def _takes(self, source_id: int, at: datetime) -> bool:
        if self.source and self.source.pk != source_id:
            return False
        begins, ends = self._bounds
        return (begins is None or at >= begins) and (ends is None or at < ends)

    @cached_property
    def _kind_bits(self) -> int:
        return kind_bits(self.change_kinds)

    @cached_property
    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        """The moments from which and before which it is asked for."""
        return (
            _midnight(self.since) if self.since else None,
            _midnight(self.until + timedelta(days=1)) if self.until else None,
        )

    def in_words(self) -> str:
        """What is asked for, as titles of pages and feeds have it."""
        parts = [
            _("changes to articles of %(name)s") % {"name": self.source.name}
            if self.source
            else _("recent changes"),
            _("of “%(words)s”") % {"words": self.words} if self.words else "",
            _(" or ").join(within_a_sentence(label_of(kind)) for kind in self.kinds),
            _("at least %(least)s words") % {"least": number(self.least)} if self.least else "",
            _("from %(since)s") % {"since": self.since} if self.since else "",
            _("until %(until)s") % {"until": self.until} if self.until else "",
            _("minor ones too") if self.minor and MINOR not in self.kinds else "",
        ]
        return ", ".join(filter(None, parts))


class _KindsField(forms.MultipleChoiceField):
    """Kinds to choose from; an empty one, as a form with nothing chosen sends it, is none."""

    def to_python(self, value: object) -> list[str]:
        return [kind for kind in super().to_python(value) if kind]


class _PlainSelect(forms.Select):
    """A list to choose from. Django's renders a template for each choice: 50 ms of them with 300 sources."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = self.format_value(value)
        options = "\n".join(
            f'<option value="{escape(str(choice))}"{_if(str(choice) in chosen, "selected")}>'
            f"{escape(str(label))}</option>"
            for choice, label in self.choices
        )
        given = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return SafeString(f"<select{given}>{options}</select>")


class _PlainCheckboxes(forms.CheckboxSelectMultiple):
    """Choices to tick, put together likewise."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = self.format_value(value)
        given = self.build_attrs(self.attrs, {**(attrs or {}), "type": "checkbox", "name": name})
        boxes = []
        for place, (choice, label) in enumerate(self.choices):
            of_this = {**given, "value": choice, "id": f"{given['id']}_{place}"}
            box = f"<input{flatatt(of_this)}{_if(str(choice) in chosen, 'checked')}>"
            boxes.append(f'<label for="{escape(of_this["id"])}">{box} {escape(str(label))}</label>')
        return SafeString("".join(boxes))


def _if(condition: bool, attribute: str) -> str:
    return f" {attribute}" if condition else ""


class _SourceNames(ModelChoiceIterator):  # type: ignore[type-arg]
    """The sources to choose from, by their names alone."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", str(self.field.empty_label)
        yield from self.queryset.values_list("slug", "name")


class _SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    iterator = _SourceNames


class FiltersForm(forms.Form):
    """The filters as a reader fills them in, and as an address has them."""

    q = forms.CharField(label=gettext_lazy("Words added or removed"), required=False)
    source = _SourceField(
        Source.objects.all(),
        label=gettext_lazy("Source"),
        to_field_name="slug",
        required=False,
        empty_label=gettext_lazy("All sources"),
        widget=_PlainSelect,
    )
    kind = _KindsField(
        choices=lambda: FiltersForm.kinds(),
        label=gettext_lazy("Kinds"),
        required=False,
        widget=_PlainCheckboxes,
    )
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
        return [(kind, label_of(kind)) for kind in (*_CHANGES, *_EVENTS)]

    def clean_kind(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["kind"]))

    def clean_q(self) -> str:
        typed = str(self.cleaned_data["q"])
        if typed and (problem := self.problem_with(typed)):
            raise forms.ValidationError(problem)
        return typed

    @staticmethod
    def problem_with(typed: str) -> str:
        """Why these words can't be looked for; empty where they can."""
        return search.problem_with(typed)

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
            kinds=tuple(asked["kind"]),
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
