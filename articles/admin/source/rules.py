"""A source's extraction rules, one a line, with what they make of its stored pages."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from articles.admin.lists import QuickAdmin
from articles.admin.source.widespread_changes import open_quarantines
from articles.diff import html
from articles.extract import Block, Rules
from articles.models import Article, Source
from articles.models.validators import RULE_NAMES, rule_faults
from articles.watch.onboarding.rule_preview import (
    NotShown,
    RulePreview,
    article_at,
    preview,
    telling_articles,
)
from articles.web import audit
from articles.web.diff_phrases import TRANSLATED

MOST_LINES = 100
"""Of one kind of rule; each is tried on every page of the source."""

TOO_MUCH = gettext_lazy(
    "Nothing was saved yet: these rules leave less than half of the text, or none, on most "
    "of the pages shown. Save again with “Save all the same” ticked if that is meant."
)

BLOCKS_SHOWN = 500
FOLDED_FROM = 4

_optional = partial(forms.CharField, required=False)


class RulesForm(forms.Form):
    """The rules as lines; ``rules`` gives them back as a source stores them."""

    keep = _optional(
        label=gettext_lazy("Keep"),
        help_text=gettext_lazy("The story stands in these elements only. The first that fits."),
    )
    drop = _optional(
        label=gettext_lazy("Drop"),
        help_text=gettext_lazy("Elements taken out of the page before it is read."),
    )
    headline = _optional(
        label=gettext_lazy("Headline"),
        help_text=gettext_lazy("Where it stands. The first that has text counts."),
    )
    byline = _optional(
        label=gettext_lazy("Byline"),
        help_text=gettext_lazy("Where it stands. The first that has text counts."),
    )
    drop_text = _optional(
        label=gettext_lazy("Drop text"),
        help_text=gettext_lazy("Regular expressions; what they match is cut out of each paragraph."),
    )
    address = _optional(
        label=gettext_lazy("Show also"),
        help_text=gettext_lazy("The address of an article of this source, to see its page too."),
    )

    def __init__(self, source: Source, *args: Any, **more: Any) -> None:
        self.source = source
        self._numbers: dict[tuple[str, int], int] = {}
        super().__init__(*args, **more)
        for name in RULE_NAMES:
            self.fields[name].widget = forms.Textarea(
                attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off", "autocapitalize": "off"}
            )
            # A blank at the end of a pattern may be meant.
            self.fields[name].strip = False  # type: ignore[attr-defined]

    @classmethod
    def of(cls, source: Source) -> "RulesForm":
        """The form with the rules in force."""
        # A line break within a rule would make two of it, and says no more than a blank, or \n in a pattern.
        lines = {
            name: "\n".join(
                value.replace("\n", r"\n" if name == "drop_text" else " ")
                for value in source.rules.get(name, ())
            )
            for name in RULE_NAMES
        }
        return cls(source, initial=lines)

    @property
    def rules(self) -> dict[str, list[str]]:
        """What a source stores; kinds without a rule are left out."""
        return {name: self.cleaned_data[name] for name in RULE_NAMES if self.cleaned_data[name]}

    def clean(self) -> dict[str, Any]:
        for name in RULE_NAMES:
            self.cleaned_data[name] = self._lines(name, self.cleaned_data.get(name, ""))
        self._try_out()
        return self.cleaned_data

    def clean_address(self) -> Article | None:
        address = self.cleaned_data["address"]
        try:
            return article_at(self.source, address) if address else None
        except NotShown as problem:
            raise forms.ValidationError(str(problem)) from problem

    def _lines(self, name: str, text: str) -> list[str]:
        found = []
        for number, line in enumerate(text.splitlines(), start=1):
            line = line if name == "drop_text" else line.strip()
            if not line.strip():
                continue
            found.append(line)
            self._numbers[name, len(found) - 1] = number
        if len(found) > MOST_LINES:
            self.add_error(
                name,
                _("These are %(len)s lines; %(most_lines)s are the most.")
                % {"len": len(found), "most_lines": MOST_LINES},
            )
        return found

    def _try_out(self) -> None:
        """Say of each line that can't be applied what is wrong with it."""
        lines = {
            name: tuple(self.cleaned_data.get(name, ())) for name in RULE_NAMES if name not in self.errors
        }
        for fault in rule_faults(Rules(**lines)):
            self.add_error(
                fault.rule,
                _("Line %(number)s: %(fault)s.")
                % {"number": self._numbers.get((fault.rule, fault.number), 1), "fault": fault.detail},
            )


class Button(NamedTuple):
    """One thing that can be done with a block: the rule and line that it writes, and its words."""

    name: str
    selector: str
    label: str | Promise


