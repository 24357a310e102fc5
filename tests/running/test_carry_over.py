"""A database of the form before 0.1.0 is carried over by one command, and a backup of that form is restored.

What is in before_0_1/ was made by the program of that time: two rows or more in every table.
"""

import re
import sqlite3
import zlib
from collections.abc import Iterator, Set
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.core import signing
from django.utils.module_loading import import_string
from django_q.signing import PickleSerializer

from articles.backups import old_form
from articles.models import page_storage
from articles.models.quarantine import signature
from tests import services
from tests.running import set_up
from tests.running.installation import Installation, wait_until
from tests.running.test_refusals import refusal

MADE = Path(__file__).parent / "before_0_1"
TABLES = {
    "articles_boilerplate": "articles_furniture",
    "articles_quarantinedtext": "articles_heldtext",
    "articles_siteprobe": "articles_survey",
}
"""What today's tables were called."""

COLUMNS = {
    "last_unconditional_at": "asked_plainly",
    "pending_hash": "held_hash",
    "pending_since": "held_since",
    "previous_last_seen": "not_before",
    "previous_reextracted": "read_anew",
    "reserved_until": "wanted_until",
    "robots_delay_seconds": "delay_seconds",
    "carried_out": "settled",
    "alternating_headlines": "headlines_in_turn",
}
"""What today's columns were called."""

REWRITTEN = ("django_content_type", "auth_permission", "django_q_", "django_migrations")
"""Tables whose rows are to change, looked at by themselves."""

NOT_IN_A_BACKUP = ("django_session", "articles_quotause")

SCHEDULED = (
    *("add_batches", "apply_decisions", "catch_up_search", "dispatch", "health", "nightly", "statistics"),
)
"""What runs by the clock."""

Rows = dict[str, list[dict[str, Any]]]


class Database:
    """A database of an installation, read without the program."""

    def __init__(self, installation: Installation) -> None:
        self._address = installation.environment.get("DATABASE_URL", "")
        self._file = installation.data / "newsdiffs.sqlite3"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        if self._address:
            with psycopg.connect(self._address) as server:
                return server.execute(sql).fetchall()
        with closing(sqlite3.connect(self._file)) as link:
            return link.execute(sql).fetchall()

    def make(self) -> None:
        """Make the tables of the old form, with what is in them."""
        if self._address:
            with psycopg.connect(self._address) as server:
                server.execute((MADE / "postgresql.sql").read_bytes())
            return
        self._file.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(self._file)) as link:
            link.executescript((MADE / "sqlite.sql").read_text())

    def rows(self) -> Rows:
        """Every row, but for the search index, which can't be read."""
        return {
            table: self._rows_of(table)
            for table in self.tables()
            if table != "articles_search" and not table.startswith("articles_search_")
        }

    def tables(self) -> list[str]:
        if self._address:
            sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        else:
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        return [name for (name,) in self.ask(sql)]

    def _rows_of(self, table: str) -> list[dict[str, Any]]:
        if self._address:
            with psycopg.connect(self._address) as server:
                cursor = server.execute(f'SELECT * FROM "{table}"'.encode())
                found = cursor.fetchall()
                names = [column.name for column in cursor.description or ()]
        else:
            with closing(sqlite3.connect(self._file)) as link:
                here = link.execute(f'SELECT * FROM "{table}"')
                found = here.fetchall()
                names = [column[0] for column in here.description]
        return sorted(
            (dict(zip(names, row, strict=True)) for row in found), key=lambda row: repr(sorted(row.items()))
        )

    def form(self) -> dict[str, Any]:
        """Columns, constraints and indexes of every table, without the names of the latter."""
        return self._form_of_postgresql() if self._address else self._form_of_sqlite()

    def _form_of_sqlite(self) -> dict[str, Any]:
        form: dict[str, Any] = {}
        for table in self.tables():
            indexes = self.ask(f'PRAGMA index_list("{table}")')
            form[table] = (
                sorted(repr(column[1:]) for column in self.ask(f'PRAGMA table_info("{table}")')),
                sorted(repr(key[2:]) for key in self.ask(f'PRAGMA foreign_key_list("{table}")')),
                sorted(
                    repr(
                        (
                            unique,
                            origin,
                            partial,
                            [column[2:4] for column in self.ask(f'PRAGMA index_xinfo("{name}")')],
                        )
                    )
                    for _number, name, unique, origin, partial in indexes
                ),
            )
        return form

    def _form_of_postgresql(self) -> dict[str, Any]:
        columns = self.ask(
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, is_identity"
            " FROM information_schema.columns WHERE table_schema = 'public'"
        )
        constraints = self.ask(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace"
        )
        indexes = self.ask("SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        statistics = self.ask("SELECT stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext")
        return {
            "columns": sorted(map(repr, columns)),
            "constraints": sorted(map(repr, constraints)),
            "indexes": sorted((table, re.sub(r"INDEX \S+ ON", "INDEX ON", sql)) for table, sql in indexes),
            "statistics": statistics,
        }


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path, set_up_once: Path) -> Iterator[Installation]:
    """An installation whose database has the form before 0.1.0."""
    set_up.copy_static_files(set_up_once, tmp_path)
    if request.param == "sqlite":
        made = Installation(tmp_path, SECRET_KEY="of-no-worth")
        Database(made).make()
        yield made
        made.close()
        return
    with services.postgres_database() as address:
        made = Installation(tmp_path, SECRET_KEY="of-no-worth", DATABASE_URL=address)
        Database(made).make()
        yield made


