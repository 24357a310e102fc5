"""Drives urlwatch, in whose environment this runs; see benchmarks/peers.py.

It is a command that checks all pages and ends. What a run with one page costs is mostly its start: that is
left out, but for the page's own share.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

task = json.load(sys.stdin)
folder = Path(task["folder"])
command = Path(sys.executable).with_name("urlwatch")


def run(name: str, addresses: list) -> tuple:
    """Seconds of the processor that a run took, and how many changes it told of."""
    jobs = folder / f"{name}.yaml"
    jobs.write_text("\n---\n".join(f'url: "{address}"' for address in addresses) + "\n")
    config = folder / "config.yaml"
    config.write_text(
        "report:\n"
        "  stdout:\n    enabled: true\n    color: false\n"
        "  text:\n    line_length: 75\n    details: true\n    footer: false\n    minimal: false\n"
    )
    before = os.times()
    done = subprocess.run(
        [
            command,
            "--urls",
            jobs,
            "--config",
            config,
            "--cache",
            folder / f"{name}.db",
            "--hooks",
            folder / "none.py",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    after = os.times()
    if done.returncode:
        sys.exit(done.stderr or f"urlwatch ended with {done.returncode}")
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, sum(line.startswith("CHANGED: ") for line in done.stdout.splitlines())


addresses = task["addresses"]
run("all", addresses)
run("one", addresses[:1])
seconds, changes = 0.0, 0
for _ in range(task["rounds"]):
    spent, told = run("all", addresses)
    start, _told = run("one", addresses[:1])
    seconds += (spent - start) * len(addresses) / (len(addresses) - 1)
    changes += told
print(json.dumps({"seconds": seconds, "changes": changes}))
