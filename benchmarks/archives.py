"""How fast archives are taken in, in how much memory, and how long the evidence of a change takes.

    python -m benchmarks.archives [--versions 20000] [--warc-megabytes 200] [--log 1000000]
                                  [--page-kilobytes 60] [--postgres postgres://user@host:5432/empty_database]

Makes a file like those of NewsEdits (articles of 3.6 versions of some 450 words each, of which each changes
one paragraph in five), takes it in, and counts what changed: versions a second of processor time, for the
process alone, and its memory. Then a WARC of so many megabytes (unpacked) of news pages of so many kilobytes,
each seen three times, taken in by a process of its own, whose most memory is told. Then a log of so many leaves
and the evidence of one change, pages and all: milliseconds.
"""

import argparse
import os
import random
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

START = datetime(2018, 1, 1, tzinfo=UTC)
PARAGRAPHS, WORDS = 15, 30
REPEAT = 20


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--versions", type=int, default=20_000)
    parser.add_argument("--warc-megabytes", type=int, default=200)
    parser.add_argument("--page-kilobytes", type=int, default=60, help="of each of the WARC's pages")
    parser.add_argument("--log", type=int, default=1_000_000, help="leaves")
    parser.add_argument("--postgres", metavar="ADDRESS", help="of an empty database; SQLite if not given")
    parser.add_argument("--read-warc", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read_warc:
        read_warc(options.read_warc)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"}
        if options.postgres:
            os.environ["DATABASE_URL"] = options.postgres
        measure_import(Path(folder), options.versions)
        measure_warc(Path(folder), options.warc_megabytes, options.page_kilobytes)
    measure_evidence(options.log)


def measure_import(folder: Path, versions: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from articles.archives import newsedits, store
    from articles.models import Imported

    call_command("migrate", verbosity=0)
    archive = folder / "ap.db"
    made = write_newsedits(archive, versions)
    options = store.Options(Imported.Origin.NEWSEDITS, archive="ap")
    began, processor = time.monotonic(), time.process_time()
    report = store.import_records(newsedits.read(archive), options)
    taken, used = time.monotonic() - began, time.process_time() - processor
    assert report.versions + report.sightings == made
    print(f"{connection.vendor}: {report.articles:,} articles, {report.versions:,} versions")
    tell_pace("import", made, used, taken)
    began, processor = time.monotonic(), time.process_time()
    counted = store.count_changes()
    taken, used = time.monotonic() - began, time.process_time() - processor
    tell_pace("counting", counted, used, taken)
    began = time.monotonic()
    again = store.import_records(newsedits.read(archive), options)
    assert again.known == made
    print(f"second run   {made / (time.monotonic() - began):>8,.0f} versions a second by the clock")
    print(f"most memory  {most_memory():>8,.0f} MB")
    connection.close()


def tell_pace(what: str, versions: int, used: float, taken: float) -> None:
    pace = f"{versions / used:>8,.0f} versions a second of processor time"
    print(f"{what:13}{pace}, {versions / taken:,.0f} by the clock")


def measure_warc(folder: Path, megabytes: int, page_kilobytes: int) -> None:
    archive = folder / "crawl.warc.gz"
    pages = write_crawl(archive, megabytes, page_kilobytes)
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.archives", "--read-warc", str(archive)],
        capture_output=True,
        text=True,
        check=True,
    )
    taken = time.monotonic() - began
    size = archive.stat().st_size / 1e6
    print(f"\nWARC of {megabytes:,} MB ({size:,.0f} MB packed), {pages:,} pages: {taken:,.1f} s by the clock")
    print(done.stdout, end="")


def read_warc(archive: Path) -> None:
    """In a process of its own, so that its memory is its own; into the database of who started it."""
    import django

    django.setup()
    from articles.archives import store, warc
    from articles.models import Imported

    before, began = most_memory(), time.process_time()
    report = store.import_records(warc.read(archive), store.Options(Imported.Origin.WARC))
    used = time.process_time() - began
    print(f"{report.articles:,} articles, {report.versions:,} versions, {report.sightings:,} seen again")
    print(f"processor    {used:>8,.0f} s, without that of its reader")
    print(f"most memory  {most_memory():>8,.0f} MB, {most_memory() - before:,.0f} of them for taking it in")


def measure_evidence(leaves: int) -> None:
    from articles.archives.warc_writing import KeptPage, write_warc
    from articles.diff import compare
    from articles.evidence import (
        Evidence,
        Log,
        LogEntry,
        MemoryNodes,
        PackedPage,
        PackedVersion,
        build,
        leaf_hash,
        leaf_of,
    )
    from articles.evidence.pack import text_bytes

    rng = random.Random(3)
    before, after = (tuple(text_of(rng) for _ in range(PARAGRAPHS)) for _ in range(2))
    log = Log(MemoryNodes())
    log.append(rng.randbytes(32) for _ in range(leaves))
    sides = []
    for number, paragraphs in enumerate((before, after)):
        body = page_of("Headline", list(paragraphs), rng)
        stream = BytesIO()
        kept = KeptPage(str(uuid.UUID(int=number)), "https://a.example/", START, body, headers=())
        write_warc(stream, [kept], packed=False)
        told = text_bytes("Headline", "", paragraphs)
        seen = START + timedelta(hours=number)
        leaf = leaf_of(
            address="https://a.example/",
            seen=seen,
            previous_last_seen=None,
            text=told,
            page=body,
            nonce=secrets.token_bytes(16),
        )
        index = log.append([leaf_hash(leaf)])
        sides.append((paragraphs, seen, leaf, index, PackedPage(body, stream.getvalue())))
    times = []
    for _ in range(REPEAT):
        began = time.perf_counter()
        versions = [
            PackedVersion(
                number,
                "https://a.example/",
                "Headline",
                "",
                paragraphs,
                seen,
                LogEntry(leaf, index, tuple(log.inclusion(index))),
                page,
            )
            for number, (paragraphs, seen, leaf, index, page) in enumerate(sides, 1)
        ]
        packed = build(
            Evidence(
                site="https://diffs.example",
                article_url="https://diffs.example/articles/1/",
                before=versions[0],
                after=versions[1],
                previous_last_seen=None,
                comparison=compare(before, after).to_dict(),
                diff_html="<!doctype html>",
                size=log.size,
                root=log.root(),
                root_at=START,
            )
        )
        times.append((time.perf_counter() - began) * 1000)
    print(
        f"\nevidence of a change in a log of {log.size:,}: {statistics.median(times):.0f} ms at the median,",
        end=" ",
    )
    print(f"{max(times):.0f} at most; {len(packed) / 1000:,.0f} KB")


def most_memory() -> float:
    """Megabytes that this process has held at most (Linux; what its parent held does not count)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


_LETTERS = "etaoinshrdlucmfwypvbgk"
_VOCABULARY = ["".join(random.Random(number).choices(_LETTERS, k=2 + number % 8)) for number in range(20_000)]


def text_of(rng: random.Random) -> str:
    return " ".join(rng.choices(_VOCABULARY, k=WORDS)).capitalize() + "."


def revised(paragraphs: list[str], rng: random.Random) -> list[str]:
    return [text_of(rng) if rng.random() < 0.2 else paragraph for paragraph in paragraphs]


def write_newsedits(path: Path, versions: int) -> int:
    """A file like those of NewsEdits; how many versions it has."""
    rng = random.Random(1)
    made = entry = 0
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE entryversion (id INTEGER PRIMARY KEY, entry_id INTEGER, version INTEGER,"
            " created TEXT, title TEXT, url TEXT, num_versions INTEGER, summary TEXT)"
        )
        while made < versions:
            entry += 1
            count = min(rng.choice((1, 2, 2, 3, 4, 6, 7)), versions - made)
            paragraphs = [text_of(rng) for _ in range(PARAGRAPHS)]
            for number in range(count):
                made += 1
                created = START + timedelta(minutes=10 * entry + 60 * number)
                connection.execute(
                    "INSERT INTO entryversion VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        made,
                        entry,
                        number,
                        created.strftime("%Y-%m-%d %H:%M:%S"),
                        f"Headline {entry}",
                        f"https://news.example/{entry}",
                        count,
                        "".join(f"<p>{one}</p>" for one in paragraphs),
                    ),
                )
                paragraphs = revised(paragraphs, rng)
        connection.commit()
    return made


def page_of(headline: str, paragraphs: list[str], rng: random.Random, kilobytes: int = 60) -> bytes:
    """A news page of so many kilobytes, most of which is not its story."""
    story = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"<!doctype html><html lang=en><title>{headline}</title><main><article><h1>{headline}</h1>{story}"
    rest: list[str] = []
    size = len(page)
    while size < kilobytes * 1000:
        rest.append(f'<li class=teaser><a href="/{rng.randrange(10**6)}">{text_of(rng)}</a></li>')
        size += len(rest[-1])
    return f"{page}</article></main><aside><ul>{''.join(rest)}</ul></aside></html>".encode()


def write_crawl(path: Path, megabytes: int, page_kilobytes: int) -> int:
    """A WARC of so many megabytes unpacked; how many pages it has."""
    from articles.archives.warc_writing import KeptPage, write_warc

    rng = random.Random(2)
    count = max(megabytes * 1000 // page_kilobytes, 3)

    texts: dict[int, list[str]] = {}

    def kept(number: int) -> KeptPage:
        article = number % max(count // 3, 1)
        texts[article] = (
            revised(texts[article], rng) if article in texts else [text_of(rng) for _ in range(15)]
        )
        return KeptPage(
            str(uuid.UUID(int=number)),
            f"https://news.example/2018/01/01/a-story-of-number-{article}",
            START + timedelta(minutes=number),
            page_of(f"Headline of story {article}", texts[article], rng, page_kilobytes),
            headers=(("Content-Type", "text/html; charset=utf-8"),),
        )

    with path.open("wb") as stream:
        write_warc(stream, map(kept, range(count)))
    return count


if __name__ == "__main__":
    main()