PAGES, PARAGRAPHS = "articles_capture", "articles_quarantinedparagraph"


def as_they_were(rows: list[dict[str, Any]], columns: Set[str]) -> list[dict[str, Any]]:
    """Today's *rows* with the *columns* that there were then, in their names and sorted as before."""
    renamed = [
        {then: value for name, value in row.items() if (then := COLUMNS.get(name, name)) in columns}
        for row in rows
    ]
    return sorted(renamed, key=lambda row: repr(sorted(row.items())))


def assert_same_data(before: Rows, after: Rows, *, but: tuple[str, ...] = ()) -> None:
    """Every row is there as it was; *but*: tables that are looked at by themselves.

    Columns that later migrations add are not looked at; of kept pages it is the page that is the same, which
    is packed in another way now; paragraphs have today's signatures, in which numbers do not count.
    """
    found = {TABLES.get(table, table): rows for table, rows in after.items()}
    found[PAGES] = [row | {"body": page_storage.unpack(bytes(row["body"]), None)} for row in found[PAGES]]
    before = before | {
        PAGES: [row | {"body": zlib.decompress(bytes(row["body"]))} for row in before[PAGES]],
        PARAGRAPHS: [row | {"signature": signature(row["text"])} for row in before[PARAGRAPHS]],
    }
    for table, rows in before.items():
        if not table.startswith((*REWRITTEN, *but)):
            assert as_they_were(found[table], rows[0].keys() if rows else set()) == rows, table


def named_in_rows(database: Database) -> set[str]:
    """What content types, permissions and schedules say of what was renamed."""
    asked = (
        "SELECT model FROM django_content_type WHERE app_label = 'articles'",
        "SELECT codename FROM auth_permission",
        "SELECT name FROM auth_permission",
        "SELECT func FROM django_q_schedule",
    )
    return {name for sql in asked for (name,) in database.ask(sql)}


def functions_queued(database: Database) -> list[tuple[str, tuple[Any, ...]]]:
    tasks = [
        signing.loads(payload, key="of-no-worth", salt="newsdiffs", serializer=PickleSerializer)
        for (payload,) in database.ask("SELECT payload FROM django_q_ormq ORDER BY id")
    ]
    return [(task["func"], task["args"]) for task in tasks]


def scheduled(database: Database) -> set[str]:
    """The functions of all schedules, each by the name of its schedule."""
    rows = database.ask("SELECT name, func FROM django_q_schedule")
    assert all(function.rpartition(".")[2] == name for name, function in rows)
    return {function for _name, function in rows}


