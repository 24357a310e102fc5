"""Evidence packs: checked offline by the script in them, and refused when a byte of any part was changed."""

import io
import json
import random
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.archives.warc_writing import KeptPage, write_warc
from articles.diff import compare
from articles.evidence import (
    Evidence,
    Log,
    LogEntry,
    MemoryNodes,
    PackedPage,
    PackedVersion,
    Tampered,
    build,
    leaf_hash,
    leaf_of,
)
from articles.evidence.pack import text_bytes
from articles.evidence.verify_evidence import PARTS, SUMS, check, sums_of
from articles.extract import clean
from tests.diff.strategies import any_article, articles

ADDRESS = "https://news.example/bridge"
MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)
BEFORE = ("The bridge is shut.", "Four people were hurt, police say.", "Buses run every hour.")
AFTER = ("The bridge is shut.", "Seven people were hurt.", "Buses run every hour.", "It is the third time.")


def packed_page(number: int, body: bytes, fetched: datetime) -> PackedPage:
    stream = io.BytesIO()
    page = KeptPage(
        f"00000000-0000-4000-8000-{number:012d}",
        ADDRESS,
        fetched,
        body,
        headers=(("Content-Type", "text/html"), ("ETag", '"x"')),
        request=(("User-Agent", "NewsDiffs"),),
    )
    write_warc(stream, [page], packed=False)
    return PackedPage(body, stream.getvalue())


def made(
    before: tuple[str, ...] = BEFORE, after: tuple[str, ...] = AFTER, *, pages: bool = True, others: int = 9
) -> Evidence:
    """The evidence of a change, among other versions in the log."""
    log = Log(MemoryNodes())
    log.append(leaf_hash(secrets.token_bytes(8)) for _ in range(others))
    seen = MORNING, MORNING + timedelta(hours=2)
    last_seen = MORNING + timedelta(hours=1)
    versions = []
    for number, paragraphs in enumerate((before, after)):
        body = f"<html><h1>Bridge</h1>{''.join(paragraphs)}\r\n\r\n</html>".encode()
        page = packed_page(number, body, seen[number]) if pages else None
        leaf = leaf_of(
            address=ADDRESS,
            seen=seen[number],
            previous_last_seen=last_seen if number else None,
            text=text_bytes("Bridge", "By A. Writer", paragraphs),
            page=body if pages else None,
            nonce=bytes(range(16)),
        )
        index = log.append([leaf_hash(leaf)])
        log.append(leaf_hash(secrets.token_bytes(8)) for _ in range(3))
        versions.append((leaf, index, paragraphs, seen[number], page))
    packed = [
        PackedVersion(
            number + 1,
            ADDRESS,
            "Bridge",
            "By A. Writer",
            paragraphs,
            at,
            LogEntry(leaf, index, tuple(log.inclusion(index))),
            page,
        )
        for number, (leaf, index, paragraphs, at, page) in enumerate(versions)
    ]
    return Evidence(
        site="https://diffs.example",
        article_url="https://diffs.example/articles/1/",
        before=packed[0],
        after=packed[1],
        previous_last_seen=last_seen,
        comparison=compare(before, after).to_dict(),
        diff_html="<!doctype html><title>Bridge</title><p>Four <ins>Seven</ins>",
        size=log.size,
        root=log.root(),
        root_at=MORNING + timedelta(days=1),
    )


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


texts = st.one_of(articles, any_article).map(lambda found: tuple(filter(None, map(clean, found))))

EVIDENCE = made()
FILES = unpacked(build(EVIDENCE))
ALL_PARTS = [*PARTS, "before.warc", "after.warc", SUMS]


def run(path: Path, *arguments: str, script: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run the pack's own script with Python alone: no environment, no packages."""
    script = script or path / "verify_evidence.py"
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={}, cwd="/", check=False)


