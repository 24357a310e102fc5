"""CSV files that are safe to open in a spreadsheet."""

from collections.abc import Iterable
from csv import writer
from io import StringIO
from typing import TextIO

BEGIN = "\ufeff"
"""By which spreadsheets know the encoding."""


class Writer:
    """Writes rows into a file. Text is made harmless, numbers stay what they are."""

    def __init__(self, file: TextIO) -> None:
        self._rows = writer(file)

    def write(self, cells: Iterable[object]) -> None:
        """Write a row, with its line break."""
        self._rows.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])


def line(cells: Iterable[object]) -> str:
    """A row of a file, with its line break, as a ``Writer`` writes it."""
    written = StringIO()
    Writer(written).write(cells)
    return written.getvalue()


def harmless(cell: str) -> str:
    """*cell*, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
