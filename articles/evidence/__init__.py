"""Proof of a change that holds without us: a log that can't be rewritten, and packs checked offline.

Comes in: plain values. Goes out: hashes and proofs (`merkle`), and a zip with both pages, both texts, the
comparison and the proofs (`pack`). `verify_evidence.py` is in every zip: it needs Python and nothing else,
and says in one sentence what a pack proves and what it does not. The rules of checking stand there alone;
`merkle` and `pack` take the hashes from it, so that what is written and what is checked can't differ.

Pure: no Django, no network, no clock.
"""

from articles.evidence import verify_evidence
from articles.evidence.merkle import Log, MemoryNodes, Nodes
from articles.evidence.pack import (
    Evidence,
    LogEntry,
    PackedPage,
    PackedVersion,
    build,
    hashed_leaf_of,
    leaf_of,
    root_json,
    text_bytes,
)
from articles.evidence.verify_evidence import (
    Tampered,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "Evidence",
    "Log",
    "LogEntry",
    "MemoryNodes",
    "Nodes",
    "PackedPage",
    "PackedVersion",
    "Tampered",
    "build",
    "hashed_leaf_of",
    "leaf_hash",
    "leaf_of",
    "root_json",
    "text_bytes",
    "verify_consistency",
    "verify_evidence",
    "verify_inclusion",
]
