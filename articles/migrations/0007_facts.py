"""The facts of each change, their kinds by index, and the dates of change that pages claim."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# The bits of the kinds that were badges before (articles.models.version.KIND_BITS), and
# that of minor changes.
HEADLINE, REVERTED, MINOR = 1 << 8, 1 << 13, 1 << 14
KINDS = 15


def count_kinds(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Have the kinds say what the badges did; the facts are found later, by the command ``recount``."""
    for bit, condition in (
        (HEADLINE, "CAST(badges AS text) LIKE '%\"headline\"%'"),
        (REVERTED, "CAST(badges AS text) LIKE '%\"reverted\"%'"),
        (MINOR, "minor"),
    ):
        statement = f"UPDATE articles_version SET kind_bits = kind_bits | {bit} WHERE {condition}"
        schema_editor.execute(statement, params=None)  # with parameters each per cent sign would be one


def tell_planner(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Without these statistics PostgreSQL takes every kind of change for as common as the next."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS IF EXISTS version_badges")
        for place in range(KINDS):
            schema_editor.execute(
                f"CREATE STATISTICS version_kind_{place} ON (kind_bits & {1 << place}) FROM articles_version"
            )


def forget_planner(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for place in range(KINDS):
            schema_editor.execute(f"DROP STATISTICS version_kind_{place}")
        schema_editor.execute("CREATE STATISTICS version_badges ON (CAST(badges AS text)) FROM articles_version")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_identity'),
    ]

    operations = [
        migrations.CreateModel(
            name='DateMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(help_text='The number of the version that stood there.')),
                ('claimed_before', models.DateTimeField(help_text='The date claimed before it first moved.')),
                ('claimed', models.DateTimeField(help_text='The date claimed when it last moved.')),
                ('first_seen', models.DateTimeField()),
                ('seen', models.DateTimeField(help_text='When it was last seen to have moved.')),
                ('times', models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.AlterField(
            model_name='figures',
            name='layout',
            field=models.PositiveSmallIntegerField(default=2),
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_headline',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_reverted',
        ),
        migrations.AddField(
            model_name='version',
            name='diff_version',
            field=models.PositiveSmallIntegerField(default=0, help_text='By which rules of comparison it was counted; 0 for older ones.'),
        ),
        migrations.AddField(
            model_name='version',
            name='facts',
            field=models.JSONField(blank=True, default=list, help_text='What changed, as articles.facts stores it.'),
        ),
        migrations.AddField(
            model_name='version',
            name='facts_version',
            field=models.PositiveSmallIntegerField(default=0, help_text='By which rules its facts and badges were found; 0 for none yet.'),
        ),
        migrations.AddField(
            model_name='version',
            name='kind_bits',
            field=models.PositiveIntegerField(default=0, editable=False, help_text='The badges and whether it is minor, for lists.'),
        ),
        migrations.AddField(
            model_name='version',
            name='modified',
            field=models.DateTimeField(blank=True, help_text='When the page claimed to have been changed last.', null=True),
        ),
        migrations.RunPython(count_kinds, migrations.RunPython.noop),
        migrations.RunPython(tell_planner, forget_planner),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 1) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_number'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 2) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_date'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 4) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_quote'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 8) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_name'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 16) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_hedge'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 32) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_attribution'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 64) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_negation'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 128) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_note'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 256) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_headline'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 512) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_paragraph_added'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 1024) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_paragraph_removed'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 2048) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_rewritten'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 4096) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_replaced'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 8192) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_reverted'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Q(models.Func('kind_bits', output_field=models.BooleanField(), template='(%(expressions)s & 16384) > 0')), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_minor'),
        ),
        migrations.AddField(
            model_name='datemove',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='date_moves', to='articles.article'),
        ),
        migrations.AddConstraint(
            model_name='datemove',
            constraint=models.UniqueConstraint(fields=('article', 'version'), name='date_move_once'),
        ),
    ]
