"""An append-only log as a Merkle tree (RFC 6962, section 2.1), kept as the hashes of its whole subtrees.

The hash of every whole subtree (of 1, 2, 4, 8 … leaves) is stored once and never changes; root and proofs of
any size are put together from these, some 20 × 20 / 2 of them for a million leaves.
"""

from collections.abc import Iterable, MutableMapping
from typing import Protocol

from articles.evidence.verify_evidence import EMPTY_ROOT, node_hash


class Nodes(Protocol):
    """Where the hashes of whole subtrees are kept: by (level, index), level 0 being the leaves."""

    def get(self, level: int, index: int) -> bytes: ...
    def put(self, level: int, index: int, digest: bytes) -> None: ...


class MemoryNodes:
    """Nodes in a dictionary."""

    def __init__(self) -> None:
        self._nodes: MutableMapping[tuple[int, int], bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        return self._nodes[level, index]

    def put(self, level: int, index: int, digest: bytes) -> None:
        self._nodes[level, index] = digest


class Log:
    """A log of *size* leaves whose nodes are kept in *nodes*."""

    def __init__(self, nodes: Nodes, size: int = 0) -> None:
        self._nodes = nodes
        self.size = size

    def append(self, leaves: Iterable[bytes]) -> int:
        """Add the hashes of *leaves* (`leaf_hash`); the index of the first of them."""
        first = self.size
        for digest in leaves:
            self._nodes.put(0, self.size, digest)
            level, index = 0, self.size
            while index % 2:
                digest = node_hash(self._nodes.get(level, index - 1), digest)
                level, index = level + 1, index // 2
                self._nodes.put(level, index, digest)
            self.size += 1
        return first

    def root(self, size: int | None = None) -> bytes:
        """The root of the log, or of its first *size* leaves.

        :raises ValueError: there are not so many.
        """
        size = self._checked(self.size if size is None else size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of leaf *index* in the log of *size* leaves (RFC 6962, 2.1.1), the lowest first.

        :raises ValueError: there is no such leaf.
        """
        size = self._checked(self.size if size is None else size)
        if not 0 <= index < size:
            raise ValueError(f"There is no leaf {index} among {size}.")
        path = []
        begin, end = 0, size
        while end - begin > 1:
            middle = begin + _split(end - begin)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(begin, middle))
                begin = middle
        return path[::-1]

    def consistency(self, earlier: int, later: int | None = None) -> list[bytes]:
        """The proof that the log of *earlier* leaves is the beginning of that of *later* (RFC 6962, 2.1.2).

        :raises ValueError: it can't be, as there are not so many, or none earlier.
        """
        later = self._checked(self.size if later is None else later)
        if not 0 < earlier <= later:
            raise ValueError(f"A log of {earlier} leaves is no beginning of one of {later}.")
        path = []
        begin, end, known = 0, later, True
        while earlier != end:
            middle = begin + _split(end - begin)
            if earlier <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(begin, middle))
                begin, known = middle, False
        if not known:
            path.append(self._hash(begin, end))
        return path[::-1]

    def _checked(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError(f"The log has {self.size} leaves, not {size}.")
        return size

    def _hash(self, begin: int, end: int) -> bytes:
        """The hash of the leaves from *begin* up to *end*, a part that the tree of some size has."""
        length = end - begin
        if length & (length - 1) == 0:
            return self._nodes.get(length.bit_length() - 1, begin // length)
        middle = begin + _split(length)
        return node_hash(self._hash(begin, middle), self._hash(middle, end))


def _split(length: int) -> int:
    """The largest power of two below *length*."""
    return 1 << ((length - 1).bit_length() - 1)
