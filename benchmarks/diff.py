"""What a comparison costs as texts grow, against difflib and a bare LCS of all words, in one run.

    python -m benchmarks.diff [--most WORDS] [--repeat TIMES]

The texts are made up, of words as frequent as in real ones, in paragraphs of 60 words. Each is compared
with a revision of itself: "edited" has a few words changed in one paragraph of ten, "rewritten" half of
its words changed, with paragraphs moved, split and joined. Times are medians in milliseconds of
processor time; "runs" are unbroken stretches of changed words, which is what a reader has to look at. A
method that took over five seconds is not tried on longer texts.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from articles.diff import compare
from articles.diff.tokens import Lexicon, is_plain, tokenise

LENGTHS = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
PARAGRAPH = 60  # words
VOCABULARY = 20_000
PATIENCE = 5.0  # seconds

Paragraphs = Sequence[str]


class Measured(NamedTuple):
    """Milliseconds taken, and the runs of changed words found."""

    milliseconds: float
    runs: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--most", type=int, default=LENGTHS[-1], help="words of the longest text")
    parser.add_argument("--repeat", type=int, default=5, help="how often each is measured")
    options = parser.parse_args()
    print("| text | words | ours, ms | LCS, ms | difflib, ms | runs: ours | LCS | difflib |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, revise in (("edited", edited), ("rewritten", rewritten)):
        methods: dict[str, Callable[[Paragraphs, Paragraphs], int]] = {
            "ours": ours,
            "lcs": bare_lcs,
            "difflib": with_difflib,
        }
        for length in LENGTHS:
            if length > options.most:
                break
            before = made_up(length, random.Random(length))
            after = revise(before, random.Random(length + 1))
            found = {method: measured(run, before, after, options.repeat) for method, run in methods.items()}
            print(table_row(name, length, found), flush=True)
            for method, result in found.items():
                if result.milliseconds > 1000 * PATIENCE:
                    del methods[method]


COLUMNS = ("ours", "lcs", "difflib")


def table_row(name: str, length: int, found: dict[str, Measured]) -> str:
    times = [f"{found[method].milliseconds:,.1f}" if method in found else "–" for method in COLUMNS]
    runs = [f"{found[method].runs:,}" if method in found else "–" for method in COLUMNS]
    return f"| {name} | {length:,} | {' | '.join(times)} | {' | '.join(runs)} |"


def measured(
    run: Callable[[Paragraphs, Paragraphs], int], before: Paragraphs, after: Paragraphs, repeat: int
) -> Measured:
    times = []
    runs = 0
    for _ in range(repeat):
        start = time.process_time()
        runs = run(before, after)
        times.append(time.process_time() - start)
        if times[0] > 1:
            break
    return Measured(1000 * statistics.median(times), runs)


def ours(before: Paragraphs, after: Paragraphs) -> int:
    runs = 0
    for row in compare(before, after).changes:
        last = "="
        for span in row.spans:
            runs += span.tag != "=" and last == "="
            last = span.tag
    return runs


def bare_lcs(before: Paragraphs, after: Paragraphs) -> int:
    """One LCS over the words of both texts, each word interned: the least that any method must do."""
    lexicon = Lexicon()
    x, y = (
        "".join(lexicon.encode(tokenise(text), plain=is_plain(text)) for text in side)
        for side in (before, after)
    )
    blocks = LCSseq.editops(x, y).as_matching_blocks()
    return stretches([(block.a, block.b, block.size) for block in blocks])


def with_difflib(before: Paragraphs, after: Paragraphs) -> int:
    x, y = ([token for text in side for token in tokenise(text)] for side in (before, after))
    blocks = SequenceMatcher(None, x, y, autojunk=False).get_matching_blocks()
    return stretches([(block.a, block.b, block.size) for block in blocks])


def stretches(blocks: Sequence[tuple[int, int, int]]) -> int:
    """The changed stretches between matching blocks, of which the last is an empty one at the end."""
    count = i = j = 0
    for a, b, size in blocks:
        count += a > i or b > j
        i, j = a + size, b + size
    return count


def made_up(length: int, dice: random.Random) -> list[str]:
    words = [f"w{word(dice)}" for _ in range(length)]
    return [" ".join(words[start : start + PARAGRAPH]) + "." for start in range(0, length, PARAGRAPH)]


def word(dice: random.Random) -> int:
    """By rank, as frequent as in real texts (Zipf)."""
    return min(VOCABULARY, int((1 - dice.random()) ** (-1 / 0.9)))


def edited(paragraphs: Paragraphs, dice: random.Random) -> list[str]:
    return [changed(text, 0.05, dice) if place % 10 == 0 else text for place, text in enumerate(paragraphs)]


def rewritten(paragraphs: Paragraphs, dice: random.Random) -> list[str]:
    after: list[str] = []
    for text in paragraphs:
        text = changed(text, 0.5, dice)
        match dice.randrange(12):
            case 0:
                half = len(text) // 2
                after += [text[:half].strip(), text[half:].strip()]
            case 1 if after:
                after[-1] += " " + text
            case 2:
                after.insert(dice.randrange(len(after) + 1), text)
            case 3:
                after.append(" ".join(f"w{word(dice)}" for _ in range(PARAGRAPH)))
            case _:
                after.append(text)
    return after


def changed(text: str, share: float, dice: random.Random) -> str:
    """A share of the words replaced, dropped or added to, in phrases of one to five."""
    words = text.split()
    place = 0
    while place < len(words):
        if dice.random() < share / 3:
            size = dice.randint(1, 5)
            words[place : place + dice.choice((0, size, size))] = [
                f"w{word(dice)}" for _ in range(dice.choice((0, size, size)))
            ]
            place += size
        place += 1
    return " ".join(words)


if __name__ == "__main__":
    main()
