"""The addresses in a file that a person sends: text with one a line, or CSV."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from articles.fetch import address_key, normalise
from articles.search import as_addresses

LARGEST = 1_000_000
"""Bytes."""

MOST_LINES = 10_000

_SHOWN = 500
"""Characters kept of a line that is no address."""

_HEADINGS = frozenset({"url", "urls", "address", "addresses", "link", "links", "adresse"})


class Unreadable(ValueError):
    """Nothing of the file is taken; the message says why."""


class Line(NamedTuple):
    """One address; or a problem, in words. repeats: the line that had the same one before."""

    number: int
    address: str
    problem: str = ""
    repeats: int | None = None


def read_lines(data: bytes, *, table: bool = False) -> list[Line]:
    """The file's lines; empty ones, comments (#) and a heading are left out. table: whether it is CSV.

    :raises Unreadable: it is too large, has too many lines or none, or is no text.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            _("The file has more than %(largest)s bytes. Split it.") % {"largest": f"{LARGEST:,}"}
        )
    lines: list[Line] = []
    seen: dict[str, int] = {}
    text = _decoded(data)
    for number, cell in _cells(text) if table else enumerate(map(str.strip, text.splitlines()), 1):
        if not cell or cell.startswith("#") or (not lines and cell.lower() in _HEADINGS):
            continue
        if len(lines) == MOST_LINES:
            raise Unreadable(
                _("The file has more than %(most_lines)s addresses. Split it.")
                % {"most_lines": f"{MOST_LINES:,}"}
            )
        line = read_address(cell, number)
        if not line.problem:
            first = seen.setdefault(address_key(line.address), number)
            line = line._replace(repeats=first if first != number else None)
        lines.append(line)
    if not lines:
        raise Unreadable(_("The file has no address in it: give one a line."))
    return lines


def read_address(text: str, number: int = 1) -> Line:
    """What stands in *text*, mended where a person would take it for an address."""
    problem = _("this is no address of a page")
    for address in as_addresses(text):
        try:
            return Line(number, normalise(address))
        except ValueError as reason:
            problem = str(reason)
    return Line(number, text[:_SHOWN], problem)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    if "\x00" in text:
        raise Unreadable(_("The file is no text. Save the addresses as text or CSV, one a line."))
    return text


def _cells(text: str) -> Iterator[tuple[int, str]]:
    """Of each row of CSV the number of its line, and the cell with an address in it, or else the first."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        for row in rows:
            cells = [cell.strip() for cell in row if cell.strip()]
            yield rows.line_num, next((cell for cell in cells if "://" in cell), cells[0] if cells else "")
    except csv.Error as problem:
        raise Unreadable(
            _("Line %(line_num)s of the CSV can’t be read: %(problem)s.")
            % {"line_num": rows.line_num, "problem": problem}
        ) from problem
