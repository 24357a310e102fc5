"""What tests of imports share."""

from collections.abc import Callable, Iterable

import pytest

from articles.archives import ArchivedArticle, Broken, Left, Record

Sorted = tuple[list[ArchivedArticle], list[tuple[Left, str]]]


@pytest.fixture
def apart() -> Callable[[Iterable[Record]], Sorted]:
    """Sorts what a reader hands out into articles, and (why, where) of what it leaves out."""

    def sort(records: Iterable[Record]) -> Sorted:
        found = list(records)
        articles = [record for record in found if isinstance(record, ArchivedArticle)]
        return articles, [(record.why, record.where) for record in found if isinstance(record, Broken)]

    return sort
