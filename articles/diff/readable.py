"""Runs of changed words made readable: sensible borders, no confetti of lone words between changes."""

import re
from collections.abc import Sequence
from math import inf, sqrt
from typing import NamedTuple

from articles.diff.tokens import is_word
from articles.diff.wording import Run, Text

_PASSES = 3

_FARTHEST = 200  # words that borders are looked for, in text that repeats itself

# What stands unchanged between two changes is worth keeping apart if it outweighs this many times the
# size of the changes around it, and always if it is heavier than the most.
_CHAFF_RATIO = 3
_CHAFF_MOST = 8
_CHAFF_WORDS = 2  # two light words never are

# A replacement of so many words a side may be one fact that changed, and is never joined by weight. A figure
# or a name is shown with at most so many words more than its own.
_SMALL = 3
_MORE_WORDS = 3
_SMALL_TOKENS = 2 * _SMALL + 2  # with their punctuation

_LIGHT = 3  # letters of a light word; a word in small letters is light up to the second figure
_LIGHT_SMALL = 6

_SENTENCE_ENDS = frozenset(".!?…。！？")
_PAUSES = frozenset(",;:，、；：)]}»”")
# A token that ends a sentence, or is a number or a quotation mark.
_HOLDS_APART = re.compile(r"""[\d"“”„‟«»‹›‘‚「」『』《》〈〉]|[.!?…。！？]\s*+\Z""")
_DIGIT = re.compile(r"\d")
_OPENING = frozenset("([{")
_BARE_NUMBERS = re.compile(r"[\d\s.,:/-]*+\Z")


class Change(NamedTuple):
    """A run as it is shown: ``parts`` are the runs of it that really changed, joined for reading."""

    run: Run
    parts: tuple[Run, ...]


def readable(runs: list[Run], before: Text, after: Text) -> list[Change]:
    """The same change in runs that can be read; each pass is linear in the words."""
    for _ in range(_PASSES):
        settled = _settled(runs, before, after)
        if settled == runs:
            break
        runs = settled
    return _joined(runs, before.tokens, after.tokens)


def _settled(runs: Sequence[Run], before: Text, after: Text) -> list[Run]:
    """Each pure insertion or deletion slid to where it meets another change, or to the best borders.

    "the [big ]dog, the small dog" may as well be "[the big ]dog, …": the choice is free.
    """
    settled: list[Run] = []
    ahead = list(reversed(runs))
    while ahead:
        run = ahead.pop()
        text, start, stop = (after, run.a0, run.a1) if run.b0 == run.b1 else (before, run.b0, run.b1)
        if run.b0 != run.b1 and run.a0 != run.a1:
            settled.append(run)
            continue
        room_left = run.b0 - (settled[-1].b1 if settled else 0)
        room_right = (ahead[-1].b0 if ahead else len(before.codes)) - run.b1
        left = _slack_left(text.codes, start, stop, room_left)
        if left == room_left and settled:
            last = settled.pop()
            ahead.append(Run(last.b0, run.b1 - left, last.a0, run.a1 - left))
            continue
        right = _slack_right(text.codes, start, stop, room_right)
        if right == room_right and ahead:
            following = ahead.pop()
            ahead.append(Run(run.b0 + right, following.b1, run.a0 + right, following.a1))
            continue
        shift = _best_shift(text.tokens, start, stop, min(left, _FARTHEST), min(right, _FARTHEST))
        settled.append(Run(run.b0 + shift, run.b1 + shift, run.a0 + shift, run.a1 + shift))
    return settled


def _slack_left(codes: str, start: int, stop: int, room: int) -> int:
    slack = 0
    while slack < room and codes[start - 1 - slack] == codes[stop - 1 - slack]:
        slack += 1
    return slack


def _slack_right(codes: str, start: int, stop: int, room: int) -> int:
    slack = 0
    while slack < room and codes[start + slack] == codes[stop + slack]:
        slack += 1
    return slack


def _best_shift(tokens: Sequence[str], start: int, stop: int, left: int, right: int) -> int:
    if not left and not right:
        return 0
    return max(
        range(-left, right + 1),
        key=lambda shift: (
            _border(tokens, start + shift)
            + _border(tokens, stop + shift)
            - _is_light(tokens[stop + shift - 1]),
            shift,
        ),
    )


def _border(tokens: Sequence[str], place: int) -> int:
    """How natural it is to begin or end a change between two tokens."""
    if place in (0, len(tokens)):
        return 6
    last = tokens[place - 1]
    bare = last.rstrip()
    glued = bare == last
    if bare[-1:] in _SENTENCE_ENDS and not glued:
        return 6
    if last.endswith("\n"):
        return 6
    if bare[-1:] in _PAUSES and not glued:
        return 4
    if glued:
        return 0 if is_word(last) != is_word(tokens[place]) else 1
    return 2


def _is_light(token: str) -> bool:
    """Punctuation and short words: what two unlike sentences have in common by chance."""
    bare = token.rstrip()
    longest = 1 if "가" <= bare[:1] <= "힣" else _LIGHT  # a Hangul syllable is two or three letters
    return len(bare) <= longest and not any(map(str.isdigit, bare))


