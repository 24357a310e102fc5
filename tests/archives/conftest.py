"""What tests of imports share."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from articles.archives import ArchivedArticle, Broken, Left, Record
from tests.archives.killed import is_as_if_never_killed

Sorted = tuple[list[ArchivedArticle], list[tuple[Left, str]]]


@pytest.fixture
def apart() -> Callable[[Iterable[Record]], Sorted]:
    """Sorts what a reader hands out into articles, and (why, where) of what it leaves out."""

    def sort(records: Iterable[Record]) -> Sorted:
        found = list(records)
        articles = [record for record in found if isinstance(record, ArchivedArticle)]
        return articles, [(record.why, record.where) for record in found if isinstance(record, Broken)]

    return sort


@pytest.fixture
def survives_a_kill(set_up_once: Path, tmp_path: Path) -> Callable[..., None]:
    """Asserts that an import, given as the command's arguments, may be killed and run again."""

    def survives(kind: str, *arguments: object) -> None:
        is_as_if_never_killed(set_up_once, tmp_path, kind, *map(str, arguments))

    return survives