def save(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_pack_holds_all_its_parts_and_is_always_the_same() -> None:
    assert set(FILES) == set(ALL_PARTS)
    assert build(EVIDENCE) == build(EVIDENCE)


def test_whoever_follows_the_readme_gets_one_sentence(tmp_path: Path) -> None:
    assert "python3 verify_evidence.py" in FILES["README.txt"].decode()
    done = run(save(FILES, tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Proven: ")
    assert "Not proven: " in done.stdout
    assert "to prove the time (--root)" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_a_published_root_proves_the_time(tmp_path: Path) -> None:
    folder = save(FILES, tmp_path)
    done = run(folder, "--root", EVIDENCE.root.hex())
    assert done.returncode == 0
    assert "that they were logged by 2026-03-02" in done.stdout
    done = run(folder, "--root", "0" * 64)
    assert done.returncode == 1
    assert "not the one that was published" in done.stdout


def test_a_zip_is_checked_as_it_is(tmp_path: Path) -> None:
    script = tmp_path / "trusted.py"
    script.write_bytes(FILES["verify_evidence.py"])
    (tmp_path / "evidence.zip").write_bytes(build(EVIDENCE))
    assert run(tmp_path, str(tmp_path / "evidence.zip"), script=script).returncode == 0
    (tmp_path / "evidence.zip").write_bytes(b"PK no zip")
    assert run(tmp_path, str(tmp_path / "evidence.zip"), script=script).returncode == 1


def test_the_sum_list_can_be_checked_by_the_system_too(tmp_path: Path) -> None:
    save(FILES, tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", SUMS], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("part", ALL_PARTS)
def test_any_byte_changed_in_any_part_is_found(part: str) -> None:
    chance = random.Random(part)
    data = FILES[part]
    places = {0, len(data) - 1, *(chance.randrange(len(data)) for _ in range(60))}
    for at in places:
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(Tampered):
            check(FILES | {part: changed})


@pytest.mark.parametrize("part", ALL_PARTS)
def test_a_part_that_is_missing_is_found(part: str) -> None:
    with pytest.raises(Tampered):
        check({name: data for name, data in FILES.items() if name != part})


def with_sums(files: dict[str, bytes]) -> dict[str, bytes]:
    """*files* with a list of sums that fits them: whoever forges a pack forges that too."""
    return files | {SUMS: sums_of(files)}


def edited(name: str, change: Callable[[dict], None]) -> dict[str, bytes]:  # type: ignore[type-arg]
    value = json.loads(FILES[name])
    change(value)
    return with_sums(FILES | {name: json.dumps(value).encode()})


def replaced(name: str, one: bytes, other: bytes) -> dict[str, bytes]:
    assert one in FILES[name]
    return with_sums(FILES | {name: FILES[name].replace(one, other)})


def of_after(**values: object) -> dict[str, bytes]:
    return edited("evidence.json", lambda told: told["after"].update(values))


def of_bracket(**values: object) -> dict[str, bytes]:
    return edited("evidence.json", lambda told: told["bracket"].update(values))


FORGED = {
    "text": replaced("before.txt", b"Four", b"Nine"),
    "headline": replaced("after.txt", b"Bridge", b"Tunnel"),
    "page": replaced("after.warc", b"Seven", b"Eight"),
    "the other page": with_sums(FILES | {"after.warc": FILES["before.warc"]}),
    "no page": with_sums(FILES | {"after.warc": b"WARC/1.1\r\nnothing\r\n\r\n"}),
    "root": edited("root.json", lambda root: root.update(root="0" * 64)),
    # A size near the true one may have the same path; the root, which is what is published, has one size.
    "size": edited("root.json", lambda root: root.update(size=root["size"] * 4)),
    "index": of_after(index=EVIDENCE.after.entry.index + 1),
    "proof": edited("evidence.json", lambda told: told["after"]["proof"].reverse()),
    "address": of_after(address="https://another.example/"),
    "seen": edited("evidence.json", lambda told: told["before"].update(seen="2026-02-01T08:00:00.000000Z")),
    "leaf": of_after(leaf=EVIDENCE.before.entry.leaf.decode()),
    "begin": of_bracket(not_before="2026-03-01T09:30:00.000000Z"),
    "end": of_bracket(not_after="2026-03-01T11:00:00.000000Z"),
    "begin before the version before": of_bracket(not_before="2026-02-01T09:30:00.000000Z"),
    "a change left out": edited("comparison.json", lambda told: told["rows"].pop()),
    "a word of a change": replaced("comparison.json", b"Seven", b"Eight"),
    "a file put in": with_sums(FILES) | {"more.txt": b"more"},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_pack_whose_sums_fit_is_refused(forged: dict[str, bytes]) -> None:
    with pytest.raises(Tampered):
        check(forged)


@given(texts, texts)
def test_the_comparison_of_any_two_texts_is_accepted(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert check(unpacked(build(made(before, after, pages=False))))


def test_without_pages_the_sentence_speaks_of_texts_alone() -> None:
    sentence = check(unpacked(build(made(pages=False))))
    assert "Proven: both texts are those" in sentence


def test_nothing_is_built_that_does_not_prove_itself() -> None:
    with pytest.raises(Tampered):
        build(replace(EVIDENCE, root=bytes(32)))
    with pytest.raises(Tampered):
        build(replace(EVIDENCE, comparison=compare(BEFORE, BEFORE).to_dict()))


def test_a_takedown_leaves_the_log_whole() -> None:
    """Without the leaf's content nothing can be told of it, and proofs of all others hold."""
    log = Log(MemoryNodes())
    told = [
        leaf_of(
            address=ADDRESS,
            seen=MORNING,
            previous_last_seen=None,
            text=text,
            page=None,
            nonce=secrets.token_bytes(16),
        )
        for text in (b"guessable", b"guessable", b"other")
    ]
    log.append(map(leaf_hash, told))
    assert leaf_hash(told[0]) != leaf_hash(told[1])  # the same text can't be told by its hash
    root = log.root()
    del told[1]
    assert log.root() == root
    with pytest.raises(ValueError, match="16"):
        leaf_of(address="", seen=MORNING, previous_last_seen=None, text=b"", page=None, nonce=b"short")


TOLD = ["evidence.json", "root.json", "comparison.json"]
PROVEN = [*TOLD, "before.txt", "after.txt", "before.warc", "after.warc"]


@given(st.dictionaries(st.sampled_from(PROVEN), st.binary(max_size=300), min_size=1))
def test_garbage_is_refused_and_never_crashes(garbage: dict[str, bytes]) -> None:
    with pytest.raises(Tampered):
        check(with_sums(FILES | garbage))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(TOLD), st.lists(st.integers(0, 20), max_size=5), ANY_JSON)
def test_any_other_value_anywhere_is_told_from_ours(name: str, way: list[int], value: object) -> None:
    """Something is wrong, or nothing that is proven changed; the script itself never fails."""
    told = json.loads(FILES[name])
    place: object = told
    for step in way[:-1]:
        inner = list(place.values()) if isinstance(place, dict) else place
        if not isinstance(inner, list) or not inner:
            break
        place = inner[step % len(inner)]
    if isinstance(place, dict) and place:
        place[list(place)[way[-1] % len(place) if way else 0]] = value
    elif isinstance(place, list) and place:
        place[way[-1] % len(place) if way else 0] = value
    try:
        sentence = check(with_sums(FILES | {name: json.dumps(told).encode()}))
    except Tampered:
        return
    assert sentence.startswith("Proven: ")
