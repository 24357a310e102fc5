"""The log: RFC 6962's hashes, and proofs that hold for every size and for nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.evidence import Log, MemoryNodes, leaf_hash, verify_consistency, verify_inclusion

# The test vectors of RFC 6962's reference implementation (leaves, and the root of all eight).
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def log_of(leaves: list[bytes]) -> Log:
    log = Log(MemoryNodes())
    log.append(map(leaf_hash, leaves))
    return log


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def test_the_root_is_that_of_the_known_vectors() -> None:
    assert log_of([bytes.fromhex(leaf) for leaf in LEAVES]).root().hex() == ROOT_OF_EIGHT


def test_an_empty_log_has_the_root_of_nothing() -> None:
    assert log_of([]).root() == hashlib.sha256(b"").digest()


leaves = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


@given(leaves, st.data())
def test_the_root_of_any_size_is_that_of_the_definition(made: list[bytes], data: st.DataObject) -> None:
    log = log_of(made)
    size = data.draw(st.integers(0, len(made)))
    assert log.root(size) == plain_root(made[:size])
    assert log.root() == plain_root(made)


@given(leaves, st.data())
def test_each_leaf_is_proven_at_its_place_and_nowhere_else(made: list[bytes], data: st.DataObject) -> None:
    log = log_of(made)
    size = data.draw(st.integers(1, len(made)))
    index = data.draw(st.integers(0, size - 1))
    path, root = log.inclusion(index, size), log.root(size)
    leaf = leaf_hash(made[index])
    assert verify_inclusion(leaf, index, size, path, root)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, path, root)
    assert not verify_inclusion(leaf, index, size, [*path, root], root)
    assert not verify_inclusion(leaf, index, size, path[:-1], root) or not path
    other = data.draw(st.integers(0, size - 1))
    if made[other] != made[index]:
        assert not verify_inclusion(leaf, other, size, path, root)
    for at in range(len(path)):
        tampered = [*path[:at], bytes(32), *path[at + 1 :]]
        assert not verify_inclusion(leaf, index, size, tampered, root)


@given(leaves, st.data())
def test_an_earlier_log_is_proven_to_be_the_beginning(made: list[bytes], data: st.DataObject) -> None:
    log = log_of(made)
    later = data.draw(st.integers(1, len(made)))
    earlier = data.draw(st.integers(1, later))
    path = log.consistency(earlier, later)
    roots = log.root(earlier), log.root(later)
    assert verify_consistency(earlier, later, *roots, path)
    rewritten = log_of([made[0] + b"!", *made[1:]])
    assert not verify_consistency(earlier, later, rewritten.root(earlier), roots[1], path)
    assert not verify_consistency(earlier, later, roots[0], rewritten.root(later), path)
    for at in range(len(path)):
        assert not verify_consistency(earlier, later, *roots, [*path[:at], bytes(32), *path[at + 1 :]])


@given(st.lists(st.binary(max_size=4), max_size=40), st.lists(st.binary(max_size=4), max_size=40))
def test_what_is_appended_bit_by_bit_is_the_same(first: list[bytes], second: list[bytes]) -> None:
    nodes = MemoryNodes()
    log = Log(nodes)
    assert log.append(map(leaf_hash, first)) == 0
    assert Log(nodes, log.size).append(map(leaf_hash, second)) == len(first)
    assert Log(nodes, len(first) + len(second)).root() == plain_root([*first, *second])


def test_what_is_not_there_is_refused() -> None:
    log = log_of([b"a", b"b"])
    for call in (
        lambda: log.root(3),
        lambda: log.inclusion(2),
        lambda: log.inclusion(-1),
        lambda: log.consistency(0),
        lambda: log.consistency(2, 1),
    ):
        with pytest.raises(ValueError, match=r"lea(f|ves)"):
            call()
    assert not verify_inclusion(leaf_hash(b"a"), 0, 0, [], log.root())
    assert not verify_consistency(0, 2, log.root(0), log.root(2), [])
