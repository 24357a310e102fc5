"""One changed place of a comparison, word by word: what was kept, and the runs that really changed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

import sentencex
from rapidfuzz.distance import LCSseq

from articles.diff import Row, Span
from articles.diff.comparison import Tokens
from articles.diff.tokens import fold, is_word, tokenise

_TITLE_CASE = 0.8  # of the longer words in capitals: a title
_TITLE_WORDS = 5

_A_FEW = 12  # words beside a change that may be part of what changed

# Cells of the table that looks for kept words inside one run: a longer run counts as changed as a whole.
_MOST_CELLS = 4_000_000


class Run(NamedTuple):
    """Tokens [b0, b1) before became tokens [a0, a1) after; either may be none. ``span`` shows them."""

    b0: int
    b1: int
    a0: int
    a1: int
    span: int


class Text:
    """One side of a passage in tokens, each with the key it is looked up by."""

    def __init__(self, tokens: list[str], language: str, keys: list[str] | None = None) -> None:
        self.tokens = tokens
        self.keys = [key_of(token) for token in tokens] if keys is None else keys
        self._language = language

    @cached_property
    def text(self) -> str:
        """The whole text of this side."""
        return "".join(self.tokens)

    @cached_property
    def starts(self) -> list[int]:
        """Return where each token starts in the text, and where the last one ends."""
        return [*accumulate(map(len, self.tokens), initial=0)]

    @cached_property
    def with_digits(self) -> list[int]:
        """The tokens that begin with a digit."""
        return [place for place, key in enumerate(self.keys) if key[:1].isdigit()]

    @cached_property
    def in_small_letters(self) -> frozenset[str]:
        """The words that stand in small letters."""
        return frozenset(
            key for token, key in zip(self.tokens, self.keys, strict=True) if token[:1].islower()
        )

    @cached_property
    def in_title_case(self) -> bool:
        """Whether nearly all longer words have a capital, which then tells nothing."""
        long = [token for token in self.tokens if len(token) > 3 and token[:1].isalpha()]
        if len(long) < _TITLE_WORDS:
            return False
        return sum(token[:1].isupper() for token in long) / len(long) >= _TITLE_CASE

    @cached_property
    def sentences(self) -> list[int]:
        """For each token the number of its sentence."""
        ends: list[int] = []
        for line in self.text.splitlines(keepends=True):
            base = ends[-1] if ends else 0
            at = base
            for sentence in sentencex.segment(self._language or "en", line):
                at += len(sentence)
                ends.append(at)
            if at < base + len(line):
                ends.append(base + len(line))
        numbers: list[int] = []
        for number, end in enumerate(ends[:-1]):
            numbers += [number] * (bisect_left(self.starts, end, len(numbers), len(self.tokens)) - len(numbers))
        return numbers + [max(0, len(ends) - 1)] * (len(self.tokens) - len(numbers))

    def words(self, start: int, stop: int) -> str:
        """The words of some tokens as they stand in the text."""
        return "".join(self.tokens[start:stop]).strip()

    def starts_sentence(self, place: int) -> bool:
        """Return whether a token is the first word of a sentence, a line or a quotation."""
        while place > 0 and not is_word(self.keys[place - 1]):
            if self.keys[place - 1][-1:] in _OPENERS or self.tokens[place - 1].endswith("\n"):
                return True
            place -= 1
        return place == 0 or self.sentences[place] != self.sentences[place - 1]


_OPENERS = frozenset('.!?…:|•*"“„«»「『。！？#')


@dataclass(frozen=True)
class Passage:
    """Both texts of one row (or of the headline) with what was kept between them."""

    kind: str
    row: int | None
    before: Text
    after: Text
    runs: tuple[Run, ...]

    def after_of(self, place: int) -> int:
        """The place after of a token before that was kept, -1 for one that was removed."""
        return _kept_at(place, self._stops_before, self._stops_after, self.run_before)

    def before_of(self, place: int) -> int:
        """The place before of a token after that was kept, -1 for one that was added."""
        return _kept_at(place, self._stops_after, self._stops_before, self.run_after)

    @cached_property
    def _stops_before(self) -> list[int]:
        return [0, *(run.b1 for run in self.runs)]

    @cached_property
    def _stops_after(self) -> list[int]:
        return [0, *(run.a1 for run in self.runs)]

    @cached_property
    def kept_before(self) -> dict[int, int]:
        """For each token before that was kept, its place after."""
        kept: dict[int, int] = {}
        b = a = 0
        for run in [*self.runs, Run(len(self.before.tokens), 0, len(self.after.tokens), 0, 0)]:
            kept.update(zip(range(b, run.b0), range(a, run.a0), strict=True))
            b, a = run.b1, run.a1
        return kept

    @cached_property
    def run_before(self) -> dict[int, Run]:
        """For each token before that was removed, its run."""
        return {i: run for run in self.runs for i in range(run.b0, run.b1)}

    @cached_property
    def run_after(self) -> dict[int, Run]:
        """For each token after that was added, its run."""
        return {j: run for run in self.runs for j in range(run.a0, run.a1)}

    @cached_property
    def near_before(self) -> list[int]:
        """The tokens before that stand in a run or a few words from one, in order."""
        return _near([(run.b0, run.b1) for run in self.runs], len(self.before.tokens))

    @cached_property
    def near_after(self) -> list[int]:
        """The tokens after that stand in a run or a few words from one, in order."""
        return _near([(run.a0, run.a1) for run in self.runs], len(self.after.tokens))

    @cached_property
    def sentence_links(self) -> dict[tuple[int, int], int]:
        """Words kept between a sentence before and a sentence after, by their numbers."""
        links: dict[tuple[int, int], int] = {}
        before, after = self.before.sentences, self.after.sentences
        for i, j in self.kept_before.items():
            if is_word(self.before.keys[i]):
                pair = before[i], after[j]
                links[pair] = links.get(pair, 0) + 1
        return links

    @cached_property
    def sentence_sizes(self) -> tuple[list[int], list[int]]:
        """The words in each sentence of either side."""
        return _sizes(self.before), _sizes(self.after)

    def mirrored(self) -> "Passage":
        """The same passage seen from the other side."""
        runs = tuple(Run(run.a0, run.a1, run.b0, run.b1, run.span) for run in self.runs)
        return Passage(self.kind, self.row, self.after, self.before, runs)


def passage(
    kind: str, row: int | None, spans: Sequence[Span], language: str, tokens: Sequence[Tokens] = ()
) -> Passage:
    """The words of some spans of a comparison, and what really changed in those joined for reading.

    ``tokens`` are those of the spans, where the comparison has them.
    """
    split = tokens or [(tokenise(span.before), tokenise(span.after)) for span in spans]
    before: list[str] = []
    after: list[str] = []
    keys_before: list[str] = []
    keys_after: list[str] = []
    runs: list[Run] = []
    for start, stop in _stretches(spans):
        span = spans[start]
        if span.tag == "=":
            removed = _with_figures_apart(span.before, split[start][0])
            keys_removed = list(map(key_of, removed))
            if span.before == span.after:
                added, keys_added = removed, keys_removed
            else:
                added = _with_figures_apart(span.after, split[start][1])
                keys_added = list(map(key_of, added))
                if len(removed) != len(added):
                    b, a = len(before), len(after)
                    runs.append(Run(b, b + len(removed), a, a + len(added), start))
        else:
            removed, added = [], []
            for span, (out, put) in zip(spans[start:stop], split[start:stop], strict=True):
                removed += _with_figures_apart(span.before, out)
                added += _with_figures_apart(span.after, put)
            keys_removed, keys_added = list(map(key_of, removed)), list(map(key_of, added))
            runs += _really_changed(removed, added, len(before), len(after), start)
        before += removed
        after += added
        keys_before += keys_removed
        keys_after += keys_added
    return Passage(
        kind, row, Text(before, language, keys_before), Text(after, language, keys_after), tuple(runs)
    )


# What is written onto a figure as part of its word: "dell'8%", "d’1,5 million", the Arabic "and 7".
_ON_FIGURE = re.compile(r"(?:[^\W\d_]{1,6}['’ʼ]|[وفبلك]{1,2}\u0640?)(?=\d)")
_MAY_BE_ON_FIGURE = re.compile(r"['’ʼوفبلك\u0640]\d")


def words_of(text: str) -> list[str]:
    """The tokens of a text as the diff splits it, but for figures, which stand by themselves."""
    return _with_figures_apart(text, tokenise(text))


def _with_figures_apart(text: str, tokens: list[str]) -> list[str]:
    if not _MAY_BE_ON_FIGURE.search(text):
        return tokens
    parts: list[str] = []
    for token in tokens:
        glued = _ON_FIGURE.match(token)
        parts += [glued.group(), token[glued.end() :]] if glued else [token]
    return parts


def paragraph(row_number: int, row: Row, language: str) -> Passage:
    """The passage of a row of a comparison."""
    return passage(row.kind, row_number, row.spans, language, row.tokens)


def _stretches(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The places [start, stop) of kept spans, each by itself, and of what stands between two together."""
    start = 0
    for place, span in enumerate(spans):
        if span.tag == "=":
            if start < place:
                yield start, place
            yield place, place + 1
            start = place + 1
    if start < len(spans):
        yield start, len(spans)


