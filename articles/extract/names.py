"""What an element's attributes say of it: the words in its class names, and whether it is shown."""

import re
from functools import lru_cache

from articles.extract.page import Element

_PIECE = re.compile(r"[^A-Za-z0-9]+")
_NUMBERED = re.compile(r"([A-Za-z]+)[0-9]*")
_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SHORT_WORD = 3  # letters
# What a class name that begins so says is of something else: "has-sidebar", "no-ads".
ABOUT_SOMETHING_ELSE = frozenset({"has", "no", "not", "with", "without", "is", "hide", "single", "js"})

_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDING = frozenset({"hidden", "aria-hidden", "style"})  # attributes
_HIDING_IN_LINE = _HIDING | {"class"}
_HIDDEN_NAMES = re.compile(r"(?:^|[\s_-])(?:visually[-_]?hidden|sr[-_]only|screen[-_]?reader)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words in a class name ("articleTeaser__box-2": article, teaser, box), lower case.

    Generated names ("css-1ad9x", "kAdVO") hold words by chance, and others after each deployment: pieces with
    digits inside are left out, and words of up to three letters count only as a whole piece.
    """
    words: list[str] = []
    for piece in _PIECE.split(name):
        whole = _NUMBERED.fullmatch(piece)
        if whole is None:
            continue
        humps = [hump.lower() for hump in _HUMP.findall(whole[1])]
        if len(humps) > 1:
            words += [hump for hump in humps if len(hump) > _SHORT_WORD or hump in ABOUT_SOMETHING_ELSE]
            words.append(whole[1].lower())
        else:
            words += humps
    return tuple(words)


@lru_cache(maxsize=16384)
def has_word(names: str, words: frozenset[str]) -> bool:
    """Whether one of these words, lower case, stands in class names."""
    return any(not words.isdisjoint(words_of(name)) for name in names.split())


def is_hidden(element: Element) -> bool:
    """Whether the element is not shown, at least until a script or a subscription shows it."""
    attributes = element.keys()
    if _HIDING.isdisjoint(attributes):  # as of most: asking for each takes several times as long
        return False
    if "hidden" in attributes or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style) and _HIDING_STYLE.search(style) is not None


def is_hidden_in_line(element: Element) -> bool:
    """Whether an element within a line is not shown, or only said to who cannot see ("opens in new tab")."""
    if _HIDING_IN_LINE.isdisjoint(element.keys()):
        return False
    names = element.get("class")
    return is_hidden(element) or bool(names and _HIDDEN_NAMES.search(names))
