"""Moving between SQLite and PostgreSQL: everything arrives, or nothing is changed."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from articles.backups import BackupError
from articles.backups.move import _compare, shown
from tests import services
from tests.running.installation import Installation, wait_until
from tests.running.test_backups import counts, database, keep_record, refusal, sqlite_rows

pytestmark = pytest.mark.postgres


@pytest.fixture
def kept(ready: Installation) -> Installation:
    """An installation with a record, on SQLite."""
    assert keep_record(ready, "20").communicate(timeout=300)[0].endswith("19\n")
    return ready


@pytest.fixture
def address() -> Iterator[str]:
    """Of an empty PostgreSQL database."""
    with services.postgres_database() as address:
        yield address


def on(installation: Installation, address: str) -> Installation:
    """The same installation as it is started with the other DATABASE_URL."""
    return Installation(installation.data.parent, DATABASE_URL=address)


def test_everything_moves_to_postgresql_and_back(kept: Installation, address: str, tmp_path: Path) -> None:
    before = sqlite_rows(database(kept))
    done = kept.manage("move_database", address)
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 articles and 40 versions are there" in done.stdout
    assert f"set DATABASE_URL={address} and start again" in done.stdout
    assert sqlite_rows(database(kept)) == before
    assert not list(kept.data.glob("moving-*"))

    moved = on(kept, address)
    assert moved.manage("setup").stdout == ""  # the administrator came along
    keep_record(moved, "1").communicate(timeout=300)  # new rows get numbers of their own
    keep_record(kept, "1").communicate(timeout=300)

    back = tmp_path / "back.sqlite3"
    done = moved.manage("move_database", f"sqlite:///{back}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "21 articles and 42 versions" in done.stdout
    there, here = sqlite_rows(back), sqlite_rows(database(kept))
    assert counts(there) == counts(here)
    for name in ("articles_version", "articles_capture", "articles_event", "articles_host", "auth_user"):
        assert there[name] == here[name]


def test_back_into_the_usual_file_says_to_unset_the_setting(kept: Installation, address: str) -> None:
    assert kept.manage("move_database", address).returncode == 0
    moved = on(kept, address)
    usual = f"sqlite:///{database(kept)}"
    before = sqlite_rows(database(kept))
    assert "add --force" in refusal(moved, "move_database", usual)
    assert sqlite_rows(database(kept)) == before
    done = moved.manage("move_database", usual, "--force")
    assert "unset DATABASE_URL and start again" in done.stdout
    assert sqlite_rows(database(kept)) == before
    assert sqlite_rows(kept.data / "newsdiffs.sqlite3.before-restore") == before


def test_data_there_are_replaced_only_by_force(kept: Installation, postgresql_address: str) -> None:
    address = postgresql_address  # tables and an administrator are no data yet
    keep_record(on(kept, address), "3").communicate(timeout=300)
    assert "add --force" in refusal(kept, "move_database", address)
    assert articles(address) == 3
    assert kept.manage("move_database", address, "--force").returncode == 0
    assert articles(address) == 20


def test_tables_of_another_program_are_never_replaced(kept: Installation, address: str) -> None:
    with psycopg.connect(address) as link:
        link.execute("CREATE TABLE accounts (name text)")
    assert "add --force" in refusal(kept, "move_database", address)
    assert "new, empty database" in refusal(kept, "move_database", address, "--force")


def test_nothing_moves_while_newsdiffs_runs(ready: Installation, address: str) -> None:
    ready.start()
    wait_until(lambda: ready.get("/healthz"), ready.output)
    assert "stop it first" in refusal(ready, "move_database", address)


def test_nothing_moves_away_while_others_use_the_database(
    ready: Installation, postgresql_address: str, tmp_path: Path
) -> None:
    moved = on(ready, postgresql_address)
    with psycopg.connect(postgresql_address):  # a worker on another machine, say
        line = refusal(moved, "move_database", f"sqlite:///{tmp_path}/new.sqlite3")
    assert "Stop the site and the workers on every machine" in line
    assert not (tmp_path / "new.sqlite3").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://me@127.0.0.1/news", "sqlite:// or postgres://"),
        ("no address", "can't be read"),
        ("postgres://postgres:s3cret@127.0.0.1:1/news", "Start PostgreSQL"),
        ("sqlite:////no/such/folder/file.sqlite3", "unable to open"),
    ],
)
def test_what_can_not_be_is_refused_in_a_line(ready: Installation, url: str, words: str) -> None:
    line = refusal(ready, "move_database", url)
    assert words in line
    assert "s3cret" not in line


def test_the_database_in_use_is_no_place_to_move_to(ready: Installation) -> None:
    assert "is the database in use" in refusal(ready, "move_database", f"sqlite:///{database(ready)}")


def test_a_copy_that_is_not_the_same_is_found_out(kept: Installation, tmp_path: Path) -> None:
    assert kept.manage("backup", str(tmp_path / "one.zip")).returncode == 0
    shutil.copy(tmp_path / "one.zip", tmp_path / "two.zip")
    _compare(tmp_path / "one.zip", tmp_path / "two.zip")
    with sqlite3.connect(database(kept)) as link:
        link.execute("UPDATE articles_version SET byline = 'x' WHERE id = 7")
    assert kept.manage("backup", str(tmp_path / "two.zip")).returncode == 0
    with pytest.raises(BackupError, match=r"The copy of articles\.version is not the same"):
        _compare(tmp_path / "one.zip", tmp_path / "two.zip")


def test_a_password_is_not_shown() -> None:
    assert shown("postgres://me:s3cret@db:5432/news?x=1") == "postgres://me:***@db:5432/news?x=1"
    assert shown("postgres://me@db/news") == "postgres://me@db/news"


def articles(address: str) -> int:
    with psycopg.connect(address) as link:
        row = link.execute("SELECT count(*) FROM articles_article").fetchone()
    assert row
    return int(row[0])
