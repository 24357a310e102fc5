"""changedetection.io's datastore and its backups."""

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest

from articles.archives import ArchiveError, Left, bounds, changedetection
from tests.archives.origins import watch_folder

ONE = "11111111-1111-4111-8111-111111111111"
TWO = "22222222-2222-4222-8222-222222222222"


def when(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "datastore"
    snapshots = [
        (1_500_000_000, "aa.txt", b"One\n\n  Two  \n"),
        (1_500_003_600, "bb.txt.br", brotli.compress(b"One\nTwo changed\n")),
        (1_500_007_200, "gone.txt", b""),
    ]
    watch_folder(
        folder, ONE, snapshots, page_title="Bridge", last_checked=1_500_009_000, headers={"Cookie": "secret"}
    )
    (folder / ONE / "gone.txt").unlink()
    with (folder / ONE / "history.txt").open("a") as history:
        history.write(f"1500008000,/datastore/{ONE}/cc.stripped.txt\n")
        history.write("1500008100,../../../../etc/passwd\nnonsense\n")
    (folder / ONE / "cc.stripped.txt").write_text("Three\n")
    watch_folder(
        folder, TWO, [(1_500_000_000, "aa.txt", b"A\n")], last_checked=1_500_009_000, last_error="403"
    )
    (folder / "changedetection.json").write_text(json.dumps({"settings": {"api_access_token": "secret"}}))
    return folder


def backup(store: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(store.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(store).as_posix())
        archive.writestr("url-list.txt", "https://news.example/watched\n")
    return path


@pytest.fixture(params=["folder", "backup"])
def archive(request: pytest.FixtureRequest, store: Path, tmp_path: Path) -> Path:
    return store if request.param == "folder" else backup(store, tmp_path / "backup.zip")


def test_it_reads_the_snapshots_of_each_watch(archive: Path, apart: Callable[..., Any]) -> None:
    articles, _ = apart(changedetection.read(archive))
    one = articles[0]
    assert (one.origin_id, one.address, one.versions[0].headline) == (
        ONE,
        "https://news.example/watched",
        "Bridge",
    )
    assert [version.paragraphs for version in one.versions] == [
        ("One", "Two"),
        ("One", "Two changed"),
        ("Three",),
    ]
    assert [version.seen for version in one.versions] == [
        when(1_500_000_000),
        when(1_500_003_600),
        when(1_500_008_000),
    ]


def test_the_last_check_is_a_sighting_unless_it_failed(archive: Path, apart: Callable[..., Any]) -> None:
    # The newest line of the history names a file outside, so that the last check says nothing of the others.
    articles, _ = apart(changedetection.read(archive))
    assert [version.last_seen for version in articles[0].versions] == [None, None, None]
    assert articles[1].versions[0].last_seen is None


def test_the_last_check_is_a_sighting_of_the_newest_snapshot(
    tmp_path: Path, apart: Callable[..., Any]
) -> None:
    snapshots = [(1_500_000_000, "aa.txt", b"A\n"), (1_500_000_500, "bb.txt", b"B\n")]
    watch_folder(tmp_path, ONE, snapshots, last_checked=1_500_009_000, last_error=False)
    (article,), _ = apart(changedetection.read(tmp_path))
    assert [version.last_seen for version in article.versions] == [None, when(1_500_009_000)]


def test_broken_ones_are_told_and_nothing_outside_is_read(archive: Path, apart: Callable[..., Any]) -> None:
    _, broken = apart(changedetection.read(archive))
    assert broken == [
        (Left.NO_TEXT, f"{ONE}/gone.txt"),
        (Left.NO_TEXT, f"{ONE}/passwd"),
        (Left.NO_TIME, f"{ONE}/history.txt line 6"),
    ]


@pytest.mark.parametrize("name", ["a\0b.txt", "x" * 5_000, "..", ".", "", "C:\\Windows\\x.txt", "\u202e.txt"])
def test_names_of_any_kind_stop_nothing(tmp_path: Path, name: str, apart: Callable[..., Any]) -> None:
    folder = watch_folder(tmp_path, ONE, [(1_500_000_000, "aa.txt", b"A\n")])
    with (folder / "history.txt").open("a") as history:
        history.write(f"1500000001,{name}\n")
    (article,), broken = apart(changedetection.read(tmp_path))
    assert [version.paragraphs for version in article.versions] == [("A",)]
    assert len(broken) == 1


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, apart: Callable[..., Any]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Secret")
    folder = watch_folder(tmp_path / "store", ONE, [(1_500_000_000, "aa.txt", b"")])
    (folder / "aa.txt").unlink()
    (folder / "aa.txt").symlink_to(secret)
    articles, broken = apart(changedetection.read(tmp_path / "store"))
    assert (articles, broken[0]) == ([], (Left.NO_TEXT, f"{ONE}/aa.txt"))


def test_the_older_layout_has_all_watches_in_one_file(tmp_path: Path, apart: Callable[..., Any]) -> None:
    folder = watch_folder(tmp_path, ONE, [(1_500_000_000, "aa.txt", b"A\n")])
    (folder / "watch.json").unlink()
    watching = {ONE: {"url": "https://news.example/old", "title": "Old", "last_checked": 1_500_000_001}}
    (tmp_path / "url-watches.json").write_text(json.dumps({"watching": watching, "settings": {}}))
    (article,), _ = apart(changedetection.read(tmp_path))
    assert (article.address, article.versions[0].headline) == ("https://news.example/old", "Old")


def test_a_snapshot_that_unpacks_to_far_too_much_is_left_out(
    tmp_path: Path, apart: Callable[..., Any]
) -> None:
    bomb = brotli.compress(b"a\n" * (32 << 20))
    assert len(bomb) < 10_000
    watch_folder(tmp_path, ONE, [(1_500_000_000, "aa.txt.br", bomb), (1_500_000_001, "bb.txt", b"B\n")])
    (article,), broken = apart(changedetection.read(tmp_path))
    assert [version.paragraphs for version in article.versions] == [("B",)]
    assert broken == [(Left.DAMAGED, f"{ONE}/aa.txt.br")]


def test_a_zip_bomb_is_given_up(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: Any
) -> None:
    monkeypatch.setattr(bounds, "LEAST_ALLOWED", 1 << 20)
    monkeypatch.setattr(bounds, "MOST_EXPANSION", 10)
    for number in range(40):
        (store / ONE / f"{number}.txt").write_bytes(b"x " * 50_000)
        with (store / ONE / "history.txt").open("a") as history:
            history.write(f"{1_500_010_000 + number},{number}.txt\n")
    _, broken = apart(changedetection.read(backup(store, tmp_path / "bomb.zip")))
    assert [why for why, _ in broken].count(Left.DAMAGED) >= 25


@pytest.mark.parametrize("text", ["[" * 100_000, "{", "[]", ""])
def test_a_watch_that_is_no_json_object_is_told(tmp_path: Path, text: str, apart: Callable[..., Any]) -> None:
    folder = watch_folder(tmp_path, ONE, [(1_500_000_000, "aa.txt", b"A\n")])
    (folder / "watch.json").write_text(text)
    articles, broken = apart(changedetection.read(tmp_path))
    assert articles == []
    assert broken[0][0] in (Left.DAMAGED, Left.NO_VERSION, Left.NO_ADDRESS)


def test_what_is_no_datastore_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError):
        list(changedetection.read(tmp_path))
    (tmp_path / "no.zip").write_text("no zip")
    with pytest.raises(ArchiveError):
        list(changedetection.read(tmp_path / "no.zip"))


def test_it_may_be_killed_in_the_middle(store: Path, survives_a_kill: Callable[..., None]) -> None:
    survives_a_kill("changedetection", store)
