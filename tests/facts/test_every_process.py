"""The facts of a change are the same in every process, whatever the order of its sets."""

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import hashlib
from articles.facts import facts
from tests.facts.edits import EDITS
found = [facts([e.before], [e.after], language=e.language) for e in EDITS]
together = facts([e.before for e in EDITS], [e.after for e in EDITS][::-1], language="en")
print(hashlib.sha256(repr((found, together)).encode()).hexdigest())
"""


def test_the_order_of_sets_does_not_matter() -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
