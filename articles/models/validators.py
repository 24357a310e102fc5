"""Checks of what an admin types, made when it is saved rather than when a page comes."""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.extract import RuleFault, Rules, faults_of
from articles.isolation import IsolationError, isolated
from articles.patterns import ALL_SECONDS, WALL_SECONDS, PatternFault, WhatIsWrong, try_out

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
    for fault in rule_faults(Rules(**{name: tuple(values) for name, values in rules.items()})):
        raise ValidationError({"rules": f"{fault.rule}: {fault.detail}"})


def rule_faults(rules: Rules) -> list[RuleFault]:
    """The lines of *rules* that can't be applied: they are tried, each for a second at most.

    Of those that take longer, only the first is told.
    """
    try:
        return isolated(faults_of, rules, wall=WALL_SECONDS, cpu=ALL_SECONDS)
    except IsolationError as problem:
        name, _space, number = problem.doing.partition(" ")
        if not name:
            return [RuleFault(RULE_NAMES[0], 0, _("the rules could not be tried: %s") % problem.reason)]
        line = _shown(getattr(rules, name)[int(number)])
        said = (
            _("“%(line)s” takes too long on an ordinary page") % {"line": line}
            if problem.is_timeout
            else _("“%(line)s” can't be applied: %(reason)s") % {"line": line, "reason": problem.reason}
        )
        return [RuleFault(name, int(number), said)]


def check_language(text: str) -> None:
    """:raises ValidationError: *text* is not a language tag (BCP 47, as far as its form goes)."""
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", text):
        raise ValidationError(_("“%(text)s” is not a language: write it like en or pt-BR.") % {"text": text})


def check_patterns(field: str, text: str, addresses: Sequence[str] = ()) -> None:
    """Try the address filters in *text*, one a line, on such *addresses* as they are for.

    :raises ValidationError: a line is not a regular expression, or one that takes too long.
    """
    lines = {number: line for number, line in enumerate(text.splitlines(), start=1) if line.strip()}
    try:
        try_out(list(lines.values()), addresses)
    except PatternFault as problem:
        number, shown = list(lines)[problem.number], _shown(problem.pattern)
        raise ValidationError({field: _fault(problem) % {"number": number, "shown": shown}}) from problem


def _shown(line: str) -> str:
    return line if len(line) <= MOST_SHOWN else f"{line[:MOST_SHOWN]}…"


def _fault(problem: PatternFault) -> str:
    """What is wrong with a line, which is put in for %(number)s and %(shown)s."""
    wrong, detail = problem.wrong, problem.detail.replace("%", "%%")
    if wrong is WhatIsWrong.TOO_SLOW:
        return _(
            "Line %(number)s, “%(shown)s”, takes too long: parts of it can match the same text in too many "
            "ways. Write it without a repeat inside a repeat."
        )
    if wrong is WhatIsWrong.TOO_DEEP:
        return _("Line %(number)s, “%(shown)s”, is not a regular expression: it is nested too deeply.")
    if wrong is WhatIsWrong.TOO_LARGE:
        return _("Line %(number)s, “%(shown)s”, is not a regular expression: a number in it is too large.")
    if wrong is WhatIsWrong.NOT_TRIED:
        return _("Line %(number)s, “%(shown)s”, could not be tried: ") + f"{detail}."
    return _("Line %(number)s, “%(shown)s”, is not a regular expression: ") + f"{detail}."
