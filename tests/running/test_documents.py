"""What is written down: settings that exist, files and modules that exist, links that lead somewhere."""

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.running.installation import PROJECT

OPERATING = (PROJECT / "docs/operating.md").read_text()
README = (PROJECT / "README.md").read_text()
OURS = ("articles", "newsdiffs", "demo", "benchmarks", "tests")
SOURCES = sorted(file for folder in OURS for file in (PROJECT / folder).rglob("*.py"))
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob(".github/**/*.md")])

_FILE = re.compile(r"(?<![\w./@<*:-])((?:[\w-]+/)*[\w-]+\.(?:py|md|toml|yml|html|css|js|sql))\b(?![\w/.(-])")
_MODULE = re.compile(rf"(?<![\w./@-])((?:{'|'.join(OURS)})(?:\.\w+)+)")

_NO_MODULE = re.compile(r"newsdiffs\.([EW]\d{3}|sqlite3)")  # system checks, and the database's file
FROM_ELSEWHERE = frozenset({"node.js"})
"""Names of files that are not of this project."""


def settings_in(table: str) -> set[str]:
    """The settings that the rows of a Markdown *table* are about."""
    rows = [line.partition(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}


def test_the_one_table_tells_of_every_setting_that_is_read() -> None:
    read = {
        name
        for folder in ("newsdiffs", "articles", "demo")
        for file in (PROJECT / folder).rglob("*.py")
        for name in re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', file.read_text())
    }
    assert len(read) > 10
    assert settings_in(OPERATING) == read | {"PYTHON"}


def test_the_readme_has_the_settings_that_matter_most() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `")]
    assert 0 < len([row for row in rows if re.match(r"\| `[A-Z_]+`", row)]) <= 10
    assert settings_in(README) < settings_in(OPERATING)


@cache
def files() -> frozenset[str]:
    """The path of every file of the project, and all that such a path can be shortened to from the left."""
    left_out = {".git", ".venv", "data", "__pycache__"}
    found = set()
    for file in PROJECT.rglob("*"):
        parts = file.relative_to(PROJECT).parts
        if left_out.isdisjoint(parts) and not any(part.endswith("_cache") for part in parts):
            found |= {"/".join(parts[start:]) for start in range(len(parts))}
    return frozenset(found)


def prose_of(file: Path) -> str:
    """The comments and docstrings of a module: of its other strings some are of files that tests make up."""
    tokens = list(tokenize.generate_tokens(io.StringIO(file.read_text()).readline))
    prose = []
    for number, token in enumerate(tokens):
        if token.type == tokenize.COMMENT:
            prose.append(token.string.removeprefix("#"))
        elif token.type == tokenize.STRING and token.string.startswith(('"""', 'r"""')):
            before = tokens[number - 1].type if number else tokenize.NEWLINE
            if before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.NL, tokenize.ENCODING, tokenize.DEDENT):
                prose.append(token.string)
    return "\n".join(prose)


def missing_in(text: str) -> list[str]:
    """What *text* names that there is not."""
    named = [name for name in _FILE.findall(text) if name not in files() | FROM_ELSEWHERE]
    modules = [name for name in _MODULE.findall(text) if name not in files() and not _NO_MODULE.match(name)]
    return named + [name for name in modules if not resolves(name)]


def resolves(dotted: str) -> bool:
    """Whether *dotted* is a module of ours, or begins with one and a name that it gives."""
    folder, parts = PROJECT, dotted.split(".")
    for number, part in enumerate(parts):
        file = folder / f"{part}.py"
        if (folder / part).is_dir():
            folder /= part
        elif file.is_file():
            return number + 1 == len(parts) or parts[number + 1] in names_in(file)
        else:
            return part in names_in(folder / "__init__.py")
    return True


@cache
def names_in(module: Path) -> set[str]:
    """What *module* defines or imports at its top level."""
    if not module.is_file():
        return set()
    names: set[str] = set()
    for node in ast.parse(module.read_text()).body:
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Import() | ast.ImportFrom():
                names |= {alias.asname or alias.name for alias in node.names}
            case ast.Assign() | ast.AnnAssign():
                names |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return names


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_comments_and_docstrings_name_only_what_there_is(file: Path) -> None:
    assert missing_in(prose_of(file)) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_pages_name_only_files_that_there_are(page: Path) -> None:
    text = page.read_text()
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    assert missing_in(text) == []


def test_a_name_of_what_there_is_not_would_be_found() -> None:
    text = "See product.md, articles/watch/hosts.py, articles.watch.hosts.Turn and docs/operating.md."
    assert missing_in(text) == ["product.md", "articles/watch/hosts.py", "articles.watch.hosts.Turn"]
