"""Tables of data in a story: each row is a paragraph, so that a changed figure is seen in its row."""

from collections import Counter, defaultdict

from articles.extract.runs import Place, Reading, Run

BETWEEN_CELLS = " | "

_LEAST_ROWS = 3
_LEAST_CELLS = 2  # in a row
_MOST_LINKED = 0.75  # share of a table's letters in links
_LONGEST_CELLS = 120  # weight (see Run.weight), on average; a table of more is there for the layout


def rows_of_data(reading: Reading) -> dict[Place, list[Run]]:
    """Return the runs of each row of the tables that hold data, by the row, in reading order.

    They have several rows of several short cells, and neither a table nor a field in them. Links are allowed
    where each row has a figure that is none (results of parties); other tables of links lead elsewhere. They
    may stand in a table that is there for the layout and has paragraphs too.
    """
    table, row = _enclosing(reading)
    plain: set[Place] = set()
    nested: dict[Place, Place] = {}
    telling: set[Place] = set()  # tables with a paragraph in a cell of their own
    for place in reading.places:
        if place.tag == "table":
            outer = table[place.parent] if place.parent else None
            plain.add(place)
            if outer is not None:
                plain.discard(outer)
                nested[place] = outer
    runs: defaultdict[Place, list[Run]] = defaultdict(list)
    weight: Counter[Place] = Counter()
    linked: Counter[Place] = Counter()
    letters: Counter[Place] = Counter()
    figures: Counter[Place] = Counter()  # cells with a number that is no link
    for run in reading.runs:
        around = table[run.place]
        if around is None or around not in plain:
            if around is not None and run.is_prose:
                telling.add(around)
            continue
        if run.place.tag == "caption":
            continue
        if run.place.asks or row[run.place] is None:
            plain.discard(around)
        linked[around] += run.letters - run.unlinked
        letters[around] += run.letters
        if run.unlinked == run.letters and any(map(str.isdigit, run.text)):
            figures[around] += 1
        weight[around] += run.weight
        runs[row[run.place] or around].append(run)
    cells, rows = _size(reading, table)
    data = {
        one
        for one in plain
        if (one not in nested or nested[one] in telling)
        and rows[one] >= _LEAST_ROWS
        and (
            linked[one] == 0 or (figures[one] >= rows[one] - 1 and linked[one] < _MOST_LINKED * letters[one])
        )
        and cells[one] >= _LEAST_CELLS * rows[one]
        and weight[one] <= _LONGEST_CELLS * cells[one]
    }
    return {place: found for place, found in runs.items() if table[place] in data}


def joined(row: Place, cells: list[Run]) -> Run:
    """Return the row as one run."""
    return Run(
        text=BETWEEN_CELLS.join(cell.text for cell in cells),
        place=row,
        letters=sum(cell.letters for cell in cells),
        unlinked=sum(cell.unlinked for cell in cells),
        plain=sum(cell.plain for cell in cells),
        ends_in_link=False,
    )


def _enclosing(reading: Reading) -> tuple[dict[Place, Place | None], dict[Place, Place | None]]:
    """Return for each place the innermost table around it, and the row of that table."""
    table: dict[Place, Place | None] = {}
    row: dict[Place, Place | None] = {}
    for place in reading.places:
        outer = place.parent
        table[place] = place if place.tag == "table" else table[outer] if outer else None
        if place.tag == "tr":
            row[place] = place
        else:
            row[place] = None if place.tag == "table" or outer is None else row[outer]
    return table, row


def _size(reading: Reading, table: dict[Place, Place | None]) -> tuple[Counter[Place], Counter[Place]]:
    """Return how many cells and how many rows each table has."""
    cells: Counter[Place] = Counter()
    rows: Counter[Place] = Counter()
    for place in reading.places:
        around = table[place]
        if around is not None:
            cells[around] += place.tag in ("td", "th")
            rows[around] += place.tag == "tr"
    return cells, rows