_BUTTONS: tuple[tuple[str, str | Promise], ...] = (
    ("keep", gettext_lazy("Keep")),
    ("drop", gettext_lazy("Drop")),
    ("headline", gettext_lazy("Headline")),
    ("byline", gettext_lazy("Byline")),
)


def buttons(block: Block, of_story: Collection[str] = ()) -> list[Button]:
    """What may be made of *block*, and the selector for it: of the elements around it the innermost that has
    a name of its own, or the innermost two where none has.

    of_story: the elements that stand around most of the story: whoever drops a box does not mean those. For
    ``keep`` the paragraph itself is left out, as a story stands in what holds its paragraphs.
    """
    steps = block.where.split(" > ") if block.where else []
    if not steps:
        return []
    held = _selector(steps[:-1] or steps, ())
    itself = _selector(steps, of_story)
    return [Button(name, held if name == "keep" else itself, label) for name, label in _BUTTONS]


def around_the_story(blocks: Sequence[Block]) -> set[str]:
    """The elements, as ``Block.where`` names them, that stand around most of the blocks that are kept."""
    kept = [set(block.where.split(" > ")) for block in blocks if block.kept]
    counted = Counter(step for steps in kept for step in steps)
    return {step for step, count in counted.items() if 2 * count > len(kept)}


def _selector(steps: Sequence[str], without: Collection[str]) -> str:
    named = (step for step in reversed(steps) if ("#" in step or "." in step) and step not in without)
    return next(named, "") or " > ".join(steps[-2:])


def _with_line(data: QueryDict, wanted: str) -> QueryDict:
    """What was sent, with the line that a block's button writes added to its field."""
    name, _colon, selector = wanted.partition(":")
    if name not in dict(_BUTTONS):
        return data
    changed = data.copy()
    lines = changed.get(name, "").splitlines()
    if selector and selector not in map(str.strip, lines):
        changed[name] = "\n".join([*lines, selector])
    return changed


class RulesPages(QuickAdmin):
    """What the admin of sources has of this: the page, and the way to it."""

    @admin.display(description=gettext_lazy("rules in force"))
    def rules_in_force(self, source: Source) -> str:
        if source._state.adding:
            return _("Most sites need none. They can be written once pages are stored.")
        shown = format_html_join(
            "",
            "<li>{}: <code>{}</code></li>",
            ((name, one) for name, ones in source.rules.items() for one in ones),
        )
        return format_html(
            '<div class="rules-in-force">{}<p><a href="{}">{}</a></p></div>',
            format_html("<ul>{}</ul>", shown) if shown else _("None: the general way of reading is used."),
            reverse("admin:articles_source_rules", args=[source.pk]),
            _("Rules and preview"),
        )

    @admin.display(description=gettext_lazy("widespread changes"))
    def held_changes(self, source: Source) -> str:
        return open_quarantines(source)

    def get_urls(self) -> list[URLPattern]:
        view = require_http_methods(["GET", "HEAD", "POST"])(self.rules_page)
        page = path("<int:pk>/rules/", self.admin_site.admin_view(view), name="articles_source_rules")
        return [page, *super().get_urls()]

    def rules_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = Source.objects.filter(pk=pk).first()
        if source is None:
            raise Http404(_("There is no source of this number."))
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        asked = request.method == "POST"
        sent = _with_line(request.POST, request.POST.get("_write", ""))
        form = RulesForm(source, sent) if asked else RulesForm.of(source)
        started_from = request.POST.get("started_from", _told(source.rules))
        shown = _shown(source, form)
        if asked and "_save" in request.POST and form.is_valid():
            if shown["slow"]:
                form.add_error(
                    None,
                    _("Nothing was saved: %(rule)s takes too long on a stored page.")
                    % {"rule": shown["slow"]},
                )
            elif _most(shown) and "anyway" not in request.POST:
                form.add_error(None, TOO_MUCH)
            elif self._save(request, source, form.rules, started_from):
                return HttpResponseRedirect(request.path)
            else:
                source.refresh_from_db()
                started_from = _told(source.rules)  # the next save knows of the others
                form.add_error(
                    None,
                    _(
                        "Somebody saved other rules while you wrote yours, so nothing was saved: "
                        "%(started_from)s is in force now. Save again to put yours in their place."
                    )
                    % {"started_from": started_from},
                )
        context = {"form": form, "source": source, "started_from": started_from, **shown}
        context["ask_anyway"] = "_save" in request.POST and _most(shown)
        if "fragment" in request.POST:
            return render(request, "admin/rules/preview.html", context)
        context |= {
            **self.admin_site.each_context(request),
            "title": _("Rules and preview: %(name)s") % {"name": source.name},
            "opts": self.opts,
            "is_nav_sidebar_enabled": False,
            "fields": [form[name] for name in RULE_NAMES],
        }
        return render(request, "admin/rules/rules.html", context)

    def _save(
        self, request: HttpRequest, source: Source, rules: dict[str, list[str]], started_from: str
    ) -> bool:
        """Store the rules, unless others were stored since the form was opened."""
        with transaction.atomic():
            stored = _told(Source.objects.select_for_update(no_key=True).get(pk=source.pk).rules)
            if stored != started_from:
                return False
            Source.objects.filter(pk=source.pk).update(rules=rules)
            audit.record(request, source, {"rules": (stored, _told(rules))})
        if stored == _told(rules):
            messages.info(request, _("Nothing to save: these are the rules in force."))
        else:
            messages.success(
                request,
                _(
                    "Saved. Each article's page is read by these rules at its next check; what they alone "
                    "change makes no version."
                ),
            )
        return True


