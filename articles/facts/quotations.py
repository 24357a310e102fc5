"""What somebody is quoted with: speech in quotation marks of three words and more."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from articles.diff.tokens import fold, is_word, tokenise
from articles.facts.lexicon import lexicon

_CLOSERS = {
    "“": "”\"“", "„": "“”\"", "‟": "”", "«": "»", "»": "«", "「": "」", "『": "』", "‹": "›", "›": "‹",
    "‚": "‘", '"': '"”', "‘": "’'", "'": "'’", "”": "”“", "《": "》",
}  # fmt: skip
_MARK = re.compile("[“”„‟«»「」『』‹›‚‘’'\"《》]")
_ENDS = frozenset(".!?…,。！？，、")
_LEAST_WORDS = 3
_LONGEST = 10_000  # characters: longer is no quotation but a stray mark
_LEAST_IDEOGRAPHS = 6
_SPEECH_WORDS = 8  # so many words that begin like a title are speech all the same
_SPEECH_IDEOGRAPHS = 10
_CLAUSE_WORDS = 5  # so many words in small letters behind "the project" are no name of it
_PART_KEPT = 0.6  # share of a part's words that stand in the whole
_LEAST_PART = 0.25  # of the words of a speech that are left of it in quotation marks
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
# Nouns that stand right before a name in quotation marks, with no colon between.
_CALLED = (
    "campaigns?|festival|initiative|scheme|programme|project|play|musical"
    "|film|aktion|projekt|programm|kampagne|ausstellung|stück|lied|sendung|initiative|bündnis|verein"
    "|spectacle|pièce|concours|prix|opération|campagne|programme|dispositif|projet|roman|chanson|émission"
    "|collectif|association|revue|exposition"
    "|campaña|programa|obra|novela|concurso|premio|proyecto|operación|exposición|iniciativa|asociación"
    "|campanha|projeto|peça|prêmio|operação|exposição|música|coletivo|associação"
    "|campagna|programma|progetto|mostra|spettacolo|libro|romanzo|canzone|operazione|trasmissione|rassegna"
    "|iniziativa|associazione"
    "|фестивал[ьяюе]м?|выставк[аиуе]|акци[яиюей]|проекта?|программ[аыуе]|конкурса?|спектакл[ьяе]|операци[яию]"
    "|движени[ея]|премии?|премия"
    "|فيلم|رواية|كتاب|مهرجان|حملة|مبادرة|برنامج|مسرحية|معرض|مشروع"
)
_NAMED_AFTER = (
    "section|button|page|tab|field|link|option|menu|checkbox|folder|team|channel|label|column|box|award|prize"
)
_LABELS_BEFORE = re.compile(rf"\b(?:{_NAMED_BEFORE})\s*\Z", re.IGNORECASE)
_CALLED_BEFORE = re.compile(rf"\b(?:{_CALLED})\s*\Z", re.IGNORECASE)
_LABELS_AFTER = re.compile(rf"\s*(?:{_NAMED_AFTER})\b", re.IGNORECASE)
_CODE = re.compile(r"[<>{}=\\|]|\w\(|[:/]//?\w|\w/\w+/|^[!-~]+$|\.(?:png|jpe?g|html?|md|rs|py)\b")
_LONGEST_LABEL = 30
_NESTS = frozenset("«「『")  # marks that open a quotation within one of the same marks, and never close one
_LEFT_OPEN = frozenset("“„‟«「『")  # marks that quote to the end of the paragraph where nothing closes them
_MARKS_AHEAD = 20  # looked at to tell whether an apostrophe closes a quotation
_AT_THE_START = 2  # characters before the words of a quotation that begins a paragraph
_WITHIN_SPEECH = 60  # characters between two parts of a quotation: who said it
_BESIDE = 100  # characters beside a quotation that may tell who said it
_LONGEST_SPEAKER = 12  # words of it within the quotation
_LEADS_OVER = (
    "that|it|he|she|they|was|were|is|had|of|dass|es|sei|war|von|que|il|elle|était|de|era|foi|che|è"
    "|что|это|أن|إن|بأن"
)
_KOREAN_SAYS = ("고", "라고", "이라고", "며")
_GOES_ON = re.compile(r"\s?\w")  # a word behind: "the “cash for access” scheme" is a term
_COLON = re.compile(r"\s?[:：]")
_LONGEST_CLAUSE = 60  # characters before a quotation in which a word may tell what it is said of
_WORDS_BEHIND = 2  # of which the last may be a word of saying: "– powiedział", "she said"
_DASHED = re.compile(r"\s*[–—-]\s+\w")


class Quotation(NamedTuple):
    """The words between quotation marks as they stand in paragraph ``paragraph``, from ``start``.

    ``is_speech`` where they are somebody's by themselves, not only beside the same words on the other side.
    ``beside`` is what stands right before and behind it, which may tell who said it.
    """

    paragraph: int
    start: int
    text: str
    keys: tuple[str, ...]
    stop: int = 0
    closed: bool = True
    is_speech: bool = True
    beside: str = ""


def quotations(paragraph: str, number: int, language: str = "") -> list[Quotation]:
    """The speech quoted in a paragraph; a mark that opens it and is never closed quotes the rest of it.

    language: its words of saying tell that few words in quotation marks are speech.
    """
    return [one for one in quoted(paragraph, number, language) if one.is_speech]


def quoted(paragraph: str, number: int, language: str = "") -> list[Quotation]:
    """All words in quotation marks of a paragraph, speech or not. One pass over the quotation marks."""
    found: list[Quotation] = []
    opened: tuple[int, str] | None = None
    within = 0  # quotations within the one that is open, in the same marks
    marks = [(match.group(), match.start()) for match in _MARK.finditer(paragraph)]
    for order, (mark, at) in enumerate(marks):
        if opened is None:
            if mark in _CLOSERS and _opens(paragraph, at, mark):
                opened = (at, _CLOSERS[mark])
        elif mark in _NESTS and mark == paragraph[opened[0]]:
            within += 1
        elif mark in opened[1] and not _is_apostrophe(paragraph, marks, order):
            if within:
                within -= 1
                continue
            _keep(found, paragraph, number, opened[0] + 1, at, language)
            opened = None
    if opened and (paragraph[opened[0]] in _LEFT_OPEN or not paragraph[: opened[0]].strip()):
        _keep(found, paragraph, number, opened[0] + 1, len(paragraph), language)
    return found


def _opens(paragraph: str, at: int, mark: str) -> bool:
    before = paragraph[at - 1 : at]
    after = paragraph[at + 1 : at + 2]
    if mark in "“„«「『‚»‹›”‟《":
        return mark not in "”»›" or not before or before.isspace() or before in "([—–-:،"
    if not after or after.isspace():
        return False
    return not before or not before.isalnum() or "\u3040" <= before <= "\u9fff"


def _is_apostrophe(paragraph: str, marks: Sequence[tuple[str, int]], order: int) -> bool:
    """Whether a mark stands in a word, or behind a plural ("the boys' school") in a quotation that goes
    on."""
    mark, at = marks[order]
    if mark not in "’'":
        return False
    if paragraph[at + 1 : at + 2].isalnum():
        return True
    if paragraph[at - 1 : at] != "s" or paragraph[at + 1 : at + 2] != " ":
        return False
    for other, there in marks[order + 1 : order + 1 + _MARKS_AHEAD]:
        if other not in "’'" or paragraph[there - 1 : there].isspace():
            return False  # another quotation begins
        if paragraph[there - 1 : there] in _ENDS:
            return True
    return False


def _keep(found: list[Quotation], paragraph: str, number: int, start: int, stop: int, language: str) -> None:
    text = paragraph[start:stop].strip()
    if not text or len(text) > _LONGEST:
        return
    keys = _word_keys(_without_speaker(text, language))
    if keys:
        begins = start + paragraph[start:stop].index(text)
        is_speech = _is_speech(paragraph, start, stop, text, keys, language)
        beside = paragraph[max(0, start - _BESIDE) : start] + paragraph[stop : stop + _BESIDE]
        found.append(
            Quotation(number, begins, text, keys, stop + 1, stop < len(paragraph), is_speech, beside)
        )


def _word_keys(text: str) -> tuple[str, ...]:
    return tuple(key for key in (fold(token).casefold() for token in tokenise(text)) if is_word(key))


def _without_speaker(text: str, language: str) -> str:
    """A quotation without who said it where that stands between dashes: "Yes – says the mayor – we do"."""
    if not _DASH.search(text):
        return text
    speaker = _speaker_between_dashes(_code_of(language))
    return text if speaker is None else speaker.sub(" ", text)


def _is_speech(paragraph: str, start: int, stop: int, text: str, keys: Sequence[str], language: str) -> bool:
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
    described = _told_in_clause(_code_of(language), ("describe",))
    clause = paragraph[max(0, start - 1 - _LONGEST_CLAUSE) : start - 1]
    is_described = described is not None and described.search(clause) is not None
    if _CALLED_BEFORE.search(before) and not is_described and not _is_clause(text, keys):
        return False
    if ideographs:
        return text[-1] in _ENDS or after[:1] in ("と", "，", "。") or len(keys) >= _SPEECH_IDEOGRAPHS
    if is_described and _code_of(language) == "de":  # where nouns have capitals as titles have
        return True
    is_title = _is_title(text) and not (_code_of(language) == "de" and text[0].islower())
    if is_title or text[-1] in _ENDS or after[:1] in (",", "،"):
        return not is_title
    if _is_said(before, after, language) or (not before and _COLON.match(after) and _is_sentence(text)):
        return True
    if len(keys) == _LEAST_WORDS and text[0].islower():
        said = _told_in_clause(_code_of(language), ("say", "judge"))
        is_said = said is not None and said.search(clause) is not None
        return is_described or (is_said and not _GOES_ON.match(after))
    return len(keys) >= (_SPEECH_WORDS if text[0].isupper() or text[0].isdigit() else _LEAST_WORDS + 1)


def _is_said(before: str, after: str, language: str) -> bool:
    """Whether a colon, a dash behind it or a word of saying right beside it tells that words are speech."""
    if before.endswith((":", "：")) or after.startswith(_KOREAN_SAYS):
        return True
    says = _says(_code_of(language))
    if says is None:  # no list tells what stands behind the dash
        return _DASHED.match(after) is not None
    return says.search(before) is not None or says.search(" ".join(after.split()[:_WORDS_BEHIND])) is not None


def _code_of(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


@cache
def _says(language: str) -> re.Pattern[str] | None:
    """A word of saying at the end of a text, perhaps with what leads over to what was said: "said it was"."""
    lists = lexicon(language).lists
    words = _any_of({*lists.get("say", ()), *lists.get("judge", ()), *lists.get("written", ())})
    if not words:
        return None
    return re.compile(rf"\b(?:{words})(?:,?\s+(?:{_LEADS_OVER})){{0,2}}[\s,]*\Z", re.IGNORECASE)


_DASH = re.compile(r"[–—]|\s-\s")


@cache
def _speaker_between_dashes(language: str) -> re.Pattern[str] | None:
    """A clause between two dashes that begins with a word of saying."""
    lists = lexicon(language).lists
    words = _any_of({*lists.get("say", ()), *lists.get("judge", ())})
    if not words:
        return None
    return re.compile(rf"(?:[–—]|\s-(?=\s))\s*(?:{words})\b[^–—]{{0,80}}?(?:[–—]|\s-(?=\s))", re.IGNORECASE)


@cache
def _told_in_clause(language: str, lists: tuple[str, ...]) -> re.Pattern[str] | None:
    """A word of these lists with what it is said of, up to the end of a text: "called the plan"."""
    words = _any_of({phrase for name in lists for phrase in lexicon(language).lists.get(name, ())})
    return re.compile(rf"\b(?:{words})\b[^.!?;“”„«»\"]*\Z", re.IGNORECASE) if words else None


def _any_of(phrases: set[str]) -> str:
    """A pattern for any of these phrases, the longest first."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)


