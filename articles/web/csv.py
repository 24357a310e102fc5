"""CSV files that are safe to open in a spreadsheet."""

BEGIN = "\ufeff"
"""By which spreadsheets know the encoding."""


def harmless(cell: str) -> str:
    """*cell*, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
