"""The index in PostgreSQL: one row a version with three arrays of numbers, under one GIN index.

A token is stored as a number made of its digest, which takes a quarter of the room that its letters do.

- ``words``: each word that stands in the version, in 31 bits. With two million different words, one word of
  a thousand shares its number with another one; what is found is read before it is shown (`matching`).
- ``pairs``: the pairs of neighbours that are new, in 16 bits. They are asked for together with their words:
  of the versions that have both words, but not side by side, one in some hundred comes with them, and is left
  out when it is read. Pairs in changed paragraphs are here too; they only narrow what ``changes`` finds.
- ``changes``: words and pairs that came or went, in 63 bits. Lists show what these find without reading it:
  among a hundred million of them, one search in ninety thousand million would find something else.

Which words a beginning of a word* stands for is looked up in ``articles_search_word``, which has the words of
all entries.

A GIN index gives all that meet a condition, in no order: of a common word millions, of which a page shows the
newest 20. So each entry also holds the numbers of the blocks of ids that it is in, and a change those of the
stretches of time in which it was seen, and the newest are asked for first: GIN skips through the long list of
a common word by the short one of a block.
"""

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection

from articles.search.entries import AROUND
from articles.search.expression import All, Condition, Either, Expression, Token, TooBroad, Without
from articles.search.query import MOST_BEGINNING_ALIKE
from articles.search.words import PAIR

_COLUMNS = {"words": "int4", "pairs": "int2", "changes": "int8"}
"""The arrays, by their names, and of what."""

_WORD_BITS, _PAIR_BITS, _CHANGE_BITS = 31, 16, 63

_BLOCKS_BY = {"text": "words", "changes": "changes"}
"""The column with the blocks of ids of an entry."""

_SMALL, _LARGE = 10, 16
_STRETCHES = ((_SMALL, 1), (_SMALL, 3), (_SMALL, 12), (_LARGE, 1), (_LARGE, 3), (_LARGE, 12))
"""Of which size (bits of the ids in a block) how many blocks are asked for at once, from the newest on."""

_HOUR, _DAY, _FORTNIGHT, _HALF_A_YEAR = 12, 16, 20, 24
_TIMES = ((_HOUR, 2), (_HOUR, 14), (_DAY, 4), (_DAY, 12), (_FORTNIGHT, 4), (_FORTNIGHT, 12))
"""Likewise of stretches of time (bits of the seconds in one); what is beyond is asked for by half years."""

_KINDS_OF_BLOCKS = {_SMALL: 0, _LARGE: 1}
_KINDS_OF_TIMES = {_HOUR: 2, _DAY: 3, _FORTNIGHT: 4, _HALF_A_YEAR: 5}
_BLOCK_BITS = 28


def table(name: str) -> str:
    return "articles_search"


def key(name: str) -> str:
    """The version's id in the table."""
    return "articles_search.version_id"


def shown(name: str) -> str:
    """The condition on the version that readers may see it; of a change, both its sides."""
    return "NOT version.hidden" + (" AND version.follows_hidden IS NULL" if name == "changes" else "")


# --- Tokens as numbers


_NOTHING_YET = blake2b(digest_size=8)
"""Copied for each token, which takes half as long as making one."""


def _digest(token: str) -> bytes:
    digest = _NOTHING_YET.copy()
    digest.update(token.encode())
    return digest.digest()


def _numbers(tokens: Sequence[str], bits: int) -> list[int]:
    """A number for each of *tokens*. Those of 31 and 63 bits are negative: blocks have the others."""
    digests = struct.unpack(f">{len(tokens)}Q", b"".join(map(_digest, tokens)))
    kept, least = (1 << bits) - 1, 1 << (15 if bits == _PAIR_BITS else bits)
    return [(digest & kept) - least for digest in digests]


def _number(token: str, bits: int) -> int:
    (number,) = _numbers([token], bits)
    return number


@lru_cache(maxsize=100_000)
def _number_of_word(word: str) -> int:
    """Remembered, as pairs are not: most of these stand in one text."""
    return _number(word, _WORD_BITS)


class _Asked(NamedTuple):
    """A column has all of these numbers, or any of them."""

    column: str
    numbers: list[int]
    every: bool = True

    @property
    def condition(self) -> Condition:
        sign = "@>" if self.every else "&&"
        sql = f"articles_search.{self.column} {sign} %s::{_COLUMNS[self.column]}[]"
        return Condition(sql, [_array(self.numbers)])


