"""The lists of one kind of change get an index each, and PostgreSQL counts how common each kind is."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def count_kinds(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Without these statistics the planner takes every kind for rare, and sorts all there are of a common one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE STATISTICS version_badges ON (CAST(badges AS text)) FROM articles_version")
        schema_editor.execute("ANALYZE articles_version")


def count_no_kinds(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS version_badges")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0013_usual_since'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('badges', output_field=models.BooleanField(), template='CAST(%(expressions)s AS text) LIKE \'%%%%"headline"%%%%\'')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_headline'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('badges', output_field=models.BooleanField(), template='CAST(%(expressions)s AS text) LIKE \'%%%%"reverted"%%%%\'')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_reverted'),
        ),
        migrations.RunPython(count_kinds, count_no_kinds),
    ]
