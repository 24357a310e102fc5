"""The example in docs/data.md runs, on an edition as the command writes it."""

import re
import runpy
from pathlib import Path

from django.core.management import call_command

from tests.exports.conftest import Site
from tests.running.installation import PROJECT


def test_the_example_runs(site: Site, tmp_path: Path, monkeypatch, capsys):
    [code] = re.findall(r"```python\n(.*?)```", (PROJECT / "docs/data.md").read_text(), re.DOTALL)
    call_command("export", tmp_path / "edition", verbosity=0)
    (tmp_path / "example.py").write_text(code)
    monkeypatch.chdir(tmp_path / "edition")
    capsys.readouterr()
    told = runpy.run_path(str(tmp_path / "example.py"))
    [(hour, changes, headlines, plot)] = told["plot"].fetchall()
    assert (hour, changes, headlines) == (14, 1, 0)
    assert set(plot) == {"█"}
    assert told["waits"].fetchall() == [("harbour", 1, 30.0)]
    assert "harbour" in capsys.readouterr().out
