"""Checks of what an admin types, made when it is saved rather than when a page comes."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.extract import RuleError, Rules

MOST_SHOWN = 200
"""Characters of a line that a message quotes."""

RULE_NAMES = ("keep", "drop", "headline", "byline", "drop_text")


def check_rules(rules: Any) -> None:
    """:raises ValidationError: *rules* are not extraction rules; says which one is wrong and how."""
    if not isinstance(rules, dict):
        raise ValidationError({"rules": _('Write them as {"drop": [".promo"], "headline": ["h1"]}.')})
    for name, values in rules.items():
        if name not in RULE_NAMES:
            raise ValidationError(
                {
                    "rules": _("“%(name)s” is not a rule: use %(join)s.")
                    % {"name": name, "join": ", ".join(RULE_NAMES)}
                }
            )
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValidationError(
                {"rules": _('“%(name)s” takes a list of texts, such as [".promo"].') % {"name": name}}
            )
    try:
        Rules(**{name: tuple(values) for name, values in rules.items()})
    except RuleError as problem:
        raise ValidationError({"rules": str(problem)}) from problem


def check_language(text: str) -> None:
    """:raises ValidationError: *text* is not a language tag (BCP 47, as far as its form goes)."""
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", text):
        raise ValidationError(_("“%(text)s” is not a language: write it like en or pt-BR.") % {"text": text})


def check_patterns(field: str, text: str) -> None:
    """:raises ValidationError: a line of *text* is not a regular expression."""
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            re.compile(line)
        except (re.error, OverflowError, RecursionError) as problem:
            raise ValidationError(
                {
                    field: _("Line %(number)s, “%(shown)s”, is not a regular expression: %(fault)s.")
                    % {"number": number, "shown": _shown(line), "fault": _fault(problem)}
                }
            ) from problem


def _shown(line: str) -> str:
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…"


def _fault(problem: Exception) -> str:
    """What is wrong with a pattern; of what Python's own limits refuse, in words that say so."""
    if isinstance(problem, RecursionError):
        return _("it is nested too deeply")
    return _("a number in it is too large") if isinstance(problem, OverflowError) else str(problem)
