"""JSON-LD: what a page says of itself to machines. A witness, never the text: it is often short or stale."""

import json
import re
from collections import deque
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import lxml.html

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_TOKEN = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_ARTICLE_TYPE = re.compile(r"article|posting|^report$|^review$", re.IGNORECASE)


def read_linked_data(tree: lxml.html.HtmlElement) -> list[dict[str, Any]]:
    """Return every JSON object in the page's JSON-LD scripts, outer ones before those nested in them.

    A script that is no JSON is passed over: nothing of it can be read, and pages have broken ones for years.
    """
    objects: list[dict[str, Any]] = []
    queue = deque(parsed(script.text or "") for script in tree.iter("script") if _is_linked_data(script))
    while queue:
        value = queue.popleft()
        if isinstance(value, dict):
            objects.append(value)
            queue.extend(value.values())
        elif isinstance(value, list):
            queue.extend(value)
    return objects


def is_article(thing: dict[str, Any]) -> bool:
    """Whether a JSON-LD object is an article of any kind."""
    kinds = thing.get("@type")
    return any(
        isinstance(kind, str) and _ARTICLE_TYPE.search(kind)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def is_paid_for(article: dict[str, Any]) -> bool:
    """Whether an article's `isAccessibleForFree` says no, in one of the ways that sites write it."""
    free = article.get("isAccessibleForFree")
    return free is False or (isinstance(free, str) and free.casefold().rpartition("/")[2] == "false")


def texts(value: Any) -> list[str]:
    """Return the texts in a JSON-LD value: a text, a thing with a name, or a list of these."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        text = item.get("name") or item.get("@value") if isinstance(item, dict) else item
        if isinstance(text, str):
            found.append(text)
    return found


def addresses_in(value: Any) -> list[str]:
    """Return the addresses in a JSON-LD value: an address, a thing with one, or a list of these."""
    found = []
    for item in value if isinstance(value, list) else [value]:
        address = (item.get("@id") or item.get("url")) if isinstance(item, dict) else item
        if isinstance(address, str) and address.startswith(("http://", "https://", "/")):
            found.append(address)
    return found


def same_place(address: str) -> str:
    """Return what two addresses of one article have in common: its path, without scheme, host and query."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return ""
    return path.rstrip("/").casefold()


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text, or the single letters of a script that sets no space between words."""
    return frozenset(_TOKEN.findall(unescape(text).casefold()))


def _is_linked_data(script: lxml.html.HtmlElement) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def parsed(source: str) -> Any:
    """Return what a script of JSON says, forgiving what browsers forgive; None when it is none."""
    source = _WRAPPING.sub("", _WRAPPING.sub("", source))
    for attempt in (source, _TRAILING_COMMA.sub("", source)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None
