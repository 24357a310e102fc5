"""The lists of one kind of change get an index each."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0011_alerts_usual'),
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
    ]