def test_every_function_that_was_queued_is_there_today() -> None:
    for name in old_form.TASKS:
        assert callable(import_string(old_form.task_today(f"articles.watch.tasks.{name}")))


OF_THE_OLD_FORM = re.compile("furniture|held ?text|survey|articles.watch.tasks", re.IGNORECASE)


SCHEDULED_SINCE = (
    "articles.watch.queue.tasks.learn_places",
    "articles.exports.tasks.log_versions",
    "articles.exports.tasks.write_datasets",
    "articles.notices.tasks.notices",
    "articles.notices.tasks.notices_upkeep",
)
"""Tasks that a start schedules today, and that there were not then."""


def assert_named_as_today(database: Database, *, new_schedules: tuple[str, ...] = ()) -> None:
    names = named_in_rows(database)
    assert not [name for name in names if OF_THE_OLD_FORM.search(name)]
    assert {
        "boilerplate",
        "quarantinedtext",
        "siteprobe",
        "view_siteprobe",
        "Can view quarantined text",
    } <= names
    group = database.ask(
        "SELECT p.codename FROM auth_group_permissions gp JOIN auth_permission p ON p.id = gp.permission_id"
        " JOIN auth_group g ON g.id = gp.group_id WHERE g.name = 'Reads what was set aside' ORDER BY 1"
    )
    assert group == [("change_siteprobe",), ("view_boilerplate",), ("view_quarantinedtext",)]
    logged = database.ask(
        "SELECT c.model FROM django_admin_log l JOIN django_content_type c ON c.id = l.content_type_id"
        " ORDER BY 1"
    )
    assert logged == [("quarantinedtext",), ("siteprobe",), ("source",)]
    then = {f"articles.watch.queue.tasks.{name}" for name in SCHEDULED}
    assert scheduled(database) == then | set(new_schedules)


@pytest.fixture
def new(old: Installation, tmp_path: Path, request: pytest.FixtureRequest) -> Installation:
    """One that was set up today, on the same kind of database as the old one."""
    if "DATABASE_URL" in old.environment:
        return Installation(tmp_path / "new", DATABASE_URL=request.getfixturevalue("postgresql_address"))
    set_up.copy_data(request.getfixturevalue("set_up_once"), tmp_path / "new")
    return Installation(tmp_path / "new")


