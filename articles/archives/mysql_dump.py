"""Reading what mysqldump writes, in flat memory: the rows of its INSERT statements.

Nothing is executed. Of the SQL only two statements matter: CREATE TABLE, for the order of the columns, and
INSERT INTO, whose values are taken apart here; comments and all other statements are passed over.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from articles.archives.bounds import ArchiveError, Stream

_PIECE = 1 << 20
_LONGEST_TOKEN = 32 << 20
"""Bytes of one value as it is written; MySQL itself sends no packet of more than 16 MB by default."""

_MOST_COLUMNS = 1_000

BIGGEST_NUMBER = 1 << 63
"""What a database's whole numbers end at; those beyond are told as fractions are, and so not exactly."""

_TOKEN = re.compile(
    rb"""
      (?P<space>(?:\s|--(?:[ \t][^\n]*)?\n|\#[^\n]*\n|/\*(?!!)[^*]*(?:\*(?!/)[^*]*)*\*/|/\*!\d*|\*/)+)
    | (?P<string>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*')
    | (?P<name>`[^`]*(?:``[^`]*)*`)
    | (?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    | (?P<hex>0x[0-9A-Fa-f]*)
    | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<sign>[^\s'`])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)|''", re.DOTALL)
_MEANING = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}

_Token = tuple[str, bytes]


def rows_of(stream: Stream, tables: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Each row of *tables* as (table, its wanted columns in the order asked for), in the dump's order.

    A column that the dump's table does not have is None. Names of tables and columns are compared without
    case. Values are str, int, float or None; text is UTF-8, as mysqldump writes it whatever the tables have,
    unless the dump says that it is latin1.

    :raises ArchiveError: it is not what mysqldump writes.
    """
    wanted = {name.lower(): name for name in tables}
    layouts: dict[str, list[str]] = {}
    tokens = _Tokens(stream)
    for kind, value in tokens:
        verb = value.upper() if kind == "word" else b""
        if verb == b"CREATE":
            _note_layout(tokens, layouts)
        elif verb in (b"INSERT", b"REPLACE"):
            yield from _inserted(tokens, tables, wanted, layouts)
        elif verb == b"SET":
            _note_encoding(tokens)
        elif value != b";":
            tokens.skip_statement()


class _Tokens:
    """The tokens of a dump, read piece by piece; white space and comments are left out."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._ended = False
        self.is_latin = False
        """Whether the dump says that its text is in what MySQL calls latin1."""

    def __iter__(self) -> Iterator[_Token]:
        while (token := self.next()) is not None:
            yield token

    def next(self) -> _Token | None:
        """The next token, or None at the end."""
        while True:
            match = _TOKEN.match(self._buffer, self._at)
            # One that ends where the buffer does may go on in the next piece.
            if match is None or match.end() == len(self._buffer):
                if self._more():
                    continue
                if match is None:
                    if self._at < len(self._buffer):
                        raise ArchiveError("a value is cut off or never ends")
                    return None
            self._at = match.end()
            if match.lastgroup != "space":
                return str(match.lastgroup), match.group()

    def need(self) -> _Token:
        """The next token.

        :raises ArchiveError: there is none.
        """
        token = self.next()
        if token is None:
            raise ArchiveError("it ends in the middle of a statement")
        return token

    def skip_statement(self) -> None:
        """Go past the next semicolon, or to the end."""
        while (token := self.next()) is not None:
            if token[1] == b";":
                return

    def _more(self) -> bool:
        if self._ended:
            return False
        left = len(self._buffer) - self._at
        if left > _LONGEST_TOKEN:
            raise ArchiveError(f"a value is longer than {_LONGEST_TOKEN:,} bytes")
        # As much again as there is, so that a long value is not looked at over and over.
        piece = self._stream.read(max(_PIECE, left)) or b""
        self._ended = not piece
        self._buffer = self._buffer[self._at :] + piece
        self._at = 0
        return bool(piece)


def _note_encoding(tokens: _Tokens) -> None:
    """Note of SET NAMES which encoding the text that follows is in."""
    _, value = tokens.need()
    if value.upper() == b"NAMES":
        _, value = tokens.need()
        tokens.is_latin = value.strip(b"'").lower() == b"latin1"
    if value != b";":
        tokens.skip_statement()


def _note_layout(tokens: _Tokens, layouts: dict[str, list[str]]) -> None:
    """Note the columns of a CREATE TABLE, in order: the names in backquotes that begin a definition."""
    kind, value = tokens.need()
    if value.upper() != b"TABLE":
        tokens.skip_statement()
        return
    table = ""
    columns: list[str] = []
    depth, begins = 0, False
    while True:
        kind, value = tokens.need()
        if value == b";":
            break
        if value == b"(":
            depth += 1
            begins = depth == 1
            continue
        if value == b")":
            depth -= 1
        elif kind == "name" and depth == 0 and not table:
            table = _name(value)
        elif kind == "name" and depth == 1 and begins and len(columns) < _MOST_COLUMNS:
            columns.append(_name(value))
        begins = value == b"," and depth == 1
    layouts[table] = columns


def _inserted(
    tokens: _Tokens,
    tables: Mapping[str, Sequence[str]],
    wanted: Mapping[str, str],
    layouts: Mapping[str, list[str]],
) -> Iterator[tuple[str, tuple[object, ...]]]:
    kind, value = tokens.need()
    while kind == "word":  # INTO, IGNORE
        kind, value = tokens.need()
    table = _name(value) if kind == "name" else ""
    if table not in wanted:
        tokens.skip_statement()
        return
    columns = layouts.get(table, [])
    kind, value = tokens.need()
    if value == b"(":
        columns = [_name(value) for kind, value in _within(tokens) if kind == "name"]
        kind, value = tokens.need()
    if value.upper() not in (b"VALUES", b"VALUE"):
        raise ArchiveError(f"an INSERT into {table} without VALUES")
    places = [
        columns.index(name.lower()) if name.lower() in columns else None for name in tables[wanted[table]]
    ]
    while True:
        kind, value = tokens.need()
        if value == b"(":
            row = _row(tokens)
            if columns and len(row) != len(columns):
                raise ArchiveError(f"a row of {table} has {len(row)} values for {len(columns)} columns")
            yield wanted[table], tuple(None if place is None else row[place] for place in places)
        elif value != b",":
            break
    if value != b";":
        tokens.skip_statement()


def _within(tokens: _Tokens) -> Iterator[_Token]:
    """The tokens up to the closing bracket."""
    while (token := tokens.need())[1] != b")":
        yield token


def _row(tokens: _Tokens) -> list[object]:
    values: list[object] = []
    for kind, value in _within(tokens):
        if value == b",":
            continue
        if kind == "word" and value.upper() not in (b"NULL", b"TRUE", b"FALSE"):
            continue  # _binary and _utf8mb4, which stand before a string
        if len(values) == _MOST_COLUMNS:
            raise ArchiveError(f"a row has more than {_MOST_COLUMNS:,} values")
        values.append(_value(kind, value, tokens.is_latin))
    return values


def _value(kind: str, written: bytes, is_latin: bool) -> object:
    if kind == "string":
        plain = _decoded(written[1:-1], is_latin)
        return _ESCAPED.sub(_unescape, plain) if "\\" in plain or "''" in plain else plain
    if kind == "hex":
        digits = written[2:].decode()
        return _decoded(bytes.fromhex(digits if len(digits) % 2 == 0 else f"0{digits}"), is_latin)
    if kind == "number":
        whole = int(written) if written.lstrip(b"+-").isdigit() and len(written) < 21 else BIGGEST_NUMBER
        return whole if -BIGGEST_NUMBER <= whole < BIGGEST_NUMBER else float(written)
    if kind == "word":
        return {b"NULL": None, b"TRUE": 1, b"FALSE": 0}[written.upper()]
    raise ArchiveError(f"{written[:20]!r} stands where a value should")


def _decoded(data: bytes, is_latin: bool) -> str:
    """Text of a dump. What MySQL calls latin1 is Windows-1252; programs often kept UTF-8 in such columns."""
    if is_latin:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252", "replace")
    return data.decode("utf-8", "replace")


def _unescape(match: re.Match[str]) -> str:
    escaped = match[1]
    return "'" if escaped is None else _MEANING.get(escaped, escaped)


def _name(written: bytes) -> str:
    return written.strip(b"`").replace(b"``", b"`").decode("utf-8", "replace").lower()
