"""Files of JSON lines beside the database, which outlast the restore of an older backup.

A line that broke off (a full disk, a machine that went down) costs itself alone: it is passed over, and what
is added later begins a line of its own.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

log = logging.getLogger(__name__)


def append(file: Path, rows: Iterable[dict[str, object]]) -> None:
    """Add a line for each of *rows*.

    :raises OSError: the file can't be written.
    """
    text = "".join(f"{json.dumps(row)}\n" for row in rows)
    with file.open("ab+") as lines:
        if lines.tell():
            lines.seek(-1, os.SEEK_END)
            if lines.read(1) != b"\n":
                text = f"\n{text}"
        lines.write(text.encode())


def read(file: Path) -> Iterator[dict[str, object]]:
    """The rows of the lines that can be read; none where there is no file."""
    if not file.exists():
        return
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield row
        else:
            log.warning("line %s of %s can't be read", number, file)
