"""What docs/operating.md promises."""

import re

from tests.running.installation import PROJECT

OPERATING = (PROJECT / "docs/operating.md").read_text()


def test_every_setting_is_documented() -> None:
    code = [PROJECT / "newsdiffs/settings.py", PROJECT / "newsdiffs/demo.py"]
    read = {
        name for file in code for name in re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', file.read_text())
    }
    rows = [line.partition(" | ")[0] for line in OPERATING.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert len(read) > 10
    assert documented == read | {"PYTHON"}