def _array(numbers: Iterable[int]) -> str:
    # A list is written in half the time that its numbers take one by one.
    return "{" + str([*numbers])[1:-1].replace(" ", "") + "}"


def _is_pair(token: str) -> bool:
    return token.startswith(PAIR)


def _words_of_pair(token: str) -> list[str]:
    return token[1:].split(PAIR)


# --- Conditions


def condition(name: str, expression: Expression) -> Condition:
    """The condition that an entry has the tokens asked for. One query for each beginning of a word* in it.

    :raises TooBroad: too many words begin so.
    """
    return _Writer(name).written(expression)


class _Writer:
    def __init__(self, name: str) -> None:
        self._of_changes = name == "changes"
        self._known: dict[str, list[str]] = {}

    def written(self, expression: Expression) -> Condition:
        match expression:
            case Token():
                return _joined(" AND ", [one.condition for one in self._asked([expression])])
            case All(parts):
                return _joined(" AND ", [self.written(part) for part in parts])
            case Either(parts) if all(isinstance(part, Token) for part in parts) and self._of_changes:
                tokens = [part for part in parts if isinstance(part, Token)]
                return _joined(" AND ", [one.condition for one in self._asked(tokens)])
            case Either(parts):
                return _joined(" OR ", [self.written(part) for part in parts])
            case Without(wanted, unwanted):
                without = self._certain(unwanted)
                if without is None:
                    return self.written(wanted)
                return _joined(" AND NOT ", [self.written(wanted), self.written(without)])

    def _certain(self, unwanted: Expression) -> Expression | None:
        """What of it tells for certain that an entry is unwanted: a pair of words in 16 bits does not."""
        if self._of_changes or not isinstance(unwanted, Either):
            return unwanted
        parts = tuple(part for part in unwanted.parts if not _has_pair(part))
        return Either(parts) if parts else None

    def _asked(self, tokens: Sequence[Token]) -> list[_Asked]:
        """What the columns must have for any of *tokens*, which are of one column."""
        texts = [text for token in tokens for text in self._meant(token)]
        several = len(tokens) > 1 or tokens[0].prefix
        if self._of_changes:
            around = tokens[0].text[0] == AROUND
            column, bits = ("pairs", _PAIR_BITS) if around else ("changes", _CHANGE_BITS)
            return [_Asked(column, [_number(text, bits) for text in texts], not several)]
        asked = []
        if _is_pair(tokens[0].text):
            asked.append(_Asked("pairs", [_number(text, _PAIR_BITS) for text in texts], not several))
            first, *_ = _words_of_pair(tokens[0].text)
            asked.append(_Asked("words", [_number(first, _WORD_BITS)]))
            texts = [_words_of_pair(text)[1] for text in texts]
        return [*asked, _Asked("words", [_number(text, _WORD_BITS) for text in texts], not several)]

    def _meant(self, token: Token) -> list[str]:
        """The tokens of which an entry has one: of a prefix those that begin so, by the words there are."""
        if not token.prefix:
            return [token.text]
        before, dot, beginning = token.text.rpartition(PAIR)
        if not dot and self._of_changes:
            before, beginning = beginning[0], beginning[1:]
        if beginning not in self._known:
            self._known[beginning] = _beginning_with(beginning)
        return [f"{before}{dot}{word}" for word in self._known[beginning]]


def _has_pair(expression: Expression) -> bool:
    match expression:
        case Token(text):
            return _is_pair(text)
        case All(parts) | Either(parts):
            return any(map(_has_pair, parts))
        case Without(wanted, unwanted):
            return _has_pair(wanted) or _has_pair(unwanted)


def _joined(sign: str, conditions: Sequence[Condition]) -> Condition:
    sql = sign.join(f"({one.sql})" if len(conditions) > 1 else one.sql for one in conditions)
    return Condition(sql, [value for one in conditions for value in one.parameters])


def _beginning_with(beginning: str) -> list[str]:
    """:raises TooBroad: there are more than MOST_BEGINNING_ALIKE; no more are read than that."""
    with connection.cursor() as cursor:
        # No word has a sign that means something to LIKE.
        cursor.execute(
            "SELECT word FROM articles_search_word WHERE word LIKE %s GROUP BY word ORDER BY word LIMIT %s",
            [f"{beginning}%", MOST_BEGINNING_ALIKE + 1],
        )
        words = [word for (word,) in cursor.fetchall()]
    if len(words) > MOST_BEGINNING_ALIKE:
        raise TooBroad(beginning)
    return words


