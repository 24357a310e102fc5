"""What stands on many articles of a source, or holds other stories' words: learned or suggested."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from articles.extract import phrases
from articles.extract.looks.look import Look, PlaceKey, SeenBlock

LEAST_ARTICLES = 5
"""On how many articles of one day something must stand to be thought of as furniture."""

LEAST_SHARE = 0.3
"""And on which share of the source's articles read that day."""

LEAST_LOOKS = 6
"""How many looks it takes to say that a place holds another story's words."""

MOST_LIES = 0.5
"""More than this share of its looks must show words wholly other than before."""

_SAME_WORDS = 0.3  # share of words; with less in common two texts are of two stories
_LONGEST_CREDIT = 120  # characters
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+")
_CREDIT = re.compile(
    r"""(?:\b(?:AFP | AP | Reuters | dpa | APA | ANSA | EFE | PTI | ANI | AAP | PA | TASS | Interfax
        | RIA | Xinhua | Kyodo
    | Jiji | Yonhap | Anadolu | NTB | TT | Ritzau | STT | ANP | Belga | Keystone-SDA | SDA | KNA | epd
    | sid | Lusa | MTI
    | PAP | CTK | ČTK | Bloomberg | UPI | CP | Associated\ Press | Press\ Association | ТАСС | Интерфакс
    | 新华社
    | 共同 | 時事 | 연합뉴스 | رويترز)\b | © | \(c\)
    | (?i:^\W*(?:(?:additional\ )?(?:reporting | writing | editing)\ by | with\ (?:additional\ )?reporting
    | mit\ (?:material | informationen)\ (?:von | der) | avec\ (?:les\ )?agences? | con\ información\ de
    | com\ informações\ d[aeo] | con\ agenzie | с\ использованием\ материалов)\b)
    | (?i:^\W*(?:source | sources | quelle | quellen | fuente | fonte
    | bron | źródło
    | источник | المصدر | 来源 | 出典)\b))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A place that stands on many articles of a day, with the evidence.

    learned   False: it stands in the column of prose somewhere, or with other text in its box; only an admin
              can say what it is
    articles  which articles it stands on; `of` how many were read that day
    """

    key: PlaceKey
    text: str
    learned: bool
    articles: tuple[str, ...]
    of: int


def standing_on_many(looks: Mapping[str, Look]) -> list[Standing]:
    """Return what stands on at least five and 30 % of a source's articles of one day.

    looks   the last look at each article read that day, by the article's id

    Learned without an admin is only what stands outside the column of prose on all of them, or alone in its
    box. Corrections and agencies' credits are never returned.
    """
    found: defaultdict[PlaceKey, dict[str, SeenBlock]] = defaultdict(dict)
    for article, look in looks.items():
        for block in look.blocks:
            found[block.key].setdefault(article, block)
    least = max(LEAST_ARTICLES, LEAST_SHARE * len(looks))
    standing = []
    for key, blocks in found.items():
        seen = list(blocks.values())
        if len(blocks) < least or any(is_kept_for_good(block.text) for block in seen):
            continue
        learned = all(not block.in_column or block.alone for block in seen)
        standing.append(Standing(key, seen[0].text, learned, tuple(blocks), len(looks)))
    return sorted(standing, key=lambda one: (-len(one.articles), one.key))


def is_kept_for_good(text: str) -> bool:
    """Whether a text is what editors owe their readers wherever it stands: a note on the story, a credit."""
    if phrases.NOTE.match(text):
        return True
    return len(text) <= _LONGEST_CREDIT and _CREDIT.search(text) is not None


def left_alone(key: PlaceKey, before: Look, after: Look, others: Sequence[Look]) -> bool:
    """Whether something learned left this article, or changed on it, while it stands on the others: an edit.

    others   the last looks at other articles of the source that had it, no older than `after`
    """
    if before.texts(key) == after.texts(key):
        return False
    standing = sum(bool(look.texts(key)) for look in others)
    return bool(others) and 2 * standing > len(others)


def lying_signatures(looks: Mapping[str, Sequence[Look]]) -> frozenset[str]:
    """Return the signatures outside the column that hold another story's words at over half of the looks.

    looks   the last looks at each article of a source, oldest first, by the article's id

    A text that shares hardly a word with what stood at its place before is another story's. It takes six
    looks, on whatever articles, to say so; a place that keeps its words on one of two looks is left alone.
    """
    told: defaultdict[str, int] = defaultdict(int)
    lies: defaultdict[str, int] = defaultdict(int)
    in_column = {
        block.signature
        for each in looks.values()
        for look in each
        for block in look.blocks
        if block.in_column or block.table or is_kept_for_good(block.text)
    }
    for each in looks.values():
        for before, after in pairwise(each):
            earlier, later = _by_signature(before), _by_signature(after)
            for signature in (earlier.keys() & later.keys()) - in_column:
                told[signature] += 1
                lies[signature] += not _share_words(earlier[signature], later[signature])
    return frozenset(
        signature
        for signature, looked in told.items()
        if looked + 1 >= LEAST_LOOKS and lies[signature] > MOST_LIES * looked
    )


def _by_signature(look: Look) -> dict[str, frozenset[str]]:
    """Return the words at each signature."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for block in look.blocks:
        found[block.signature].update(_WORD.findall(block.words.casefold()))
    return {signature: frozenset(words) for signature, words in found.items()}


def _share_words(one: frozenset[str], other: frozenset[str]) -> bool:
    smaller = min(len(one), len(other))
    return smaller == 0 or len(one & other) >= _SAME_WORDS * smaller
