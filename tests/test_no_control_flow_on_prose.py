"""No code decides anything by comparing a sentence that is meant for people: codes are there for that."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("articles", "newsdiffs")

PROSE = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}")
"""Two words with a space between them: no code, key or header looks like that."""

FOR_PEOPLE = frozenset(
    {"reason", "detail", "problem", "words", "verdict", "advice", "doubt", "last_reason", "last_error"}
)
"""Names of what is said to people."""

ASKING = frozenset({"startswith", "endswith", "find", "index", "removeprefix", "removesuffix"})


def decisions_on_prose(source: str) -> Iterator[tuple[int, str]]:
    """(line, code) of each comparison in *source* with a sentence, or of what is said to people with text."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def text(node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.JoinedStr):
            return " ".join(text(value) for value in node.values)
        if isinstance(node, ast.Name):
            value = constants.get(node.id, "")
            return value if isinstance(value, str) else ""
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return "\n".join(filter(None, map(text, node.elts)))
        return ""

    def is_for_people(node: ast.expr) -> bool:
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        return name in FOR_PEOPLE

    def decides(asked: ast.expr, given: ast.expr) -> bool:
        prose = PROSE.search(text(given)) and "<" not in text(given)  # markup is none
        return bool(prose) or (is_for_people(asked) and bool(text(given)))

    for node in ast.walk(tree):
        found = False
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            found = any(decides(one, other) or decides(other, one) for one, other in pairwise(sides))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            found = any(decides(node.func.value, argument) for argument in node.args)
        elif isinstance(node, ast.MatchValue):
            found = bool(PROSE.search(text(node.value)))
        if found:
            yield node.lineno if hasattr(node, "lineno") else 0, ast.unparse(node)


def test_nothing_is_decided_by_a_sentence():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {code}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, code in decisions_on_prose(path.read_text())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "if reason == 'an empty page': pass",
        "HELD = 'the same change on many articles'\nif article.last_reason == HELD: pass",
        "if 'challenge' in reason: pass",
        "x = answer.reason.startswith('put off')",
        "if told in ('not found', 'gone for good'): pass",
        "match told:\n    case 'not found yet': pass",
        "if problem != f'{host} could not be found': pass",
    ],
)
def test_a_decision_on_a_sentence_is_noticed(code):
    assert list(decisions_on_prose(code))


@pytest.mark.parametrize(
    "code",
    [
        "if code is ReasonCode.EMPTY_PAGE: pass",
        "if outcome == 'held': pass",
        "x = 'content-type' in headers",
        "if not reason: pass",
        "if reason != '': pass",
        "reason = f'not found: {url}'",
    ],
)
def test_a_decision_on_a_code_is_none_on_a_sentence(code):
    assert not list(decisions_on_prose(code))
