"""How fast extraction is, beside trafilatura in the same run, and what the worst pages cost.

    python -m benchmarks.extract [FILE]

Without a file, the pages are made: the shapes of twelve publishing systems in twelve languages, each with
furniture of its own. FILE (JSON lines, perhaps .xz) holds real pages: `html` and `url` in each line. Printed
are pages a second on one core, the median and the 95th percentile in milliseconds of processor time; then how
long pages take that are made to take long, at a quarter of a size and at the whole: four times the time for
four times the page means that nothing is quadratic.
"""

import argparse
import json
import lzma
import time
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from trafilatura import bare_extraction

from articles.extract import decode, extract
from tests.extract.monsters import MONSTERS
from tests.extract.shapes import SHAPES
from tests.extract.words import LANGUAGES

Pages = list[tuple[bytes, str]]
Reader = Callable[[bytes, str], object]

_SEEDS = 3  # pages of each shape and language
_ROUNDS = 2  # the first is not counted: it compiles patterns and fills caches
_PART = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, help="JSON lines with html and url, perhaps .xz")
    options = parser.parse_args()
    pages = real_pages(options.file) if options.file else _made()
    print(
        f"{len(pages)} pages, {sum(len(body) for body, _ in pages) / len(pages) / 1000:,.0f} kB on average\n"
    )
    print("| | pages a second and core | median, ms | 95 %, ms |")
    print("|---|--:|--:|--:|")
    for name, reader in READERS.items():
        times = _times(reader, pages)
        cuts = quantiles(times, n=20)
        print(
            f"| {name} | {len(times) / sum(times):,.0f} | {1000 * cuts[9]:.1f} | {1000 * cuts[18]:.1f} |",
            flush=True,
        )
    print("\n| page | size | MB | a quarter of it, s | all of it, s |")
    print("|---|--:|--:|--:|--:|")
    for monster, size in MONSTERS.items():
        part, whole = (monster(count).encode() for count in (size // _PART, size))
        seconds = [_seconds(extract, body, "https://paper.example/a") for body in (part, whole)]
        name = monster.__name__.replace("_", " ")
        print(
            f"| {name} | {size:,} | {len(whole) / 1e6:.1f} | {seconds[0]:.2f} | {seconds[1]:.2f} |",
            flush=True,
        )


def _made() -> Pages:
    return [
        (shape(words, seed).encode(), f"https://paper.example/{shape.__name__}/{seed}")
        for shape in SHAPES
        for words in LANGUAGES
        for seed in range(_SEEDS)
    ]


def real_pages(file: Path) -> Pages:
    """The pages in a file of JSON lines, with their addresses."""
    with (
        lzma.open(file, "rt", encoding="utf-8")
        if file.suffix == ".xz"
        else file.open(encoding="utf-8") as lines
    ):
        rows = [json.loads(line) for line in lines]
    return [(row["html"].encode("utf-8-sig", "replace"), row["url"]) for row in rows]


def _trafilatura(body: bytes, url: str) -> object:
    return bare_extraction(decode(body), url=url, favor_precision=True, include_comments=False)


READERS: dict[str, Reader] = {"ours": extract, "trafilatura, precision": _trafilatura}


def _times(reader: Reader, pages: Pages) -> list[float]:
    times: list[float] = []
    for _ in range(_ROUNDS):
        times = [_seconds(reader, body, url) for body, url in pages]
    return times


def _seconds(reader: Reader, body: bytes, url: str) -> float:
    start = time.process_time()
    reader(body, url)
    return time.process_time() - start


if __name__ == "__main__":
    main()
