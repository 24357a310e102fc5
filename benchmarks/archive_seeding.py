"""Fills an empty database with an archive as large as NewsEdits', for `benchmarks.archive`.

Some thousand histories are made up, by as many processes as there are cores: each a text of its own that is
edited as news are, with its changes counted as a check counts them and its entries of the search index. They
go into tables beside those of the archive (``seed_…``). The articles are drawn from them, each with a
source, a time and a word of its own in its headlines; the database then writes all rows itself, in two
sessions at a time, and makes the indexes last, the largest first. So where there are more articles than
histories, a text stands in several articles, under other headlines.

On PostgreSQL it wants a superuser, as foreign keys are not looked at, and the search index's table is not
logged: neither changes what is measured, and the database may not outlive a crash of its server.
"""

import argparse
import hashlib
import json
import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

SOURCES = 300
WORDS = 400
PARAGRAPH = 40
YEARS = 3
HISTORIES_AT_ONCE = 100
ARTICLES_AT_ONCE = 10_000
IDS_IN_A_BLOCK = 1 << 12
"""Of the entries of the search index that are written by one statement: the smallest block of ids there."""
SESSIONS = 2
"""Of the database that write at a time."""
NOW = datetime.now(UTC).replace(microsecond=0)
UNUSUAL = 2
"""The first histories: one of very many versions, one of a very long text."""
RARE = "zymurgy"
"""A word that stands in one headline of 5,000."""

ARTICLE_BYTES, VERSION_BYTES = 1_100, 1_150
SEARCH_BYTES = {"postgresql": 11_000, "sqlite": 1_200}
"""Of an article and a version with their indexes, and of a version in the search index, as `sizes` of
`benchmarks.archive` found; for the estimate of what the disk must hold."""


def fill(options: argparse.Namespace) -> None:
    """Sources, articles with addresses, versions, events and entries of the search index.

    :raises SystemExit: the disk of the database is too small.
    """
    from django.db import connection

    from articles import health

    _look_at_room(options)
    clock = _Clock()
    pool = _make_histories(options, clock)
    _draw_articles(options, pool, clock)
    _write_archive(options, clock)
    print(f"seeded in {clock.seconds():.0f} s, all but the search index", flush=True)
    _fill_search(options, _Clock())
    with connection.cursor() as cursor:
        for name in ("drawn", "version", "article", "entry", "address", "event"):
            cursor.execute(f"DROP TABLE seed_{name}")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    health.refresh()


class _Clock:
    """Says how far filling is, and when."""

    def __init__(self) -> None:
        self._began = self._told = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._began

    def tell(self, what: str, done: int, of: int) -> None:
        """Print a line, if the last one was 30 s ago or all is done."""
        if done == of or time.monotonic() - self._told > 30:
            self._told = time.monotonic()
            print(f"{self.seconds():6.0f} s  {what}: {done:,} of {of:,}", flush=True)


