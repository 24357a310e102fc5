"""How often the facts of a change are right, by kind and language, and what they cost beside the comparison.

    python -m benchmarks.facts LABELLED.jsonl [LABELLED.jsonl …] [--no-time]

Each line of a labelled file is a JSON object: ``before``, ``after``, ``kind`` (edited, added, removed,
headline, split or merged), ``lang`` and ``labels``: ``numbers``, ``dates`` and ``names`` are lists of
[old, new], ``quotes``, ``hedging`` and ``attribution`` lists, ``negation`` true or false, ``note`` a word or
null, and ``unsure`` names the keys that count neither way. Precision is the share of lines on which a kind
was said that hold it, recall the share of lines holding it on which it was said. Times are processor time,
medians over made-up articles of which one paragraph in ten was edited.
"""

import argparse
import json
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from articles.diff import compare
from articles.facts import FACTS_VERSION, Fact, Kind, facts
from benchmarks.diff import edited, made_up

KEYS = {
    Kind.NUMBER: "numbers",
    Kind.DATE: "dates",
    Kind.QUOTE: "quotes",
    Kind.NAME: "names",
    Kind.HEDGE: "hedging",
    Kind.ATTRIBUTION: "attribution",
    Kind.NEGATION: "negation",
    Kind.NOTE: "note",
}
LENGTHS = (100, 300, 1_000, 3_000)  # words
REPEAT = 9


class Tally(NamedTuple):
    """Lines on which a kind was said rightly, said wrongly, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def counted(self, *, holds: bool, said: bool) -> "Tally":
        return Tally(
            self.right + (holds and said),
            self.wrong + (said and not holds),
            self.missed + (holds and not said),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("labelled", nargs="*", type=Path)
    parser.add_argument("--no-time", action="store_true")
    options = parser.parse_args()
    if options.labelled:
        print(f"Rules of version {FACTS_VERSION}.\n")
        print_precision([line for path in options.labelled for line in lines(path)])
    if not options.no_time:
        print_times()


def lines(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def found(line: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The facts of a labelled line; a headline is compared as one."""
    if line["kind"] == "headline":
        return facts(
            [], [], headline_before=line["before"], headline_after=line["after"], language=line["lang"]
        )
    before, after = ([text] if text else [] for text in (line["before"], line["after"]))
    return facts(before, after, language=line["lang"])


def print_precision(labelled: Sequence[Mapping[str, Any]]) -> None:
    tallies: defaultdict[tuple[str, Kind], Tally] = defaultdict(Tally)
    quiet = none = 0
    for line in labelled:
        said = {fact.kind for fact in found(line)}
        labels = line["labels"]
        for kind, key in KEYS.items():
            if key not in labels["unsure"]:
                for language in (line["lang"], "all"):
                    tallies[language, kind] = tallies[language, kind].counted(
                        holds=bool(labels[key]), said=kind in said
                    )
        if not labels["unsure"] and not any(labels[key] for key in KEYS.values()):
            none += 1
            quiet += not said
    print("| language | kind | lines | precision | recall |")
    print("|---|---|--:|--:|--:|")
    for (language, kind), tally in sorted(
        tallies.items(), key=lambda item: (item[0][0] != "all", item[0][0])
    ):
        if tally.right + tally.missed or tally.wrong:
            precision = share(tally.right, tally.right + tally.wrong)
            recall = share(tally.right, tally.right + tally.missed)
            print(f"| {language} | {kind.value} | {tally.right + tally.missed} | {precision} | {recall} |")
    print(f"\nLines without any: {none}; nothing was said on {share(quiet, none)} of them.\n")


def share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


def print_times() -> None:
    print("| words | comparison, ms | facts, ms |")
    print("|--:|--:|--:|")
    for length in LENGTHS:
        before = made_up(length, random.Random(length))
        after = edited(before, random.Random(length + 1))
        comparison = compare(before, after)

        def of_facts() -> object:
            return facts(before, after, language="en", comparison=comparison)  # noqa: B023

        def of_comparison() -> object:
            return compare(before, after)  # noqa: B023

        print(f"| {length:,} | {milliseconds(of_comparison):.2f} | {milliseconds(of_facts):.2f} |")


def milliseconds(run: Callable[[], object]) -> float:
    """The median of processor time, after one run to warm up."""
    run()
    taken = []
    for _ in range(REPEAT):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return 1_000 * statistics.median(taken)


if __name__ == "__main__":
    main()
