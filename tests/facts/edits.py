"""Edits of news as newsrooms make them, written for these tests, with what each of them changed.

``edits.jsonl`` has one a line: the language, the text before and after, and the kinds that changed; for
numbers, dates and names with the words of both texts. About half of them change none of these: they are the
hard ones.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple


class Edit(NamedTuple):
    language: str
    before: str
    after: str
    kinds: dict[str, Any]


_LINES = Path(__file__).with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
EDITS: list[Edit] = [Edit(**json.loads(line)) for line in _LINES]