# --- Searching

_NO_SCAN = "set_config('enable_seqscan', 'off', true)"
"""Until the transaction ends the index is used. The planner takes the rows for short, as their arrays stand
elsewhere, and would rather read all of them."""


def is_among_changes(condition: Condition) -> str:
    """SQL, with the parameters of *condition*, that a version is of a change that meets it: asked of each."""
    # OFFSET 0 keeps the planner from asking the index for all of them at once.
    return (
        "EXISTS (SELECT 1 FROM articles_search"  # noqa: S608
        f" WHERE articles_search.version_id = articles_version.id AND {condition.sql} OFFSET 0)"
    )


def newest(cursor: Any, name: str, condition: Condition, before: int | None, most: int) -> None:
    """Ask for version's and article's ids of the newest entries that meet *condition*, older than *before*.

    What is asked for is one list after the other, each of older and more blocks than the one before. Those
    after the one with which there are enough are never begun: PostgreSQL reads them when they are needed.
    """
    with connection.cursor() as first_of_all:
        first_of_all.execute(
            f"SELECT (SELECT coalesce(max(version_id), 0) + 1 FROM articles_search), {_NO_SCAN}"  # noqa: S608
        )
        ((end, _),) = first_of_all.fetchall()
    before = end if before is None else before
    lists, parameters = [], []
    for first, end, blocks_there in _windows(before):
        asked = [condition]
        if blocks_there:
            asked.append(_Asked(_BLOCKS_BY[name], blocks_there, every=False).condition)
        sql, values = _joined(" AND ", asked)
        # Plus 0, as the index of the ids would be gone through: between the two, or for its order.
        lists.append(
            f"SELECT version_id FROM articles_search WHERE {sql}"  # noqa: S608
            " AND version_id + 0 >= %s AND version_id + 0 < %s ORDER BY version_id + 0 DESC"
        )
        parameters += [*values, first, end]
    # OFFSET 0 keeps their order: the version of each is looked up in its turn.
    version = (
        "SELECT version.id, version.article_id FROM articles_version version"  # noqa: S608
        f" WHERE version.id = entry.id AND {shown(name)} OFFSET 0"
    )
    named, every = _one_after_the_other(lists, "version_id AS id")
    cursor.execute(
        f"{named} SELECT version.* FROM ({every}) entry"  # noqa: S608
        f" CROSS JOIN LATERAL ({version}) version LIMIT {most}",
        parameters,
    )


def changes_around(
    cursor: Any, condition: Condition, place: datetime | None, most: int, *, newest: bool
) -> tuple[list[int], datetime | None] | None:
    """Ids of changes that meet *condition*: of those seen up to *place* the newest, or from it on the oldest.

    With them where they end: they are all there are from *place* to that moment, and some more; all of that
    side where it is None. They are *most* at most; None where the first short stretch of time has more.
    """
    cursor.execute(
        "SELECT (SELECT min(seen) FROM articles_version), (SELECT max(seen) FROM articles_version),"  # noqa: S608
        f" {_NO_SCAN}"
    )
    ((oldest, latest, _),) = cursor.fetchall()
    if oldest is None:
        return [], None
    goes = -1 if newest else 1
    start = place or (latest if newest else oldest)
    ends = list(_times(int(start.timestamp()), int((oldest if newest else latest).timestamp()), goes))
    lists, parameters = [], []
    for number, (_, blocks_there) in enumerate(ends):
        sql, values = _joined(" AND ", [condition, _Asked("changes", blocks_there, every=False).condition])
        lists.append(f"SELECT {number} AS number, version_id FROM articles_search WHERE {sql}")  # noqa: S608
        parameters += values
    named, every = _one_after_the_other(lists, "number, version_id")
    cursor.execute(f"{named} {every} LIMIT {most + 1}", parameters)
    found = cursor.fetchall()
    if len(found) <= most:
        return [pk for _, pk in found], None
    cut, _ = found[-1]
    if not cut:
        return None
    ids = [pk for number, pk in found if number < cut]
    return ids, datetime.fromtimestamp(ends[cut - 1][0], UTC)


