"""Every process draws the same comparison: a link to its third change leads to the third wherever it is."""

import json
import os
import random
import subprocess
import sys

from articles.diff import compare

_RARE_WORDS = 10


def texts() -> tuple[list[str], list[str]]:
    """Paragraphs that share as many rare words with their like as with others: one of ten, with each."""
    dice = random.Random(1)
    common = [f"common{number}" for number in range(40)]
    before, after = [], []
    for number in range(30):
        alike = dice.choices(common, k=24)
        rare = [f"rare{number}x{place}" for place in range(_RARE_WORDS)]
        before.append(" ".join([*alike, *rare]))
        after += [" ".join([*dice.choices(common, k=24), word]) for word in rare[1:]]
        after.append(" ".join([*alike, rare[0]]))
    dice.shuffle(after)
    return before, after


def test_a_comparison_is_the_same_in_every_process() -> None:
    script = (
        f"import json; from {__name__} import compare, texts; print(json.dumps(compare(*texts()).to_dict()))"
    )
    expected = compare(*texts()).to_dict()
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        )
        assert json.loads(ran.stdout) == json.loads(json.dumps(expected))
