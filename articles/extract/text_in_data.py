"""The text of a page that shows none until a script has run: what it holds ready for that script.

Only for pages that show no prose at all. What a page tells machines is often short or stale, so nothing of it
is ever taken where readers see a text.
"""

from collections import Counter, deque
from collections.abc import Iterator
from html import unescape
from typing import Any

from articles.extract.linked_data import is_paid_for, parsed, texts
from articles.extract.page import Page, parse
from articles.extract.runs import read_runs, weight
from articles.extract.text import clean

_LEAST_PROSE = 50  # weight (see Run.weight) of a text that tells which key holds the texts of a list
_MOST_VALUES = 200_000  # values of a page's data that are looked at
_DEEPEST = 6  # steps from an item of a list to its text, so that no value is looked at more often
_STATE = "script[@type='application/json']"


def text_in_data(page: Page, headline: str) -> list[str]:
    """Return the paragraphs of this page's article from its JSON-LD, or from the data of its script.

    There are none of an article that the page says is paid for.
    """
    if not headline or any(is_paid_for(article) for article in page.articles):
        return []
    said = [text for article in page.articles[:1] for text in texts(article.get("articleBody"))]
    found = [_paragraphs(text) for text in said]
    if not any(found):
        scripts = page.tree.iterfind(f".//{_STATE}")
        found = [list_ for script in scripts for list_ in _of_article(parsed(script.text or ""), headline)]
    return max(found, key=lambda one: (_weight(one), len(one)), default=[])


def _of_article(data: Any, headline: str) -> Iterator[list[str]]:
    """Give the texts of each list, and of each piece of markup, in an object with this headline."""
    queue: deque[tuple[Any, bool]] = deque([(data, False)])
    for _ in range(_MOST_VALUES):
        if not queue:
            return
        value, of_article = queue.popleft()
        if isinstance(value, dict):
            of_article = of_article or any(
                isinstance(one, str) and clean(one) == headline for one in value.values()
            )
            queue.extend((one, of_article) for one in value.values())
        elif isinstance(value, list):
            if of_article:
                yield _texts_of_list(value)
            queue.extend((one, of_article) for one in value)
        elif of_article and isinstance(value, str) and "<p" in value:
            yield _paragraphs(value)


def _texts_of_list(items: list[Any]) -> list[str]:
    """Return one text for each item that has one: those under the key that holds most prose."""
    held = [list(_keyed_texts(item)) for item in items]
    prose: Counter[str] = Counter()
    for keyed in held:
        for key, text in keyed:
            prose[key] += weight(text) if weight(text) >= _LEAST_PROSE else 0
    if not prose or not max(prose.values()):
        return []
    chosen = max(prose, key=lambda key: prose[key])
    joined = (_joined([text for key, text in keyed if key == chosen]) for keyed in held)
    return [paragraph for text in joined for paragraph in _paragraphs(text)]


def _joined(pieces: list[str]) -> str:
    """Return the pieces of a paragraph as one; a sentence with no space after it ends a paragraph."""
    text = ""
    for piece in pieces:
        text += "\n" * (text.endswith((".", "!", "?", "。")) and not piece[:1].isspace()) + piece
    return text


def _keyed_texts(item: Any) -> Iterator[tuple[str, str]]:
    """Give the texts in an item of a list in reading order, each with the key that it stands under."""
    stack = [("", item, _DEEPEST)]
    while stack:
        key, value, left = stack.pop()
        if isinstance(value, str):
            yield key, value
        elif left and isinstance(value, list):
            stack.extend((key, one, left - 1) for one in reversed(value))
        elif left and isinstance(value, dict):
            stack.extend((inner, one, left - 1) for inner, one in reversed(value.items()))


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which may be markup."""
    if "<" in text and ">" in text:
        return [run.text for run in read_runs(parse(f"<div>{text}</div>", "").tree).runs]
    return [line for line in map(clean, unescape(text).splitlines()) if line]


def _weight(paragraphs: list[str]) -> int:
    return sum(map(weight, paragraphs))
