"""Files of lines beside the database: what broke off spoils no other line."""

from pathlib import Path

import pytest

from articles.takedown import kept_lines


def test_what_is_added_is_read(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    assert list(kept_lines.read(file)) == []
    kept_lines.append(file, [{"a": 1}, {"a": "\n"}])
    kept_lines.append(file, [{"a": "ü"}])
    assert list(kept_lines.read(file)) == [{"a": 1}, {"a": "\n"}, {"a": "ü"}]


@pytest.mark.parametrize("broken", [b'{"a', b"[]\n", b"\xff\xfe\n", b"\n\n", b"\x00"])
def test_a_broken_line_costs_itself_alone(tmp_path: Path, broken: bytes) -> None:
    file = tmp_path / "lines.jsonl"
    kept_lines.append(file, [{"a": 1}])
    with file.open("ab") as lines:
        lines.write(broken)
    kept_lines.append(file, [{"a": 2}])
    assert list(kept_lines.read(file)) == [{"a": 1}, {"a": 2}]
