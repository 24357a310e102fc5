"""Runs of changed words made readable: sensible borders, no confetti of lone words between changes."""

from collections.abc import Sequence
from math import sqrt

from articles.diff.tokens import is_word
from articles.diff.wording import Run, Text

_PASSES = 3

_FARTHEST = 200  # words that borders are looked for, in text that repeats itself

# What stands unchanged between two changes is worth keeping apart if it outweighs this many times the
# size of the changes around it, and always if it is heavier than the most.
_CHAFF_RATIO = 2
_CHAFF_MOST = 8
_CHAFF_WORDS = 2  # two light words never are

_SENTENCE_ENDS = frozenset(".!?…。！？")
_PAUSES = frozenset(",;:，、；：)]}»”")


def readable(runs: list[Run], before: Text, after: Text) -> list[Run]:
    """The same change in runs that can be read; each pass is linear in the words."""
    for _ in range(_PASSES):
        settled = _settled(runs, before, after)
        if settled == runs:
            break
        runs = settled
    return _joined(runs, before)


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
    longest = 1 if "가" <= bare[:1] <= "힣" else 3  # a Hangul syllable is two or three letters
    return len(bare) <= longest and not any(map(str.isdigit, bare))


def _joined(runs: Sequence[Run], before: Text) -> list[Run]:
    """Runs with what stands between them taken in, where it is too little to hold on to."""
    joined: list[Run] = []
    for run in runs:
        joined.append(run)
        while len(joined) > 1 and _is_chaff(joined[-2], joined[-1], before.tokens):
            second, first = joined.pop(), joined.pop()
            joined.append(Run(first.b0, second.b1, first.a0, second.a1))
    return joined


def _is_chaff(first: Run, second: Run, tokens: Sequence[str]) -> bool:
    if second.b0 - first.b1 > 2 * _CHAFF_MOST:
        return False
    island = tokens[first.b1 : second.b0]
    if len(island) <= _CHAFF_WORDS and all(map(_is_light, island)):
        return True
    around = sqrt(_size(first) * _size(second)) - 1
    return sum(map(_weight, island)) <= min(_CHAFF_RATIO * around, _CHAFF_MOST)


def _weight(token: str) -> float:
    if any(map(str.isdigit, token)):
        return 4
    if not is_word(token):
        return 0.5
    ideograph = "\u4e00" <= token[:1] <= "\u9fff"  # half a word or a whole one, never a mere "of"
    return 1 if _is_light(token) and not ideograph else 2


def _size(run: Run) -> int:
    return run.b1 - run.b0 + run.a1 - run.a0
