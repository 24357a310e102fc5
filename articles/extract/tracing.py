"""What rules do to a page: each block of its text with what became of it, and how often each rule fits."""

import re
from collections import Counter
from dataclasses import dataclass, fields, replace

from articles.extract.decoding import decode
from articles.extract.page import Element, NotHTML, parse
from articles.extract.reading import extract
from articles.extract.rules import Rules, cut, select
from articles.extract.runs import Place, read_runs
from articles.extract.story import Story
from articles.extract.tables import BETWEEN_CELLS
from articles.extract.text import clean

MOST_BLOCKS = 1_000
"""Of a page are told; a page of more is no article."""

_LONGEST_BLOCK = 1_000
_STEPS_SHOWN = 3
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page's text between two block boundaries.

    kept     as a paragraph of the story, in whole or in part
    use      what else it is: 'headline', 'byline', or ''
    dropped  the `drop` selector that takes it out, or ''
    where    the elements around it, inner ones last, as CSS would name them
    """

    text: str
    kept: bool
    use: str
    dropped: str
    where: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The story that rules read from a page, its blocks of text, and by rule how often each line of it fits:
    elements for a selector, places in paragraphs for a pattern."""

    story: Story
    blocks: tuple[Block, ...]
    matches: dict[str, tuple[int, ...]]


def trace(html: bytes, url: str, *, content_type: str | None, rules: Rules) -> Trace:
    """Read a page by *rules* as `extract` does, and tell what became of its text."""
    story = extract(html, url, content_type=content_type, rules=rules)
    none = {rule.name: (0,) * len(getattr(rules, rule.name)) for rule in fields(rules)}
    try:
        tree = parse(decode(html, content_type), url).tree
    except NotHTML:
        return Trace(story, (), none)
    found = {name: _found(tree, getattr(rules, name)) for name in none if name != "drop_text"}
    matches = {name: tuple(map(len, elements)) for name, elements in found.items()}
    matches["drop_text"] = _patterns_found(html, url, content_type, rules)
    dropped = {
        element: selector
        for selector, elements in zip(rules.drop, found["drop"], strict=True)
        for element in elements
    }
    return Trace(story, tuple(_blocks(tree, story, dropped, rules.drop_text)), matches)


def _found(tree: Element, selectors: tuple[str, ...]) -> list[list[Element]]:
    return [select(tree, selector) for selector in selectors]


def _patterns_found(html: bytes, url: str, content_type: str | None, rules: Rules) -> tuple[int, ...]:
    if not rules.drop_text:
        return ()
    paragraphs = list(
        extract(html, url, content_type=content_type, rules=replace(rules, drop_text=())).paragraphs
    )
    counts = []
    for pattern in rules.drop_text:
        counts.append(sum(sum(1 for _ in re.finditer(pattern, text)) for text in paragraphs))
        paragraphs = [cut(text, (pattern,)) for text in paragraphs]
    return tuple(counts)


def _blocks(
    tree: Element, story: Story, dropped: dict[Element, str], patterns: tuple[str, ...]
) -> list[Block]:
    body = tree.find("body")
    left = Counter(story.paragraphs)
    for paragraph in story.paragraphs:
        if BETWEEN_CELLS in paragraph:  # a row of a table is one paragraph, and its cells are blocks
            left.update(paragraph.split(BETWEEN_CELLS))
    lines = {story.headline: "headline", story.byline: "byline"}
    blocks = []
    for run in read_runs(tree if body is None else body).runs[:MOST_BLOCKS]:
        selector = next(
            (dropped[element] for element in _with_ancestors(run.place.element) if element in dropped), ""
        )
        # What drop_text cuts to nothing is kept no more than what no rule keeps.
        text = clean(cut(run.text, patterns))
        kept = not selector and bool(text) and left[text] > 0
        left[text] -= kept
        use = "" if kept or selector else lines.pop(run.text, "")
        blocks.append(Block(run.text[:_LONGEST_BLOCK], kept, use, selector, _where(run.place)))
    return blocks


def _with_ancestors(element: Element) -> list[Element]:
    return [element, *element.iterancestors()]


def _where(place: Place) -> str:
    steps: list[str] = []
    at: Place | None = place
    while at is not None and len(steps) < _STEPS_SHOWN and at.tag not in ("body", "html"):
        steps.append(_step(at.element))
        at = at.parent
    return " > ".join(reversed(steps))


def _step(element: Element) -> str:
    named = f"#{element.get('id')}" if _is_name(element.get("id") or "") else ""
    classes = [name for name in (element.get("class") or "").split() if _is_name(name)]
    return f"{element.tag}{named}{''.join(f'.{name}' for name in classes[:_NAMES_SHOWN])}"


def _is_name(text: str) -> bool:
    """Whether CSS takes it as a name as it stands."""
    return re.fullmatch(r"-?[A-Za-z_][\w-]{0,60}", text, re.ASCII) is not None
