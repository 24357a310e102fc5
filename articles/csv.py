"""CSV files that are safe to open in a spreadsheet."""

from collections.abc import Iterable
from csv import writer
from io import StringIO

BEGIN = "\ufeff"
"""By which spreadsheets know the encoding."""


def line(cells: Iterable[object]) -> str:
    """A row of a file, with its line break. Text is made harmless, numbers stay what they are."""
    written = StringIO()
    writer(written).writerow(harmless(cell) if isinstance(cell, str) else cell for cell in cells)
    return written.getvalue()


def harmless(cell: str) -> str:
    """*cell*, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
