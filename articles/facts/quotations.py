"""What somebody is quoted with: speech in quotation marks of three words and more."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from articles.diff.tokens import fold, is_word, tokenise

_CLOSERS = {
    "“": "”\"“", "„": "“”\"", "‟": "”", "«": "»", "»": "«", "「": "」", "『": "』", "‹": "›", "›": "‹",
    "‚": "‘", '"': '"”', "‘": "’'", "'": "'’", "”": "”", "《": "》",
}  # fmt: skip
_MARK = re.compile("[“”„‟«»「」『』‹›‚‘’'\"《》]")
_ENDS = frozenset(".!?…,。！？，、")
_LEAST_WORDS = 3
_LONGEST = 10_000  # characters: longer is no quotation but a stray mark
_LEAST_IDEOGRAPHS = 6
_SPEECH_WORDS = 8  # so many words that begin like a title are speech all the same
_SPEECH_IDEOGRAPHS = 10
_ALIKE = 0.5  # of the words of two forms of one quotation
_TITLE_CASE = 0.6
_MOST_PAIRS = 2_500
# Words before and after what is quoted as the name of something: a work, a button, a term.
_NAMED_BEFORE = (
    "click|select|titled|entitled|called|named|labell?ed|headed|subject line|the button|choose|term|phrase"
    "|song|film|book|album|series|show|talk|paper|essay|movie|novel|poem|exhibition|documentary"
    "|titel|buch|roman|serie|unter dem motto|sogenannte[nr]?|intitulée?|livre|titulad[oa]|libro|película"
    "|canción|filme|livro|intitulado|intitolat[oa]|фильм|книг[аиу]|роман|песн[яию]|под названием"
)
_NAMED_AFTER = (
    "section|button|page|tab|field|link|option|menu|checkbox|folder|team|channel|label|column|box|award|prize"
)
_LABELS_BEFORE = re.compile(rf"\b(?:{_NAMED_BEFORE})\s*\Z", re.IGNORECASE)
_LABELS_AFTER = re.compile(rf"\s*(?:{_NAMED_AFTER})\b", re.IGNORECASE)
_CODE = re.compile(r"[<>{}=\\|]|\w\(|[:/]//?\w|\w/\w+/|^[!-~]+$|\.(?:png|jpe?g|html?|md|rs|py)\b")
_LONGEST_LABEL = 30


class Quotation(NamedTuple):
    """The words between quotation marks as they stand in paragraph ``paragraph``, from ``start``."""

    paragraph: int
    start: int
    text: str
    keys: tuple[str, ...]


def quotations(paragraph: str, number: int) -> list[Quotation]:
    """The speech quoted in a paragraph; a mark that opens it and is never closed quotes all of it.

    Works in one pass over the quotation marks.
    """
    found: list[Quotation] = []
    opened: tuple[int, str] | None = None
    for match in _MARK.finditer(paragraph):
        mark, at = match.group(), match.start()
        if opened and mark in opened[1] and not _is_apostrophe(paragraph, at, mark):
            _keep(found, paragraph, number, opened[0], at)
            opened = None
        elif opened is None and mark in _CLOSERS and _opens(paragraph, at, mark):
            opened = (at + 1, _CLOSERS[mark])
    if opened and not paragraph[: opened[0] - 1].strip():
        _keep(found, paragraph, number, opened[0], len(paragraph))
    return found


def _opens(paragraph: str, at: int, mark: str) -> bool:
    before = paragraph[at - 1 : at]
    after = paragraph[at + 1 : at + 2]
    if mark in "“„«「『‚»‹›”‟《":
        return mark not in "”»›" or not before or before.isspace() or before in "([—–-:،"
    if not after or after.isspace():
        return False
    return not before or not before.isalnum() or "\u3040" <= before <= "\u9fff"


def _is_apostrophe(paragraph: str, at: int, mark: str) -> bool:
    return mark in "’'" and paragraph[at + 1 : at + 2].isalnum()


def _keep(found: list[Quotation], paragraph: str, number: int, start: int, stop: int) -> None:
    text = paragraph[start:stop].strip()
    if not text or len(text) > _LONGEST:
        return
    keys = tuple(key for key in (fold(token).casefold() for token in tokenise(text)) if is_word(key))
    if _is_speech(paragraph, start, stop, text, keys):
        found.append(Quotation(number, start + paragraph[start:stop].index(text), text, keys))


def _is_speech(paragraph: str, start: int, stop: int, text: str, keys: Sequence[str]) -> bool:
    """Whether quoted words are somebody's speech, not a title, a term, the name of a button or code."""
    ideographs = sum("\u3040" <= key[:1] <= "\u9fff" for key in keys)
    if len(keys) < (_LEAST_IDEOGRAPHS if ideographs * 2 > len(keys) else _LEAST_WORDS):
        return False
    before = paragraph[max(0, start - 1 - _LONGEST_LABEL) : start - 1].rstrip()
    after = paragraph[stop + 1 : stop + 1 + _LONGEST_LABEL]
    if before.endswith("=") or _CODE.search(text) or paragraph[start - 1] == "《":
        return False
    if _LABELS_BEFORE.search(before.rstrip(" :")) or _LABELS_AFTER.match(after):
        return False
    if ideographs:
        return text[-1] in _ENDS or after[:1] in ("と", "，", "。") or len(keys) >= _SPEECH_IDEOGRAPHS
    if text[-1] in _ENDS or after[:1] in (",", "،"):
        return not _is_title(text)
    if _is_title(text):
        return False
    return len(keys) >= (_SPEECH_WORDS if text[0].isupper() or text[0].isdigit() else _LEAST_WORDS + 1)


def _is_title(text: str) -> bool:
    long = [token for token in tokenise(text) if len(token.strip()) > 3 and token[:1].isalpha()]
    return len(long) > 1 and sum(token[:1].isupper() for token in long) >= _TITLE_CASE * len(long)


def changed(
    before: Sequence[Quotation], after: Sequence[Quotation]
) -> tuple[list[tuple[Quotation, Quotation]], list[Quotation], list[Quotation]]:
    """Quotations whose words are altered, those only before and those only after."""
    left_before, left_after = list(before), list(after)
    by_keys: dict[tuple[str, ...], list[Quotation]] = {}
    for quotation in left_after:
        by_keys.setdefault(quotation.keys, []).append(quotation)
    gone = []
    for quotation in left_before:
        twins = by_keys.get(quotation.keys)
        if twins:
            twins.pop()
        else:
            gone.append(quotation)
    new = [quotation for twins in by_keys.values() for quotation in twins]
    new.sort(key=lambda one: (one.paragraph, one.start))
    altered: list[tuple[Quotation, Quotation]] = []
    if gone and new and len(gone) * len(new) <= _MOST_PAIRS:
        likely = sorted(
            ((-_likeness(one, other), i, j) for i, one in enumerate(gone) for j, other in enumerate(new)),
        )
        taken_before: set[int] = set()
        taken_after: set[int] = set()
        for less_alike, i, j in likely:
            if -less_alike >= _ALIKE and i not in taken_before and j not in taken_after:
                taken_before.add(i)
                taken_after.add(j)
                altered.append((gone[i], new[j]))
        gone = [one for i, one in enumerate(gone) if i not in taken_before]
        new = [other for j, other in enumerate(new) if j not in taken_after]
    return sorted(altered), gone, new


def _likeness(one: Quotation, other: Quotation) -> float:
    common = LCSseq.similarity(one.keys, other.keys)
    return max(
        2 * common / (len(one.keys) + len(other.keys)),
        0.9 * common / min(len(one.keys), len(other.keys)) * (common >= _LEAST_WORDS),
    )