def _is_sentence(text: str) -> bool:
    """Whether most words but the first are in small letters, as in no title."""
    words = [token for token in tokenise(text)[1:] if token[:1].isalpha()]
    return 2 * sum(token[:1].isupper() for token in words) < len(words)


def _is_clause(text: str, keys: Sequence[str]) -> bool:
    """Whether words begin in small letters and go on as no name does: the project “will never be built”."""
    return len(keys) >= _CLAUSE_WORDS and text[0].islower() and not _is_title(text)


def _is_title(text: str) -> bool:
    long = [token for token in tokenise(text) if len(token.strip()) > 3 and token[:1].isalpha()]
    return len(long) > 1 and sum(token[:1].isupper() for token in long) >= _TITLE_CASE * len(long)


def changed(
    before: Sequence[Quotation], after: Sequence[Quotation]
) -> tuple[list[tuple[Quotation, Quotation]], list[Quotation], list[Quotation]]:
    """Speech whose words are altered, speech only before and speech only after, of all that is quoted."""
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
    gone, new = _without_those_cut_otherwise(gone, new)
    altered: list[tuple[Quotation, Quotation]] = []
    if gone and new and len(gone) * len(new) <= _MOST_PAIRS:
        likely = sorted(
            (-_likeness(one, other), i, j)
            for i, one in enumerate(gone)
            for j, other in enumerate(new)
            if one.is_speech or other.is_speech
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
    return (
        sorted(altered),
        [one for one in gone if one.is_speech],
        [other for other in new if other.is_speech],
    )


def _without_those_cut_otherwise(
    gone: list[Quotation], new: list[Quotation]
) -> tuple[list[Quotation], list[Quotation]]:
    """Return both without quotations whose words are the other side's cut in two by who said them, or whose
    only difference is that nothing closes one of them or that who said it stands within one of them; two
    parts that are one on the other side are put together."""
    if not gone or not new or len(gone) * len(new) > _MOST_PAIRS:
        return gone, new
    gone, new = _put_together(gone, new), _put_together(new, gone)
    for one in tuple(gone):
        same = next((other for other in new if _are_one(one, other)), None)
        if same is not None:
            gone.remove(one)
            new.remove(same)
    return gone, new


def _put_together(parts: list[Quotation], wholes: Sequence[Quotation]) -> list[Quotation]:
    found: list[Quotation] = []
    for part in parts:
        before = found[-1] if found else None
        if before is not None and _may_be_one(before, part):
            both = before._replace(
                keys=before.keys + part.keys,
                stop=part.stop,
                closed=part.closed,
                is_speech=before.is_speech or part.is_speech,
            )
            if any(_holds_both(whole, before, part) for whole in wholes):
                found[-1] = both
                continue
        found.append(part)
    return found


def _may_be_one(first: Quotation, second: Quotation) -> bool:
    if first.paragraph == second.paragraph:
        return 0 <= second.start - first.stop <= _WITHIN_SPEECH
    # A paragraph that goes on with what the one before it left open begins with a mark of its own.
    return not first.closed and second.paragraph == first.paragraph + 1 and second.start <= _AT_THE_START


def _holds_both(whole: Quotation, first: Quotation, second: Quotation) -> bool:
    """Whether most words of both parts stand in a quotation, and each has words of its own there."""
    return all(
        LCSseq.similarity(whole.keys, part.keys) >= _PART_KEPT * len(part.keys) for part in (first, second)
    ) and len(whole.keys) > max(len(first.keys), len(second.keys))


def _are_one(one: Quotation, other: Quotation) -> bool:
    return _differ_in_their_end(one, other) or _differ_in_the_speaker(one, other)


def _differ_in_their_end(one: Quotation, other: Quotation) -> bool:
    if one.keys == other.keys:
        return True
    shorter, longer = sorted((one, other), key=lambda quotation: len(quotation.keys))
    return not longer.closed and shorter.closed and longer.keys[: len(shorter.keys)] == shorter.keys


def _differ_in_the_speaker(one: Quotation, other: Quotation) -> bool:
    """Whether one holds who said it, in words that stand beside the other: "Rien, dit-il, ne presse"."""
    shorter, longer = sorted((one, other), key=lambda quotation: len(quotation.keys))
    more = len(longer.keys) - len(shorter.keys)
    if not 1 < more <= _LONGEST_SPEAKER:
        return False
    head = 0
    while head < len(shorter.keys) and shorter.keys[head] == longer.keys[head]:
        head += 1
    if head == 0 or shorter.keys[head:] != longer.keys[head + more :]:
        return False
    return set(longer.keys[head : head + more]) <= set(_word_keys(shorter.beside))


def _likeness(one: Quotation, other: Quotation) -> float:
    common = LCSseq.similarity(one.keys, other.keys)
    if not (one.is_speech and other.is_speech):  # a few quoted words are a part of speech, or no likeness
        part, whole = (other, one) if one.is_speech else (one, other)
        return float(common == len(part.keys) >= _LEAST_PART * len(whole.keys))
    return max(
        2 * common / (len(one.keys) + len(other.keys)),
        0.9 * common / min(len(one.keys), len(other.keys)) * (common >= _LEAST_WORDS),
    )
