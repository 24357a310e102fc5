"""The diff room: two lists of paragraphs in, what changed between them out. Pure; knows no Django.

    >>> comparison = compare(["Four people were hurt."], ["Five people were hurt."])
    >>> [(row.kind, [tuple(span) for span in row.spans]) for row in comparison.rows]
    [('edited', [('-', 'Four ', ''), ('+', '', 'Five '), ('=', 'people were hurt.', 'people were hurt.')])]

``compare`` (``engine``) pairs paragraphs by likeness (``align``), compares the words inside each pair
(``spans``, by the runs of words of ``wording``, with borders as ``readable`` sets them) and puts the rows in
reading order. ``key`` is the folded form under which
texts count as equal, ``words`` the count of words shown everywhere. ``telling`` picks the changed
sentences that lists and feeds show; ``articles.diff.html`` draws a Comparison for pages, lists and feeds.
``DIFF_VERSION`` tells apart what was counted and drawn by other rules.
"""

from articles.diff.comparison import DIFF_VERSION, Comparison, Row, Span
from articles.diff.engine import compare, compare_lines, line_likeness
from articles.diff.excerpts import changed_sentence, telling
from articles.diff.tokens import key, words

__all__ = [
    "DIFF_VERSION",
    "Comparison",
    "Row",
    "Span",
    "changed_sentence",
    "compare",
    "compare_lines",
    "key",
    "line_likeness",
    "telling",
    "words",
]
