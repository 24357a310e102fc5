"""Why the last check came to its outcome, as a code; of what waits, told once from what was stored."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WIDESPREAD = "the same change on many articles of this source: held until it is decided what it is"
"""What was stored as the reason before there were codes."""


def tell_codes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the articles whose last check found something that waits the code of what it waits for."""
    pending = apps.get_model("articles", "Article").objects.filter(last_outcome="held")
    pending.filter(missing_count__gt=0).update(last_reason_code="unconfirmed")
    pending.filter(capped_since__isnull=False).update(last_reason_code="capped")
    pending.filter(last_reason=WIDESPREAD).update(last_reason_code="widespread")


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_search_index")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="last_reason_code",
            field=models.CharField(
                blank=True, help_text="Why the last check came to its outcome, as a code.", max_length=20
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="last_reason",
            field=models.TextField(blank=True, help_text="The same in words, more exactly."),
        ),
        migrations.AlterField(
            model_name="article",
            name="unfinished",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="Checks of it in a row that were begun and never ended.",
            ),
        ),
        migrations.RunPython(tell_codes, migrations.RunPython.noop),
    ]