def _really_changed(removed: Sequence[str], added: Sequence[str], b: int, a: int, span: int) -> Iterable[Run]:
    if not removed or not added or len(removed) * len(added) > _MOST_CELLS:
        return [Run(b, b + len(removed), a, a + len(added), span)]
    x, y = [fold(token) for token in removed], [fold(token) for token in added]
    runs: list[Run] = []
    last_b = last_a = 0
    for i, j, size in [*LCSseq.editops(x, y).as_matching_blocks()]:
        if i > last_b or j > last_a:
            runs.append(Run(b + last_b, b + i, a + last_a, a + j, span))
        last_b, last_a = i + size, j + size
    return runs


# Vowel signs, which Arabic may be written with and without, and the stretched letter.
_VOWEL_SIGNS = dict.fromkeys((*range(0x064B, 0x0653), 0x0640, 0x0670))


@lru_cache(maxsize=50_000)
def key_of(token: str) -> str:
    """Return the key that a token is looked up by: folded, in small letters, without Arabic vowel signs."""
    key = fold(token).casefold()
    return key.translate(_VOWEL_SIGNS) if key[:1] > "\u0600" else key


def _near(stretches: Iterable[tuple[int, int]], count: int) -> list[int]:
    places: list[int] = []
    end = 0
    for start, stop in stretches:
        following = min(count, stop + _A_FEW)
        places += range(max(end, start - _A_FEW), following)
        end = following
    return places


def _kept_at(place: int, stops: Sequence[int], other_stops: Sequence[int], runs: Mapping[int, Run]) -> int:
    """Where a kept token stands on the other side, by where the run before it ends on both sides."""
    if place in runs:
        return -1
    last = bisect_right(stops, place) - 1
    return other_stops[last] + place - stops[last]


def _sizes(text: Text) -> list[int]:
    sizes = [0] * (text.sentences[-1] + 1 if text.sentences else 0)
    for sentence, key in zip(text.sentences, text.keys, strict=True):
        sizes[sentence] += is_word(key)
    return sizes
