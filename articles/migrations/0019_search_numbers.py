"""The search index of PostgreSQL made anew: numbers in the place of words. The worker fills it bit by bit."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CREATE = (
    # PostgreSQL puts long values beside the table only of rows of 2 KB and more. The filler, which is compressed
    # to nothing, makes every row as long, so that a page holds fifty in the place of four: GIN's lists of
    # places in pages, and visits of them, are the shorter for it, and the index takes an eighth less.
    """
    CREATE TABLE articles_search (
        version_id bigint PRIMARY KEY,
        words int4[],
        pairs int2[],
        changes int8[],
        filler text NOT NULL DEFAULT repeat(' ', 2100)
    ) WITH (toast_tuple_target = 200)
    """,
    *(
        f"ALTER TABLE articles_search ALTER COLUMN {column} SET STORAGE EXTERNAL"
        for column in ("words", "pairs", "changes")
    ),
    # With GIN's list of pending entries each search would go through up to 4 MB of it: 30 ms.
    "CREATE INDEX articles_search_numbers ON articles_search USING gin (words, pairs, changes)"
    " WITH (fastupdate = off)",
    # In the order of its signs, whatever the database's is, beginnings of words are found by the index.
    'CREATE TABLE articles_search_word (word text COLLATE "C" NOT NULL, number int4 NOT NULL)',
    "CREATE INDEX articles_search_word_word ON articles_search_word (word)",
    "CREATE INDEX articles_search_word_number ON articles_search_word (number)",
)

BEFORE = (
    "CREATE TABLE articles_search (version_id bigint PRIMARY KEY, text tsvector, changes tsvector)",
    "CREATE INDEX articles_search_text ON articles_search USING gin (text) WITH (fastupdate = off)",
    "CREATE INDEX articles_search_changes ON articles_search USING gin (changes) WITH (fastupdate = off)",
)


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in ("DROP TABLE articles_search", *CREATE):
            schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in ("DROP TABLE articles_search, articles_search_word", *BEFORE):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_hubs")]

    operations = [migrations.RunPython(create, drop)]