def _one_after_the_other(lists: Sequence[str], columns: str) -> tuple[str, str]:
    """Statements as parts of one, of which the later ones are not begun before they are needed."""
    # Materialised, as they must not be planned as if few rows of each would do.
    named = ", ".join(f"list_{number} AS MATERIALIZED ({sql})" for number, sql in enumerate(lists))
    every = " UNION ALL ".join(f"SELECT {columns} FROM list_{number}" for number in range(len(lists)))  # noqa: S608
    return f"WITH {named}", every


def _windows(end: int) -> Iterator[tuple[int, int, list[int]]]:
    """Stretches of ids before *end*, the newest first: the first id, the one after the last, and the blocks.

    The last has no blocks: it is all that is older.
    """
    for bits, number in _STRETCHES:
        first = max((end >> bits) - number, 0) << bits
        if end > first:
            there = range(first >> bits, ((end - 1) >> bits) + 1)
            yield first, end, [_block(_KINDS_OF_BLOCKS[bits], block) for block in there]
        end = first
    yield 0, end, []


def _times(start: int, last: int, goes: int) -> Iterator[tuple[int, list[int]]]:
    """Stretches of time from *start* to *last* (in seconds): where each ends, and its blocks.

    *goes* is -1 from the newest on, 1 from the oldest.
    """
    at = start
    for bits, count in (*_TIMES, (_HALF_A_YEAR, abs(last - start) // (1 << _HALF_A_YEAR) + 2)):
        here = at >> bits
        there = here + goes * (count - 1)
        low, high = min(here, there), max(here, there)
        at = low << bits if goes < 0 else ((high + 1) << bits) - 1
        yield at, [_block(_KINDS_OF_TIMES[bits], block) for block in range(low, high + 1)]
        if (at <= last) if goes < 0 else (at >= last):
            return
        at += goes


def _block(kind: int, number: int) -> int:
    """The number of a block among those of words and changes; blocks very far apart share one."""
    return (kind << _BLOCK_BITS) + number % (1 << _BLOCK_BITS)


def blocks(version: int) -> list[int]:
    """The blocks of ids that a version's entry is in."""
    return [_block(kind, version >> bits) for bits, kind in _KINDS_OF_BLOCKS.items()]


def times(seen: datetime) -> list[int]:
    """The stretches of time in which a change was seen."""
    seconds = int(seen.timestamp())
    return [_block(kind, seconds >> bits) for bits, kind in _KINDS_OF_TIMES.items()]


def times_in_sql(seconds: str) -> str:
    """The same as an SQL expression, for who has the database write entries; *seconds* since 1970."""
    there = (
        f"{kind << _BLOCK_BITS} + (({seconds}) >> {bits} & {(1 << _BLOCK_BITS) - 1})"
        for bits, kind in _KINDS_OF_TIMES.items()
    )
    return f"ARRAY[{', '.join(there)}]::int8[]"


# --- Keeping it


def row(version: int, seen: datetime, text: Sequence[str], changes: Sequence[str]) -> tuple[int | str, ...]:
    """An entry as the table's row: id, words, pairs, changes; the arrays as PostgreSQL reads them.

    Each is in order, as GIN sorts them itself otherwise, which takes a tenth of the time it needs.
    """
    words, pairs, changed = numbers(text, changes)
    there = [*blocks(version), *times(seen)] if changes else []
    arrays = (sorted([*words, *blocks(version)]), pairs, sorted([*changed, *there]))
    return version, *map(_array, arrays)


def numbers(text: Sequence[str], changes: Sequence[str]) -> tuple[list[int], list[int], list[int]]:
    """What the words, pairs and changes of an entry are, but for its blocks."""
    words, pairs = _parted_by(PAIR, text)
    changed, around = _parted_by(AROUND, changes)
    return (
        list(map(_number_of_word, words)),
        sorted({*_numbers(pairs, _PAIR_BITS), *_numbers(around, _PAIR_BITS)}),
        _numbers(changed, _CHANGE_BITS),
    )


def _parted_by(mark: str, tokens: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The tokens before the first that begins with *mark*, as all after it do, and these (`Entry`)."""
    at = bisect_left(tokens, True, key=lambda token: token.startswith(mark))
    return tokens[:at], tokens[at:]


def insert(cursor: Any, version: int, seen: datetime, text: Sequence[str], changes: Sequence[str]) -> None:
    cursor.execute(
        f"WITH entry AS ({_INSERT}) {_INSERT_WORDS}",
        [*row(version, seen, text, changes), *_word_columns(_words(text, changes))],
    )


class Rows(NamedTuple):
    """Entries as they are written: the rows as COPY takes them, and all their words."""

    copied: bytes
    words: frozenset[str]


def rows_of(entries: Iterable[tuple[int, datetime, Sequence[str], Sequence[str]]]) -> Rows:
    """The rows of entries: id of the version, when seen, text, changes of each. It asks no database."""
    lines, words = [], set[str]()
    for version, seen, text, changes in entries:
        lines.append("\t".join(map(str, row(version, seen, text, changes))) + "\n")
        words.update(_words(text, changes))
    return Rows("".join(lines).encode(), frozenset(words))


class Filling:
    """Puts in many entries, one batch after the other."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def write(self, cursor: Any, rows: Rows) -> None:
        """Put in entries of versions that have none."""
        # Errors of COPY are not turned into Django's by its cursor.
        with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
            copy.write(rows.copied)
        new = rows.words - self._known
        insert_words(cursor, new)
        if len(self._known) < _MOST_KNOWN:
            self._known |= new


def insert_words(cursor: Any, words: Iterable[str]) -> None:
    """Put in the words of entries, so that beginnings of them are found."""
    cursor.execute(_INSERT_WORDS, _word_columns(words))


_MOST_KNOWN = 200_000
"""Words that need not be asked for again, as they were put in by a batch before."""

_COPY = "COPY articles_search (version_id, words, pairs, changes) FROM STDIN"
_INSERT = (
    "INSERT INTO articles_search (version_id, words, pairs, changes)"
    " VALUES (%s, %s::int4[], %s::int2[], %s::int8[])"
)
# No constraint keeps a word from being there twice: who stores a version would wait for others who do.
_INSERT_WORDS = (
    "INSERT INTO articles_search_word (word, number)"
    " SELECT word, number FROM unnest(%s::text[], %s::int4[]) AS given(word, number)"
    " WHERE NOT EXISTS (SELECT 1 FROM articles_search_word known WHERE known.word = given.word)"
)


def _words(text: Sequence[str], changes: Sequence[str]) -> Iterator[str]:
    """The words among the tokens of an entry, some of them twice."""
    words, _ = _parted_by(PAIR, text)
    changed, _ = _parted_by(AROUND, changes)
    return chain(words, (token[1:] for token in changed if token[1] != PAIR))


def _word_columns(words: Iterable[str]) -> tuple[list[str], str]:
    ordered = sorted(set(words))
    return ordered, _array(map(_number_of_word, ordered))


def delete(cursor: Any, version: int, text: Sequence[str], changes: Sequence[str]) -> None:
    """Take a version out, and those of its words that stand in no other."""
    cursor.execute("DELETE FROM articles_search WHERE version_id = %s RETURNING words", [version])
    if not (entry := cursor.fetchone()):
        return
    cursor.execute("SELECT coalesce(max(version_id), 0) FROM articles_search")
    ((last,),) = cursor.fetchall()
    words = sorted(set(_words(text, changes)))
    numbers = {*entry[0], *map(_number_of_word, words)}
    # Common words stand in the newest blocks: without these, all that have one would be gone through.
    newest_there = [_block(_KINDS_OF_BLOCKS[_SMALL], max((last >> _SMALL) - back, 0)) for back in range(8)]
    # Counted, as the planner would not look for the first one in the index. Where another word has the same
    # number nothing tells whether this one still stands: it goes, as it may be a name that is purged.
    cursor.execute(
        """
        DELETE FROM articles_search_word known WHERE number = ANY(%s::int4[]) AND (
            (SELECT count(*) FROM articles_search
                WHERE words @> ARRAY[known.number] AND words && %s::int4[]) = 0
            AND (SELECT count(*) FROM articles_search WHERE words @> ARRAY[known.number]) = 0
            OR word = ANY(%s) AND EXISTS (SELECT 1 FROM articles_search_word other
                WHERE other.number = known.number AND other.word <> known.word)
        )
        """,
        [_array(numbers), _array(newest_there), words],
    )


def clear(cursor: Any) -> None:
    cursor.execute("TRUNCATE articles_search, articles_search_word")


def scrub(cursor: Any, pages: int, first: bool) -> bool:
    """Nothing to do: VACUUM clears what was deleted, and autovacuum comes by itself."""
    return True
