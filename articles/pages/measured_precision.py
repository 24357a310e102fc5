"""How often the rules of the kinds are right, as docs/facts.md has it: the one place where it is written."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from typing import NamedTuple

from django.conf import settings

_HEADING = "## How often it is right"


class Table(NamedTuple):
    """A table of figures; every row begins with what it is about."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


class Measured(NamedTuple):
    """``about`` says in a paragraph what was measured; the tables are by kind, and by language."""

    about: str
    tables: Sequence[Table]


@cache
def measured() -> Measured:
    """The figures of this release, read once.

    :raises ValueError: the document has no such chapter.
    """
    text = (settings.BASE_DIR / "docs" / "facts.md").read_text(encoding="utf-8")
    _, found, chapter = text.partition(f"{_HEADING}\n")
    if not found:
        raise ValueError(f"docs/facts.md has no chapter {_HEADING!r}.")
    lines = chapter.partition("\n## ")[0].strip().splitlines()
    about, *_ = "\n".join(lines).split("\n\n")
    return Measured(" ".join(about.replace("`", "").split()), [*_tables(lines)])


def _tables(lines: Sequence[str]) -> Iterator[Table]:
    for is_table, some in groupby(lines, lambda line: line.startswith("|")):
        if is_table:
            header, _, *rows = [_cells(line) for line in some]
            yield Table(header, rows)


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