def _told(rules: Any) -> str:
    return json.dumps({name: rules[name] for name in RULE_NAMES if rules.get(name)}, ensure_ascii=False)


def _shown(source: Source, form: RulesForm) -> dict[str, Any]:
    """What the rules in *form* make of stored pages; with a fault in them, nothing but that."""
    rules, wanted = source.rules, None
    if form.is_bound:
        form.is_valid()
        if any(name in form.errors for name in RULE_NAMES):
            return {"pages": [], "faulty": True, "slow": ""}
        rules, wanted = form.rules, form.cleaned_data.get("address")
    articles = [*([wanted] if wanted else []), *(one for one in telling_articles(source) if one != wanted)]
    tuples = Rules(**{name: tuple(values) for name, values in rules.items()})
    pages = preview(source, tuples, articles)
    return {
        "pages": [_page(page) for page in pages],
        "slow": next((page.slow for page in pages if page.slow), ""),
        "matches": _matches(tuples, pages),
        "grave": sum(map(_loses_most, pages)),
        "differing": sum(page.difference is not None and page.difference.changed for page in pages),
    }


def _most(shown: dict[str, Any]) -> bool:
    """Whether most of the pages shown lose most of their text."""
    return bool(2 * shown.get("grave", 0) > len(shown["pages"]))


def _loses_most(page: RulePreview) -> bool:
    """Whether the text gets shorter than half of what it is by the rules in force."""
    before, after = (sum(map(len, story.paragraphs)) for story in (page.before, page.after))
    return not page.problem and 2 * after < before


def _matches(rules: Rules, pages: list[RulePreview]) -> list[dict[str, Any]]:
    """Each line of the rules with how often it fits, on each page and in all."""
    read = [page.trace.matches for page in pages if not page.problem]
    lines = []
    for name in RULE_NAMES:
        for index, value in enumerate(getattr(rules, name)):
            counts = [matches[name][index] for matches in read]
            lines.append(
                {
                    "kind": name.replace("_", " "),
                    "value": value,
                    "pages": sum(map(bool, counts)),
                    "times": sum(counts),
                }
            )
    return lines


def _page(page: RulePreview) -> dict[str, Any]:
    """What the template shows of one page."""
    before, after = page.before, page.after
    blocks = page.trace.blocks
    return {
        "page": page,
        "article": page.article,
        "headline": _line(before.headline, after.headline),
        "byline": _line(before.byline, after.byline),
        "changes": page.difference is not None and page.difference.changed,
        "diff": _diff(page),
        "stretches": _stretches(blocks[:BLOCKS_SHOWN]),
        "more_blocks": max(len(blocks) - BLOCKS_SHOWN, 0),
        "kept": sum(block.kept for block in blocks),
        "by_rule": sum(bool(block.dropped) for block in blocks),
    }


def _stretches(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """The blocks in reading order; many in a row that are no part of the story are one folded stretch."""
    stretches = []
    of_story = around_the_story(blocks)
    for left, group in groupby(blocks, key=lambda block: not (block.kept or block.use or block.dropped)):
        found = list(group)
        shown = [(block, buttons(block, of_story)) for block in found]
        stretches.append({"blocks": shown, "folded": left and len(found) >= FOLDED_FROM})
    return stretches


def _diff(page: RulePreview) -> Markup | str:
    if page.difference is None or not page.difference.changed:
        return ""
    article = page.article
    return html.inline(
        page.difference,
        language=article.language,
        direction=article.direction,
        anchor=f"a{article.pk}-",
        phrases=TRANSLATED,
    )


def _line(before: str, after: str) -> Markup | str:
    return html.line(before, after, phrases=TRANSLATED) if before != after else ""
