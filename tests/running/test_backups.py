"""Backups made while others write, restored on either database: every row comes back, or nothing changes."""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from articles.backups import BackupError
from articles.backups.archive import Reader, Writer
from articles.backups.restore import _in_full, _reader
from articles.models import Version
from articles.search.postgresql import numbers
from tests import services
from tests.running.installation import PROJECT, Installation, wait_until

Rows = dict[str, list[Any]]
NOT_KEPT = ("django_session", "django_q_", "sqlite_", "django_migrations", "articles_search")


def sqlite_rows(file: Path) -> Rows:
    """Every row of every table that a backup keeps."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as link:
        names = [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: link.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            for name in names
            if not name.startswith(NOT_KEPT)
        }


def searched(file: Path) -> int:
    """How many versions the search index has for a word of each article's second version."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as link:
        sql = "SELECT count(*) FROM articles_search_changes WHERE articles_search_changes MATCH 'afive'"
        return int(link.execute(sql).fetchone()[0])


def keep_record(installation: Installation, how_much: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.running.record_keeping", how_much],
        cwd=PROJECT,
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def kept_once(set_up_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation with a record."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(set_up_once, folder / "data")
    assert keep_record(Installation(folder), "20").communicate(timeout=300)[0].endswith("19\n")
    return folder / "data"


@pytest.fixture
def kept(tmp_path: Path, kept_once: Path) -> Installation:
    (tmp_path / "kept").mkdir()
    shutil.copytree(kept_once, tmp_path / "kept/data")
    return Installation(tmp_path / "kept")


@pytest.fixture
def empty(tmp_path: Path) -> Installation:
    (tmp_path / "empty").mkdir()
    return Installation(tmp_path / "empty")


@pytest.fixture(scope="module")
def backed_up_once(kept_once: Path) -> Path:
    file = kept_once.parent / "backup.zip"
    done = Installation(kept_once.parent).manage("backup", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 articles, 40 versions" in done.stdout
    assert file.stat().st_mode & 0o777 == 0o600
    return file


@pytest.fixture
def backup(backed_up_once: Path, tmp_path: Path) -> Path:
    """A copy of a backup of what *kept* has."""
    return Path(shutil.copy(backed_up_once, tmp_path / "backup.zip"))


def database(installation: Installation) -> Path:
    return installation.data / "newsdiffs.sqlite3"


def refusal(installation: Installation, *arguments: str) -> str:
    done = installation.manage(*arguments)
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("newsdiffs: ")
    return line


def test_every_row_comes_back_in_an_empty_folder(
    kept: Installation, empty: Installation, backup: Path
) -> None:
    done = empty.manage("restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(
        r"20 articles and 40 versions are back, as of \d+ \w+ \d{4}, \d\d:\d\d UTC\.", done.stdout
    )
    assert {file.name for file in empty.data.iterdir()} == {"newsdiffs.sqlite3", "secret-key", "lock"}
    restored = sqlite_rows(database(empty))
    assert restored == sqlite_rows(database(kept))
    assert "Every version is in the index." in empty.manage("reindex").stdout
    assert searched(database(empty)) == searched(database(kept)) == 20
    assert len(restored["articles_capture"]) == 20

    done = empty.manage("setup")  # it has its administrator and its tables
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_backup_holds_one_instant_while_others_write(
    kept: Installation, empty: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    with keep_record(kept, "forever") as writer:
        assert writer.stdout
        writer.stdout.readline()  # it writes
        before = len(sqlite_rows(database(kept))["articles_article"])
        assert kept.manage("backup", str(file)).returncode == 0
        writer.kill()
    assert empty.manage("restore", str(file)).returncode == 0
    rows, later = sqlite_rows(database(empty)), sqlite_rows(database(kept))
    articles = len(rows["articles_article"])
    assert before <= articles < len(later["articles_article"])
    for table, per_article in (("version", 2), ("event", 1), ("capture", 1), ("address", 1)):
        name = f"articles_{table}"
        assert len(rows[name]) == articles * per_article
        assert rows[name] == later[name][: len(rows[name])]


def test_data_are_replaced_only_by_force_and_kept_beside(kept: Installation, backup: Path) -> None:
    keep_record(kept, "1").communicate(timeout=300)
    more = sqlite_rows(database(kept))
    assert "--force" in refusal(kept, "restore", str(backup))
    assert sqlite_rows(database(kept)) == more

    assert kept.manage("restore", str(backup), "--force").returncode == 0
    assert len(sqlite_rows(database(kept))["articles_article"]) == 20
    assert sqlite_rows(kept.data / "newsdiffs.sqlite3.before-restore") == more


@pytest.mark.parametrize("how", ["cut short", "a byte changed", "a row missing", "no backup", "no such file"])
def test_a_damaged_file_is_seen_for_what_it_is(backup: Path, how: str) -> None:
    damage(backup, how)
    with pytest.raises(BackupError, match=str(backup)), Reader(backup) as archive:
        archive.verify()


def test_a_damaged_file_changes_nothing(kept: Installation, backup: Path) -> None:
    before = sqlite_rows(database(kept))
    damage(backup, "a row missing")
    assert "is damaged" in refusal(kept, "restore", "--force", str(backup))
    assert sqlite_rows(database(kept)) == before
    assert not list(kept.data.glob("*restor*"))


def damage(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "cut short":
        file.write_bytes(content[: len(content) // 2])
    elif how == "a byte changed":
        content[middle_of_largest(file)] ^= 255
        file.write_bytes(content)
    elif how == "a row missing":
        rewrite(file, "articles.version.jsonl", lambda text: text.partition(b"\n")[2])
    elif how == "no backup":
        file.write_text("Dear diary")
    else:
        file.unlink()


def middle_of_largest(file: Path) -> int:
    """The middle of the packed content of the largest member: a zip's headers hold bytes of no worth."""
    with zipfile.ZipFile(file) as backup:
        largest = max(backup.infolist(), key=lambda member: member.compress_size)
        following = [m.header_offset for m in backup.infolist() if m.header_offset > largest.header_offset]
        end = min(following, default=backup.start_dir)
    return end - largest.compress_size // 2


def rewrite(file: Path, name: str, change: Any) -> None:
    """Change one member of a backup."""
    with zipfile.ZipFile(file) as old:
        members = {member: old.read(member) for member in old.namelist()}
    members[name] = change(members[name])
    with zipfile.ZipFile(file, "w") as new:
        for member, content in members.items():
            new.writestr(member, content)


def test_a_backup_of_a_newer_version_is_refused(empty: Installation, backup: Path) -> None:
    def from_the_future(text: bytes) -> bytes:
        manifest = json.loads(text)
        manifest["migrations"].append(["articles", "9999_teleport"])
        return json.dumps(manifest | {"version": "99.0"}).encode()

    rewrite(backup, "manifest.json", from_the_future)
    assert "NewsDiffs 99.0" in refusal(empty, "restore", str(backup))
    assert not database(empty).exists()


def test_rows_the_database_refuses_change_nothing(kept: Installation, backup: Path) -> None:
    before = sqlite_rows(database(kept))
    without_sources(backup)
    assert "refused" in refusal(kept, "restore", "--force", str(backup))
    assert sqlite_rows(database(kept)) == before


def without_sources(file: Path) -> None:
    """Make a whole backup whose articles are of sources that are not in it."""

    def less(text: bytes) -> bytes:
        manifest = json.loads(text)
        (table,) = (table for table in manifest["tables"] if table["model"] == "articles.source")
        table |= {"rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
        return json.dumps(manifest).encode()

    rewrite(file, "articles.source.jsonl", lambda _: b"")
    rewrite(file, "manifest.json", less)


def test_nothing_is_restored_while_newsdiffs_runs(ready: Installation, backup: Path) -> None:
    ready.start()
    wait_until(lambda: (ready.data / "lock").exists() and ready.get("/healthz"), ready.output)
    assert "stop it first" in refusal(ready, "restore", "--force", str(backup))


def test_a_backup_that_can_not_be_written_leaves_the_old_one(
    kept: Installation, backup: Path, tmp_path: Path
) -> None:
    assert "No such file" in refusal(kept, "backup", str(tmp_path / "nowhere/backup.zip"))
    old = backup.read_bytes()
    shutil.rmtree(kept.data)
    kept.data.mkdir()
    refusal(kept, "backup", str(backup))
    assert backup.read_bytes() == old
    assert not list(tmp_path.glob("*partial*"))


def test_a_backup_for_which_there_is_no_room_leaves_the_disk_as_it_was(
    tmp_path: Path,
) -> None:
    """A limit on the size of files fails every write, those at closing too, as a full disk does."""
    path = tmp_path / "backup.zip"
    path.write_bytes(b"the old one")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(OSError, match="File too large"), Writer(path) as archive:
            archive.add("articles.article", ["text"], (os.urandom(500).hex() for _ in range(1000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [file.name for file in tmp_path.iterdir()] == ["backup.zip"]
    assert path.read_bytes() == b"the old one"


USUAL_AND_ODD = [
    (Version, "number", [5, "5", None]),
    (Version, "article_id", [7, "7", None]),
    (Version, "minor", [True, False, "True", 1]),
    (Version, "headline", ["Head", "", 5, None]),
    (Version, "data", ["aGVhZA==", "", None]),
    (Version, "seen", ["2026-03-04T05:06:07.000089+00:00", "2026-03-04T05:06:07+02:00", None]),
]


@pytest.mark.parametrize(("model", "column", "values"), USUAL_AND_ODD)
def test_usual_values_are_read_as_their_field_would(
    model: type[Model], column: str, values: list[Any]
) -> None:
    (field,) = (field for field in model._meta.concrete_fields if field.attname == column)
    quick, in_full = _reader(field), _in_full(field)
    assert [quick(value) for value in values] == [in_full(value) for value in values]


@pytest.mark.parametrize(
    ("column", "value"),
    [("number", "five"), ("minor", "maybe"), ("seen", "yesterday"), ("seen", "now"), ("data", "a")],
)
def test_values_that_are_none_of_the_field_are_refused(column: str, value: str) -> None:
    (field,) = (field for field in Version._meta.concrete_fields if field.attname == column)
    with pytest.raises((ValidationError, ValueError)):
        _reader(field)(value)


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Installation]:
    (tmp_path / "postgresql").mkdir()
    with services.postgres_database() as address:
        yield Installation(tmp_path / "postgresql", DATABASE_URL=address)


@pytest.mark.postgres
def test_a_backup_moves_to_postgresql_and_back(
    kept: Installation, empty: Installation, postgresql: Installation, backup: Path, tmp_path: Path
) -> None:
    assert postgresql.manage("restore", str(backup)).returncode == 0
    keep_record(postgresql, "1").communicate(timeout=300)  # new rows get numbers of their own
    assert "--force" in refusal(postgresql, "restore", str(backup))
    back = tmp_path / "back.zip"
    assert "21 articles" in postgresql.manage("backup", str(back)).stdout
    keep_record(kept, "1").communicate(timeout=300)
    assert empty.manage("restore", str(back)).returncode == 0
    moved, stayed = sqlite_rows(database(empty)), sqlite_rows(database(kept))
    assert counts(moved) == counts(stayed)
    for name in ("articles_version", "articles_capture", "articles_event"):
        assert moved[name] == stayed[name]

    orphans = Path(shutil.copy(backup, tmp_path / "orphans.zip"))
    without_sources(orphans)
    assert "refused" in refusal(postgresql, "restore", "--force", str(orphans))
    assert articles(postgresql) == 21
    assert postgresql.manage("restore", "--force", str(backup)).returncode == 0
    assert articles(postgresql) == 20
    ((five,),) = numbers([], ["afive"])[2:]
    assert count(postgresql, f"articles_search WHERE changes @> ARRAY[{five}]") == 20


KILLED_WHEN_THE_ROWS_ARE_THERE = """
import os, signal, sys
from pathlib import Path

import django

django.setup()
from articles import takedown
from articles.backups import restore

takedown.bury_again = lambda: os.kill(os.getpid(), signal.SIGKILL)
restore(Path(sys.argv[1]))
"""


@pytest.mark.postgres
def test_a_restore_that_is_killed_shows_nothing_and_can_be_begun_again(
    postgresql: Installation, backup: Path
) -> None:
    """What was taken down since the backup was made would be there for all to see."""
    postgresql.data.mkdir(exist_ok=True)
    done = postgresql.python(KILLED_WHEN_THE_ROWS_ARE_THERE, str(backup))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert articles(postgresql) == 0
    assert postgresql.manage("restore", str(backup)).returncode == 0
    assert articles(postgresql) == 20


@pytest.mark.postgres
def test_indexes_are_made_without_a_limit_of_time(postgresql: Installation, backup: Path) -> None:
    """With that of pages, an archive could not be restored once an index of it takes a minute."""
    postgresql.data.mkdir(exist_ok=True)
    done = postgresql.python(LIMITS_OF_INDEXES, str(backup))
    assert (done.returncode, done.stdout) == (0, "{'0'}\n"), done.stderr


LIMITS_OF_INDEXES = """
import sys
from pathlib import Path

import django

django.setup()
from django.db import connection

from articles.backups import restore

limits = set()


def watch(execute, sql, parameters, many, context):
    if sql.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")) and context["cursor"].connection:
        with connection.connection.cursor() as cursor:
            limits.update(*cursor.execute("SHOW statement_timeout"))
    return execute(sql, parameters, many, context)


with connection.execute_wrapper(watch):
    restore(Path(sys.argv[1]))
print(limits)
"""


def articles(postgresql: Installation) -> int:
    return count(postgresql, "articles_article")


def count(postgresql: Installation, rows: str) -> int:
    with psycopg.connect(postgresql.environment["DATABASE_URL"]) as link:
        row = link.execute(f"SELECT count(*) FROM {rows}").fetchone()
    assert row
    return int(row[0])


def counts(rows: Rows) -> dict[str, int]:
    return {name: len(of_table) for name, of_table in rows.items()}
