"""What a person fills in on the pages "Add source"."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Source
from articles.models.validators import check_patterns
from articles.watch.onboarding import site_probe as site_probes
from articles.watch.onboarding.preview import Shared
from articles.watch.onboarding.results import Findings
from articles.watch.onboarding.sources import watched_by


class AddressForm(forms.Form):
    address = forms.CharField(
        max_length=2048,
        label=gettext_lazy("Home page or feed"),
        widget=forms.TextInput(attrs={"class": "vLargeTextField", "inputmode": "url", "autocomplete": "off"}),
        help_text=gettext_lazy("Such as https://news.example/ or news.example"),
    )


class FeedsForm(forms.Form):
    """Which of what was found is to be watched."""

    feeds = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("Choose at least one."),
            "invalid_choice": gettext_lazy("%(value)s can't be chosen."),
        }
    )

    def __init__(self, findings: Findings, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings = findings
        field = self.fields["feeds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.address, one.address) for one in findings.usable]

    def clean(self) -> dict[str, Any]:
        choice: dict[str, Any] = super().clean() or {}
        for address in choice.get("feeds", ()):
            if watched := watched_by(address):
                self.add_error(
                    "feeds",
                    _("%(address)s is watched already, by %(name)s.")
                    % {"address": address, "name": watched.source.name},
                )
        return choice


class ChoiceForm(FeedsForm):
    """Which of what was found is to be watched, and which articles of it."""

    only_addresses = forms.CharField(
        required=False,
        label=gettext_lazy("Only addresses"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Regular expressions, one a line: watch only article addresses that match one, such as "
            "/politics/ or /20[0-9][0-9]/. On a section page they say which links are articles."
        ),
    )
    not_addresses = forms.CharField(
        required=False,
        label=gettext_lazy("Not addresses"),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"}),
        help_text=gettext_lazy("Regular expressions, one a line: watch no article address that matches one."),
    )

    def clean(self) -> dict[str, Any]:
        choice = super().clean()
        addresses = [link.url for one in self.findings.usable for link in one.links]
        for name in ("only_addresses", "not_addresses"):
            check_patterns(name, choice.get(name, ""), addresses)
        if not self.errors and not site_probes.chosen_links(self.findings, choice):
            if choice["only_addresses"].strip() or choice["not_addresses"].strip():
                raise ValidationError(
                    _("No article that these name passes the address filters: change them.")
                )
            self.add_error("only_addresses", _("No link there looks like an article's: say here which are."))
        return choice


class NewSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person says of the source itself."""

    class Meta:
        model = Source
        fields = (
            *("name", "slug", "home_page", "language", "only_addresses", "not_addresses", "obey_noarchive"),
            *("feed_seconds", "floor_seconds", "ceiling_seconds", "age_divisor", "retire_after_days"),
        )
        widgets = {
            name: forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField", "spellcheck": "false"})
            for name in ("only_addresses", "not_addresses")
        } | {
            "name": forms.TextInput(attrs={"class": "vTextField"}),
            "slug": forms.TextInput(attrs={"class": "vTextField"}),
        }

    boilerplate = forms.MultipleChoiceField(
        required=False,
        label=gettext_lazy("Drop"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "These paragraphs stand on several of the articles alike. What is ticked is dropped from each "
            "text before it is stored, by a rule that you can change later."
        ),
    )

    def __init__(self, shared: Sequence[Shared], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shared = list(shared)
        field = self.fields["boilerplate"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.key, one.text) for one in shared]

    NAMING = ("name", "slug", "home_page", "language")
    FILTERS = ("only_addresses", "not_addresses", "obey_noarchive")
    SCHEDULE = ("feed_seconds", "floor_seconds", "ceiling_seconds", "age_divisor", "retire_after_days")

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Source.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(
                _("A source has this name already. Add the feeds to that one, or choose another name.")
            )
        return name

    @property
    def rules(self) -> dict[str, list[str]]:
        """The extraction rules that drop what was ticked."""
        dropped = [one.rule for one in self.shared if one.key in self.cleaned_data["boilerplate"]]
        return {"drop_text": dropped} if dropped else {}

    @property
    def dropped(self) -> list[tuple[Shared, bool]]:
        """What may be dropped, and whether it is ticked."""
        ticked = self["boilerplate"].value() or []
        return [(one, one.key in ticked) for one in self.shared]

    @property
    def naming(self) -> list[forms.BoundField]:
        return [self[name] for name in self.NAMING]

    @property
    def filters(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FILTERS]

    @property
    def schedule(self) -> list[forms.BoundField]:
        return [self[name] for name in self.SCHEDULE]

    @property
    def schedule_is_wrong(self) -> bool:
        return any(self[name].errors for name in self.SCHEDULE)
