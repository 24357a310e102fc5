"""Drives diffengine, in whose environment this runs; see benchmarks/peers.py."""

import json
import sys
import time

import htmldiff2

sys.modules["htmldiff"] = htmldiff2  # the name on PyPI of what it imports
import diffengine

task = json.load(sys.stdin)
# Neither its pauses, nor copies at the Internet Archive, nor pictures of a browser are what is compared.
diffengine.time.sleep = lambda seconds: None
diffengine.EntryVersion.archive = lambda self: None
diffengine.Diff._generate_diff_images = lambda self: None
diffengine.home = task["folder"]
diffengine.config = {}
diffengine.setup_db()
entries = [diffengine.Entry.create(url=address) for address in task["addresses"]]
for entry in entries:
    entry.get_latest()
began = time.process_time()
changes = sum(bool(entry.get_latest()) for _ in range(task["rounds"]) for entry in entries)
print(json.dumps({"seconds": time.process_time() - began, "changes": changes}))
