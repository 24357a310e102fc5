"""A source's own extraction rules: selectors and patterns that an admin writes where the general way errs."""

import re
from dataclasses import dataclass, fields
from functools import lru_cache

import lxml.html
from cssselect import HTMLTranslator, SelectorError
from lxml import etree

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

    Raises RuleError for a selector or pattern that cannot be applied.
    """

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    drop_text: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Raise RuleError for the first selector or pattern that cannot be applied."""
        for rule in fields(self):
            values = getattr(self, rule.name)
            if not isinstance(values, tuple) or not all(isinstance(value, str) for value in values):
                raise RuleError(f"{rule.name}: not a tuple of text: {values!r}")
            for value in values:
                try:
                    _pattern(value) if rule.name == "drop_text" else _selector(value)
                except RuleError as error:
                    raise RuleError(f"{rule.name}: {error}") from None


def select(tree: lxml.html.HtmlElement, selector: str) -> list[lxml.html.HtmlElement]:
    """Return the elements of `tree` that `selector` names, in reading order. Raises RuleError."""
    return _elements(_selector(selector), tree, selector)


def cut(text: str, patterns: tuple[str, ...]) -> str:
    """Return `text` without what the regular expressions `patterns` match in it."""
    for pattern in patterns:
        text = _pattern(pattern).sub("", text)
    return text


@lru_cache(maxsize=1024)
def _selector(selector: str) -> etree.XPath:
    try:
        xpath = selector if selector.startswith(_XPATH_STARTS) else HTMLTranslator().css_to_xpath(selector)
        compiled = etree.XPath(xpath)
    except (SelectorError, etree.XPathError) as error:
        raise RuleError(f"{selector!r} is no selector: {error}") from error
    _elements(compiled, lxml.html.document_fromstring("<p>sample</p>"), selector)
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