def test_everything_is_carried_over_and_the_tables_are_those_of_a_new_installation(
    old: Installation, new: Installation
) -> None:
    before = Database(old).rows()
    assert min(len(rows) for table, rows in before.items() if table.startswith("articles_o")) > 0

    assert "./run manage carry_over" in refusal(old, "supervise")
    assert "./run manage carry_over" in refusal(old, "supervise", "--only", "site")
    assert "./run manage carry_over" in refusal(old, "setup")
    assert Database(old).rows() == before

    done = old.manage("carry_over")
    assert (done.returncode, done.stderr) == (0, "")
    (backup,) = old.data.glob("before-carry-over-*.zip")
    assert str(backup) in done.stdout

    after = Database(old).rows()
    assert_same_data(before, after)
    assert_named_as_today(Database(old))
    assert functions_queued(Database(old)) == [
        ("articles.watch.queue.tasks.dispatch", ()),
        ("articles.takedown.answer", (1,)),
    ]

    again = old.manage("carry_over")
    assert (again.returncode, again.stderr) == (0, "")
    assert "Nothing was changed" in again.stdout
    assert Database(old).rows() == after
    assert list(old.data.glob("before-carry-over-*.zip")) == [backup]

    done = old.manage("setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "Every version is in the index." in old.manage("reindex").stdout
    assert Database(old).form() == Database(new).form()


def test_the_backup_left_behind_brings_everything_back(old: Installation, tmp_path: Path) -> None:
    before = Database(old).rows()
    assert old.manage("carry_over").returncode == 0
    (backup,) = old.data.glob("before-carry-over-*.zip")
    assert backup.stat().st_mode & 0o777 == 0o600
    (tmp_path / "elsewhere").mkdir()
    elsewhere = Installation(tmp_path / "elsewhere")
    done = elsewhere.manage("restore", str(backup))
    assert (done.returncode, done.stderr) == (0, "")
    after = Database(elsewhere).rows()
    counts = {table: len(rows) for table, rows in before.items()}
    for table, rows in after.items():
        if not table.startswith((*REWRITTEN, *NOT_IN_A_BACKUP, "articles_tombstone", "articles_takedown")):
            assert len(rows) == counts.get(TABLES.get(table, table), 0), table  # 0: new since


def test_a_backup_of_the_old_form_is_restored(tmp_path: Path) -> None:
    """It was made by the program of that time, of the rows that are in sqlite.sql."""
    (tmp_path / "old").mkdir()
    old, restored = Installation(tmp_path / "old"), Installation(tmp_path)
    Database(old).make()
    done = restored.manage("restore", str(MADE / "backup.zip"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 articles and 4 versions are back" in done.stdout
    assert_same_data(Database(old).rows(), Database(restored).rows(), but=NOT_IN_A_BACKUP)
    assert restored.manage("setup").returncode == 0  # schedules are in no backup
    assert_named_as_today(Database(restored), new_schedules=SCHEDULED_SINCE)


def test_a_database_that_refuses_stays_as_it_was(old: Installation) -> None:
    """Here a table of somebody else's has the name that one of ours is to get."""
    in_the_way = 'CREATE TABLE "articles_siteprobe" (id integer)'
    if "DATABASE_URL" in old.environment:
        with psycopg.connect(old.environment["DATABASE_URL"]) as server:
            server.execute(in_the_way)
    else:
        with closing(sqlite3.connect(old.data / "newsdiffs.sqlite3")) as link:
            link.execute(in_the_way)
    before = Database(old).rows()
    assert "It is as it was" in refusal(old, "carry_over")
    assert Database(old).rows() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM django_migrations WHERE name = '0015_event_brackets'", "older form"),
        ("UPDATE django_migrations SET name = '0099_teleport' WHERE name = '0015_event_brackets'", "newer"),
        ("DELETE FROM django_migrations WHERE app = 'articles'", "no database of NewsDiffs"),
    ],
)
def test_any_other_form_is_refused(tmp_path: Path, change: str, says: str) -> None:
    old = Installation(tmp_path)
    Database(old).make()
    with closing(sqlite3.connect(old.data / "newsdiffs.sqlite3")) as link:
        link.execute(change)
        link.commit()
    before = Database(old).rows()
    assert says in refusal(old, "carry_over")
    assert Database(old).rows() == before
    assert not list(old.data.glob("*.zip"))


def test_nothing_is_carried_over_while_newsdiffs_runs(ready: Installation) -> None:
    ready.start()
    wait_until(lambda: (ready.data / "lock").exists() and ready.get("/healthz"), ready.output)
    assert "stop it first" in refusal(ready, "carry_over")


@pytest.mark.redis
def test_tasks_queued_on_redis_are_renamed_too(tmp_path: Path) -> None:
    with services.redis_queue() as settings:
        old = Installation(tmp_path, SECRET_KEY="of-no-worth", **settings)
        Database(old).make()
        client = redis.Redis.from_url(settings["REDIS_URL"])
        queue = f"django_q:{settings['QUEUE_NAME']}:q"
        salt = settings["QUEUE_NAME"]
        for function in (
            "articles.watch.tasks.dispatch",
            "articles.watch.tasks.visit",
            "articles.takedown.answer",
        ):
            task: dict[str, Any] = {"id": "1", "name": "one", "func": function, "args": (1,), "kwargs": {}}
            client.rpush(
                queue, signing.dumps(task, key="of-no-worth", salt=salt, serializer=PickleSerializer)
            )
        assert old.manage("carry_over").returncode == 0
        tasks = [
            signing.loads(one.decode(), key="of-no-worth", salt=salt, serializer=PickleSerializer)
            for one in client.lrange(queue, 0, -1)
        ]
        client.close()
    assert {task["func"] for task in tasks} == {
        "articles.watch.queue.tasks.dispatch",
        "articles.takedown.answer",
    }
