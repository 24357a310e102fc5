"""Files for spreadsheets: no cell is a formula, in whichever file."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import articles
from articles.csv import line
from articles.statistics.refresh import refresh
from tests.factories import make_article, make_source, make_version

FORMULA = "=HYPERLINK(1)"


@given(st.lists(st.text() | st.integers(), min_size=1))
def test_text_begins_as_no_formula_and_comes_back(cells):
    (read,) = csv.reader(StringIO(line(cells), newline=""))
    for cell, back in zip(cells, read, strict=True):
        if isinstance(cell, int):
            assert back == str(cell)
        else:
            assert back.removeprefix("'") == cell.removeprefix("'")
            assert not back.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.django_db
def test_a_source_s_name_is_no_formula_in_the_statistics(client):
    make_version(make_article(make_source(FORMULA)))
    refresh()
    answer = client.get("/stats/sources.csv").content.decode()
    assert f"'{FORMULA}" in answer
    assert f"\n{FORMULA}" not in answer


def test_every_csv_is_written_line_by_line_here():
    """A writer of the library's own elsewhere would let formulas through."""
    room = Path(articles.__file__).parent
    others = [path for path in room.rglob("*.py") if "csv.writer(" in path.read_text("utf-8")]
    assert others == []