def _is_function_word(token: str) -> bool:
    """Punctuation and what may be a stop-word: light, or a short word in small letters."""
    bare = token.rstrip()
    return _is_light(token) or (len(bare) <= _LIGHT_SMALL and bare.isalpha() and bare.islower())


class _Joined(NamedTuple):
    """A run with what joining it needs to know."""

    run: Run
    parts: tuple[Run, ...]
    size: int  # tokens really changed, on both sides
    small: bool  # replacements that are never joined by weight
    longest_before: float  # words that it may grow to on either side; there is no end to it but for a fact
    longest_after: float
    fact: str = ""  # the words of both sides, if they may be one


def _joined(runs: Sequence[Run], before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """Runs with what stands between them taken in, where it is too little to hold on to."""
    joined: list[_Joined] = []
    for run in runs:
        joined.append(_single(run, before, after))
        while len(joined) > 1 and _is_chaff(joined[-2], joined[-1], before, after):
            second, first = joined.pop(), joined.pop()
            joined.append(
                _Joined(
                    Run(first.run.b0, second.run.b1, first.run.a0, second.run.a1),
                    first.parts + second.parts,
                    first.size + second.size,
                    first.small and second.small,
                    min(first.longest_before, second.longest_before),
                    min(first.longest_after, second.longest_after),
                    first.fact + second.fact,
                )
            )
    return [Change(one.run, one.parts) for one in joined]


def _single(run: Run, before: Sequence[str], after: Sequence[str]) -> _Joined:
    removed, added = before[run.b0 : run.b1], after[run.a0 : run.a1]
    if not removed or not added or max(len(removed), len(added)) > _SMALL_TOKENS:
        return _Joined(run, (run,), _size(run), False, inf, inf)
    words_removed, words_added = sum(map(is_word, removed)), sum(map(is_word, added))
    small = words_removed <= _SMALL and words_added <= _SMALL
    if small and (_may_be_a_fact(removed) or _may_be_a_fact(added)):
        text = "".join((*removed, *added))
        return _Joined(
            run, (run,), _size(run), True, words_removed + _MORE_WORDS, words_added + _MORE_WORDS, text
        )
    return _Joined(run, (run,), _size(run), small, inf, inf)


def _may_be_a_fact(tokens: Sequence[str]) -> bool:
    """Whether there is a figure in the words, or a capital letter as in a name, not as after a full stop."""
    text = "".join(tokens)
    if _DIGIT.search(text):
        return True
    if text == text.lower():
        return False
    return any(
        token != token.lower() and not (place and tokens[place - 1].rstrip()[-1:] in _SENTENCE_ENDS)
        for place, token in enumerate(tokens)
    )


def _read_as_one(first: str, second: str, island: Sequence[str]) -> bool:
    """Whether two facts may be shown as one: "6,000 to 8,000", but no more in "ran 3.5km at 10.30am, 20%"."""
    if any(token.rstrip()[-1:] in _PAUSES for token in island):
        return False
    if _DIGIT.search(first) and _DIGIT.search(second):
        bare = _BARE_NUMBERS.match(first) and _BARE_NUMBERS.match(second)
        return bool(bare) and all(_is_light(token) and token.strip() not in _OPENING for token in island)
    return True


def _is_chaff(first: _Joined, second: _Joined, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether two changes are easier to read as one.

    A changed fact stands by itself: nothing is joined over the end of a sentence, a number or a quotation
    mark, no small replacement by weight, and no insertion is made to look as if it replaced what stands.
    """
    one, other = first.run, second.run
    if other.b0 - one.b1 > 2 * _CHAFF_MOST:
        return False
    if (one.b0 == one.b1 and other.b0 == other.b1) or (one.a0 == one.a1 and other.a0 == other.a1):
        return False
    island = before[one.b1 : other.b0]
    if any(map(_HOLDS_APART.search, island)):
        return False
    if len(island) <= _CHAFF_WORDS and all(map(_is_function_word, island)):
        if first.fact and second.fact and not _read_as_one(first.fact, second.fact, island):
            return False
        return _has_room(
            before[one.b0 : other.b1], min(first.longest_before, second.longest_before)
        ) and _has_room(after[one.a0 : other.a1], min(first.longest_after, second.longest_after))
    if first.small or second.small:
        return False
    around = sqrt(first.size * second.size) - 1
    return sum(map(_weight, island)) <= min(_CHAFF_RATIO * around, _CHAFF_MOST)


def _has_room(tokens: Sequence[str], longest: float) -> bool:
    return longest == inf or sum(map(is_word, tokens)) <= longest


def _weight(token: str) -> float:
    if not is_word(token):
        return 0.5
    ideograph = "\u4e00" <= token[:1] <= "\u9fff"  # half a word or a whole one, never a mere "of"
    return 1 if _is_light(token) and not ideograph else 2


def _size(run: Run) -> int:
    return run.b1 - run.b0 + run.a1 - run.a0
