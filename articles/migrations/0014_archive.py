"""Lists of changes found by an index alone, what feeds show stored, and blocks of ids in PostgreSQL's search."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# As articles.search.postgresql has them.
BLOCKS = "array_to_tsvector(ARRAY['#s' || version_id / 4096, '#l' || version_id / 65536])"


def help_postgresql(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tell the planner how large changes are, and put the blocks of ids into the search index."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE STATISTICS version_size ON (words_added + words_removed) FROM articles_version"
        )
        schema_editor.execute(
            f"UPDATE articles_search SET text = text || {BLOCKS},"
            f" changes = CASE WHEN changes = '' THEN changes ELSE changes || {BLOCKS} END"
        )


def forget_statistics(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP STATISTICS version_size")


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_plain_names'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='version',
            name='version_recent',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_recent_all',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_by_source',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_number',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_date',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_quote',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_name',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_hedge',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_attribution',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_negation',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_note',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_headline',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_paragraph_added',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_paragraph_removed',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_rewritten',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_replaced',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_reverted',
        ),
        migrations.RemoveIndex(
            model_name='version',
            name='version_minor',
        ),
        migrations.AddField(
            model_name='version',
            name='more_excerpts',
            field=models.JSONField(blank=True, default=list, help_text='The next ones, for feeds: no feed compares texts.'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(fields=['state', '-id'], name='article_state'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('hidden', False)), fields=['kind', '-at', '-id'], name='event_by_kind'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(('follows_hidden', None), ('hidden', False), ('number__gt', 1), ('minor', False)), fields=['-seen', '-id'], name='version_recent'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id'], name='version_recent_all'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['source', '-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_by_source'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 1) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_number'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 2) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_date'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 4) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_quote'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 8) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_name'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 16) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_hedge'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 32) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_attribution'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 64) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_negation'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 128) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_note'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 256) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_headline'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 512) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_paragraph_added'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 1024) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_paragraph_removed'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 2048) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_rewritten'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 4096) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_replaced'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 8192) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_reverted'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('kind_bits', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s & 16384) > 0'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits'], name='version_minor'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('words_added', 'words_removed', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s) >= 10'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_of_10_words'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('words_added', 'words_removed', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s) >= 50'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_of_50_words'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('words_added', 'words_removed', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s) >= 150'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_of_150_words'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('words_added', 'words_removed', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s) >= 500'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_of_500_words'),
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(condition=models.Q(models.Func('words_added', 'words_removed', arg_joiner=' + ', output_field=models.BooleanField(), template='(%(expressions)s) >= 2000'), ('follows_hidden', None), ('hidden', False), ('number__gt', 1)), fields=['-seen', '-id', 'kind_bits', 'words_added', 'words_removed'], name='version_of_2000_words'),
        ),
        migrations.RunPython(help_postgresql, forget_statistics),
    ]
