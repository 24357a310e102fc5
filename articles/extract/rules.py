"""A source's own extraction rules: selectors and patterns that an admin writes where the general way errs.

A selector of 200 letters can keep XPath busy for half a minute, a pattern for ever: whatever applies rules,
or checks them, runs where it can be killed (``articles.isolation``). Each is named while it is at work.
"""

import re
from dataclasses import dataclass, fields
from functools import lru_cache

import lxml.html
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from articles.isolation import doing

RULE_SECONDS = 1.0
"""Seconds of CPU that one selector may take on a page, or one pattern on a paragraph."""

_XPATH_STARTS = ("/", "(", "./")


class RuleError(ValueError):
    """A rule that cannot be applied. The message names the rule and says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How to read the pages of one source. Every field may be empty; all empty changes nothing.

    A selector is CSS, or XPath when it begins with `/`, `(` or `./`; it selects elements.
    keep       only what stands in these elements is the story (the first selector that matches counts)
    drop       elements taken out before anything is read
    headline   where the headline stands (the first selector that gives text counts)
    byline     where the byline stands (likewise)
    drop_text  regular expressions; what they match is cut out of each paragraph

    Raises RuleError for what is no tuple of text; `faults_of` finds the lines that cannot be applied.
    """

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    drop_text: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for rule in fields(self):
            values = getattr(self, rule.name)
            if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
                raise RuleError(f"{rule.name}: not a tuple of text: {values!r}")


@dataclass(frozen=True, slots=True)
class RuleFault:
    """A line of the rules that cannot be applied.

    rule: its kind, such as 'drop'; number: which of its kind it is, from 0; detail: what is wrong with it.
    """

    rule: str
    number: int
    detail: str


def faults_of(rules: Rules) -> list[RuleFault]:
    """The lines of *rules* that cannot be applied. To be called where a slow one can be killed."""
    faults = []
    for rule in fields(rules):
        for number, value in enumerate(getattr(rules, rule.name)):
            try:
                with doing(f"{rule.name} {number}", cpu=RULE_SECONDS):
                    _pattern_tried(value) if rule.name == "drop_text" else _selector_tried(value)
            except RuleError as error:
                faults.append(RuleFault(rule.name, number, str(error)))
    return faults


def _selector_tried(selector: str) -> None:
    _elements(_selector(selector), _specimen(), selector)


def _pattern_tried(pattern: str) -> None:
    for stretch in _STRETCHES:
        _pattern(pattern).search((stretch * _LONG)[:_LONG] + "\x00")


_STRETCHES = ("a", "0", " ", "a ", "word ", "a, ", "-", ".")
_LONG = 300
"""Characters of the paragraphs that a pattern is tried on: many, where each doubles the time it takes."""


@lru_cache(maxsize=1)
def _specimen() -> lxml.html.HtmlElement:
    """A page on which a selector is tried: as many elements as a short article has, some of them nested."""
    inner = "".join(
        f'<p class="a{n}" id="i{n}">One <b>two</b> <a href="/{n}">three</a></p>' for n in range(40)
    )
    nested = "<div>" * 12 + inner + "</div>" * 12
    return lxml.html.document_fromstring(f"<html><body><article>{nested}{nested}</article></body></html>")


def select(tree: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    """Return the elements of `tree` that `selector` names, in reading order. Raises RuleError."""
    with doing(f"“{selector}”", cpu=RULE_SECONDS):
        return _elements(_selector(selector), tree, selector)


def cut(text: str, patterns: tuple[str, ...]) -> str:
    """Return `text` without what the regular expressions `patterns` match in it."""
    for pattern in patterns:
        with doing(f"“{pattern}”", cpu=RULE_SECONDS):
            text = _pattern(pattern).sub("", text)
    return text


@lru_cache(maxsize=1024)
def _selector(selector: str) -> etree.XPath:
    try:
        xpath = selector if selector.startswith(_XPATH_STARTS) else HTMLTranslator().css_to_xpath(selector)
        compiled = etree.XPath(xpath)
    except (SelectorError, etree.XPathError) as error:
        raise RuleError(f"{selector!r} is no selector: {error}") from error
    return compiled


def _elements(xpath: etree.XPath, tree: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    try:
        found = xpath(tree)
    except etree.XPathError as error:
        raise RuleError(f"{selector!r} is no selector: {error}") from error
    if not isinstance(found, list) or not all(isinstance(node, lxml.html.HtmlElement) for node in found):
        raise RuleError(f"{selector!r} selects something other than elements")
    return found


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise RuleError(f"{pattern!r} is no regular expression: {error}") from error