def _look_at_room(options: argparse.Namespace) -> None:
    """Print how much the disk must hold."""
    from django.conf import settings
    from django.db import connection

    needed = options.articles * ARTICLE_BYTES + options.versions * VERSION_BYTES
    search = 0 if options.no_search else options.versions * SEARCH_BYTES[connection.vendor]
    print(
        f"about {(needed + search) / 1e9:.1f} GB will be written, {search / 1e9:.1f} of them the search index"
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            folder = Path(cursor.fetchone()[0])
    else:
        folder = Path(settings.DATA_DIR)
    # A server elsewhere has its disk elsewhere.
    if folder.exists() and shutil.disk_usage(folder).free < 1.15 * (needed + search):
        raise SystemExit(f"there is too little room in {folder}")


# --- Histories


@dataclass(frozen=True)
class History:
    """A made-up article, to be copied: how many versions it has, and the seconds from first to last."""

    versions: int
    lasts: int


@dataclass(frozen=True)
class _Rows:
    """Rows as `write` takes them, those of an article first by its history and seconds."""

    histories: list[History]
    articles: list[list[Any]]
    versions: list[list[Any]]
    entries: list[list[Any]]


def _make_histories(options: argparse.Namespace, clock: _Clock) -> list[History]:
    """Make up the histories and put them into tables of their own."""
    from django.db import connection

    from articles.models import Address, Article, Event, Version

    columns = {
        model: [_column(field) for field in model._meta.concrete_fields] for model in (Article, Version)
    }
    _make_table("seed_article", "articles_article", "history, lasts")
    _make_table("seed_version", "articles_version", "history, after")
    for model in (Address, Event):
        name = str(model._meta.model_name)
        _make_table(f"seed_{name}", model._meta.db_table, "history")
        row = row_of(model, model(**_EMPTY[name]))
        write(
            f"seed_{name}", ["history", *(_column(one) for one in model._meta.concrete_fields)], [[0, *row]]
        )
    with connection.cursor() as cursor:
        kind = "text[]" if connection.vendor == "postgresql" else "text"
        cursor.execute(
            f"CREATE {_unlogged()} TABLE seed_entry (history int, number int, text {kind}, changes {kind})"
        )
        if connection.vendor == "postgresql":  # to be read often
            cursor.execute("ALTER TABLE seed_entry ALTER text SET STORAGE EXTERNAL")
            cursor.execute("ALTER TABLE seed_entry ALTER changes SET STORAGE EXTERNAL")
    pool: list[History] = []
    mean = options.versions / options.articles
    wanted = UNUSUAL + min(options.pool, options.articles)
    parts = [
        (first, min(HISTORIES_AT_ONCE, wanted - first), mean, options)
        for first in range(0, wanted, HISTORIES_AT_ONCE)
    ]
    wide = multiprocessing.get_context("spawn")  # a fork would share our connection
    processes = ProcessPoolExecutor(mp_context=wide, initializer=_set_up)
    with processes:
        for rows in processes.map(_some_histories, parts):
            pool += rows.histories
            write("seed_article", ["history", "lasts", *columns[Article]], rows.articles)
            write("seed_version", ["history", "after", *columns[Version]], rows.versions)
            write("seed_entry", ["history", "number", "text", "changes"], rows.entries)
            clock.tell("histories made up", len(pool), wanted)
    with connection.cursor() as cursor:
        for table in ("seed_article", "seed_version", "seed_entry"):
            number = "" if table == "seed_article" else ", number"
            cursor.execute(f"CREATE UNIQUE INDEX {table}_history ON {table} (history{number})")
            cursor.execute(f"ANALYZE {table}")
    return pool


_EMPTY: dict[str, dict[str, Any]] = {
    "address": {"article_id": 0, "address": "", "key": "", "first_seen": NOW},
    "event": {"article_id": 0, "source_id": 0, "kind": "removed", "at": NOW},
}


def _make_table(name: str, like: str, more: str) -> None:
    """A table with the columns of another and some whole numbers before."""
    from django.db import connection

    numbers = ", ".join(f"0 AS {one}" for one in more.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE {_unlogged()} TABLE {name} AS SELECT {numbers}, {like}.* FROM {like} LIMIT 0")


def _unlogged() -> str:
    from django.db import connection

    return "UNLOGGED" if connection.vendor == "postgresql" else ""


def _set_up() -> None:
    import django

    django.setup()


def _some_histories(part: tuple[int, int, float, argparse.Namespace]) -> _Rows:
    """The rows of some histories; the first two of all are the unusual ones."""
    first, count, mean, options = part
    made = _Rows([], [], [], [])
    for number in range(first, first + count):
        dice = random.Random(number)
        if number == 0:
            versions = history(dice, options.many, WORDS, PARAGRAPH)
        elif number == 1:
            versions = history(dice, 3, 3 * options.long, 3, rewritten=True)
        else:
            versions = history(dice, 1 + round(dice.expovariate(1 / max(mean - 1, 0.01))), WORDS, PARAGRAPH)
        _add(made, number, dice, list(versions))
    return made


def _add(rows: _Rows, number: int, dice: random.Random, versions: "list[_Made]") -> None:
    from articles.models import Article, Version

    after = [0, *accumulate(round(3_600 * dice.uniform(0.2, 24)) for _ in versions[1:])]
    last = versions[-1].version
    article = Article(version_count=len(versions), headline=last.headline, text_hash=last.text_hash)
    rows.histories.append(History(len(versions), after[-1]))
    rows.articles.append([number, after[-1], *row_of(Article, article)])
    for made, later in zip(versions, after, strict=True):
        rows.versions.append([number, later, *row_of(Version, made.version)])
        rows.entries.append([number, made.version.number, *map(_as_tokens, made.entry)])


@dataclass(frozen=True)
class _Made:
    """A version that is in no database, and its entry of the search index: what stands, what changed."""

    version: Any
    entry: tuple[list[str], list[str]]


def history(
    dice: random.Random, count: int, length: int, paragraph: int, *, rewritten: bool = False
) -> Iterator[_Made]:
    """*count* versions of a text of *length* words; *rewritten*: each is another text altogether."""
    from articles.models.text_storage import Text

    stream = words(dice)
    before = None
    text = Text(" ".join(islice(stream, 8)), "", tuple(text_of(dice, stream, length, paragraph)))
    for number in range(1, count + 1):
        yield version_of(number, before, text)
        before = text
        headline = " ".join(islice(stream, 8)) if dice.random() < 0.1 else text.headline
        edit = (
            text_of(dice, stream, length, paragraph) if rewritten else edited(dice, stream, text.paragraphs)
        )
        text = Text(headline, "", tuple(edit))


def version_of(number: int, before: Any, text: Any) -> _Made:
    """The version that a check makes of *text*, a `Text` as *before* is (None for the first one)."""
    from articles.diff import DIFF_VERSION
    from articles.diff import words as count_words
    from articles.facts import FACTS_VERSION
    from articles.models import Version, text_storage
    from articles.search.entries import entry_of
    from articles.watch.check.change import change_of

    whole = before is None or text_storage.is_whole(number)
    version = Version(
        number=number,
        headline=text.headline,
        text_hash=hashlib.sha256("\n".join(text.paragraphs).encode()).hexdigest(),
        seen=NOW,
        extractor_version=1,
        data=text_storage.pack(text.paragraphs, None if whole else before.paragraphs),
        words=sum(map(count_words, text.paragraphs)),
        facts_version=FACTS_VERSION,
        diff_version=DIFF_VERSION,
    )
    if before is not None:
        change = change_of(before, text, seen_before=False, language="en")
        for name, value in change._asdict().items():
            setattr(version, name, list(value) if isinstance(value, tuple) else value)
    version.count_kinds()
    entry = entry_of(
        [text.headline, "", *text.paragraphs], [before.headline, "", *before.paragraphs] if before else None
    )
    return _Made(version, (entry.text, entry.changes))


def _as_tokens(tokens: Sequence[str]) -> str:
    """Tokens as a value of a row. None holds a quotation mark."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return " ".join(tokens)
    return "{" + ",".join(f'"{token}"' for token in tokens) + "}"


def words(dice: random.Random) -> Iterator[str]:
    """Made-up words, as often as in real texts; every second is one that often follows the one before."""
    some, weights, followers = _language()
    word = some[0]
    while True:
        for drawn in dice.choices(some, cum_weights=weights, k=500):
            word = dice.choice(followers[word]) if dice.random() < 0.5 else drawn
            yield word


@cache
def _language() -> tuple[list[str], list[float], dict[str, list[str]]]:
    """The words, the commonest first, their cumulated weights, and what often follows each."""
    from benchmarks.search import vocabulary

    some = vocabulary()
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(some))))
    dice = random.Random(3)
    return some, weights, {word: dice.choices(some, cum_weights=weights, k=12) for word in some}


def text_of(dice: random.Random, stream: Iterator[str], length: int, paragraph: int) -> list[str]:
    return [sentence(dice, stream, paragraph) for _ in range(max(length // paragraph, 1))]


def sentence(dice: random.Random, stream: Iterator[str], length: int) -> str:
    """Some words, now and then with a number, a quotation or a name."""
    parts = list(islice(stream, length))
    match dice.randrange(8):
        case 0:
            parts[0] = f"{dice.randrange(2, 900)} people"
        case 1:
            parts[-1] = f"“{' '.join(islice(stream, 5))}”, said {next(stream).title()} {next(stream).title()}"
        case 2:
            parts[0] = "It may"
    return " ".join(parts).capitalize() + "."


def edited(dice: random.Random, stream: Iterator[str], paragraphs: Sequence[str]) -> list[str]:
    """The text after an edit: small ones are common, large ones rare."""
    after = list(paragraphs)
    at = dice.randrange(len(after))
    roll = dice.random()
    if roll < 0.2:
        after.insert(at, sentence(dice, stream, PARAGRAPH))
    elif roll < 0.3 and len(after) > 4:
        del after[at]
    elif roll < 0.35:
        after = [sentence(dice, stream, PARAGRAPH) if dice.random() < 0.5 else text for text in after]
    elif roll < 0.5:
        after[at] = f"{after[at][:-1]} {next(stream)}."
    else:
        parts = after[at].split()
        place = dice.randrange(len(parts))
        parts[place : place + dice.randrange(1, 6)] = islice(stream, dice.randrange(1, 6))
        after[at] = " ".join(parts)
    return after


# --- Articles

_OWN = {
    **{"id": "bigint", "history": "int", "source_id": "bigint", "host_id": "bigint", "site": "text"},
    **{
        "word": "text",
        "first_at": "bigint",
        "versions_before": "bigint",
        "state": "text",
        "next_at": "bigint",
    },
}
"""What an article has of its own; times are in seconds since 1970."""


def _draw_articles(options: argparse.Namespace, pool: Sequence[History], clock: _Clock) -> None:
    """Say of each article which history it is a copy of, and what is its own: the oldest first."""
    from django.db import connection

    from articles.models import Host, Source

    hosts = Host.objects.bulk_create(Host(name=f"news{number}.example:443") for number in range(SOURCES))
    sources = Source.objects.bulk_create(
        Source(name=f"Source {number}", slug=f"source-{number}", home_page=f"https://news{number}.example/")
        for number in range(SOURCES)
    )
    with connection.cursor() as cursor:
        own = ", ".join(f"{name} {kind}" for name, kind in _OWN.items())
        cursor.execute(f"CREATE {_unlogged()} TABLE seed_drawn ({own})")
    places = [
        (source.pk, host.pk, host.name.removesuffix(":443"))
        for source, host in zip(sources, hosts, strict=True)
    ]
    drawn = _drawn(options.articles, pool, places)
    done = 0
    while rows := list(islice(drawn, ARTICLES_AT_ONCE)):
        write("seed_drawn", list(_OWN), rows)
        done += len(rows)
        clock.tell("articles drawn", done, options.articles)
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX seed_drawn_id ON seed_drawn (id)")
        cursor.execute("CREATE INDEX seed_drawn_version ON seed_drawn (versions_before)")
        cursor.execute("ANALYZE seed_drawn")


def _drawn(
    articles: int, pool: Sequence[History], places: Sequence[tuple[int, int, str]]
) -> Iterator[list[Any]]:
    """The rows of ``seed_drawn``; *places* are sources, their hosts and sites, the first ones the largest."""
    dice = random.Random(2)
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(places))))
    chosen = (one for _ in iter(int, 1) for one in dice.choices(places, cum_weights=weights, k=10_000))
    stream = words(dice)
    now, span = round(NOW.timestamp()), 86_400 * 365 * YEARS
    before = 0
    for number, place in zip(range(1, articles + 1), chosen, strict=False):
        # The two unusual ones stand in the middle.
        unusual = number - articles // 2
        history = unusual if 0 <= unusual < UNUSUAL else UNUSUAL + number % (len(pool) - UNUSUAL)
        word = next(stream) if number % 5_000 else RARE
        first = now - span * (articles - number + 1) // articles
        still = now - first - pool[history].lasts < 86_400 * 40
        state = "removed" if number % 50 == 0 else "watched" if still else "retired"
        due = now + dice.randrange(-3_600, 3_600) if state == "watched" else None
        yield [written(one) for one in (number, history, *place, word, first, before, state, due)]
        before += pool[history].versions


# --- The archive


def _write_archive(options: argparse.Namespace, clock: _Clock) -> None:
    """Have the database write the articles and what belongs to them, and then make its indexes."""
    from django.db import connection

    from articles.backups.indexes import drop_indexes

    tables = [f"articles_{name}" for name in ("article", "address", "version", "event")]
    indexes = drop_indexes(tables)
    firsts = range(1, options.articles + 1, ARTICLES_AT_ONCE)
    rows = [(_insert(table), [first, first + ARTICLES_AT_ONCE]) for first in firsts for table in tables]
    _run("stretches of articles written", rows, clock)
    indexes.sort(key=lambda statement: "ON public.articles_version" not in statement)  # the largest first
    _run("indexes made", [(statement, []) for statement in indexes], clock)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )


def _insert(table: str) -> str:
    """The statement that writes the rows of a stretch of articles: those from one id to before another."""
    from django.apps import apps

    name = table.removeprefix("articles_")
    own = _own_columns()[name]
    columns = [field.column for field in apps.get_model("articles", name)._meta.concrete_fields]
    values = [own.get(column, f'told."{column}"') for column in columns]
    copied = "1 = 1" if name in _EMPTY else "told.history = drawn.history"
    some = "AND drawn.state = 'removed'" if name == "event" else ""
    order = ", told.number" if name == "version" else ""
    return (
        f"INSERT INTO {table} ({', '.join(map(_quoted, columns))}) SELECT {', '.join(values)}"
        " FROM seed_drawn drawn JOIN seed_article article ON article.history = drawn.history"
        f" JOIN seed_{name} told ON {copied}"
        f" WHERE drawn.id >= %s AND drawn.id < %s {some} ORDER BY drawn.id{order}"
    )


def _own_columns() -> dict[str, dict[str, str]]:
    """By table the values in SQL of its columns that are not those of the history."""
    from django.db import connection

    least = "min" if connection.vendor == "sqlite" else "least"
    now = round(NOW.timestamp())

    def moment(seconds: str) -> str:
        if connection.vendor == "sqlite":
            return f"datetime({least}({seconds}, {now}), 'unixepoch')"
        return f"to_timestamp({least}({seconds}, {now}))"

    last, seen = moment("drawn.first_at + article.lasts"), "drawn.first_at + told.after"
    ids = {"article_id": "drawn.id", "source_id": "drawn.source_id"}
    address = "drawn.site || '/story/' || drawn.id"
    headline = {"headline": "told.headline || ' ' || drawn.word"}
    # As long as a hash, and no two articles of the same.
    number = "CAST(drawn.id AS text)"
    text_hash = {"text_hash": f"substr(told.text_hash, 1, 64 - length({number})) || {number}"}
    next_check = moment("0").replace(f"{least}(0, {now})", "drawn.next_at")
    return {
        "article": headline
        | text_hash
        | {
            "id": "drawn.id",
            "source_id": "drawn.source_id",
            "host_id": "drawn.host_id",
            "address": f"'https://' || {address}",
            "first_seen": moment("drawn.first_at"),
            "state": "drawn.state",
            "last_changed": f"CASE WHEN told.version_count > 1 THEN {last} END",
            "last_success": f"CASE WHEN drawn.state = 'watched' THEN {moment(str(now))} ELSE {last} END",
            "next_check_at": next_check,
        },
        "address": {
            "id": "drawn.id",
            "article_id": "drawn.id",
            "address": f"'https://' || {address}",
            "key": address,
            "first_seen": moment("drawn.first_at"),
        },
        "version": ids
        | headline
        | text_hash
        | {
            "id": "drawn.versions_before + told.number",
            "seen": moment(seen),
            "previous_last_seen": f"CASE WHEN told.number > 1 THEN {moment(f'{seen} - 900')} END",
            "headline_before": "CASE WHEN told.headline_before <> ''"
            " THEN told.headline_before || ' ' || drawn.word ELSE '' END",
        },
        "event": ids | {"id": "drawn.id / 50", "at": last},
    }


# --- The search index


def _fill_search(options: argparse.Namespace, clock: _Clock) -> None:
    """Have the database write the entries of all versions, and then make the indexes of them."""
    from django.db import connection

    from articles import search
    from articles.backups.indexes import drop_indexes

    if options.no_search:
        skipped = ", NULL, NULL" if connection.vendor == "postgresql" else ""
        _run(
            "entries left empty",
            [(f"INSERT INTO {search.TABLE} SELECT id{skipped} FROM articles_version", [])],
            clock,
        )
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(version_count) FROM seed_article")
        ((longest,),) = cursor.fetchall()
        cursor.execute("SELECT max(id) FROM articles_version")
        ((last,),) = cursor.fetchall()
        indexes = []
        if connection.vendor == "postgresql":
            indexes = drop_indexes([search.TABLE])
            cursor.execute(f"ALTER TABLE {search.TABLE} SET UNLOGGED")
    blocks = range(0, last + 1, IDS_IN_A_BLOCK)
    _run(
        "blocks of the search index written",
        [statement for first in blocks for statement in _entries(first, first + IDS_IN_A_BLOCK, longest)],
        clock,
    )
    print(f"search index filled in {clock.seconds():.0f} s", flush=True)
    _run("indexes of the search index made", [(statement, []) for statement in indexes], clock)
    print(f"search index made in {clock.seconds():.0f} s", flush=True)


def _entries(first: int, end: int, longest: int) -> Iterator[tuple[str, list[Any]]]:
    """The statements that write the entries of the versions of these ids; *longest*: of all histories."""
    from django.db import connection

    from articles.search.postgresql import blocks

    some = (
        " FROM seed_drawn drawn JOIN seed_entry entry ON entry.history = drawn.history"
        " WHERE drawn.versions_before >= %s AND drawn.versions_before < %s"
        " AND drawn.versions_before + entry.number >= %s AND drawn.versions_before + entry.number < %s"
    )
    place = [first - longest, end, first, end]
    number = "drawn.versions_before + entry.number"
    if connection.vendor == "postgresql":
        changes = "CASE WHEN entry.changes = '{}' THEN entry.changes ELSE entry.changes || %s::text[] END"
        yield (
            f"INSERT INTO articles_search (version_id, text, changes) SELECT {number},"
            f" array_to_tsvector(entry.text || drawn.word || %s::text[]), array_to_tsvector({changes}){some}"
            " ORDER BY 1",
            [blocks(first), blocks(first), *place],
        )
    else:
        order = "ORDER BY drawn.id, entry.number"
        yield f"INSERT INTO articles_search (version_id) SELECT {number}{some} {order}", place
        yield (
            "INSERT INTO articles_search_text (rowid, tokens)"
            f" SELECT {number}, entry.text || ' ' || drawn.word{some} {order}",
            place,
        )
        yield (
            "INSERT INTO articles_search_changes (rowid, tokens)"
            f" SELECT {number}, entry.changes{some} AND entry.changes <> '' {order}",
            place,
        )


# --- Writing


def _run(what: str, statements: Sequence[tuple[str, Sequence[Any]]], clock: _Clock) -> None:
    """Execute all *statements* (SQL, parameters): on PostgreSQL in two sessions at a time."""
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        with transaction.atomic(), connection.cursor() as cursor:
            for done, (sql, parameters) in enumerate(statements, start=1):
                cursor.execute(sql, parameters)
                clock.tell(what, done, len(statements))
    else:
        with ThreadPoolExecutor(SESSIONS) as sessions:
            for done, _ in enumerate(sessions.map(_execute_alone, statements), start=1):
                clock.tell(what, done, len(statements))


def _execute_alone(statement: tuple[str, Sequence[Any]]) -> None:
    """Execute it in a session of its own, which looks at no foreign keys and waits for no disk."""
    from django.db import connection

    sql, parameters = statement
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET work_mem = '128MB'")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("SET max_parallel_maintenance_workers = 0")
            cursor.execute(sql, parameters or None)
    finally:
        connection.close()


def write(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write *rows* of values as `written` makes them."""
    from django.db import connection

    names = ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        else:
            with cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join("\t".join(map(str, row)) + "\n" for row in rows).encode())


def _column(field: Any) -> str:
    return str(field.column)


def _quoted(name: str) -> str:
    return f'"{name}"'


def row_of(model: Any, instance: Any) -> list[Any]:
    """The values of a row as `write` takes them, by the model's fields."""
    from django.db import connection

    return [
        written(field.get_db_prep_save(getattr(instance, field.attname), connection))
        for field in model._meta.concrete_fields
    ]


def written(value: Any) -> Any:
    """A value of a row: for SQLite as it is, for PostgreSQL as COPY has it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        value = bytes(value) if isinstance(value, memoryview) else value
        return value.isoformat(" ") if isinstance(value, datetime) else value
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes | memoryview):
        return f"\\\\x{bytes(value).hex()}"
    if hasattr(value, "obj"):  # as psycopg wraps what is binary, and JSON
        value = value.obj
        return written(value if isinstance(value, bytes) else json.dumps(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
