"""What no model knows: the tables of the search index (articles.search), and PostgreSQL's statistics of badges."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

CREATE = {
    # The FTS5 tables hold neither text nor positions. Non-ASCII characters all belong to words for the
    # tokenizer "ascii", and our ASCII ones are lower-case letters and digits: it takes our tokens as they are.
    "sqlite": (
        "CREATE TABLE articles_search (version_id INTEGER PRIMARY KEY)",
        "CREATE VIRTUAL TABLE articles_search_text "
        "USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
        "CREATE VIRTUAL TABLE articles_search_changes "
        "USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')",
    ),
    # With GIN's list of pending entries each search would go through up to 4 MB of it: 30 ms.
    "postgresql": (
        "CREATE TABLE articles_search (version_id bigint PRIMARY KEY, text tsvector, changes tsvector)",
        "CREATE INDEX articles_search_text ON articles_search USING gin (text) WITH (fastupdate = off)",
        "CREATE INDEX articles_search_changes ON articles_search USING gin (changes) WITH (fastupdate = off)",
        # Without these statistics the planner takes every kind of change for rare, and sorts all there are.
        "CREATE STATISTICS version_badges ON (CAST(badges AS text)) FROM articles_version",
    ),
}
DROP = {
    "sqlite": (
        "DROP TABLE articles_search_changes",
        "DROP TABLE articles_search_text",
        "DROP TABLE articles_search",
    ),
    "postgresql": ("DROP STATISTICS version_badges", "DROP TABLE articles_search"),
}


def create(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
