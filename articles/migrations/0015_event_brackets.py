"""Events get the bracket that changes have: between which moments they happened."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0014_kinds'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='first_sign',
            field=models.DateTimeField(blank=True, help_text='When the article was first not found, which was then confirmed.', null=True),
        ),
        migrations.AddField(
            model_name='event',
            name='not_before',
            field=models.DateTimeField(blank=True, help_text='When the opposite was last seen: the text there, or nothing there.', null=True),
        ),
    ]
